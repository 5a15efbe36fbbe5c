package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"dengwen/handlers/api"
	"dengwen/internal/office"
	"dengwen/petition"
)

// ask sends a request; headers are name, value pairs.
func ask(t testing.TB, srv *httptest.Server, method, path, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, srv.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := srv.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(b)
}

func problemOf(t testing.TB, resp *http.Response, body string) api.Problem {
	t.Helper()
	if got := resp.Header.Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("%s: type of the answer is %q, want a problem document", resp.Status, got)
	}
	var p api.Problem
	if err := json.Unmarshal([]byte(body), &p); err != nil {
		t.Fatalf("problem %q: %v", body, err)
	}
	if p.Status != resp.StatusCode || p.Title == "" || p.Type != "about:blank" {
		t.Errorf("problem does not fit its answer %s: %+v", resp.Status, p)
	}
	return p
}

func bearer(key string) []string { return []string{"Authorization", "Bearer " + key} }

func TestScopes(t *testing.T) {
	t.Parallel()
	bot, botLine := newKey(t, "bot", "", api.Citizens)
	desk, deskLine := newKey(t, "desk", "", api.Staff)
	road, roadLine := newKey(t, "road", "department-x", api.Staff)
	seal, sealLine := newKey(t, "seal", "", api.Staff, api.Sealed)
	root, rootLine := newKey(t, "root", "", api.Admin)
	srv := serve(t, api.Config{Cases: service(t, ""), Keys: keys(t, strings.Join([]string{"# keys", botLine, deskLine, "", roadLine, sealLine, rootLine}, "\n")), PerAddress: 1000})
	for name, c := range map[string]struct {
		key     string
		headers []string
		status  int
		problem string
	}{
		"no key":                      {"", nil, 401, "api.key"},
		"wrong key":                   {"dw_" + strings.Repeat("A", 43), nil, 401, "api.key"},
		"bot for a citizen":           {bot, []string{"Actor-Owner", "tg:1"}, 200, ""},
		"bot as staff":                {bot, []string{"Actor-Staff", "s", "Actor-Roles", "intake"}, 403, "api.scope"},
		"bot with a staff id only":    {bot, []string{"Actor-Staff", "s"}, 403, "api.scope"},
		"desk as a citizen":           {desk, []string{"Actor-Owner", "tg:1"}, 403, "api.scope"},
		"desk as officer":             {desk, []string{"Actor-Staff", "s", "Actor-Roles", "officer", "Actor-Unit", "department-x"}, 200, ""},
		"desk as named officer":       {desk, []string{"Actor-Staff", "s", "Actor-Roles", "sealed"}, 403, "api.scope"},
		"desk as admin":               {desk, []string{"Actor-Staff", "s", "Actor-Roles", "officer, admin"}, 403, "api.scope"},
		"a role that is none":         {root, []string{"Actor-Roles", "emperor"}, 422, "api.role"},
		"bound key, own unit":         {road, []string{"Actor-Staff", "s", "Actor-Roles", "officer", "Actor-Unit", "department-x"}, 200, ""},
		"bound key, no unit":          {road, []string{"Actor-Staff", "s", "Actor-Roles", "officer"}, 200, ""},
		"bound key, other unit":       {road, []string{"Actor-Staff", "s", "Actor-Roles", "officer", "Actor-Unit", "other"}, 403, "api.unit"},
		"sealed key as named officer": {seal, []string{"Actor-Staff", "s", "Actor-Roles", "sealed", "Actor-Unit", "x"}, 200, ""},
		"admin as anybody":            {root, []string{"Actor-Owner", "tg:1", "Actor-Staff", "s", "Actor-Roles", "admin,sealed"}, 200, ""},
		"a header that does not read": {root, []string{"Actor-Owner", "%zz"}, 422, "api.header"},
	} {
		headers := c.headers
		if c.key != "" {
			headers = append(headers, bearer(c.key)...)
		}
		resp, body := ask(t, srv, "GET", "/v1/cases", "", headers...)
		if resp.StatusCode != c.status {
			t.Errorf("%s: %s, want %d: %s", name, resp.Status, c.status, body)
			continue
		}
		if c.problem != "" {
			if p := problemOf(t, resp, body); p.Key != c.problem {
				t.Errorf("%s: key %s, want %s", name, p.Key, c.problem)
			}
		}
	}
	if resp, _ := ask(t, srv, "POST", "/v1/forget", `{"owner":"tg:1"}`, bearer(desk)...); resp.StatusCode != 403 {
		t.Errorf("staff key forgets: %s", resp.Status)
	}
	if resp, _ := ask(t, srv, "GET", "/v1/office", ""); resp.StatusCode != 200 {
		t.Errorf("office without a key: %s", resp.Status)
	}
	if resp, _ := ask(t, srv, "GET", "/v1/cases", "", "Authorization", "Basic "+root); resp.StatusCode != 401 || resp.Header.Get("WWW-Authenticate") == "" {
		t.Errorf("another scheme: %s, %v", resp.Status, resp.Header)
	}
}

