package authorisation

import (
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"dengwen/petition"
	"dengwen/petition/mediation"
	"dengwen/petition/reception"
	"dengwen/petition/telling"
)

// route is how an address of the desk is tried: with whose right it answers.
type route struct {
	right string     // column of the table of roles, or one of the words below
	form  url.Values // what is sent
	query string     // what stands in the address besides
	file  string     // a file that is sent with it
	gone  bool       // what it asks for is not there: to be refused counts alone
}

const (
	anybody = "everybody"     // who is not in, too
	inside  = "whoever is in" // nothing in it is of anybody else
	ofCase  = "sees the case" // as the tables of the classes say
	ofOwn   = "whose it is"   // an id of somebody else's is one that there is not
	keeps   = "keeps reception days"
	leads   = "reads figures"
	trades  = "takes tables over and exports"
	admin   = "administers the office"
	untold  = "sees to what nobody was told"
	reports = "reports disputes"
	signs   = "signs the office's reports"
	people  = "administers a unit"
	works   = "works on disputes"
	changes = "exports, changes the office"
	hard    = "leads hard cases, or heads the petition office"
)

// routes are all addresses of the desk. One that the program has and that is not here fails the test.
var routes = map[string]route{
	"GET /desk/enter/{token}": {right: anybody}, "POST /desk/enter/{token}": {right: anybody}, "GET /desk/enter": {right: anybody}, "POST /desk/enter": {right: anybody}, "POST /desk/enter/passkey/begin": {right: anybody}, "POST /desk/enter/passkey": {right: anybody}, "GET /desk/telegram": {right: anybody}, "POST /desk/enter/telegram": {right: anybody},
	"GET /desk/static/{hash}/{name}": {right: anybody}, "GET /desk/icon.svg": {right: anybody}, "GET /desk/cases/{number}/drafts": {right: anybody}, "GET /desk/bulk": {right: anybody},

	"GET /desk": {right: inside}, "GET /desk/{$}": {right: inside}, "GET /desk/cases": {right: inside}, "POST /desk/cases": {right: inside}, "GET /desk/cases.csv": {right: inside}, "GET /desk/cases.xlsx": {right: inside},
	"POST /desk/reason": {right: inside, form: url.Values{"about": {missing}, "reason": {"work"}}}, "POST /desk/typed": {right: inside}, "POST /desk/typed/drop": {right: inside}, "POST /desk/bulk": {right: inside}, "POST /desk/views": {right: inside}, "GET /desk/batches": {right: inside}, "GET /desk/live": {right: inside},
	"GET /desk/me": {right: inside}, "GET /desk/me/login": {right: inside}, "POST /desk/me/login": {right: inside}, "POST /desk/me/login/confirm": {right: inside}, "POST /desk/me/login/remove": {right: inside}, "POST /desk/me/passkey/begin": {right: inside}, "POST /desk/me/passkey": {right: inside}, "POST /desk/me/passkey/drop": {right: inside}, "POST /desk/me/prove": {right: inside}, "POST /desk/me/passkey/prove/begin": {right: inside}, "POST /desk/me/passkey/prove": {right: inside},
	"POST /desk/me/language": {right: inside}, "POST /desk/me/leave": {right: inside}, "POST /desk/me/leave-all": {right: inside}, "GET /desk/learn": {right: inside}, "GET /desk/learn/{course}": {right: inside, gone: true}, "POST /desk/learn/{course}": {right: inside, gone: true}, "GET /desk/me/told": {right: inside}, "POST /desk/me/told": {right: inside},

	"GET /desk/cases/{number}": {right: ofCase}, "GET /desk/cases/{number}/do/{move}": {right: ofCase}, "POST /desk/cases/{number}/do/{move}": {right: ofCase}, "GET /desk/cases/{number}/write/{paper}": {right: ofCase}, "GET /desk/cases/{number}/drafts/{draft}": {right: ofCase},
	"POST /desk/cases/{number}/drafts": {right: ofCase, form: url.Values{"paper": {"reply"}, "step": {"preview"}, "f.text": {"x"}}}, "GET /desk/cases/{number}/beside/{other}": {right: ofCase}, "GET /desk/cases/{number}/files/{id}": {right: ofCase}, "POST /desk/cases/{number}/files/{id}/original": {right: ofCase, form: url.Values{"reason": {"work"}}},
	"GET /desk/cases/{number}/documents/{ref}": {right: ofCase},

	"GET /desk/views/{id}": {right: ofOwn}, "POST /desk/views/{id}/drop": {right: ofOwn}, "GET /desk/batches/{id}": {right: ofOwn}, "POST /desk/batches/{id}/stop": {right: ofOwn}, "GET /desk/batches/{id}/refused.csv": {right: ofOwn}, "GET /desk/batches/{id}/result": {right: ofOwn},
	"GET /desk/import/{id}": {right: ofOwn}, "POST /desk/import/{id}": {right: ofOwn}, "POST /desk/import/{id}/undo": {right: ofOwn}, "POST /desk/exchange/{id}": {right: ofOwn},

	"GET /desk/new": {right: "lodges for others"}, "POST /desk/new": {right: "lodges for others"}, "GET /desk/log": {right: "reads the access log"},
	"POST /desk/import": {right: "takes tables over", file: "登记日期,信访内容\n2026-01-05,A letter\n"}, "POST /desk/export": {right: changes, form: url.Values{"reason": {"work"}}},
	"POST /desk/exchange": {right: trades, file: "登记日期,信访内容\n2026-01-05,A letter\n"}, "POST /desk/exchange/export": {right: trades, form: url.Values{"form": {"csv"}}},
	"GET /desk/figures": {right: leads}, "GET /desk/figures/cases": {right: leads, query: "?of=repeated"}, "GET /desk/reports": {right: leads}, "POST /desk/reports": {right: signs, form: url.Values{"do": {"sign"}, "version": {"9"}}, gone: true}, "GET /desk/reports.csv": {right: leads}, "GET /desk/reports.xlsx": {right: leads}, "GET /desk/reports.pdf": {right: leads}, "GET /desk/reports.docx": {right: leads},
	"GET /desk/outreach": {right: keeps + " or " + leads}, "GET /desk/outreach.pdf": {right: keeps + " or " + leads, query: "?at=xiangyang&form=a4"},
	"GET /desk/reception": {right: inside}, "POST /desk/reception": {right: keeps}, "GET /desk/reception/{id}": {right: keeps}, "POST /desk/reception/{id}": {right: keeps, form: url.Values{"do": {"hold"}}}, "POST /desk/reception/{id}/visit": {right: keeps, form: url.Values{"name": {"x"}}},
	"GET /desk/office": {right: changes}, "POST /desk/office": {right: changes}, "GET /desk/office/edit": {right: changes, query: "?part=units"}, "POST /desk/office/edit": {right: changes, form: url.Values{"part": {"units"}}}, "POST /desk/office/undo": {right: changes, form: url.Values{"before": {"none"}}, gone: true}, "GET /desk/office/calendar": {right: changes}, "POST /desk/office/calendar": {right: changes},
	"GET /desk/office.yaml": {right: changes}, "GET /desk/office/check": {right: changes}, "GET /desk/office/people": {right: changes}, "POST /desk/office/people": {right: people},
	"GET /desk/office/keys": {right: admin}, "POST /desk/office/keys": {right: admin}, "GET /desk/office/webhooks": {right: admin}, "POST /desk/office/webhooks": {right: admin},
	"GET /desk/hard": {right: inside}, "GET /desk/hard/week.pdf": {right: hard}, "GET /desk/hard/week.docx": {right: hard},
	"POST /desk/untold/{id}": {right: untold, form: url.Values{"do": {"take"}}},
	"GET /desk/disputes":     {right: reports}, "GET /desk/disputes/new": {right: reports}, "POST /desk/disputes/new": {right: reports, form: url.Values{"words": {"A quarrel"}}}, "GET /desk/disputes/day": {right: works}, "GET /desk/disputes/rounds": {right: reports}, "POST /desk/disputes/rounds": {right: works},
	"GET /desk/disputes/figures": {right: leads}, "GET /desk/disputes/figures.csv": {right: leads}, "GET /desk/disputes/{dispute}": {right: works}, "POST /desk/disputes/{dispute}/{move}": {right: works}, "GET /desk/disputes/{dispute}/agreement.pdf": {right: ofOwn}, "GET /desk/disputes/{dispute}/agreement.docx": {right: ofOwn},
}

