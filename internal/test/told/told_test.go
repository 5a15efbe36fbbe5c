package told

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"dengwen/handlers/api"
	"dengwen/internal/test/faults"
	"dengwen/petition"
)

// heard is what came to one place.
type heard struct {
	mu   sync.Mutex
	all  []string
	busy int // how many it answers that it can't take any more just now
}

func (h *heard) take(text string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.busy > 0 {
		h.busy--
		return false
	}
	h.all = append(h.all, text)
	return true
}

func (h *heard) wait(t *testing.T, n int) []string {
	t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) { // no signal to await
		h.mu.Lock()
		all := append([]string(nil), h.all...)
		h.mu.Unlock()
		if len(all) >= n {
			return all
		}
		if time.Now().After(end) {
			t.Fatalf("%d of %d came: %q", len(all), n, all)
		}
	}
}

// NewSession is smtp.Backend.NewSession.
func (h *heard) NewSession(*smtp.Conn) (smtp.Session, error) { return session{h}, nil }

type session struct{ h *heard }

func (session) Reset()                               {}
func (session) Logout() error                        { return nil }
func (session) Mail(string, *smtp.MailOptions) error { return nil }
func (session) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (s session) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err == nil && !s.h.take(string(b)) {
		err = &smtp.SMTPError{Code: 451, Message: "later"}
	}
	return err
}

// A petition reaches the robot of the petition office and its mail, though both are busy at first
// and the program is killed meanwhile, once each, without a word of it; a report reaches neither.
func TestUnitsAreTold(t *testing.T) {
	t.Parallel()
	robot, mail := &heard{busy: 2}, &heard{busy: 1}
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		code := 0
		if !robot.take(string(b)) {
			code = -1
		}
		fmt.Fprintf(w, `{"errcode":%d}`, code)
	}))
	defer hook.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(mail)
	go func() { _ = server.Serve(l) }()
	defer server.Close()
	key, line, err := api.NewKey("all", []api.Scope{api.Citizens}, "")
	if err != nil {
		t.Fatal(err)
	}
	p := faults.NewProgram(t, "DENGWEN_API_KEYS="+line, "SMTP_URL=smtp://"+l.Addr().String()+"?from=office@xf.example.cn",
		"DENGWEN_TELL=petition wecom "+hook.URL+"/cgi-bin/webhook/send?key=hush-hush\n# the office's own mail\npetition mail clerk@xf.example.cn")
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	lodge := func(class petition.Class, facts string) string {
		t.Helper()
		ticket, err := api.NewClient(p.URL, key, nil).File(t.Context(), petition.Actor{Owner: "web:1", Asker: "web:1"}, petition.Filing{
			Key: facts, Owner: "web:1", Channel: "web", Class: class, Facts: facts, Request: "请处理。", Contact: petition.Contact{Name: "王秀兰"},
		})
		if err != nil {
			t.Fatal(err)
		}
		return ticket.Number
	}
	lodge(petition.Report, "镇上的干部把低保给了自己的亲戚。")
	number := lodge(petition.Claim, "村口的路灯坏了一个月，没有人修。")
	if err := p.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	for where, h := range map[string]*heard{"robot": robot, "mail": mail} {
		for _, text := range h.wait(t, 1) {
			if !strings.Contains(text, number) || strings.Contains(text, "路灯") || strings.Contains(text, "王秀兰") {
				t.Errorf("the %s hears %q", where, text)
			}
		}
	}
	time.Sleep(time.Second) // nothing more comes
	if n, m := len(robot.wait(t, 1)), len(mail.wait(t, 1)); n != 1 || m != 1 {
		t.Errorf("told %d times by robot and %d times by mail", n, m)
	}
	if strings.Contains(p.Log(), "hush-hush") {
		t.Error("the robot's address stands in the log")
	}
}

// A notice that gets nowhere, because the robot of the unit refuses it for good, its mail server knows the
// address no more, and nobody of it can be told, is one task, whenever the program is killed; it is
// finished by an officer with what was done, and is none again.
func TestWhatNobodyIsToldIsATask(t *testing.T) {
	t.Parallel()
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"errcode":310000}`) }))
	defer hook.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return unknown{}, nil }))
	go func() { _ = server.Serve(l) }()
	defer server.Close()
	key, line, err := api.NewKey("all", []api.Scope{api.Citizens, api.Staff, api.OwnOfficers}, "")
	if err != nil {
		t.Fatal(err)
	}
	p := faults.NewProgram(t, "DENGWEN_API_KEYS="+line, "SMTP_URL=smtp://"+l.Addr().String()+"?from=office@xf.example.cn",
		"DENGWEN_TELL=petition dingtalk "+hook.URL+"/robot/send?access_token=1\npetition mail gone@xf.example.cn")
	call := func(method, path, body string) (int, string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, p.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range map[string]string{"Authorization": "Bearer " + key, "Content-Type": "application/json", "Actor-Staff": "wang", "Actor-Unit": "petition", "Actor-Roles": "intake"} {
			req.Header.Set(name, value)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return 0, err.Error()
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		return res.StatusCode, string(b)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	const cases = 6
	numbers := map[string]bool{}
	for i := range cases {
		facts := fmt.Sprintf("村口的第%d盏路灯坏了一个月，没有人修。", i)
		ticket, err := api.NewClient(p.URL, key, nil).File(t.Context(), petition.Actor{Owner: "web:1", Asker: "web:1"}, petition.Filing{
			Key: facts, Owner: "web:1", Channel: "web", Class: petition.Claim, Facts: facts, Request: "请处理。",
		})
		if err != nil {
			t.Fatal(err)
		}
		numbers[ticket.Number] = true
		if i%2 == 0 { // in the midst of telling
			if err := errors.Join(p.Kill(), p.Start()); err != nil {
				t.Fatal(err)
			}
		}
	}
	var found struct{ Tasks []api.UntoldTask }
	tasks := func(want int) {
		t.Helper()
		for end := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) { // no signal to await
			status, body := call("GET", "/v1/untold", "")
			found.Tasks = nil
			if err := json.Unmarshal([]byte(body), &found); err == nil && status == http.StatusOK && len(found.Tasks) == want {
				return
			}
			if time.Now().After(end) {
				t.Fatalf("%d: %s\n%s", status, body, p.Log())
			}
		}
	}
	tasks(cases)
	for _, task := range found.Tasks {
		if !numbers[task.Number] || task.Unit != "petition" || len(task.Moves) != 1 || task.Moves[0] != "file" {
			t.Errorf("%+v", task)
		}
		delete(numbers, task.Number)
	}
	if status, body := call("POST", "/v1/untold/"+found.Tasks[0].ID+"/done", `{"text":"打了电话，值班的人知道了。"}`); status != http.StatusNoContent {
		t.Errorf("finished: %d %s", status, body)
	}
	if status, body := call("GET", "/v1/cases/"+found.Tasks[0].Number, ""); status != http.StatusOK || !strings.Contains(body, "值班的人知道了") {
		t.Errorf("the case: %d %s", status, body)
	}
	if err := errors.Join(p.Kill(), p.Start()); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Second) // nothing more comes
	tasks(cases - 1)
	if _, metrics := call("GET", "/metrics", ""); !strings.Contains(metrics, fmt.Sprintf("\ndengwen_untold %d\n", cases-1)) {
		t.Error("the metrics do not count them")
	}
}

// unknown is the session of a mail server that knows nobody.
type unknown struct{ session }

func (unknown) Rcpt(string, *smtp.RcptOptions) error {
	return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
}
