package papers

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"image"
	_ "image/png" // pages are rasterised to it
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"dengwen/documents"
	"dengwen/internal/office"
	"dengwen/internal/test/fakeapi"
	"dengwen/internal/test/fakewechat"
	"dengwen/internal/test/faults"
	"dengwen/petition/outreach"

	"github.com/makiuchi-d/gozxing"
	multi "github.com/makiuchi-d/gozxing/multi/qrcode"
	_ "modernc.org/sqlite" // reads the counts
)

// codes reads the QR codes on the first page of a file as a telephone does: off a picture of it.
func codes(t *testing.T, file string) (links []string) {
	t.Helper()
	base := strings.TrimSuffix(file, ".pdf")
	run(t, "pdftoppm", "-r", "110", "-f", "1", "-l", "1", "-singlefile", "-png", file, base)
	f, err := os.Open(base + ".png")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, _, err := image.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	bits, err := gozxing.NewBinaryBitmapFromImage(m)
	if err != nil {
		t.Fatal(err)
	}
	found, err := multi.NewQRCodeMultiReader().DecodeMultipleWithoutHint(bits)
	if err != nil {
		t.Fatalf("%s: %v", filepath.Base(file), err)
	}
	for _, r := range found {
		links = append(links, r.GetText())
	}
	slices.Sort(links)
	return links
}

// Every form, in both languages and with one to three codes, holds all its words and codes that can be read off
// the print; one with more than fits is refused.
func TestPostersAreRead(t *testing.T) {
	t.Parallel()
	needs(t, "pdftoppm")
	needs(t, "pdftotext")
	r, err := documents.New("", "")
	if err != nil {
		t.Fatal(err)
	}
	to := folder(t)
	param := outreach.Spot{Place: "611026102", Village: "石瓮"}.Param(outreach.Tell)
	all := []documents.PosterCode{{Link: "https://xf.example.gov.cn/go/" + param, Label: "网页"}, {Link: "http://weixin.qq.com/q/02abcdefghijklmnop", Label: "微信"}, {Link: "https://t.me/zs_petition_bot?start=" + param, Label: "Telegram"}}
	for _, form := range documents.PosterForms() {
		for n := 1; n <= len(all); n++ {
			p := documents.Poster{
				Form: form, Office: "柞水县信访局", Title: "有事扫码说", Place: "下梁镇石瓮", Codes: all[:n],
				Lines: []string{"用自己的话说就行，也可以发照片、语音、位置。", "You get a number at once, and can see at any time how it stands."}, Foot: []string{"周一至周五 8:00–18:00"}, Back: []string{"调解要您自己愿意（第 33 条）。"},
			}
			var b bytes.Buffer
			if err := r.Poster(t.Context(), &b, p); err != nil {
				t.Fatalf("%s with %d codes: %v", form, n, err)
			}
			file := filepath.Join(to, fmt.Sprintf("poster-%s-%d.pdf", form, n))
			if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			var want []string
			for _, c := range p.Codes {
				want = append(want, c.Link)
			}
			slices.Sort(want)
			if got := codes(t, file); !slices.Equal(got, want) {
				t.Errorf("%s: read %q, want %q", form, got, want)
			}
			pages := text(t, file)
			for _, line := range slices.Concat([]string{p.Office, p.Title, p.Place}, p.Lines, p.Foot) {
				if !strings.Contains(words(pages[0]), words(line)) {
					t.Errorf("%s with %d codes lacks %q:\n%s", form, n, line, pages[0])
				}
			}
			if back := form == "leaflet"; back != (len(pages) == 2) {
				t.Errorf("%s has %d pages", form, len(pages))
			}
		}
	}
	if err := r.Poster(t.Context(), io.Discard, documents.Poster{Form: "cup", Title: strings.Repeat("很长的标题", 200)}); err == nil {
		t.Error("a cup holds a book")
	}
}

const posterStory = "我们组的路一下雨就塌，拖拉机过不去，找村上说没钱，请把路修好"

