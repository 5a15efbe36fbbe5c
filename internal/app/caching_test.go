package app

import (
	"context"
	"encoding/json"
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

	"dengwen/handlers/api"
	"dengwen/internal/config"
	"dengwen/petition"
	"dengwen/petition/roster"
)

// cacheable are the routes whose answers a browser or a proxy may keep: the pages' own files and the
// description of the case API, which are the same for everybody.
var cacheable = regexp.MustCompile(`^/(desk/static|web)/|^/v1/docs(\.css)?$`)

var (
	routeIn     = regexp.MustCompile(`"(GET|POST) (/[^"]*)"`)
	placeholder = regexp.MustCompile(`\{[^}]*\}`)
)

// No answer of any route is kept by a browser or a proxy but those of cacheable ones, whoever asks,
// whether there is something or not. Routes are those of the source and of the API's description.
func TestNothingOfACaseIsKeptByCaches(t *testing.T) {
	t.Parallel()
	key, line, err := api.NewKey("all", []api.Scope{api.Citizens, api.Staff, api.Sealed, api.Admin, api.Desk}, "")
	if err != nil {
		t.Fatal(err)
	}
	a := serving(t, func(s *config.Settings) { s.APIKeys = line })
	routes := describedRoutes(t, a)
	for _, folder := range []string{"../../handlers/*/*.go", "serve.go"} {
		files, err := filepath.Glob(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") || strings.Contains(file, "/api/") {
				continue
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range routeIn.FindAllStringSubmatch(string(text), -1) {
				if m[2] == "/desk/office/check" {
					continue // runs the program itself, here this test; its answer is a page like others
				}
				routes = append(routes, [2]string{m[1], m[2]})
			}
		}
	}
	if len(routes) < 110 {
		t.Fatalf("only %d routes found", len(routes))
	}
	slices.SortStableFunc(routes, func(a, b [2]string) int { // those that end a session last
		return strings.Count(a[1], "/leave") - strings.Count(b[1], "/leave")
	})
	people := askers(t, a, key)
	values, hashes := aCase(t, a), map[string]string{"desk": assetHash(t, a, "/desk/enter"), "web": assetHash(t, a, "/")}
	answered := map[string]bool{}
	for _, r := range routes {
		if values["name"] = "all.js"; strings.HasPrefix(r[1], "/web") {
			values["name"] = "verify.js"
		}
		values["hash"] = hashes[strings.SplitN(r[1], "/", 3)[1]]
		path := placeholder.ReplaceAllStringFunc(r[1], func(key string) string { return values[strings.Trim(key, "{}$.")] })
		for _, who := range people {
			status, kept := who.ask(t, a, r[0], path)
			if fresh := strings.Contains(kept, "no-store"); fresh == cacheable.MatchString(r[1]) && status < 300 || !fresh && !cacheable.MatchString(r[1]) {
				t.Errorf("%s %s to %s: %d, Cache-Control %q", r[0], path, who.name, status, kept)
			}
			if status == http.StatusOK {
				answered[r[0]+" "+r[1]] = true
			}
		}
	}
	for _, r := range []string{
		"GET /{$}", "GET /verify", "GET /desk/{$}", "GET /desk/cases", "GET /desk/cases.csv", "GET /desk/cases.xlsx", "GET /desk/cases/{number}", "GET /desk/cases/{number}/do/{move}",
		"GET /desk/cases/{number}/files/{id}", "GET /desk/cases/{number}/documents/{ref}", "GET /desk/log", "GET /desk/static/{hash}/{name}", "GET /web/{hash}/{name}", "GET /desk/figures", "GET /desk/batches", "GET /v1/cases/{number}", "GET /v1/cases/{number}/files/{id}", "GET /v1/cases",
	} {
		if !answered[r] {
			t.Errorf("%s is answered nobody with something: %v", r, values)
		}
	}
	t.Logf("%d routes, %d of them answered with something", len(routes), len(answered))
}

// describedRoutes are those of the case API.
func describedRoutes(t *testing.T, a *App) (all [][2]string) {
	t.Helper()
	res, err := http.Get(a.Settings.Public() + "/v1/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var described struct {
		Paths map[string]map[string]json.RawMessage
	}
	if err := json.NewDecoder(res.Body).Decode(&described); err != nil {
		t.Fatal(err)
	}
	for path, calls := range described.Paths {
		for method := range calls {
			all = append(all, [2]string{strings.ToUpper(method), path})
		}
	}
	return append(all, [2]string{"GET", "/v1/docs"}, [2]string{"GET", "/v1/docs.css"}, [2]string{"GET", "/v1/openapi.json"})
}

