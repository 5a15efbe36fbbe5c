package api_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dengwen/handlers/api"
	"dengwen/petition"

	"github.com/google/uuid"
)

// sight is what each kind of actor may see, written down by hand: of two citizens, two
// units, the petition office, a report and a case that was sealed on its way.
var sight = []struct {
	name string
	who  petition.Actor
	sees string
}{
	{"first citizen", petition.Actor{Owner: "tg:1"}, "ROAD BRIBE"},
	{"second citizen", petition.Actor{Owner: "tg:2"}, "WATER FRESH SECRET"},
	{"third citizen", petition.Actor{Owner: "tg:3"}, ""},
	{"intake clerk", staffActor("petition", petition.Intake), "ROAD WATER FRESH"},
	{"supervisor", staffActor("petition", petition.Supervisor), "ROAD WATER FRESH"},
	{"supervisor of no unit", staffActor("", petition.Supervisor), "ROAD WATER FRESH"},
	{"officer of the petition office", staffActor("petition", petition.Officer), "ROAD WATER FRESH"},
	{"head of the petition office", staffActor("petition", petition.Head), "ROAD WATER FRESH"},
	{"named officer of the petition office", staffActor("petition", petition.Sealed), ""},
	{"administrator", staffActor("", petition.Admin), "ROAD WATER FRESH"},
	{"everything at the petition office", staffActor("petition", petition.Intake, petition.Officer, petition.Head, petition.Supervisor, petition.Sealed, petition.Admin), "ROAD WATER FRESH"},
	{"officer of the roads", staffActor("transport", petition.Officer), "ROAD"},
	{"head of the roads", staffActor("transport", petition.Head), "ROAD"},
	{"clerk of the roads", staffActor("transport", petition.Intake), ""},
	{"supervisor of the roads", staffActor("transport", petition.Supervisor), ""},
	{"named officer of the roads", staffActor("transport", petition.Sealed), ""},
	{"officer of the water", staffActor("water", petition.Officer), "WATER"},
	{"officer of no unit", staffActor("", petition.Officer), ""},
	{"named officer", staffActor("discipline", petition.Sealed), "BRIBE SECRET"},
	{"officer beside the named one", staffActor("discipline", petition.Officer, petition.Head), ""},
	{"named officer who petitions", petition.Actor{Owner: "tg:2", Staff: "s", Unit: "discipline", Roles: []petition.Role{petition.Sealed}}, "BRIBE SECRET WATER FRESH"},
}

func staffActor(unit string, roles ...petition.Role) petition.Actor {
	return petition.Actor{Staff: "s", Unit: unit, Roles: roles}
}

func newSightWorld(t *testing.T) (*world, []lodged) {
	t.Helper()
	w := newWorld(t, func(k *keyring) {
		k.add("all", "", api.Admin)
		k.add("staff", "", api.Staff)
		k.add("road", "transport", api.Staff)
		k.add("water", "water", api.Staff, api.Sealed)
		k.add("named", "discipline", api.Staff, api.Sealed)
		k.add("citizens", "", api.Citizens)
	})
	secret := w.lodge("tg:2", "SECRET", petition.Claim, "transport")
	for _, m := range []petition.Move{
		{Name: petition.MoveNote, Text: "words SECRET"}, {Name: petition.MoveHandOver, Officer: "s"}, {Name: petition.MoveSeal, Text: "words SECRET"},
	} {
		if _, err := w.svc.Do(t.Context(), staffActor("transport", petition.Officer, petition.Head), secret.Number, m); err != nil {
			t.Fatal(err)
		}
	}
	return w, []lodged{
		w.lodge("tg:1", "ROAD", petition.Claim, "transport"), w.lodge("tg:2", "WATER", petition.Claim, "water"),
		w.lodge("tg:1", "BRIBE", petition.Report, ""), w.lodge("tg:2", "FRESH", petition.Claim, ""), secret,
	}
}