var routeIn = regexp.MustCompile(`"((?:GET|POST|PUT|DELETE|PATCH) /desk[^"]*)"`)

// routesOf are the addresses that the program has.
func routesOf(t *testing.T) (all []string) {
	t.Helper()
	files, err := filepath.Glob("../../../handlers/desk/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range routeIn.FindAllStringSubmatch(string(text), -1) {
			all = append(all, m[1])
		}
	}
	slices.Sort(all)
	return all
}

// Every address of the desk is tried by who is not in and by each role in each unit, and answers those alone
// whom the table of roles, or of the case, names.
func TestEveryRoute(t *testing.T) {
	t.Parallel()
	if have, tried := routesOf(t), slices.Sorted(maps.Keys(routes)); !slices.Equal(have, tried) {
		for _, r := range have {
			if _, ok := routes[r]; !ok {
				t.Errorf("%s is tried by nobody", r)
			}
		}
		for _, r := range tried {
			if !slices.Contains(have, r) {
				t.Errorf("%s is not there", r)
			}
		}
	}
	w := newWorld(t)
	l := &life{t: t, law: petition.NewLaw(w.o, petition.DefaultCalendar()), page: readPage(t)}
	ids := w.someIDs(t)
	w.outsiders(t, ids)
	may := readRoles(t)
	var n atomic.Int64
	var g sync.WaitGroup
	for _, unit := range append(slices.Clone(units), "housing") {
		for _, role := range petition.Roles() {
			if w.o.CheckRole(role, unit) != nil {
				continue
			}
			g.Go(func() { n.Add(w.everyRoute(t, l, unit, role, may[role], ids)) })
		}
	}
	g.Wait()
	t.Logf("%d routes, %d cells tried", len(routes), n.Load())
}

