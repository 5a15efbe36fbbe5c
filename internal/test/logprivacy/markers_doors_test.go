package logprivacy

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/xuri/excelize/v2"

	"dengwen/internal/test/fakewechat"
)

// places are where units are told, and what came there.
type places struct {
	mu   sync.Mutex
	told []byte
}

func (p *places) take(r io.Reader) error {
	b, err := io.ReadAll(r)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.told = append(append(p.told, b...), '\n')
	return err
}

// NewSession is smtp.Backend.NewSession.
func (p *places) NewSession(*smtp.Conn) (smtp.Session, error) { return letter{p}, nil }

type letter struct{ p *places }

func (letter) Reset()                               {}
func (letter) Logout() error                        { return nil }
func (letter) Mail(string, *smtp.MailOptions) error { return nil }
func (letter) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (l letter) Data(r io.Reader) error             { return l.p.take(r) }

// tell ties the program to a robot, to a mail server and to a WeChat account, whose secrets are marks too.
func (m *marks) tell() (p *places, account *fakewechat.Server, env []string) {
	m.t.Helper()
	p = &places{}
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = p.take(r.Body)
		fmt.Fprint(w, `{"errcode":0}`)
	}))
	m.t.Cleanup(hook.Close)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		m.t.Fatal(err)
	}
	server := smtp.NewServer(p)
	go func() { _ = server.Serve(l) }()
	m.t.Cleanup(func() { _ = server.Close() })
	account = fakewechat.Start(fakewechat.Options{})
	m.t.Cleanup(account.Close)
	m.all = append(m.all, account.Secret, account.Token, account.Key)
	box := m.next("Box")
	return p, account, append(account.Settings(), "SMTP_URL=smtp://"+l.Addr().String()+"?from=office@xf.example.cn", "WECHAT_NOTICE=T1:character_string1:thing2",
		"DENGWEN_TELL=petition wecom "+hook.URL+"/cgi-bin/webhook/send?key="+m.next("Robot")+"\npetition mail "+box+"@xf.example.cn")
}

// chat says something of every kind through WeChat.
func (d *desk) chat(account *fakewechat.Server) {
	d.t.Helper()
	account.SetHook(d.p.URL + "/wechat")
	one := account.Person(d.next("OpenID"))
	ctx, cancel := context.WithTimeout(d.t.Context(), time.Minute)
	defer cancel()
	one.Event("subscribe", d.next("EventKey"))
	one.Say("下梁镇三组的路一下雨就塌，车过不去，请派人修路 " + d.next("WeChatStory"))
	if _, err := one.See(ctx, "提交"); err != nil {
		d.t.Fatal(err)
	}
	account.PutMedia("m1", []byte(d.next("WeChatBytes")))
	one.Send("image", "m1")
	one.Send("voice", "m1")
	one.Locate(33.6851937, 109.1123719)
	for _, words := range []string{"我叫王" + d.next("WeChatName") + "，电话 13709143262", "1", d.next("WeChatWords"), "/find " + d.next("WeChatFind")} {
		one.Say(words)
	}
	d.all = append(d.all, "13709143262")
}

// officer is a browser at the desk.
type officer struct {
	*desk
	http.Client
	page, at string
}

func (d *desk) enter(unit string, roles ...string) *officer {
	d.t.Helper()
	name := d.next("Staff")
	args := []string{"staff", "add", "--name", name, "--unit", unit}
	for _, r := range roles {
		args = append(args, "--role", r)
	}
	out, err := d.p.Run(args...)
	if err != nil {
		d.t.Fatal(err)
	}
	link := regexp.MustCompile(`/desk/enter/\S+`).FindString(out)
	jar, _ := cookiejar.New(nil) // of no options: cannot fail
	o := &officer{desk: d, Client: http.Client{Jar: jar, Timeout: time.Minute}}
	d.all = append(d.all, strings.TrimPrefix(link, "/desk/enter/"))
	o.send(link, "application/x-www-form-urlencoded", nil)
	if o.at != "/desk/" {
		d.t.Fatalf("not let in: %s\n%.300s", o.at, o.page)
	}
	home, _ := url.Parse(d.p.URL)
	for _, c := range jar.Cookies(home) {
		d.all = append(d.all, c.Value)
	}
	return o
}

