package desk_test

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"io"
	"log/slog"
	"maps"
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
	"sync/atomic"
	"testing"
	"time"

	"dengwen/assist/replycheck"
	"dengwen/documents"
	"dengwen/handlers/desk"
	"dengwen/internal/archive"
	"dengwen/internal/backlog"
	"dengwen/internal/courses"
	"dengwen/internal/exchange"
	"dengwen/internal/login"
	"dengwen/internal/office"
	"dengwen/internal/report"
	"dengwen/internal/scrub"
	"dengwen/internal/seal"
	"dengwen/internal/test/invented"
	"dengwen/internal/test/memory"
	"dengwen/internal/websession"
	"dengwen/locales"
	"dengwen/petition"
	"dengwen/petition/batch"
	"dengwen/petition/issuing"
	"dengwen/petition/mediation"
	"dengwen/petition/outreach"
	"dengwen/petition/reception"
	"dengwen/petition/roster"
	"dengwen/petition/telling"
	"dengwen/storage/cases"
)

const botToken = "1:test"

// stage is a desk on the example office with people in it, over stores in memory.
type stage struct {
	t          testing.TB
	office     *petition.Office
	service    *petition.Service
	people     *roster.Service
	sessions   *websession.Manager
	server     *httptest.Server
	kept       *memory.Kept
	disputes   *mediation.Service
	outreach   *outreach.Service
	papers     *documents.Renderer
	town       string
	officeFile string
	lang       string // browsers ask for
	now        atomic.Int64
	down       atomic.Bool  // nobody answers
	told       *cases.Store // of other systems
	propose    desk.Propose // a language model; nil = there is none
	busy       atomic.Bool  // a proxy answers that nobody does
}

func newStage(t testing.TB) *stage {
	t.Helper()
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	return newStageIn(t, locales.Default, words)
}

// newStageIn is a stage whose browsers ask for a language.
func newStageIn(t testing.TB, lang string, words *locales.Catalog) *stage {
	t.Helper()
	return newStageOn(t, lang, words, petition.DefaultCalendar())
}