// given are ids of what is there, in the place of the words in braces.
type given map[string]string

func (w *world) someIDs(t *testing.T) given {
	t.Helper()
	day, err := w.receptions.PutDay(t.Context(), petition.Actor{Staff: "x", Unit: w.o.Unit, Roles: []petition.Role{petition.Supervisor}},
		reception.Day{Leader: "Somebody", Date: petition.Day(noon.AddDate(0, 0, 14)), Time: "09:00", Minutes: 20, Slots: 6, Each: 1, Place: "here"})
	if err != nil {
		t.Fatal(err)
	}
	number := w.put(petition.Case{Filing: petition.Filing{Class: petition.Claim, Owner: petitioner}, Unit: "water", Status: petition.Accepted, Version: 1, Timeline: []petition.Entry{{Seq: 1, Move: petition.MoveFile, At: noon}}})
	miss := telling.Miss{Notice: petition.Notice{ID: "1", To: petitioner, Number: number, Entry: petition.Entry{Move: petition.MoveAccept}}, Place: petitioner, Places: []string{petitioner}, At: noon}
	if err := w.told.NoteMisses(t.Context(), []telling.Miss{miss}); err != nil {
		t.Fatal(err)
	}
	tasks, err := w.told.Untold(t.Context(), 10)
	if err != nil || len(tasks) != 1 {
		t.Fatalf("%d tasks, %v", len(tasks), err)
	}
	owner := w.atDesk(w.o.Unit, petition.Supervisor)
	owner.ask(http.MethodPost, "/desk/export", url.Values{"reason": {"somebody else's"}})
	batch := regexp.MustCompile(`/desk/batches/([^"/?]+)`).FindStringSubmatch(owner.ask(http.MethodGet, "/desk/batches", nil).Body.String())
	owner.ask(http.MethodPost, "/desk/views", url.Values{"name": {"my own"}, "query": {"open=1"}})
	view := regexp.MustCompile(`/desk/views/([^"/?]+)`).FindStringSubmatch(owner.ask(http.MethodGet, "/desk/cases", nil).Body.String())
	if batch == nil || view == nil {
		t.Fatal("no batch, or no view, was made")
	}
	return given{"day": day.ID, "task": tasks[0].ID, "batch": batch[1], "view": view[1]}
}