// Wrong keys of somebody behind one address shut neither what needs no key for the others there,
// nor a program with its key.
func TestWrongKeysHaveTheirOwnBudget(t *testing.T) {
	t.Parallel()
	bot, line := newKey(t, "bot", "", api.Citizens)
	srv := serve(t, api.Config{Cases: service(t, ""), Keys: keys(t, line)})
	limited := false
	for range 20 {
		resp, _ := ask(t, srv, "GET", "/v1/office", "", bearer("dw_"+strings.Repeat("A", 43))...)
		switch resp.StatusCode {
		case http.StatusTooManyRequests:
			limited = true
		case http.StatusUnauthorized:
		default:
			t.Fatalf("a wrong key: %s", resp.Status)
		}
	}
	if !limited {
		t.Error("twenty wrong keys at once are not limited")
	}
	if resp, _ := ask(t, srv, "GET", "/v1/office", ""); resp.StatusCode != http.StatusOK {
		t.Errorf("the office's page for others: %s", resp.Status)
	}
	if resp, _ := ask(t, srv, "GET", "/v1/cases", "", append(bearer(bot), "Actor-Owner", "tg:1")...); resp.StatusCode != http.StatusOK {
		t.Errorf("a program with its key: %s", resp.Status)
	}
}

// A key from one address has a budget there: the same key elsewhere goes on.
func TestBudgetOfKeyAndAddress(t *testing.T) {
	t.Parallel()
	bot, line := newKey(t, "bot", "", api.Citizens)
	srv := serve(t, api.Config{Cases: service(t, ""), Keys: keys(t, line), PerCaller: 1})
	status := func(address string) int {
		resp, _ := ask(t, srv, "GET", "/v1/cases", "", append(bearer(bot), "Actor-Owner", "tg:1", "X-Forwarded-For", address)...)
		return resp.StatusCode
	}
	limited := 0
	for range 10 {
		if status("203.0.113.1") == http.StatusTooManyRequests {
			limited++
		}
	}
	if limited < 4 {
		t.Errorf("%d of ten at once are limited", limited)
	}
	if got := status("203.0.113.2"); got != http.StatusOK {
		t.Errorf("from elsewhere: %d", got)
	}
}

func TestFeedTellsEachKeyItsOwn(t *testing.T) {
	t.Parallel()
	svc, o := service(t, ""), office.Example()
	var unit string
	for _, u := range o.Units {
		if u.Kind == "department" && u.Code != o.Unit {
			unit = u.Code
		}
	}
	owner := petition.Actor{Owner: "tg:1"}
	ticket, err := svc.File(t.Context(), owner, petition.Filing{Key: "k", Owner: "tg:1", Class: petition.Claim, Facts: "路灯"})
	if err != nil {
		t.Fatal(err)
	}
	clerk := petition.Actor{Staff: "s", Unit: o.Unit, Roles: []petition.Role{petition.Intake}}
	if _, err := svc.Do(t.Context(), clerk, ticket.Number, petition.Move{Key: "m", Name: petition.MoveTransfer, Unit: unit}); err != nil {
		t.Fatal(err)
	}
	if _, err := svc.File(t.Context(), owner, petition.Filing{Key: "r", Owner: "tg:1", Class: petition.Report, Facts: "有人收钱"}); err != nil {
		t.Fatal(err)
	}
	bot, l1 := newKey(t, "bot", "", api.Citizens)
	desk, l2 := newKey(t, "desk", "", api.Staff)
	mine, l3 := newKey(t, "mine", unit, api.Staff)
	other, l4 := newKey(t, "other", "elsewhere", api.Staff)
	root, l5 := newKey(t, "root", "", api.Admin)
	srv := serve(t, api.Config{Cases: svc, Keys: keys(t, strings.Join([]string{l1, l2, l3, l4, l5}, "\n"))})
	for key, fits := range map[string]func(to string) bool{
		bot:   func(to string) bool { return to == "tg:1" },
		desk:  func(to string) bool { return strings.HasPrefix(to, "unit:") },
		mine:  func(to string) bool { return to == "unit:"+unit },
		other: nil,
		root:  func(string) bool { return true },
	} {
		ns := feed(t, api.NewClient(srv.URL, key, srv.Client()))
		if (len(ns) == 0) != (fits == nil) {
			t.Errorf("a key was told %d notices", len(ns))
		}
		for _, n := range ns {
			if fits == nil || !fits(n.To) {
				t.Errorf("a key was told what is for %s", n.To)
			}
		}
	}
}

