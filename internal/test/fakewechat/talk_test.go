package fakewechat_test

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"dengwen/handlers/api"
	"dengwen/internal/test/fakewechat"
	"dengwen/internal/test/faults"
	"dengwen/petition"
	"dengwen/petition/roster"
)

// start is a program tied to an account, with a key of the office.
func start(t *testing.T, o fakewechat.Options, env ...string) (*fakewechat.Server, *faults.Program, *api.Client) {
	t.Helper()
	s := fakewechat.Start(o)
	t.Cleanup(s.Close)
	key, line, err := api.NewKey("all", []api.Scope{api.Citizens, api.Staff, api.Sealed, api.Admin, api.Desk}, "")
	if err != nil {
		t.Fatal(err)
	}
	p := faults.NewProgram(t, append(append(s.Settings(), "DENGWEN_API_KEYS="+line), env...)...)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	s.SetHook(p.URL + "/wechat")
	return s, p, api.NewClient(p.URL, key, nil)
}

const story = "下梁镇三组的路一下雨就塌，拖拉机过不去，找村上说没钱，请把路修好"

var number = regexp.MustCompile(`ZS\d\d-\d+-\S+?\b`)

// submit answers with the number that stands before 提交.
func submit(t *testing.T, p *fakewechat.Person, card string) {
	t.Helper()
	m := regexp.MustCompile(`(?m)^(\d) 提交$`).FindStringSubmatch(card)
	if m == nil {
		t.Fatalf("nothing to submit with in %q", card)
	}
	p.Say(m[1])
}

// The main job: a story, a number for 提交, the ticket in one answer each, across a kill in the
// middle; progress by word of menu; news when the window has closed, as a notice without content,
// and the words of it with the person's next message.
func TestAPetitionByWeChat(t *testing.T) {
	t.Parallel()
	s, program, office := start(t, fakewechat.Options{}, "WECHAT_NOTICE=T1:character_string1:thing2")
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	defer func() {
		if t.Failed() {
			t.Logf("%s\n%s", strings.Join(s.Person("o1").Seen(), "\n---\n"), program.Tail())
		}
	}()
	see := func(p *fakewechat.Person, pattern string) string {
		t.Helper()
		text, err := p.See(ctx, pattern)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	p := s.Person("o1")
	p.Event("subscribe", "")
	see(p, "信访")
	p.Say(story)
	card := see(p, "我读到的是")
	if err := program.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	submit(t, p, card)
	told := see(p, `编号`)
	ticket := number.FindString(told)
	if ticket == "" || !strings.Contains(told, "查询码") || !strings.Contains(told, program.URL+"/c/"+ticket) {
		t.Fatalf("the ticket is told as %q", told)
	}
	// A process killed between an answer and its note says the same once more.
	if all := p.Seen(); len(slices.Compact(slices.Sorted(slices.Values(all)))) != 3 || len(all) > 4 {
		t.Errorf("three messages were answered with %d: %q", len(all), all)
	}
	p.Event("CLICK", "my")
	see(p, ticket)

	p.Subscribe(-1)
	p.TwoDaysLater()
	clerk := petition.Actor{Staff: "clerk", Unit: "petition", Roles: []petition.Role{petition.Intake}}
	if err := office.PutPerson(ctx, roster.Person{ID: clerk.Staff, Name: "黄英", Unit: clerk.Unit, Roles: clerk.Roles, Joined: time.Now()}); err != nil {
		t.Fatal(err)
	}
	if _, err := office.Do(ctx, clerk, ticket, petition.Move{Name: petition.MoveAsk, Text: "路是哪一天塌的？", Key: "ask-1"}); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(time.Minute); len(p.Notices()) == 0; time.Sleep(50 * time.Millisecond) { // no signal to await
		if time.Now().After(end) {
			t.Fatalf("no notice; %d customer service messages, %d notices tried", s.Calls("/cgi-bin/message/custom/send"), s.Calls("/cgi-bin/message/subscribe/bizsend"))
		}
	}
	if n := p.Notices(); len(n) != 1 || n[0] != "T1 character_string1="+ticket+" thing2=有新进展" {
		t.Errorf("notices: %q", n)
	}
	p.Say("在吗")
	see(p, "路是哪一天塌的")
}

// What can't be carried goes by a page that shows the same conversation: once, by a press.
func TestTheSameConversationInTheBrowser(t *testing.T) {
	t.Parallel()
	s, program, _ := start(t, fakewechat.Options{})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	p := s.Person("o2")
	p.Say(story)
	if _, err := p.See(ctx, "我读到的是"); err != nil {
		t.Fatal(err)
	}
	p.Event("CLICK", "page")
	told, err := p.See(ctx, "/open/")
	if err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`http\S+/open/\S+`).FindString(told)
	jar, _ := cookiejar.New(nil) // of no options: cannot fail
	browser := &http.Client{Jar: jar}
	ask := func(method, address string, form url.Values) (int, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		if method == http.MethodPost {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Origin", program.URL)
		}
		res, err := browser.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(body)
	}
	if status, page := ask("GET", link, nil); status != 200 || strings.Contains(page, "下梁镇") {
		t.Fatalf("a look at the link answers %d %s", status, page)
	}
	status, page := ask("POST", link, nil)
	if status != 200 || !strings.Contains(page, "我读到的是") {
		t.Fatalf("the link opens %d %s", status, page)
	}
	if status, _ := ask("POST", link, nil); status != http.StatusNotFound {
		t.Errorf("the link opens again: %d", status)
	}
	before := len(p.Seen())
	form := url.Values{"lang": {"zh-CN"}, "text": {"补充一句：学生上学也要走这里"}}
	for _, name := range []string{"csrf", "id"} {
		m := regexp.MustCompile(`name="` + name + `" value="([^"]+)"`).FindStringSubmatch(page)
		if m == nil {
			t.Fatalf("no %s in %s", name, page)
		}
		form.Set(name, m[1])
	}
	if status, page = ask("POST", program.URL+"/say", form); status != 200 || !strings.Contains(page, "学生上学") {
		t.Fatalf("the page answers %d %s", status, page)
	}
	p.Say("/my")
	if _, err := p.See(ctx, "."); err != nil {
		t.Fatal(err)
	}
	if n := len(p.Seen()); n != before+1 {
		t.Errorf("what was written in the browser was answered in WeChat too: %q", p.Seen()[before:])
	}
}

// A picture is fetched before its three days are over, whatever the token does meanwhile; the menu
// is the office's.
func TestPicturesAndTokens(t *testing.T) {
	t.Parallel()
	s, _, _ := start(t, fakewechat.Options{})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	picture := []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9")
	s.PutMedia("m1", picture)
	p := s.Person("o3")
	p.Say(story)
	if _, err := p.See(ctx, "我读到的是"); err != nil {
		t.Fatal(err)
	}
	s.ExpireTokens()
	s.Refuse("/cgi-bin/media/get", -1)
	p.Send("image", "m1")
	card, err := p.See(ctx, "1 张|1 个|附件|材料")
	if err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(30 * time.Second); s.Calls("/cgi-bin/media/get") < 2; time.Sleep(50 * time.Millisecond) { // no signal to await
		if time.Now().After(end) {
			t.Fatal("the picture was not asked for again")
		}
	}
	submit(t, p, card)
	if _, err := p.See(ctx, "编号"); err != nil {
		t.Fatal(err)
	}
	if m := string(s.Menu()); !strings.Contains(m, `"key":"my"`) || !strings.Contains(m, "查进度") {
		t.Errorf("menu: %s", m)
	}
}