// newStageOn is a stage whose periods are counted by a calendar.
func newStageOn(t testing.TB, lang string, words *locales.Catalog, calendar *petition.Calendar) *stage {
	t.Helper()
	o, _, err := office.Load("")
	if err != nil {
		t.Fatal(err)
	}
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	box, err := seal.Open(key)
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{t: t, kept: new(memory.Kept), office: o, town: o.Places[0].Unit, lang: lang}
	s.now.Store(time.Date(2026, 11, 23, 1, 30, 0, 0, time.UTC).UnixNano())
	clock := func() time.Time { return time.Unix(0, s.now.Load()) }
	var ids atomic.Int64
	newID := func() string { return fmt.Sprintf("id-%04d", ids.Add(1)) }
	store, staff := memory.NewMemory(), memory.NewRoster()
	s.service = petition.NewService(store, o, calendar, box.Hash, clock, newID, new(memory.Blobs)).WithScrub(scrub.New(scrub.DefaultLimits())).WithRenderer(plain)
	s.service = s.service.WithColleagues(petition.Colleagues{
		Named: func(ctx context.Context, text string) ([]petition.Actor, error) { return s.people.Named(ctx, text) },
		Tell: func(ctx context.Context, staff, number string) {
			if err := desk.Tell(ctx, s.kept, staff, number, clock()); err != nil {
				t.Error(err)
			}
		},
	})
	s.people = roster.New(staff, s.service, o, clock, newID)
	s.sessions = websession.New(memory.NewWebSessions(clock), box, clock, websession.Periods())
	for _, p := range []roster.Person{
		{ID: "clerk", Name: "黄英", Unit: o.Unit, Roles: []petition.Role{petition.Intake}},
		{ID: "chief", Name: "赵平", Unit: o.Unit, Roles: []petition.Role{petition.Supervisor}},
		{ID: "admin", Name: "何管理", Unit: o.Unit, Roles: []petition.Role{petition.Admin}},
		{ID: "town", Name: "李军", Unit: s.town, Roles: []petition.Role{petition.Officer}},
		{ID: "head", Name: "周敏", Unit: s.town, Roles: []petition.Role{petition.Head}},
		{ID: "leader", Name: "刘副县长", Unit: "county-gov", Roles: []petition.Role{petition.Leader}},
		{ID: "grid", Name: "吴网格", Unit: s.town, Roles: []petition.Role{petition.Grid}},
		{ID: "review", Name: "钱复", Unit: o.ReviewBodies(s.town)[0].Code, Roles: []petition.Role{petition.Officer}},
		{ID: "reviewhead", Name: "郑核", Unit: o.ReviewBodies(s.town)[0].Code, Roles: []petition.Role{petition.Head}},
		{ID: "named", Name: "孙正", Unit: o.SealedUnit, Roles: []petition.Role{petition.Sealed}},
		{ID: "gone", Name: "旧人", Unit: s.town, Roles: []petition.Role{petition.Officer}, Left: clock()},
	} {
		p.Joined = clock()
		if p.ID == "town" {
			p.Chat = "tg:4711"
		}
		if err := staff.PutPerson(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	var taught *courses.Book // those that come with the program are in no invented language
	if words.Speaks("en") && lang != invented.Tag {
		if taught, err = courses.Read(locales.Default); err != nil {
			t.Fatal(err)
		}
	}
	s.outreach = outreach.New(new(memory.Tallies), o, clock)
	batches, blobs := memory.NewBatches(), new(memory.Blobs)
	importer := &backlog.Importer{Cases: s.service, Office: o, Batches: batches, Blobs: blobs, Actor: s.people.Actor, NewID: newID, Now: clock}
	kinds := batch.Works{Cases: s.service, Blobs: blobs, Actor: s.people.Actor, Merge: func(w io.Writer, pdfs [][]byte) error {
		_, err := w.Write(bytes.Join(pdfs, []byte("\n--\n")))
		return err
	}}.Kinds()
	maps.Copy(kinds, importer.Kinds())
	maps.Copy(kinds, (&archive.Exporter{Cases: s.service, Office: o, Blobs: blobs, Actor: s.people.Actor, Now: clock}).Kinds())
	exchanger := &exchange.Exchanger{Cases: s.service, Office: o, Batches: batches, Blobs: blobs, Changed: store.Changed, Actor: s.people.Actor, NewID: newID, Now: clock}
	maps.Copy(kinds, exchanger.Kinds())
	worker := batch.NewWorker(batches, kinds, "worker", clock, slog.New(slog.DiscardHandler))
	s.server = httptest.NewUnstartedServer(nil)
	_, port, err := net.SplitHostPort(s.server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	origin := "http://localhost:" + port // passkeys hold at names alone
	s.officeFile = filepath.Join(t.TempDir(), "office.yaml")
	text, err := office.File("")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.officeFile, text, 0o600); err != nil {
		t.Fatal(err)
	}
	var keys []desk.APIKey
	book := &desk.OfficeBook{Calendar: t.TempDir(), Keys: &desk.APIKeys{
		Scopes: []string{"citizens", "admin"}, List: func() []desk.APIKey { return keys },
		Make: func(k desk.APIKey) (string, error) {
			keys = append(keys, k)
			return "dw_secret", nil
		},
		Revoke: func(name string) error {
			keys = slices.DeleteFunc(keys, func(k desk.APIKey) bool { return k.Name == name })
			return nil
		},
	}, Book: office.Book{Path: s.officeFile, Folder: filepath.Join(t.TempDir(), "kept")}, Explain: func(_ string, err error) string { return err.Error() }}
	s.told, err = cases.Open(t.Context(), "", t.TempDir(), box)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.told.Close() })
	s.disputes = mediation.New(memory.NewDisputes(), o, s.service, clock, newID, func(int) int { return int(ids.Add(1)) })
	if s.papers, err = documents.New("", ""); err != nil {
		t.Fatal(err)
	}
	d, err := desk.New(desk.Config{
		Issuing: issuing.New(new(memory.ReportPapers), s.service.Law(), clock),
		PrintReport: func(_ context.Context, w io.Writer, form string, sheet report.Sheet) error {
			_, err := fmt.Fprintln(w, form, sheet.Title, sheet.Hands)
			return err
		},
		Courses: taught, Outreach: s.outreach, Poster: func(_ context.Context, w io.Writer, p outreach.Print) error {
			_, err := fmt.Fprint(w, p.Form, " ", p.At.Village)
			return err
		}, Posters: desk.PosterChoices{Forms: documents.PosterForms(), Channels: func() []string { return []string{"web", "telegram"} }},
		Disputes: s.disputes, Paper: s.papers.Render, Receptions: reception.New(memory.NewReceptions(store), s.service, o, clock, newID),
		Systems: telling.NewSystems(s.told, o, clock, newID), Untold: telling.NewDesk(s.told, s.service, o),
		Book: book, NewLink: func(ctx context.Context, staff string) (string, error) {
			return desk.Link(ctx, s.people, s.sessions, websession.HandedLink, staff)
		},
		Batches: batches, Blobs: blobs, Views: batches, Importer: importer, Exchanger: exchanger, Wake: worker.Wake,
		Cases: s.service, Roster: s.people, Sessions: s.sessions, Logins: login.New(new(memory.Logins), o.Name, clock), Office: o, Locales: words, NewID: newID, Now: clock,
		Barred: s.service.Barred, Preview: s.service.Preview, Kept: s.kept, Figures: s.service, Check: replycheck.New(o, time.Now, nil).Check, Look: 20 * time.Millisecond,
		Origin: origin, BotToken: botToken, Original: s.service.OpenOriginal, Ping: 50 * time.Millisecond,
		Changes: store.Changed,
		Read: func(_ context.Context, text, _ string) (desk.Reading, error) {
			return desk.Reading{Place: o.Places[1].Code, Request: "修桥。", Name: "不是这个人"}, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	d.Rules = func(article string) []string { return []string{"（第" + article + "条）要写明依据。"} }
	handler := d.Handler()
	s.server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.down.Load() {
			panic(http.ErrAbortHandler) // as a program that stops
		}
		if s.busy.Load() {
			http.Error(w, "Service Unavailable", http.StatusServiceUnavailable)
			return
		}
		d.Propose = s.propose
		handler.ServeHTTP(w, r)
	})
	s.server.Start()
	s.server.URL = origin
	ctx, stop := context.WithCancel(context.Background())
	go d.Follow(ctx)
	go worker.Run(ctx)
	t.Cleanup(func() { stop(); d.Close(); s.server.Close() })
	return s
}

// plain writes what a document says, a line each.
func plain(_ context.Context, w io.Writer, _ string, d petition.Document) error {
	for _, key := range slices.Sorted(maps.Keys(d.Values)) {
		fmt.Fprintln(w, d.Values[key])
	}
	return nil
}

// file lodges a claim and answers its number.
func (s *stage) file(facts string) string {
	s.t.Helper()
	return s.fileOf("王秀兰", facts)
}

// fileOf lodges a claim of somebody.
func (s *stage) fileOf(name, facts string) string {
	s.t.Helper()
	ticket, err := s.service.File(s.t.Context(), petition.Actor{Owner: "web:1", Asker: "web:1"}, petition.Filing{
		Key: facts, Owner: "web:1", Channel: "web", Lang: "zh-CN", Class: petition.Claim, Facts: facts, Request: "请处理。",
		Place: petition.Place{Code: s.office.Places[0].Code, Text: s.office.Places[0].Name}, Subject: s.office.Categories[1].Code,
		Contact: petition.Contact{Name: name, Phone: "13800138000"},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return ticket.Number
}

// browser is somebody at the desk, without JavaScript.
type browser struct {
	*stage
	client *http.Client
	page   string
	status int
	at     string
	header http.Header
}

func (s *stage) stranger() *browser {
	jar, _ := cookiejar.New(nil) // of no options: cannot fail
	return &browser{stage: s, client: &http.Client{Jar: jar}}
}

// enter is somebody who used a link.
func (s *stage) enter(id string) *browser {
	s.t.Helper()
	b := s.stranger()
	b.get(s.link(id))
	b.post(b.at, nil)
	if b.status != 200 || b.at != "/desk/" {
		s.t.Fatalf("%s is not in: %d at %s", id, b.status, b.at)
	}
	return b
}

func (s *stage) link(id string) string {
	s.t.Helper()
	path, err := desk.Link(s.t.Context(), s.people, s.sessions, websession.DeskLink, id)
	if err != nil {
		s.t.Fatal(err)
	}
	return path
}

// file is the address by which the page offers a file.
func (b *browser) file(path string) string {
	b.t.Helper()
	for _, link := range addresses.FindAllStringSubmatch(b.page, -1) {
		if address := html.UnescapeString(link[1]); strings.HasPrefix(address, path+"?") {
			return address
		}
	}
	b.t.Fatalf("%s offers no %s", b.at, path)
	return ""
}

var addresses = regexp.MustCompile(`href="([^"]*)"`)

func (b *browser) get(path string) { b.do("GET", path, nil) }

// find looks for words, for a reason where one is given.
func (b *browser) find(words, reason string) {
	b.t.Helper()
	b.post("/desk/cases", url.Values{"words": {words}, "reason": {reason}})
}

func (b *browser) post(path string, form url.Values) { b.do("POST", path, form) }

// send posts a body of some type.
func (b *browser) send(path, kind, body string) { b.ask("POST", path, kind, body) }

func (b *browser) do(method, path string, form url.Values) {
	b.ask(method, path, "application/x-www-form-urlencoded", form.Encode())
}

func (b *browser) ask(method, path, kind, body string) {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.server.URL+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Accept-Language", b.lang)
	if method == "POST" {
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Origin", b.server.URL)
	}
	res, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	b.page, b.status, b.at, b.header = string(answer), res.StatusCode, res.Request.URL.RequestURI(), res.Header
}

func (b *browser) shows(texts ...string) {
	b.t.Helper()
	for _, text := range texts {
		if !strings.Contains(b.page, text) {
			b.t.Errorf("%s does not show %q", b.at, text)
		}
	}
}

func (b *browser) hides(texts ...string) {
	b.t.Helper()
	for _, text := range texts {
		if strings.Contains(b.page, text) {
			b.t.Errorf("%s shows %q", b.at, text)
		}
	}
}

var hidden = regexp.MustCompile(`<input type="hidden" name="(key|version)" value="([^"]*)"`)

// move opens the form of a move, fills it and sends it.
func (b *browser) move(number string, m petition.MoveName, answers map[string]string) {
	b.t.Helper()
	path := "/desk/cases/" + number + "/do/" + string(m)
	b.get(path)
	if b.status != 200 {
		b.t.Fatalf("%s of %s: %d", m, number, b.status)
	}
	form := url.Values{}
	for _, f := range hidden.FindAllStringSubmatch(b.page[strings.Index(b.page, `id="form"`):], -1) {
		if form.Get(f[1]) == "" {
			form.Set(f[1], f[2])
		}
	}
	for key, value := range answers {
		form.Set("f."+key, value)
	}
	b.post(path, form)
}