// path is an address with what is there in the place of its words in braces, and with what is not.
func (ids given) path(pattern, number, dispute string) (there, none string) {
	_, path, _ := strings.Cut(pattern, " ")
	id := ids["batch"]
	switch {
	case strings.Contains(path, "/reception/"):
		id = ids["day"]
	case strings.Contains(path, "/untold/"):
		id = ids["task"]
	case strings.Contains(path, "/views/"):
		id = ids["view"]
	case strings.Contains(path, "/files/"):
		id = fileID
	}
	fill := func(number, id, dispute string) string {
		return strings.NewReplacer("{$}", "", "{number}", number, "{other}", number, "{id}", id, "{dispute}", dispute, "{move}", moveIn(path), "{paper}", "reply", "{draft}", "1", "{ref}", "1.receipt.pdf", "{token}", "none", "{hash}", "x", "{name}", "x").Replace(path)
	}
	return fill(number, id, dispute), fill(missing, "none-there", "D26-000000")
}

func moveIn(path string) string {
	if strings.Contains(path, "/disputes/") {
		return string(mediation.MoveNames()[0])
	}
	return string(petition.MoveNote)
}

// outsiders: who has no session, one that somebody made up, or one of somebody who has left is led to the way in.
func (w *world) outsiders(t *testing.T, ids given) {
	none := &deskOfficer{w: w}
	madeUp := &deskOfficer{w: w, cookie: &http.Cookie{Name: "dengwen_desk", Value: strings.Repeat("A", 43)}}
	left := w.atDesk("water", petition.Head)
	gone, err := w.deskStaff.Person(t.Context(), left.id)
	if err == nil {
		gone.Left = noon
		err = w.deskStaff.PutPerson(t.Context(), gone)
	}
	if err != nil {
		t.Fatal(err)
	}
	for pattern, r := range routes {
		if r.right == anybody {
			continue
		}
		method, _, _ := strings.Cut(pattern, " ")
		path, _ := ids.path(pattern, missing, "D26-000001")
		for who, o := range map[string]*deskOfficer{"nobody": none, "somebody with a cookie of their own making": madeUp, "somebody who has left": left} {
			rec := o.ask(method, path+r.query, r.form)
			if at := rec.Header().Get("Location"); !(rec.Code == http.StatusSeeOther && strings.HasPrefix(at, "/desk/enter")) && rec.Code != http.StatusUnauthorized {
				t.Errorf("%s at %s: %d %s", who, pattern, rec.Code, at)
			}
		}
	}
}