// What an actor may not see is answered as what does not exist, by every operation.
func TestEveryLookGoesThroughSees(t *testing.T) {
	t.Parallel()
	w, cases := newSightWorld(t)
	missing := petition.FormatNumber("ZS", 2026, 9999)
	looks := map[string][3]string{
		"look": {"GET", "", ""}, "document": {"GET", "/documents/1.pdf", ""}, "open": {"GET", "/files/%s", ""},
		"check": {"POST", "/check", `{"name":"reply","text":"x"}`}, "move": {"POST", "/moves", `{"name":"recalculate"}`},
	}
	var wg sync.WaitGroup // what is not found waits, so that nobody can tell why
	for _, row := range sight {
		c := claim{Actor: row.who}
		headers := c.headers()
		for name, call := range looks {
			wg.Go(func() {
				ask := func(number, file string) (int, string) {
					path := "/v1/cases/" + number + strings.ReplaceAll(call[1], "%s", file)
					return w.call("all", call[0], path, call[2], withKey(uuid.NewString(), headers...)...)
				}
				none, nothing := ask(missing, cases[0].file)
				for _, at := range cases {
					status, text := ask(at.Number, at.file)
					sees := slices.Contains(strings.Fields(row.sees), at.mark)
					switch {
					case sees && status == 404 || sees && name != "move" && status != 200:
						t.Errorf("%s: %s of %s: %d %s", row.name, name, at.mark, status, text)
					case !sees && (status != none || text != nothing || status != 404):
						t.Errorf("%s: %s of %s: %d %s; of no case: %d %s", row.name, name, at.mark, status, text, none, nothing)
					}
				}
			})
		}
		wg.Go(func() { w.lists(row.name, row.sees, headers, cases) })
	}
	wg.Wait()
}

func (w *world) lists(name, sees string, headers []string, cases []lodged) {
	for _, list := range [][3]string{
		{"GET", "/v1/cases?limit=100", ""}, {"GET", "/v1/cases?order=new&unit=discipline", ""},
		{"POST", "/v1/searches", `{"words":"facts","limit":100}`}, {"POST", "/v1/searches", `{"unit":"transport"}`},
	} {
		var p petition.Page
		w.ok(&p, "all", list[0], list[1], list[2], headers...)
		for _, v := range p.Items {
			i := slices.IndexFunc(cases, func(l lodged) bool { return l.Number == v.Number })
			if !slices.Contains(strings.Fields(sees), cases[i].mark) {
				w.t.Errorf("%s: %s lists %s", name, list[1], cases[i].mark)
			}
		}
	}
}

// The feed and the morning's digests say nothing of a sealed case but that it is there,
// whatever was written into them before it was sealed.
func TestFeedAndDigestsGoThroughSees(t *testing.T) {
	t.Parallel()
	w, _ := newSightWorld(t)
	for key, sees := range map[string]string{"staff": "ROAD WATER FRESH", "road": "ROAD", "water": "WATER", "named": "", "citizens": "ROAD BRIBE WATER FRESH SECRET"} {
		status, text := w.call(key, "GET", "/v1/notices?limit=500", "")
		if status != 200 {
			t.Fatalf("%s: %d %s", key, status, text)
		}
		for _, mark := range []string{"ROAD", "WATER", "BRIBE", "FRESH", "SECRET"} {
			if strings.Contains(text, mark) && !slices.Contains(strings.Fields(sees), mark) {
				t.Errorf("the feed of %s tells of %s: %s", key, mark, text)
			}
		}
	}
	at := time.Date(2026, 8, 4, 1, 0, 0, 0, time.UTC).Format(time.RFC3339)
	var out struct{ Record []petition.Digest }
	w.ok(&out, "all", "POST", "/v1/desk/digests", fmt.Sprintf(`{"at":%q}`, at))
	if len(out.Record) == 0 {
		t.Fatal("no digest is due on a Tuesday morning")
	}
	for _, d := range out.Record {
		marks := map[string]string{"transport": "ROAD", "water": "WATER", "petition": "ROAD WATER FRESH"}[d.Unit]
		if d.Sealed {
			marks = ""
		}
		for _, item := range slices.Concat(d.DueSoon, d.Overdue, d.New, d.Answered, d.Reopened) {
			mark := strings.TrimPrefix(item.Title, "title ")
			if item.Title != "" && !slices.Contains(strings.Fields(marks), mark) {
				t.Errorf("the digest of %s (sealed %v) tells of %s", d.Unit, d.Sealed, mark)
			}
		}
	}
}