// asker is somebody who asks for every route.
type asker struct {
	name   string
	client *http.Client
	header http.Header
}

func (who asker) ask(t *testing.T, a *App, method, path string) (status int, kept string) {
	t.Helper()
	ctx, done := context.WithTimeout(t.Context(), time.Minute)
	defer done()
	r, err := http.NewRequestWithContext(ctx, method, a.Settings.Public()+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = who.header.Clone()
	r.Header.Set("Origin", a.Settings.Public())
	res, err := who.client.Do(r)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	done() // live connections go on
	_ = res.Body.Close()
	return res.StatusCode, res.Header.Get("Cache-Control")
}

// askers are a stranger, a head at the desk and a program with every scope.
func askers(t *testing.T, a *App, key string) []asker {
	t.Helper()
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	head := roster.Person{ID: "head", Name: "赵平", Unit: a.Office.Unit, Roles: []petition.Role{petition.Supervisor}, Joined: time.Now()}
	if err := a.Store.PutPerson(t.Context(), head); err != nil {
		t.Fatal(err)
	}
	link, err := a.DeskLink(t.Context(), head.ID, false)
	if err != nil {
		t.Fatal(err)
	}
	browser := func(name string) asker {
		jar, _ := cookiejar.New(nil) // of no options: cannot fail
		return asker{name, &http.Client{Jar: jar, CheckRedirect: stay}, http.Header{}}
	}
	in, citizen := browser("a head at the desk"), browser("somebody at the page")
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	if status, _ := in.ask(t, a, "POST", u.Path); status != http.StatusSeeOther {
		t.Fatalf("not let in: %d", status)
	}
	citizen.ask(t, a, "GET", "/")
	program := asker{"a program", &http.Client{CheckRedirect: stay}, http.Header{
		"Authorization": {"Bearer " + key}, "Actor-Staff": {head.ID}, "Actor-Unit": {head.Unit}, "Actor-Roles": {string(petition.Supervisor)}, "Actor-Reason": {"work"},
	}}
	return []asker{in, citizen, {"nobody", &http.Client{CheckRedirect: stay}, http.Header{}}, program}
}

// assetHash is what addresses of a door's own files have in them.
func assetHash(t *testing.T, a *App, page string) string {
	t.Helper()
	res, err := http.Get(a.Settings.Public() + page)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	m := regexp.MustCompile(`/(?:static|web)/([0-9a-f]+)/`).FindSubmatch(text)
	if err != nil || m == nil {
		t.Fatalf("%s names no file: %v", page, err)
	}
	return string(m[1])
}

// aCase lodges a petition with an attachment and answers what placeholders of routes stand for.
func aCase(t *testing.T, a *App) map[string]string {
	t.Helper()
	by := petition.Actor{Owner: "api:1", Asker: "api:1"}
	if _, err := a.service.Attach(t.Context(), by, petition.Attachment{ID: "file-1", Kind: "document", Name: "说明.txt"}, strings.NewReader("路灯坏了。")); err != nil {
		t.Fatal(err)
	}
	ticket, err := a.service.File(t.Context(), by, petition.Filing{
		Key: "k", Owner: by.Owner, Channel: "api", Lang: "zh-CN", Class: petition.Claim, Facts: "村口的路灯坏了一个月。", Request: "请修好。",
		Attachments: []petition.Attachment{{ID: "file-1", Kind: "document", Name: "说明.txt"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	v, err := a.service.Look(t.Context(), petition.System(), ticket.Number, "")
	if err != nil {
		t.Fatal(err)
	}
	papers := petition.DocumentsOf(v.Timeline[0], false)
	if len(papers) == 0 {
		t.Fatalf("no document of %v", v.Timeline[0])
	}
	ref := petition.DocumentRef{Seq: v.Timeline[0].Seq, Kind: papers[0], Form: "pdf"}
	return map[string]string{
		"number": ticket.Number, "id": v.Timeline[0].Files[0].ID, "ref": ref.String(), "move": "note", "paper": "reply", "draft": "1", "other": ticket.Number,
		"token": "x", "post": "1", "staff": "head",
	}
}