// What is printed for a village is followed through every channel: the conversation begins there, its card has the place, and
// the village's count is one for each channel.
func TestPosterCodesOpenTheirPlace(t *testing.T) {
	t.Parallel()
	needs(t, "pdftoppm")
	api, err := fakeapi.Start(fakeapi.Options{Username: "zs_bot"})
	if err != nil {
		t.Fatal(err)
	}
	defer api.Close()
	account := fakewechat.Start(fakewechat.Options{})
	defer account.Close()
	program := faults.NewProgram(t, slices.Concat(faults.Telegram(api, ""), account.Settings(), []string{"TELEGRAM_BOT_NAME=zs_bot", "LANG=zh_CN.UTF-8"})...)
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	account.SetHook(program.URL + "/wechat")
	out := t.TempDir()
	if _, err := program.Run("posters", "--form", "a4,a5", "--place", "下梁镇", "--village", "--out", out); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	const card = `地点：下梁镇 石瓮`
	for _, link := range codes(t, filepath.Join(out, "at-a5-下梁镇石瓮-zh-CN.pdf")) {
		switch {
		case strings.HasPrefix(link, program.URL+"/go/"):
			if page := tellByPage(t, program.URL, link); !strings.Contains(page, card) {
				t.Errorf("the page's card: %s", page)
			}
		case strings.HasPrefix(link, "https://t.me/zs_bot?start="):
			c := api.Citizen(77)
			_, param, _ := strings.Cut(link, "?start=")
			c.Say("/start " + param)
			c.Say(posterStory)
			if _, err := c.Expect(ctx, card); err != nil {
				t.Error(err)
			}
		case strings.HasPrefix(link, "http://weixin.qq.com/q/"):
			p := account.Person("o-citizen-1")
			p.Event("subscribe", "qrscene_"+strings.TrimPrefix(link, "http://weixin.qq.com/q/"))
			p.Say(posterStory)
			if _, err := p.See(ctx, card); err != nil {
				t.Error(err)
			}
		default:
			t.Errorf("a code leads to %q", link)
		}
	}
	if err := program.Stop(); err != nil {
		t.Fatal(err)
	}
	if got := tallies(t, program.Data); !slices.Equal(got, []string{"begun:telegram 1", "begun:web 1", "begun:wechat 1"}) {
		t.Errorf("counted %q", got)
	}
	if o := office.Example(); len(outreach.Spots(o)) < 20 {
		t.Errorf("%d spots", len(outreach.Spots(o)))
	}
}

var hidden = regexp.MustCompile(`name="(csrf|id|lang|args)" value="([^"]*)"`)

// tellByPage follows a link in a browser without scripts, presses the button and tells the story.
func tellByPage(t *testing.T, base, link string) string {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, Timeout: time.Minute}
	read := func(res *http.Response, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d %v", res.Request.URL, res.StatusCode, err)
		}
		return string(b)
	}
	fields := func(page string) url.Values {
		v := url.Values{}
		for _, m := range hidden.FindAllStringSubmatch(page, -1) {
			v.Set(m[1], m[2])
		}
		return v
	}
	start := fields(read(browser.Get(link + "?lang=zh-CN")))
	start.Set("command", "start")
	greeted := read(browser.PostForm(base+"/say", start))
	if !strings.Contains(greeted, "下梁镇石瓮") {
		t.Errorf("the greeting names no place: %s", greeted)
	}
	told := fields(greeted)
	told.Del("args")
	told.Set("text", posterStory)
	page := read(browser.PostForm(base+"/say", told))
	for end := time.Now().Add(30 * time.Second); !strings.Contains(page, "我读到的是") && time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		page = read(browser.Get(base + "/"))
	}
	return page
}

// tallies are the counts of the village in a data folder.
func tallies(t *testing.T, data string) (all []string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(data, "cases.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), `SELECT what, n FROM tallies WHERE place = '611026102' AND village = '石瓮' ORDER BY what`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var what string
		var n int
		if err := rows.Scan(&what, &n); err != nil {
			t.Fatal(err)
		}
		all = append(all, fmt.Sprint(what, " ", n))
	}
	return all
}