func (o *officer) send(path, kind string, body []byte) {
	o.t.Helper()
	method := "POST"
	if kind == "" {
		method = "GET"
	}
	r, err := http.NewRequestWithContext(o.t.Context(), method, o.p.URL+path, bytes.NewReader(body))
	if err != nil {
		o.t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Origin", o.p.URL)
	res, err := o.Do(r)
	if err != nil {
		o.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		o.t.Fatal(err)
	}
	if res.StatusCode >= 500 {
		o.t.Errorf("%s: %d %.300s", path, res.StatusCode, text)
	}
	o.page, o.at = string(text), res.Request.URL.RequestURI()
}

var (
	formIn   = regexp.MustCompile(`(?s)<form ([^>]*)>(.*?)</form>`)
	fieldIn  = regexp.MustCompile(`(?s)<(input|textarea|select|button)\b([^>]*)>((?:.*?</select>)?)`)
	optionIn = regexp.MustCompile(`<option value="([^"]+)"( selected)?`)
	attrIn   = regexp.MustCompile(`([a-z-]+)="([^"]*)"`)
	linkIn   = regexp.MustCompile(`href="(/desk[^"#]*)`)
	idIn     = regexp.MustCompile(`[A-Z]{2}\d\d-[0-9A-Z-]+|[0-9a-f]{8}-[0-9a-f-]{27}|files/[^/?]+`) // numbers, and ids of files and batches
	valueIn  = regexp.MustCompile(`=[^&]*`)
	skipped  = regexp.MustCompile(`/live|/static/|/office/check|/documents/|/files/[^/]*$|\.(csv|xlsx|pdf|docx)`)
)

func attrs(tag string) map[string]string {
	all := map[string]string{}
	for _, m := range attrIn.FindAllStringSubmatch(tag, -1) {
		all[m[1]] = html.UnescapeString(m[2])
	}
	return all
}

// untouched are forms that end the session, or change the office's own file, which is no secret.
var untouched = regexp.MustCompile(`^/desk/(me/leave|me/login/remove|office$|office/edit|office/undo|batches/.*/stop)`)

// forms fills each form of the page that was not filled before with marks, and sends it by each of its
// buttons, and as what is kept while somebody types.
func (o *officer) forms(filled map[string]bool) (sent int) {
	page := o.page
	for _, m := range formIn.FindAllStringSubmatch(page, -1) {
		form := attrs(m[1])
		action := form["action"]
		shape := idIn.ReplaceAllString(action, "N")
		if !strings.Contains(m[0], `method="post"`) || untouched.MatchString(action) || filled[shape] {
			continue
		}
		filled[shape] = true
		buttons := [][2]string{{}}
		for _, b := range regexp.MustCompile(`<button ([^>]*)>`).FindAllStringSubmatch(m[2], -1) {
			if a := attrs(b[1]); a["name"] != "" && a["formaction"] == "" {
				buttons = append([][2]string{{a["name"], a["value"]}}, buttons...)
			}
		}
		for _, b := range buttons {
			kind, body := o.fill(m[2], form["enctype"] != "", b)
			o.send(action, kind, body)
			sent++
		}
		if id := form["data-typed"]; id != "" {
			kind, body := o.fill(m[2], false, [2]string{"form", id})
			o.send("/desk/typed", kind, body)
			sent++
		}
	}
	return sent
}

// fill is a form filled in.
func (o *officer) fill(form string, multi bool, button [2]string) (kind string, body []byte) {
	values := url.Values{}
	var file string
	for _, m := range fieldIn.FindAllStringSubmatch(form, -1) {
		a := attrs(m[2])
		name := a["name"]
		switch {
		case name == "" || m[1] == "button":
		case m[1] == "select":
			chosen := optionIn.FindStringSubmatch(m[3])
			for _, o := range optionIn.FindAllStringSubmatch(m[3], -1) {
				if o[2] != "" {
					chosen = o
				}
			}
			if chosen != nil {
				values.Set(name, html.UnescapeString(chosen[1]))
			}
		case a["type"] == "hidden":
			values.Set(name, a["value"])
		case a["type"] == "file":
			file = name
		case a["type"] == "date":
			values.Set(name, time.Now().Format(time.DateOnly))
		case a["type"] == "checkbox" || a["type"] == "radio":
			values.Set(name, a["value"])
		case a["type"] == "number" || a["inputmode"] == "numeric":
			values.Set(name, "123456")
		default:
			values.Set(name, o.next("Form"+name))
		}
	}
	values.Set("person", regexp.MustCompile(`data-person="([^"]*)"`).FindStringSubmatch(o.page + `data-person=""`)[1])
	if button[0] != "" {
		values.Set(button[0], button[1])
	}
	if !multi {
		return "application/x-www-form-urlencoded", []byte(values.Encode())
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name := range values {
		_ = w.WriteField(name, values.Get(name))
	}
	if file != "" {
		part, err := w.CreateFormFile(file, o.next("FormFile")+".txt")
		if err != nil {
			o.t.Fatal(err)
		}
		fmt.Fprintln(part, o.next("FormBytes"))
	}
	_ = w.Close()
	return w.FormDataContentType(), b.Bytes()
}

// reason says why a contact is opened.
func (o *officer) reason() {
	o.t.Helper()
	o.send("/desk/cases", "", nil)
	number := regexp.MustCompile(`/desk/cases/([A-Z]{2}\d\d-[0-9A-Z-]+)`).FindStringSubmatch(o.page)
	if number == nil {
		o.t.Fatal("no case is listed")
	}
	o.send("/desk/reason", "application/x-www-form-urlencoded", []byte(url.Values{"about": {number[1]}, "reason": {o.next("Why")}}.Encode()))
	if !strings.HasSuffix(o.at, number[1]) {
		o.t.Errorf("a reason leads to %s", o.at)
	}
}

// work goes through the desk by its links from where it is told to begin and fills every form that it
// comes by, each of wanted among them.
func (o *officer) work(waiting []string, wanted ...string) {
	o.t.Helper()
	filled, walked, sent := map[string]bool{}, map[string]int{}, 0
	for len(waiting) > 0 && len(walked) < 150 {
		path := waiting[0]
		waiting = waiting[1:]
		shape := valueIn.ReplaceAllString(idIn.ReplaceAllString(path, "N"), "=")
		most := map[string]int{"/desk/cases/N": 12}[shape] // cases differ by what can be done
		if walked[shape] > most || skipped.MatchString(path) {
			continue
		}
		walked[shape]++
		o.send(path, "", nil)
		for _, m := range linkIn.FindAllStringSubmatch(o.page, -1) {
			waiting = append(waiting, html.UnescapeString(m[1]))
		}
		sent += o.forms(filled)
		for _, m := range linkIn.FindAllStringSubmatch(o.page, -1) { // where a form led to
			waiting = append(waiting, html.UnescapeString(m[1]))
		}
	}
	shapes := make([]string, 0, len(filled))
	for s := range filled {
		shapes = append(shapes, s)
	}
	slices.Sort(shapes)
	o.t.Logf("at the desk %d pages, %d forms sent: %v", len(walked), sent, shapes)
	for _, want := range wanted {
		if !filled[want] {
			o.t.Errorf("the form of %s was not met", want)
		}
	}
}

type upload struct {
	kind string
	body []byte
}

// imports hands tables in and answers the pages that show what would become of them.
func (o *officer) imports() (pages []string) {
	o.t.Helper()
	for _, table := range o.tables() {
		o.send("/desk/import", table.kind, table.body)
		if !strings.HasPrefix(o.at, "/desk/import/") {
			o.t.Fatalf("a table is not taken: %s\n%.300s", o.at, o.page)
		}
		pages = append(pages, o.at)
	}
	return pages
}

// tables are petitions of another system as CSV and as a workbook, a mark in each cell of words.
func (o *officer) tables() (all []upload) {
	heads := []string{"信访编号", "登记日期", "信访人", "联系电话", "住址", "信访内容"}
	row := func() []string {
		phone := fmt.Sprintf("139%08d", 70_000_000+len(o.all))
		o.all = append(o.all, phone)
		return []string{o.next("Old"), "2026-03-05", o.next("ImportName"), phone, o.next("ImportHome"), "路坏了走不成 " + o.next("ImportFacts")}
	}
	book := excelize.NewFile()
	for i, cells := range [][]string{heads, row()} {
		if err := book.SetSheetRow("Sheet1", fmt.Sprint("A", i+1), &cells); err != nil {
			o.t.Fatal(err)
		}
	}
	var workbook bytes.Buffer
	if err := book.Write(&workbook); err != nil {
		o.t.Fatal(err)
	}
	for name, content := range map[string][]byte{".csv": []byte(strings.Join(heads, ",") + "\n" + strings.Join(row(), ",") + "\n"), ".xlsx": workbook.Bytes()} {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		part, err := w.CreateFormFile("file", o.next("Table")+name)
		if err == nil {
			_, err = part.Write(content)
		}
		if err != nil || w.Close() != nil {
			o.t.Fatal(err)
		}
		all = append(all, upload{w.FormDataContentType(), b.Bytes()})
	}
	return all
}

// backups makes one in a file and two in a folder, where attachments are kept once, and answers all bytes of them.
func (d *desk) backups() []byte {
	d.t.Helper()
	dir := d.t.TempDir()
	folder := filepath.Join(dir, "nightly")
	if err := os.Mkdir(folder, 0o700); err != nil {
		d.t.Fatal(err)
	}
	for _, to := range []string{filepath.Join(dir, "whole.backup"), folder, folder} {
		if _, err := d.p.Run("backup", to); err != nil {
			d.t.Fatal(err)
		}
	}
	return files(d.t, dir)
}