// everyRoute tries every address by somebody with one role in one unit and answers how many there were.
func (w *world) everyRoute(t *testing.T, l *life, unit string, role petition.Role, may map[string]string, ids given) (n int64) {
	kind := map[bool]string{true: "office", false: "other units"}[unit == w.o.Unit]
	if strings.Contains(unit, "discipline") {
		kind = "units for reports"
	}
	has := func(right string) bool { return strings.Contains(may[right], kind) }
	dispute, err := w.disputes.Report(t.Context(), petition.Actor{Staff: fmt.Sprint("other", w.ids.Add(1)), Unit: unit, Roles: []petition.Role{petition.Grid}}, mediation.Report{Key: fmt.Sprint("k", w.ids.Add(1)), Words: "A quarrel"})
	if err != nil {
		t.Error(err)
		return 0
	}
	o := w.atDesk(unit, role)
	for _, pattern := range slices.Sorted(maps.Keys(routes)) {
		r := routes[pattern]
		method, _, _ := strings.Cut(pattern, " ")
		if r.right == anybody || strings.HasPrefix(pattern, "POST /desk/me/") || pattern == "GET /desk/live" || pattern == "GET /desk/office/check" && has(changes) { // what ends the session, streams, and runs this test itself
			continue
		}
		n++
		if r.right == ofCase {
			n += o.ofCases(l, pattern, r, role, ids) - 1
			continue
		}
		allowed := map[string]bool{
			inside: true, ofOwn: false, trades: has("takes tables over") && has(changes), admin: role == petition.Admin && unit == w.o.Unit, keeps + " or " + leads: has(keeps) || has(leads),
			people: role == petition.Admin, signs: unit == w.o.Unit && (role.Leads() || role == petition.ActingHead),
			hard:   role == petition.Leader || unit == w.o.Unit && role.Leads(),
			untold: unit == w.o.Unit && (role.Handles() || role.Leads()),
		}
		want, ok := allowed[r.right]
		if !ok {
			want = has(r.right)
		}
		path, _ := ids.path(pattern, missing, dispute.Number)
		ask := func() int {
			if r.file != "" {
				body := &strings.Builder{}
				m := multipart.NewWriter(body)
				part, err := m.CreateFormFile("file", "t.csv")
				if err == nil {
					_, err = part.Write([]byte(r.file))
				}
				if err != nil || m.Close() != nil {
					t.Error(err)
				}
				return o.asked(method, path+r.query, m.FormDataContentType(), body.String()).Code
			}
			return o.ask(method, path+r.query, r.form).Code
		}
		if code := ask(); (code != http.StatusForbidden && (r.gone || code != http.StatusNotFound)) != want {
			t.Errorf("%s of %s at %s: %d, allowed %v (%s)", role, unit, pattern, code, want, r.right)
		}
	}
	return n
}

// ofCases tries an address of a case of each class that this unit has, that another has, and that has gone through its
// hands: who does not see it is told what is told of one that is not there.
func (o *deskOfficer) ofCases(l *life, pattern string, r route, role petition.Role, ids given) (n int64) {
	t, w := o.w.t, o.w
	method, _, _ := strings.Cut(pattern, " ")
	person, err := w.deskStaff.Person(t.Context(), o.id)
	if err != nil {
		t.Error(err)
		return 0
	}
	for _, class := range []petition.Class{petition.Claim, petition.Suggestion, petition.Report} {
		for _, holder := range []string{"water", "petition", "discipline", "city-discipline"} {
			if (class == petition.Report) != strings.Contains(holder, "discipline") {
				continue
			}
			c := petition.Case{Filing: petition.Filing{Class: class, Owner: petitioner, Facts: "MARKFACTS", Contact: petition.Contact{Name: contactName}}, Unit: holder, Status: petition.Accepted, Version: 1, Facts: map[string]string{}, Timeline: []petition.Entry{
				{Seq: 1, Move: petition.MoveFile, By: "citizen", At: noon}, {Seq: 2, Move: petition.MoveSupplement, By: "citizen", At: noon, Files: []petition.Attachment{{ID: fileID, Kind: "document", Name: "f.txt"}}}}}
			at := relations(w.o, &c, person.Unit)
			sees := l.page.may(look, class, role, person.Unit == w.o.Unit, at)
			number := w.put(c)
			there, none := ids.path(pattern, number, "")
			for _, about := range []string{number, missing} {
				o.ask(http.MethodPost, "/desk/reason", url.Values{"about": {about}, "reason": {"work"}})
			}
			got, missed := answered(o.ask(method, there+r.query, r.form), number), answered(o.ask(method, none+r.query, r.form), missing)
			n++
			switch {
			case !sees && (got != missed || strings.Contains(got.words, "MARKFACTS") || strings.Contains(got.words, contactName) || strings.Contains(got.words, fileBytes)):
				t.Errorf("%s of %s at %s of a %s of %s: %s, of one that is not there %s", role, person.Unit, pattern, class, holder, got.brief(), missed.brief())
			case sees && method == http.MethodGet && pattern == "GET /desk/cases/{number}" && got.words == missed.words:
				t.Errorf("%s of %s sees the %s of %s and is told that there is none", role, person.Unit, class, holder)
			}
		}
	}
	return n
}