func feed(t *testing.T, c *api.Client) []petition.Notice {
	t.Helper()
	var all []petition.Notice
	after := ""
	for {
		ns, err := c.Notices(t.Context(), after, 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(ns) == 0 {
			return all
		}
		all, after = append(all, ns...), ns[len(ns)-1].ID
	}
}

func TestRates(t *testing.T) {
	t.Parallel()
	key, line := newKey(t, "all", "", api.Admin)
	srv := serve(t, api.Config{Cases: service(t, ""), Keys: keys(t, line), PerKey: 5, PerAddress: 1})
	limited := func(headers ...string) (n int) {
		for range 12 {
			resp, body := ask(t, srv, "GET", "/v1/cases", "", headers...)
			if resp.StatusCode == 429 {
				n++
				if p := problemOf(t, resp, body); p.Code != petition.Limited || resp.Header.Get("Retry-After") == "" {
					t.Errorf("limited: %+v, %v", p, resp.Header)
				}
			}
		}
		return n
	}
	if n := limited("Authorization", "Bearer guess"); n < 6 {
		t.Errorf("%d of 12 guessed keys were limited", n)
	}
	if n := limited(bearer(key)...); n < 5 || n > 8 {
		t.Errorf("%d of 12 calls at 5 a second were limited", n)
	}
	if resp, _ := ask(t, srv, "GET", "/v1/cases", "", bearer(key)...); resp.StatusCode != 429 && resp.StatusCode != 200 {
		t.Errorf("after the limits: %s", resp.Status)
	}
}

func TestLockedLookUpsSayWhen(t *testing.T) {
	t.Parallel()
	key, line := newKey(t, "bot", "", api.Citizens)
	srv := serve(t, api.Config{Cases: service(t, ""), Keys: keys(t, line)})
	for range 10 {
		resp, _ := ask(t, srv, "GET", "/v1/cases/ZS26-0001-KN", "", append(bearer(key), "Query-Code", "2222-2222", "Actor-Asker", "web:1")...)
		if resp.StatusCode == 429 {
			if after := resp.Header.Get("Retry-After"); after != "300" {
				t.Errorf("Retry-After %q, want the five minutes", after)
			}
			return
		}
	}
	t.Error("ten wrong codes were not limited")
}

// lines is a log that may be read while it is written.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

func TestLogHoldsNoContent(t *testing.T) {
	t.Parallel()
	log := &lines{}
	key, line := newKey(t, "bot-7", "", api.Admin)
	srv := serve(t, api.Config{Cases: service(t, ""), Keys: keys(t, line), Log: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	c := api.NewClient(srv.URL, key, srv.Client())
	owner := petition.Actor{Owner: "tg:geheim", Asker: "geheim"}
	ticket, err := c.File(t.Context(), owner, petition.Filing{Key: "geheim", Class: petition.Claim, Facts: "geheim", Contact: petition.Contact{Name: "geheim"}})
	if err != nil {
		t.Fatal(err)
	}
	_, _ = c.Look(t.Context(), owner, ticket.Number, "")
	_, _ = c.Look(t.Context(), petition.Actor{Asker: "geheim"}, ticket.Number, "geheim-x")
	_, _ = c.List(t.Context(), petition.Actor{Staff: "s", Roles: []petition.Role{petition.Supervisor}}, petition.Query{Words: "geheim"})
	_, _ = c.Attach(t.Context(), owner, petition.Attachment{ID: "geheim", Kind: "document", Name: "geheim.txt"}, strings.NewReader("geheim"))
	_, _ = c.Forget(t.Context(), "tg:geheim")
	got := log.String()
	for _, secret := range []string{"geheim", ticket.Number, ticket.Code, key} {
		if strings.Contains(got, secret) {
			t.Errorf("the log shows %q:\n%s", secret, got)
		}
	}
	for _, want := range []string{"POST /v1/cases", "/v1/cases/{number}", "status=201", "key=bot-7"} {
		if !strings.Contains(got, want) {
			t.Errorf("the log lacks %q:\n%s", want, got)
		}
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	key, line := newKey(t, "bot", "", api.Citizens, api.Staff)
	if strings.Contains(line, key) || !strings.HasPrefix(line, "bot:citizens,staff::") {
		t.Errorf("line %q of key %q", line, key)
	}
	for _, bad := range []string{"x", "bot:citizens:", ":citizens::" + strings.Repeat("0", 64), "bot:king::" + strings.Repeat("0", 64), "bot:citizens::beef", line + "\n" + line} {
		if ks, err := api.ParseKeys(bad); err == nil || ks != nil {
			t.Errorf("%q was read as %v", bad, ks)
		} else if strings.Contains(err.Error(), "beef") {
			t.Errorf("the error repeats the line: %v", err)
		}
	}
	if _, _, err := api.NewKey("a:b", []api.Scope{api.Staff}, ""); err == nil {
		t.Error("a name with a colon was taken")
	}
}
