package app

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dengwen/internal/office"
	"dengwen/petition"
	"dengwen/petition/roster"
)

// running is the program on an office file of its own.
type running struct {
	t    *testing.T
	a    *App // as it began
	file string
	url  string
}

func run(t *testing.T) *running {
	t.Helper()
	s := testSettings(t)
	s.StopWait, s.Office = 10*time.Second, filepath.Join(t.TempDir(), "office.yaml")
	text, err := office.File("")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.Office, text, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var d doorSet
	listener, err := d.listen(ctx, s)
	if err != nil {
		t.Fatal(err)
	}
	a, err := Build(ctx, s, NewLog(s, new(strings.Builder)), d.open)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Store.PutPerson(ctx, roster.Person{ID: "chief", Name: "赵平", Unit: a.Office.Unit, Roles: []petition.Role{petition.Supervisor, petition.Intake}, Joined: time.Now()}); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- errors.Join(a.serve(ctx, &d, listener), a.Close()) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return &running{t, a, s.Office, s.Public()}
}

// ask answers a page; form nil = GET.
func (r *running) ask(c *http.Client, path string, form url.Values) string {
	r.t.Helper()
	method := "GET"
	if form != nil {
		method = "POST"
	}
	q, err := http.NewRequestWithContext(context.Background(), method, r.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		r.t.Fatal(err)
	}
	q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	q.Header.Set("Accept-Language", "zh-CN")
	res, err := c.Do(q)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		r.t.Fatalf("%s: %d, %v: %s", path, res.StatusCode, err, mainOf.FindString(string(body)))
	}
	return string(body)
}

// atDesk is the browser of an officer who is in.
func (r *running) atDesk(staff string) *http.Client {
	r.t.Helper()
	link, err := r.a.DeskLink(r.t.Context(), staff, false)
	if err != nil {
		r.t.Fatal(err)
	}
	jar, _ := cookiejar.New(nil) // of no options: cannot fail
	c := &http.Client{Jar: jar}
	r.ask(c, strings.TrimPrefix(link, r.url), url.Values{})
	return c
}

var mainOf = regexp.MustCompile(`(?s)<main.*</main>`)

var wasOf = regexp.MustCompile(`name="was" value="([^"]*)"`)

// turnEvery is the pause of each of four visitors: a turn is three requests, and one address has twenty a second.
const turnEvery = 600 * time.Millisecond

// A change at the desk is in use in the very next page, one by an editor soon; nobody is turned away
// meanwhile, and what was asked before is answered after. A file that is wrong leaves everything as it was and says so.
func TestAChangedOfficeIsInUseAtOnce(t *testing.T) {
	t.Parallel()
	r := run(t)
	chief := r.atDesk("chief")
	ticket, err := r.a.Cases.File(t.Context(), petition.Actor{Owner: "web:1", Asker: "web:1"}, petition.Filing{
		Key: "k", Owner: "web:1", Channel: "web", Lang: "zh-CN", Class: petition.Claim, Facts: "水渠断了两个月。", Request: "请修好。",
		Place: petition.Place{Code: r.a.Office.Places[0].Code, Text: r.a.Office.Places[0].Name}, Subject: "farming.irrigation",
	})
	if err != nil {
		t.Fatal(err)
	}
	var asked atomic.Int64
	var hammer sync.WaitGroup
	over := make(chan struct{})
	for range 4 {
		hammer.Go(func() {
			jar, _ := cookiejar.New(nil) // of no options: cannot fail
			c := &http.Client{Jar: jar}
			for {
				select {
				case <-over:
					return
				case <-time.After(turnEvery):
				}
				page := r.ask(c, "/", nil)
				r.ask(c, "/say", url.Values{"csrf": {hidden.FindStringSubmatch(page)[1]}, "text": {"路断了"}})
				asked.Add(1)
			}
		})
	}
	text, err := os.ReadFile(r.file)
	if err != nil {
		t.Fatal(err)
	}
	put := func(from, to string) {
		t.Helper()
		page := r.ask(chief, "/desk/office?part=units", nil)
		var part string
		for _, p := range office.Parts(text) {
			if p.Key == "units" {
				part = p.Text
			}
		}
		changed := strings.Replace(part, from, to, 1)
		if changed == part {
			t.Fatalf("%q is not in the file", from)
		}
		began := time.Now()
		page = r.ask(chief, "/desk/office", url.Values{"part": {"units"}, "was": {wasOf.FindStringSubmatch(page)[1]}, "text": {changed}, "put": {"1"}})
		if strings.Contains(page, "还没有用上") || !strings.Contains(page, "改好了") {
			t.Fatalf("it is not in use: %s", page)
		}
		t.Logf("in use after %v, %d turns meanwhile", time.Since(began).Round(time.Millisecond), asked.Load())
		if text, err = os.ReadFile(r.file); err != nil {
			t.Fatal(err)
		}
	}
	today := petition.Day(time.Now())
	put("name: 柞水县水利局,", `name: 柞水县水务局, was: [{name: 柞水县水利局, until: "`+today+`"}],`)
	if page := r.ask(chief, "/desk/cases/"+ticket.Number+"/do/transfer", nil); !strings.Contains(page, "柞水县水务局") {
		t.Error("the next page does not offer the unit by its new name")
	}
	for n := range 3 {
		put("code: water,", "code: water, phone: 0914-432000"+string(rune('0'+n))+",")
		put("code: water, phone: 0914-432000"+string(rune('0'+n))+",", "code: water,")
	}
	if err := os.WriteFile(r.file, []byte(strings.Replace(string(text), "county: 柞水县", "county: 新水县", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); !strings.Contains(r.ask(chief, "/desk/cases/"+ticket.Number, nil), "水渠断了") || r.a.file.await(t.Context()) != nil; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("what an editor changed is not in use")
		}
	}
	if err := os.WriteFile(r.file, []byte("code: [\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := r.a.file.await(t.Context()); petition.CodeOf(err) != petition.Invalid {
		t.Errorf("a broken file: %v", err)
	}
	if page := r.ask(chief, "/desk/cases/"+ticket.Number, nil); !strings.Contains(page, "水渠断了") {
		t.Error("a broken file breaks the desk")
	}
	if page := r.ask(chief, "/desk/office", nil); !strings.Contains(page, "还没有用上") {
		t.Error("nobody is told of the broken file")
	}
	close(over)
	hammer.Wait()
}
