package authorisation

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dengwen/documents"
	"dengwen/handlers/desk"
	"dengwen/internal/archive"
	"dengwen/internal/backlog"
	"dengwen/internal/courses"
	"dengwen/internal/exchange"
	"dengwen/internal/login"
	"dengwen/internal/office"
	"dengwen/internal/report"
	"dengwen/internal/seal"
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

	"github.com/xuri/excelize/v2"
)

// contactName and fileBytes stand in every case that is tried at the desk.
const (
	contactName = "Contactname"
	fileBytes   = "bytes of a file"
	fileID      = "file-of-all"
)

// openDesk opens the officers' desk, and puts a file there that cases may name.
func (w *world) openDesk(now func() time.Time, id func() string, box *seal.Box, words *locales.Catalog) {
	w.deskStaff = memory.NewRoster()
	w.sessions = websession.New(memory.NewWebSessions(now), box, now, websession.Periods())
	people := roster.New(w.deskStaff, w.svc, w.o, now, id)
	batches, blobs := memory.NewBatches(), new(memory.Blobs)
	importer := &backlog.Importer{Cases: w.svc, Office: w.o, Batches: batches, Blobs: blobs, Actor: people.Actor, NewID: id, Now: now}
	kinds := batch.Works{Cases: w.svc, Blobs: blobs, Actor: people.Actor}.Kinds()
	maps.Copy(kinds, importer.Kinds())
	maps.Copy(kinds, (&archive.Exporter{Cases: w.svc, Office: w.o, Blobs: blobs, Actor: people.Actor, Now: now}).Kinds())
	exchanger := &exchange.Exchanger{Cases: w.svc, Office: w.o, Batches: batches, Blobs: blobs, Changed: w.store.Changed, Actor: people.Actor, NewID: id, Now: now}
	maps.Copy(kinds, exchanger.Kinds())
	worker := batch.NewWorker(batches, kinds, "worker", now, slog.New(slog.DiscardHandler))
	ctx, stop := context.WithCancel(context.Background())
	w.t.Cleanup(stop)
	go worker.Run(ctx)
	file := filepath.Join(w.t.TempDir(), "office.yaml")
	text, err := office.File("")
	if err == nil {
		err = os.WriteFile(file, text, 0o600)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	if w.told, err = cases.Open(w.t.Context(), "", w.t.TempDir(), box); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = w.told.Close() })
	w.receptions = reception.New(memory.NewReceptions(w.store), w.svc, w.o, now, id)
	w.disputes = mediation.New(memory.NewDisputes(), w.o, w.svc, now, id, func(int) int { return int(w.ids.Add(1)) })
	taught, err := courses.Read(locales.Default)
	if err != nil {
		w.t.Fatal(err)
	}
	d, err := desk.New(desk.Config{
		Courses: taught, Issuing: issuing.New(new(memory.ReportPapers), w.svc.Law(), now), PrintReport: func(_ context.Context, to io.Writer, form string, _ report.Sheet) error {
			_, err := fmt.Fprint(to, form)
			return err
		},
		Disputes: w.disputes, Exchanger: exchanger, Receptions: w.receptions, Systems: telling.NewSystems(w.told, w.o, now, id), Untold: telling.NewDesk(w.told, w.svc, w.o),
		Outreach: outreach.New(new(memory.Tallies), w.o, now), Poster: func(_ context.Context, to io.Writer, _ outreach.Print) error {
			_, err := fmt.Fprint(to, "poster")
			return err
		},
		Posters: desk.PosterChoices{Forms: documents.PosterForms(), Channels: func() []string { return []string{"web"} }},
		Paper: func(_ context.Context, to io.Writer, _ string, d petition.Document) error {
			_, err := fmt.Fprint(to, d.Title)
			return err
		},
		Batches: batches, Blobs: blobs, Views: batches, Wake: worker.Wake, Importer: importer, Original: w.svc.OpenOriginal,
		Book:    &desk.OfficeBook{Calendar: w.t.TempDir(), Keys: &desk.APIKeys{Scopes: []string{"citizens"}, List: func() []desk.APIKey { return nil }, Make: func(desk.APIKey) (string, error) { return "dw_x", nil }, Revoke: func(string) error { return nil }}, Book: office.Book{Path: file, Folder: filepath.Join(w.t.TempDir(), "kept")}, Explain: func(_ string, err error) string { return err.Error() }},
		NewLink: func(context.Context, string) (string, error) { return "/desk/enter/x", nil },
		Cases:   w.svc, Roster: people, Sessions: w.sessions, Logins: login.New(new(memory.Logins), w.o.Name, now), Office: w.o, Locales: words, NewID: id, Now: now,
		Barred: w.svc.Barred, Preview: w.svc.Preview, Kept: new(memory.Kept), Figures: w.svc, Changes: w.store.Changed,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.desk, w.deskPeople, w.batches = d.Handler(), people, batches
	w.t.Cleanup(d.Close)
	by := petition.Actor{Owner: petitioner, Asker: petitioner}
	if _, err := w.svc.Attach(w.t.Context(), by, petition.Attachment{ID: fileID, Kind: "document", Name: "f.txt"}, strings.NewReader(fileBytes)); err != nil {
		w.t.Fatal(err)
	}
}

// plain is a document without a layout.
func plain(_ context.Context, to io.Writer, _ string, d petition.Document) error {
	_, err := fmt.Fprint(to, d.Title)
	return err
}

// deskOfficer is an officer signed in at the desk.
type deskOfficer struct {
	w      *world
	id     string
	cookie *http.Cookie
	none   map[string]answer // of a case that is not there, by what is asked
}

func (w *world) atDesk(unit string, role petition.Role) *deskOfficer {
	p := roster.Person{ID: fmt.Sprint("desk-", w.ids.Add(1)), Name: "Somebody", Unit: unit, Roles: []petition.Role{role}, Joined: noon}
	if err := w.deskStaff.PutPerson(w.t.Context(), p); err != nil {
		w.t.Fatal(err)
	}
	link, err := desk.Link(w.t.Context(), w.deskPeople, w.sessions, websession.DeskLink, p.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	o := &deskOfficer{w: w, id: p.ID, none: map[string]answer{}}
	for _, c := range o.ask(http.MethodPost, link, nil).Result().Cookies() {
		o.cookie = c
	}
	if o.cookie == nil {
		w.t.Fatalf("%s is not let in", p.ID)
	}
	return o
}

func (o *deskOfficer) ask(method, path string, form url.Values) *httptest.ResponseRecorder {
	return o.asked(method, path, "application/x-www-form-urlencoded", form.Encode())
}

func (o *deskOfficer) asked(method, path, kind, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(o.w.t.Context(), method, path, strings.NewReader(body))
	r.RemoteAddr = fmt.Sprintf("10.0.%d.%d:1", o.w.ids.Load()>>8&255, o.w.ids.Add(1)&255) // the way in is limited by address
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Accept-Language", "en")
	if o.cookie != nil {
		r.AddCookie(o.cookie)
	}
	rec := httptest.NewRecorder()
	o.w.desk.ServeHTTP(rec, r)
	return rec
}

// answered is what a request about a case comes to.
func answered(rec *httptest.ResponseRecorder, number string) answer {
	return answer{rec.Code != http.StatusNotFound, strings.ReplaceAll(fmt.Sprint(rec.Code, " ", rec.Body), number, "N")}
}

var alert = regexp.MustCompile(`role="alert">([^<]*)<`)

// brief is the words of an answer, of a page what it warns of.
func (a answer) brief() string {
	if !strings.Contains(a.words, "<html") {
		return a.words
	}
	return fmt.Sprint(a.words[:3], alert.FindAllStringSubmatch(a.words, -1))
}

// about asks something of a case, after having said why, where that is asked.
func (o *deskOfficer) about(one trial, method, number, path string, form url.Values) answer {
	if one.class == petition.Report {
		o.ask(http.MethodPost, "/desk/reason", url.Values{"about": {number}, "reason": {"work"}})
	}
	return answered(o.ask(method, "/desk/cases/"+number+path, form), number)
}

// ofNone is what the same is answered of a case that is not there.
func (o *deskOfficer) ofNone(one trial, method, path string, form url.Values) answer {
	what := method + path[:strings.LastIndex(path, "/")+1]
	if got, ok := o.none[what]; ok {
		return got
	}
	o.none[what] = o.about(one, method, missing, path, form)
	return o.none[what]
}

// try makes the move of a cell, or for the row of looking reads all there is of the case.
func (o *deskOfficer) try(one trial, signedBy map[string]trial) {
	if one.what == look {
		o.read(one)
		return
	}
	one = o.w.prepared(one)
	specs, err := petition.SpecsOf(one.what)
	if err != nil {
		o.w.t.Error(err)
		return
	}
	form := url.Values{}
	for _, s := range specs {
		for _, f := range s.Fields {
			if v := one.m.Of(f); v != "" {
				form.Set("f."+f.Key, v)
			}
		}
	}
	path := "/do/" + string(one.what)
	if slices.ContainsFunc(specs, func(s petition.MoveSpec) bool {
		return s.Signs != nil && (s.Class == nil || slices.Contains(s.Class, one.class))
	}) {
		one = o.w.toSign(one, signedBy)
		path, form = "/drafts", url.Values{"paper": {string(one.what)}, "step": {"sign"}, "draft": {"1"}, "draft_version": {"1"}}
	}
	number := o.w.put(one.c)
	o.w.judge("desk", one, number, o.id, o.about(one, http.MethodPost, number, path, form), o.ofNone(one, http.MethodPost, path, form))
	if slices.Contains(ofMany, one.what) {
		number = o.w.put(one.c)
		o.w.judge("desk, many at once", one, number, o.id, o.bulk(one, number, form), o.bulk(one, missing, form))
	}
}

// ofMany are the moves that are made on many cases at once.
var ofMany = []petition.MoveName{petition.MoveTake, petition.MoveTransfer, petition.MoveAssign, petition.MoveHandOver, petition.MoveNote}

// batchesTake is how long a batch may wait for those of the other cells, on a busy machine.
const batchesTake = 5 * time.Minute

// bulk makes the move of a cell as one of many and answers why it was refused, as it stands in the file of
// what was.
func (o *deskOfficer) bulk(one trial, number string, form url.Values) answer {
	key := fmt.Sprint("bulk-", o.w.ids.Add(1))
	form = maps.Clone(form)
	for name, value := range map[string]string{"move": string(one.what), "number": number, "said": "1", "key": key} {
		form[name] = []string{value}
	}
	at := "/desk/batches/" + key
	if rec := o.ask(http.MethodPost, "/desk/bulk", form); rec.Header().Get("Location") != at {
		o.w.t.Errorf("desk: %+v begins no batch: %d", one.cell, rec.Code)
	}
	began := time.Now()
	for {
		b, err := o.w.batches.Batch(o.w.t.Context(), key)
		if err == nil && b.Over() {
			break
		}
		if err != nil || time.Since(began) > batchesTake {
			o.w.t.Errorf("desk: the batch of %+v is not over: %s, %v", one.cell, b.State, err)
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	return answered(o.ask(http.MethodGet, at+"/refused.csv", nil), number)
}

// toSign is a trial whose paper a colleague has submitted. Whoever acts as head signs as a head does, and
// the head of the petition office what its supervisor does.
func (w *world) toSign(one trial, signedBy map[string]trial) trial {
	as := map[petition.Role]petition.Role{petition.ActingHead: petition.Head}[one.role]
	office := one.what == petition.MoveSupervise || one.what == petition.MoveStrikeReason
	if office && one.role == petition.Head {
		as = petition.Supervisor
	}
	if as != "" && (!office || one.unit == w.o.Unit) {
		if head, ok := signedBy[cell{one.class, one.what, as, one.column}.String()]; ok && head.sees == one.sees {
			one.moment, one.may, one.made = head.moment, head.may, head.made
		}
	}
	unit := one.c.Unit
	if office {
		unit = w.o.Unit
	}
	paper := one.m
	paper.Key = ""
	one.c.Drafts = []petition.Draft{{
		ID: 1, Version: 1, State: petition.DraftSubmitted, Unit: unit, Author: "writer", AuthorUnit: one.c.Unit, Writers: []string{"writer"}, Paper: paper, At: noon, Submitted: noon,
	}}
	one.c.Drafted = 1
	return one
}

func (at cell) String() string { return fmt.Sprint(at.class, at.what, at.role, at.column) }

// read reads a case in every way that the desk has.
func (o *deskOfficer) read(one trial) {
	t, c := o.w.t, one.c
	c.Filing.Contact = petition.Contact{Name: contactName}
	c.Filing.Owner = petitioner // whose file it is
	c.Timeline = append(slices.Clone(c.Timeline), petition.Entry{
		Seq: len(c.Timeline) + 1, Move: petition.MoveSupplement, By: "citizen", At: noon, Files: []petition.Attachment{{ID: fileID, Kind: "document", Name: "f.txt"}},
	})
	word := fmt.Sprintf("word%d", o.w.ids.Add(1))
	other := o.w.put(c)
	c.Filing.Facts = word
	number := o.w.put(c)
	if got := answered(o.ask(http.MethodGet, "/desk/cases/"+number, nil), number); strings.Contains(got.words, contactName) || one.class == petition.Report && strings.Contains(got.words, word) {
		t.Errorf("desk: %+v reads a contact or a report without a reason", one.cell)
	}
	o.ask(http.MethodPost, "/desk/reason", url.Values{"about": {number}, "reason": {"work"}})
	paths := []string{"", "/files/" + fileID, "/do/note", "/beside/" + other}
	for _, e := range c.Timeline {
		if kinds := petition.DocumentsOf(e, false); len(kinds) > 0 {
			paths = append(paths, "/documents/"+petition.DocumentRef{Seq: e.Seq, Kind: kinds[0], Form: "pdf"}.String())
			break
		}
	}
	for _, path := range paths {
		got, none := answered(o.ask(http.MethodGet, "/desk/cases/"+number+path, nil), number), o.ofNone(one, http.MethodGet, path, nil)
		if one.sees == (got.words == none.words) {
			t.Errorf("desk: %+v of %s, sees %v, at %q is told %s; of one that is not there %s", one.cell, one.unit, one.sees, path, got.brief(), none.brief())
		}
		if path == "" && strings.Contains(got.words, contactName) != (one.sees && one.unit == one.c.Unit) {
			t.Errorf("desk: %+v of %s is shown the contact: %v", one.cell, one.unit, !(one.sees && one.unit == one.c.Unit))
		}
		if path == "/files/"+fileID && strings.Contains(got.words, fileBytes) != one.sees {
			t.Errorf("desk: %+v of %s is handed the file: %v", one.cell, one.unit, !one.sees)
		}
	}
	original := "/files/" + fileID + "/original"
	got, none := answered(o.ask(http.MethodPost, "/desk/cases/"+number+original, url.Values{"reason": {"work"}}), number), o.ofNone(one, http.MethodPost, original, url.Values{"reason": {"work"}})
	if strings.Contains(got.words, fileBytes) != (one.sees && one.unit == one.c.Unit) || !one.sees && got.words != none.words {
		t.Errorf("desk: %+v of %s, sees %v, is handed the file as it came: %s", one.cell, one.unit, one.sees, got.brief())
	}
	list := o.ask(http.MethodPost, "/desk/cases", url.Values{"words": {word}}).Header().Get("Location")
	if rec := o.ask(http.MethodGet, list, nil); (rec.Code == http.StatusSeeOther) != one.sees || strings.Contains(rec.Body.String(), number) && !one.sees {
		t.Errorf("desk: %+v of %s finds the case: %v", one.cell, one.unit, !one.sees)
	}
	for _, ending := range []string{".csv", ".xlsx"} {
		if listed := strings.Contains(o.table(strings.Replace(list, "?", ending+"?", 1)), number); listed != one.sees {
			t.Errorf("desk: %+v of %s finds the case in %s: %v", one.cell, one.unit, ending, listed)
		}
	}
	if !one.sees {
		if rec := o.ask(http.MethodGet, "/desk/live?case="+number, nil); rec.Code != http.StatusNotFound {
			t.Errorf("desk: %+v of %s follows the case: %d", one.cell, one.unit, rec.Code)
		}
	}
}

// table is an exported list as text.
func (o *deskOfficer) table(path string) string {
	rec := o.ask(http.MethodGet, path, nil)
	if !strings.HasPrefix(path, "/desk/cases.xlsx") {
		return rec.Body.String()
	}
	book, err := excelize.OpenReader(bytes.NewReader(rec.Body.Bytes()))
	if err != nil {
		o.w.t.Errorf("%s: %d, %v", path, rec.Code, err)
		return ""
	}
	defer book.Close()
	rows, err := book.GetRows("Sheet1")
	if err != nil {
		o.w.t.Error(err)
	}
	return fmt.Sprint(rows)
}

// atDesks tries every cell at the desk, what is read first.
func (w *world) atDesks(t *testing.T, all []trial) {
	signedBy, byOfficer := map[string]trial{}, map[[2]string][]trial{}
	for _, one := range all {
		signedBy[one.cell.String()] = one
	}
	cells := tried(all)
	slices.SortStableFunc(cells, func(a, b trial) int {
		return map[bool]int{true: 0, false: 1}[a.what == look] - map[bool]int{true: 0, false: 1}[b.what == look]
	})
	for _, one := range cells {
		if w.o.CheckRole(one.role, one.unit) == nil {
			who := [2]string{one.unit, string(one.role)}
			byOfficer[who] = append(byOfficer[who], one)
		}
	}
	var g sync.WaitGroup
	var n atomic.Int64
	for who, theirs := range byOfficer {
		for mine := range slices.Chunk(theirs, 40) {
			g.Go(func() {
				o := w.atDesk(who[0], petition.Role(who[1]))
				for _, one := range mine {
					o.try(one, signedBy)
					n.Add(1)
				}
			})
		}
	}
	g.Wait()
	t.Logf("%d cells tried at the desk", n.Load())
}

// offices tries what belongs to no case: letters are registered, and figures and reports read, by the
// roles that the page says.
func (w *world) offices(t *testing.T) {
	may := readRoles(t)
	for _, unit := range append(units, "housing") {
		for _, role := range petition.Roles() {
			if w.o.CheckRole(role, unit) != nil {
				continue
			}
			o := w.atDesk(unit, role)
			kind := map[bool]string{true: "office", false: "other units"}[unit == w.o.Unit]
			if strings.Contains(unit, "discipline") {
				kind = "units for reports"
			}
			rec := o.ask(http.MethodPost, "/desk/new", url.Values{"channel": {"letter"}, "class": {"claim"}, "facts": {"A letter"}, "received": {petition.Day(noon)}})
			if got, want := rec.Code == http.StatusSeeOther, strings.Contains(may[role]["lodges for others"], kind); got != want {
				t.Errorf("desk: %s of %s registers a letter: %v, want %v", role, unit, got, want)
			}
			o.tablesAndOffice(unit, may[role], kind)
			for _, path := range []string{"/desk/figures", "/desk/figures/cases?of=late", "/desk/reports", "/desk/reports.csv", "/desk/reports.xlsx"} {
				rec := o.ask(http.MethodGet, path, nil)
				if want := strings.Contains(may[role]["reads figures"], kind); (rec.Code != http.StatusForbidden) != want || rec.Code == http.StatusNotFound && path != "/desk/figures/cases?of=late" {
					t.Errorf("desk: %s of %s at %s: %d, allowed %v", role, unit, path, rec.Code, want)
				}
			}
			o.disputes(unit, role, strings.Contains(may[role]["reports disputes"], kind), strings.Contains(may[role]["works on disputes"], kind))
		}
	}
}

// disputes tries what there is about disputes: one's own, the unit's, and another unit's, which nobody sees.
func (o *deskOfficer) disputes(unit string, role petition.Role, reports, works bool) {
	t := o.w.t
	rec := o.ask(http.MethodPost, "/desk/disputes/new", url.Values{"key": {o.id}, "words": {"A quarrel"}})
	if got := rec.Code == http.StatusSeeOther; got != reports {
		t.Errorf("desk: %s of %s reports a dispute: %v, want %v", role, unit, got, reports)
	}
	if own := strings.Split(rec.Header().Get("Location"), "?")[0]; reports && o.ask(http.MethodGet, own, nil).Code != http.StatusOK {
		t.Errorf("desk: %s of %s does not see the dispute they reported", role, unit)
	}
	report := func(unit string) string {
		by := petition.Actor{Staff: fmt.Sprint("other", o.w.ids.Add(1)), Unit: unit, Roles: []petition.Role{petition.Grid}}
		d, err := o.w.disputes.Report(t.Context(), by, mediation.Report{Key: by.Staff, Words: "A quarrel"})
		if err != nil {
			t.Fatal(err)
		}
		return "/desk/disputes/" + d.Number
	}
	for _, c := range []struct {
		path string
		may  bool
	}{{report(unit), works}, {report("yingpan"), false}} {
		for _, path := range []string{c.path, c.path + "/agreement.pdf"} {
			if code := o.ask(http.MethodGet, path, nil).Code; (code == http.StatusOK) != (c.may && path == c.path) {
				t.Errorf("desk: %s of %s at %s: %d", role, unit, path, code)
			}
		}
		for _, m := range mediation.MoveNames() {
			if code := o.ask(http.MethodPost, c.path+"/"+string(m), url.Values{}).Code; code == http.StatusSeeOther && !c.may || code == http.StatusOK && !c.may {
				t.Errorf("desk: %s of %s makes %s of a dispute: %d", role, unit, m, code)
			}
		}
		if code := o.ask(http.MethodPost, c.path+"/parties", url.Values{"a": {"A"}}).Code; (code == http.StatusSeeOther) != c.may {
			t.Errorf("desk: %s of %s names the parties of a dispute: %d, want %v", role, unit, code, c.may)
		}
	}
	if code := o.ask(http.MethodPost, "/desk/disputes/rounds", url.Values{}).Code; (code == http.StatusOK) != works {
		t.Errorf("desk: %s of %s begins a survey: %d, want %v", role, unit, code, works)
	}
}

// tablesAndOffice tries what is not about single cases: tables to import, the export of everything, the access
// log, the office's data and people, and views that a colleague saved.
func (o *deskOfficer) tablesAndOffice(unit string, may map[string]string, kind string) {
	t := o.w.t
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	part, err := m.CreateFormFile("file", "t.csv")
	if err == nil {
		_, err = io.WriteString(part, "登记日期,信访内容\n2026-01-05,A letter of before\n")
	}
	if err != nil || m.Close() != nil {
		t.Fatal(err)
	}
	if got, want := o.asked(http.MethodPost, "/desk/import", m.FormDataContentType(), body.String()).Code == http.StatusSeeOther, strings.Contains(may["takes tables over"], kind); got != want {
		t.Errorf("desk: %s of %s takes a table over: %v, want %v", o.id, unit, got, want)
	}
	for _, one := range []struct {
		method, path, right string
		form                url.Values
	}{
		{http.MethodPost, "/desk/export", "exports, changes the office", url.Values{"reason": {"work"}}},
		{http.MethodGet, "/desk/office", "exports, changes the office", nil},
		{http.MethodGet, "/desk/office.yaml", "exports, changes the office", nil},
		{http.MethodGet, "/desk/office/people", "exports, changes the office", nil},
		{http.MethodGet, "/desk/log", "reads the access log", nil},
	} {
		rec := o.ask(one.method, one.path, one.form)
		if got, want := rec.Code == http.StatusOK || rec.Code == http.StatusSeeOther, strings.Contains(may[one.right], kind); got != want {
			t.Errorf("desk: %s of %s at %s: %d, allowed %v", o.id, unit, one.path, rec.Code, want)
		}
	}
	name := fmt.Sprint("view of ", unit)
	o.ask(http.MethodPost, "/desk/views", url.Values{"name": {name}, "query": {"open=1"}, "shared": {"1"}})
	o.w.viewed[unit] = true
	page := o.ask(http.MethodGet, "/desk/cases", nil).Body.String()
	for other := range o.w.viewed {
		if shown := strings.Contains(page, ">"+fmt.Sprint("view of ", other)+" "); shown != (other == unit) {
			t.Errorf("desk: %s of %s is shown a view of %s: %v", o.id, unit, other, shown)
		}
	}
}
