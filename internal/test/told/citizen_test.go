package told

import (
	"errors"
	"html"
	"io"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"dengwen/handlers/api"
	"dengwen/internal/test/faults"
	"dengwen/petition"
)

// page is somebody at the page, without scripts.
type page struct {
	t     *testing.T
	base  string
	c     *http.Client
	shown string
}

func newPage(t *testing.T, base string) *page {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	p := &page{t: t, base: base, c: &http.Client{Jar: jar}}
	p.open("/")
	return p
}

func (p *page) take(res *http.Response, err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		p.t.Fatalf("%d, %v: %s", res.StatusCode, err, b)
	}
	p.shown = html.UnescapeString(string(b))
}

func (p *page) open(path string) { p.t.Helper(); p.take(p.c.Get(p.base + path)) }

// send posts a form with what the page shown holds.
func (p *page) send(path string, pairs ...string) {
	p.t.Helper()
	form := url.Values{}
	for _, name := range []string{"csrf", "id"} {
		all := regexp.MustCompile(`name="`+name+`" value="([^"]+)"`).FindAllStringSubmatch(p.shown, -1)
		form.Set(name, all[len(all)-1][1])
	}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	p.take(p.c.PostForm(p.base+path, form))
}

// waits looks at the conversation until it shows a text.
func (p *page) waits(text string) {
	p.t.Helper()
	for end := time.Now().Add(time.Minute); !strings.Contains(p.shown, text); p.open("/") {
		if time.Now().After(end) {
			p.t.Fatalf("never shown: %s in %s", text, p.shown)
		}
		time.Sleep(50 * time.Millisecond) // no signal to await
	}
}

// press presses the newest button of these words.
func (p *page) press(words string) {
	p.t.Helper()
	p.waits(">" + words + "<")
	all := regexp.MustCompile(`name="press" value="([^"]+)"[^>]*>`+regexp.QuoteMeta(words)+`<`).FindAllStringSubmatch(p.shown, -1)
	p.send("/say", "press", all[len(all)-1][1])
}

