package told

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"dengwen/handlers/api"
	"dengwen/internal/test/faults"
	"dengwen/petition"
)

// hook is a server that keeps what it is sent, with its headers before it.
func hook(t *testing.T, h *heard, answer string, verify func(http.Header, []byte) error) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		if err := verify(r.Header, b); err != nil {
			t.Error(err)
		}
		if !h.take(string(b)) {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		fmt.Fprint(w, answer)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func unsigned(http.Header, []byte) error { return nil }

// The life of a case is seen in a group's robot, by mail, by short message and by another system: each is
// told of each step with the number, and none of what was written.
func TestOneLifeIsToldEverywhere(t *testing.T) {
	t.Parallel()
	robot, mail, phone, system := &heard{}, &heard{}, &heard{}, &heard{}
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
	robotURL, gateway := hook(t, robot, `{"errcode":0}`, unsigned), hook(t, phone, `{"code":"0"}`, unsigned)
	secret := ""
	systemURL := hook(t, system, "", func(h http.Header, body []byte) error {
		library, err := standardwebhooks.NewWebhook(secret)
		if err != nil {
			return err
		}
		return library.Verify(body, h)
	})
	p := faults.NewProgram(t, "DENGWEN_API_KEYS="+line, "SMTP_URL=smtp://"+l.Addr().String()+"?from=office@xf.example.cn", "DENGWEN_WEBHOOK_NETWORKS=127.0.0.0/8",
		"DENGWEN_TELL=petition wecom "+robotURL+"/send?key=hush-hush\npetition mail clerk@xf.example.cn",
		"DENGWEN_SMS=kind: http\nurl: "+gateway+"/send\nheaders: {X-Key: hush-hush}\nbody: '{\"to\":{{json .Phone}},\"text\":{{json .Text}}}'\nsuccess: {field: code, value: '0'}")
	out, err := p.Run("webhook", "add", systemURL)
	if err != nil {
		t.Fatal(err, out)
	}
	secret = regexp.MustCompile(`whsec_\S+`).FindString(out)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	link, err := p.Run("staff", "add", "--unit", "petition", "--role", "intake", "--name", "黄英")
	if err != nil {
		t.Fatal(err, link)
	}
	atTheDesk(t, regexp.MustCompile(`http\S+`).FindString(link), url.Values{"phone": {"13912345678"}, "kind": {"new", "words"}})

	client := api.NewClient(p.URL, key, nil)
	who := petition.Actor{Owner: "web:1", Asker: "web:1"}
	ticket, err := client.File(t.Context(), who, petition.Filing{Key: "k", Owner: "web:1", Channel: "web", Class: petition.Claim, Facts: "村口的路灯坏了一个月，没有人修。", Request: "请处理。", Contact: petition.Contact{Name: "王秀兰"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Do(t.Context(), who, ticket.Number, petition.Move{Name: petition.MoveSupplement, Text: "昨晚又有人摔了。"}); err != nil {
		t.Fatal(err)
	}
	for name, h := range map[string]*heard{"robot": robot, "mail": mail, "short message": phone, "other system": system} {
		for _, text := range h.wait(t, 2) {
			t.Logf("%s: %s", name, strings.TrimSpace(text))
			if !strings.Contains(text, ticket.Number) || strings.Contains(text, "路灯") || strings.Contains(text, "王秀兰") || strings.Contains(text, "摔") || strings.Contains(text, ticket.Code) {
				t.Errorf("%s hears %q", name, text)
			}
		}
	}
	if text := phone.wait(t, 2)[0]; text != `{"to":"13912345678","text":"信访件 `+ticket.Number+` 有新进展"}` {
		t.Errorf("the short message is %s", text)
	}
	time.Sleep(time.Second) // nothing more comes
	if n := len(robot.wait(t, 2)) + len(mail.wait(t, 2)) + len(phone.wait(t, 2)) + len(system.wait(t, 2)); n != 8 {
		t.Errorf("told %d times", n)
	}
	for _, said := range []string{"hush-hush", "13912345678", secret} {
		if strings.Contains(p.Log(), said) {
			t.Errorf("%s stands in the log", said)
		}
	}
}

// atTheDesk enters by a link and says where to be told.
func atTheDesk(t *testing.T, link string, form url.Values) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	base := link[:strings.Index(link, "/desk/")]
	for _, step := range []struct {
		path string
		form url.Values
	}{{link, nil}, {base + "/desk/me/told", form}} {
		res, err := browser.PostForm(step.path, step.form)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusOK {
			t.Fatalf("%s answers %d", step.path, res.StatusCode)
		}
	}
}