// Who petitioned at the page agrees to short messages with a press and to mail at the page /told. Each is
// told of each step, though the program is killed meanwhile, once, with the number and no word more. What
// waits for the end of quiet hours is not sent when the consent was taken back. A mail that comes back
// ends mail to the address and is noted.
func TestWhoPetitionedIsToldBesides(t *testing.T) {
	t.Parallel()
	mail, phone := &heard{busy: 1}, &heard{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(mail)
	go func() { _ = server.Serve(l) }()
	defer server.Close()
	key, line, err := api.NewKey("all", []api.Scope{api.Citizens, api.Staff, api.OwnOfficers}, "")
	if err != nil {
		t.Fatal(err)
	}
	gateway := hook(t, phone, `{"code":"0"}`, unsigned)
	p := faults.NewProgram(t, "DENGWEN_API_KEYS="+line, "SMTP_URL=smtp://"+l.Addr().String()+"?from=office@xf.example.cn",
		"DENGWEN_SMS=kind: http\nurl: "+gateway+"/send\nbody: '{\"to\":{{json .Phone}},\"text\":{{json .Text}}}'\nsuccess: {field: code, value: '0'}")
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	who := newPage(t, p.URL)
	who.send("/say", "text", "下梁镇三组的路一下雨就塌，拖拉机过不去，请把路修好。我叫王秀兰，打我电话13912345678")
	who.press("提交")
	who.waits("登记好了")
	ticket := regexp.MustCompile(`编号 (\S+?)[\s<]`).FindStringSubmatch(who.shown)
	code := regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}\b`).FindString(who.shown[strings.Index(who.shown, "查询码"):])
	who.press("有新进展也发短信告诉我")
	who.waits("139****5678")
	who.open("/told")
	who.send("/told", "do", "save", "mail", "lan@mail.example.cn")

	client := api.NewClient(p.URL, key, nil)
	officer := petition.Actor{Staff: "wang", Unit: "petition", Roles: []petition.Role{petition.Intake}}
	tell := func(text string) {
		t.Helper()
		if _, err := client.Do(t.Context(), officer, ticket[1], petition.Move{Name: petition.MoveTell, Text: text}); err != nil {
			t.Fatal(err)
		}
	}
	tell("明天派人去看")
	if err := errors.Join(p.Kill(), p.Start()); err != nil {
		t.Fatal(err)
	}
	if text := phone.wait(t, 1)[0]; text != `{"to":"13912345678","text":"信访件 `+ticket[1]+` 有新进展"}` {
		t.Errorf("the short message is %s", text)
	}
	letter := readable(t, mail.wait(t, 1)[0])
	leave := regexp.MustCompile(`http\S+/told/\S+`).FindString(letter)
	if !strings.Contains(letter, p.URL+"/c/"+ticket[1]) || leave == "" {
		t.Errorf("the mail is %s", letter)
	}
	for _, said := range []string{"路", "王秀兰", "明天", code} {
		if strings.Contains(letter, said) {
			t.Errorf("%q stands in the mail %s", said, letter)
		}
	}

	// Quiet hours: what waits is not sent after the consent was taken back.
	now := time.Now().In(time.FixedZone("CST", 8*3600))
	who.open("/told")
	who.send("/told", "do", "save", "want", "all", "from", now.Add(-time.Hour).Format("15:04"), "to", now.Add(time.Hour).Format("15:04"))
	tell("后天开工")
	who.open("/")
	who.waits("后天开工")
	who.send("/say", "text", "/told")
	who.press("不再发短信")
	who.waits("不再给您发短信")
	who.open("/told")
	who.send("/told", "do", "save", "want", "all", "from", "", "to", "")
	tell("已经开工")

	// The mail comes back: the address is used no more.
	report := "From: MAILER-DAEMON@mx.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n" +
		"Final-Recipient: rfc822; lan@mail.example.cn\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n\n--b\nContent-Type: text/rfc822-headers\n\n" + mail.wait(t, 1)[0] + "\n--b--\n"
	out, err := bounce(p, report)
	if err != nil || !strings.Contains(out, "不再往那里发") {
		t.Errorf("%s, %v", out, err)
	}
	if out, err := bounce(p, "From: a@b.cn\n\n您好"); err != nil || !strings.Contains(out, "没有动什么") {
		t.Errorf("no report: %s, %v", out, err)
	}
	who.open("/told")
	if !strings.Contains(who.shown, "邮件送不到 l***@mail.example.cn") || strings.Contains(who.shown, "139****5678") {
		t.Errorf("the page says %s", who.shown)
	}
	tell("修好了一半")
	who.open("/")
	who.waits("修好了一半")
	time.Sleep(2 * time.Second) // nothing more comes
	if n := len(phone.wait(t, 1)); n != 1 {
		t.Errorf("%d short messages", n)
	}
	if n := len(mail.wait(t, 1)); n > 3 { // of the first, perhaps of the second and third
		t.Errorf("%d mails", n)
	}
	v, err := client.Look(t.Context(), officer, ticket[1], "")
	if err != nil {
		t.Fatal(err)
	}
	var noted []string
	for _, e := range v.Timeline {
		if e.Move == petition.MoveNote {
			noted = append(noted, e.Text)
		}
	}
	if got := strings.Join(noted, " "); !strings.Contains(got, "同意用短信") || !strings.Contains(got, "不再同意用短信") || !strings.Contains(got, "同意用邮件") {
		t.Errorf("in the case stands %q", noted)
	}
	for _, said := range []string{"13912345678", "lan@mail.example.cn", leave} {
		if strings.Contains(p.Log(), said) {
			t.Errorf("%s stands in the log", said)
		}
	}
}

// bounce hands the program a report, as a mail server does.
func bounce(p *faults.Program, report string) (string, error) {
	c := p.Command("bounce")
	c.Stdin = strings.NewReader(report)
	out, err := c.Output()
	return string(out), err
}

// readable is the text of a mail.
func readable(t *testing.T, mail string) string {
	t.Helper()
	_, body, _ := strings.Cut(mail, "\r\n\r\n")
	b, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(body)))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A mail that comes back after the server took it, and that was all a unit was told by, is a task, once.
func TestAMailThatComesBackIsATask(t *testing.T) {
	t.Parallel()
	mail := &heard{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(mail)
	go func() { _ = server.Serve(l) }()
	defer server.Close()
	key, line, err := api.NewKey("all", []api.Scope{api.Citizens, api.Staff, api.OwnOfficers}, "")
	if err != nil {
		t.Fatal(err)
	}
	p := faults.NewProgram(t, "DENGWEN_API_KEYS="+line, "SMTP_URL=smtp://"+l.Addr().String()+"?from=office@xf.example.cn", "DENGWEN_TELL=petition mail clerk@xf.example.cn")
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := api.NewClient(p.URL, key, nil).File(t.Context(), petition.Actor{Owner: "web:1", Asker: "web:1"}, petition.Filing{
		Key: "k", Owner: "web:1", Channel: "web", Class: petition.Claim, Facts: "村口的路灯坏了一个月，没有人修。", Request: "请处理。",
	}); err != nil {
		t.Fatal(err)
	}
	untold := func() string {
		t.Helper()
		res, err := http.Get(p.URL + "/metrics")
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return regexp.MustCompile(`\ndengwen_untold \d+`).FindString(string(b))
	}
	letter := mail.wait(t, 1)[0]
	if got := untold(); got != "\ndengwen_untold 0" {
		t.Errorf("before: %q", got)
	}
	full := "From: MAILER-DAEMON@mx.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n" +
		"Final-Recipient: rfc822; clerk@xf.example.cn\nAction: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552 5.2.2 mailbox full\n\n--b\nContent-Type: message/rfc822\n\n" + letter + "\n--b--\n"
	for range 2 {
		if out, err := bounce(p, full); err != nil || !strings.Contains(out, "没有送到") {
			t.Errorf("%s, %v", out, err)
		}
	}
	if got := untold(); got != "\ndengwen_untold 1" {
		t.Errorf("after: %q", got)
	}
}
