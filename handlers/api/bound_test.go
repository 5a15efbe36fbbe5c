package api_test

import (
	"cmp"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"dengwen/handlers/api"
	"dengwen/internal/office"
	"dengwen/internal/test/memory"
	"dengwen/petition"
	"dengwen/petition/telling"
	"dengwen/storage/cases"

	"github.com/google/uuid"
)

// Whatever scopes a key has and whatever it says of who acts: a key bound to a unit acts
// for that unit, a key without a scope acts for nobody who needs it, and what is answered
// is what the service itself shows that actor. The operations are those of the
// description, so that a new one without a row here fails.

// trial is one key, what it says of the actor, and the case it asks for.
type trial struct {
	scopes []api.Scope
	bound  string // unit of the key
	who    claim
	at     lodged
	v      petition.View // as the service shows it to that actor in process, empty = not at all
	coded  petition.View // likewise, with the query code
}

// claim is what Actor- headers say.
type claim struct {
	name string
	petition.Actor
	code bool // and the query code of the case
}

func (c claim) headers() []string {
	var out []string
	for _, h := range [][2]string{{"Actor-Owner", c.Owner}, {"Actor-Asker", c.Asker}, {"Actor-Staff", c.Staff}, {"Actor-Unit", c.Unit}} {
		if h[1] != "" {
			out = append(out, h[0], h[1])
		}
	}
	var roles []string
	for _, r := range c.Roles {
		roles = append(roles, string(r))
	}
	if roles != nil {
		out = append(out, "Actor-Roles", strings.Join(roles, ","))
	}
	return out
}

func (t trial) may(any ...api.Scope) bool {
	return slices.Contains(t.scopes, api.Admin) || slices.ContainsFunc(any, func(s api.Scope) bool { return slices.Contains(t.scopes, s) })
}

// acts says in words of its own whether the key may act as it claims.
func (t trial) acts() bool {
	if !t.may(api.Citizens, api.Staff, api.Sealed) {
		return false
	}
	for _, r := range t.who.Roles {
		scope := map[petition.Role]api.Scope{petition.Sealed: api.Sealed, petition.Admin: api.Admin}[r]
		if scope == "" {
			scope = api.Staff
		}
		if !t.may(scope, api.Desk) || t.bound != "" && r == petition.Admin {
			return false
		}
	}
	if (t.who.Staff != "" || t.who.Unit != "") && !t.may(api.Staff, api.Sealed) || t.who.Unit != "" && t.who.Staff == "" {
		return false
	}
	if t.bound != "" {
		return t.who.Owner == "" && len(t.who.Roles) > 0 && (t.who.Unit == "" || t.who.Unit == t.bound)
	}
	return (t.who.Owner == "" || t.may(api.Citizens)) && (len(t.who.Roles) > 0 || t.may(api.Citizens))
}

// shown is the case as this trial may see it; the query code of a case makes its bearer
// the citizen, which a key bound to a unit does not act for.
func (t trial) shown() petition.View {
	switch {
	case !t.acts() || t.bound != "" && t.who.code:
		return petition.View{}
	case t.who.code:
		return t.coded
	}
	return t.v
}

// row is one operation of the matrix: the request, and whether it must succeed.
type row struct {
	method, path, body string
	code               bool // takes the header Query-Code
	once               bool // takes an Idempotency-Key
	allowed            func(t trial) bool
}

// holds reports whether who is claimed has one of the roles.
func (t trial) holds(roles ...petition.Role) bool {
	return slices.ContainsFunc(t.who.Roles, func(r petition.Role) bool { return slices.Contains(roles, r) })
}

func seen(t trial) bool { return t.shown().Number != "" }

// task is the id of what nobody could be told of a case.
func task(at lodged) string { return hex.EncodeToString([]byte(at.Number + " " + at.missed())) }

// missed is who could not be told.
func (at lodged) missed() string {
	switch at.mark {
	case "BRIBE":
		return "sealed:discipline"
	case "WATER":
		return "unit:water"
	}
	return at.owner
}

// sees says in words of its own whether the key may see to what nobody could be told of a case.
func (t trial) seesTo(at lodged) bool {
	unit := cmp.Or(t.bound, t.who.Unit)
	switch {
	case !t.tells():
		return false
	case at.mark == "BRIBE":
		return t.holds(petition.Sealed) && unit == "discipline"
	}
	return unit == office.Example().Unit && t.holds(petition.Intake, petition.Supervisor, petition.Officer, petition.Head)
}

// tells reports whether the key may ask what nobody could be told, of any case.
func (t trial) tells() bool { return t.may(api.Staff, api.Sealed) && t.acts() }

func boundRows() map[string]func(t trial) row {
	number := func(t trial, rest string) string { return "/v1/cases/" + t.at.Number + rest }
	broadcasts := func(t trial) bool { return t.bound == "" && t.may(api.Broadcast) }
	webhooks := func(t trial) bool { return t.bound == "" && slices.Contains(t.scopes, api.Admin) }
	whose := func(t trial) bool { return t.acts() && (t.who.Owner != "" || len(t.who.Roles) > 0) }
	return map[string]func(t trial) row{
		"look": func(t trial) row { return row{method: "GET", path: number(t, ""), code: true, allowed: seen} },
		"accesses": func(trial) row {
			return row{method: "GET", path: "/v1/accesses", allowed: func(t trial) bool {
				heads := slices.Contains(t.who.Roles, petition.Supervisor) && (t.bound == "" || t.bound == office.Example().Unit)
				return t.may(api.Staff) && t.acts() && heads
			}}
		},
		"week": func(trial) row {
			return row{method: "GET", path: "/v1/week", allowed: func(t trial) bool {
				if t.who.Unit == "" && t.bound == "" { // of those without a unit only the petition office's own are of one
					return t.may(api.Staff) && t.acts() && t.holds(petition.Intake, petition.Supervisor)
				}
				atOffice := t.bound == "" || t.bound == office.Example().Unit
				return t.may(api.Staff) && t.acts() && (t.holds(petition.Officer, petition.Head, petition.Admin) || atOffice && t.holds(petition.Intake, petition.Supervisor))
			}}
		},
		"checkpoints": func(trial) row {
			return row{method: "GET", path: "/v1/checkpoints", allowed: func(trial) bool { return true }}
		},
		"proof": func(t trial) row {
			return row{method: "GET", path: number(t, "/proof"), code: true, allowed: seen}
		},
		"list": func(trial) row { return row{method: "GET", path: "/v1/cases?limit=100", allowed: whose} },
		"search": func(trial) row {
			return row{method: "POST", path: "/v1/searches", body: `{"limit":100}`, allowed: whose}
		},
		"file": func(t trial) row {
			channel := "api"
			if len(t.who.Roles) > 0 {
				channel = "letter"
			}
			return row{method: "POST", path: "/v1/cases", body: `{"class":"claim","facts":"made here","channel":"` + channel + `"}`, once: true,
				allowed: func(t trial) bool { return t.acts() && !slices.Equal(t.who.Roles, []petition.Role{petition.Admin}) }}
		},
		"move": func(t trial) row {
			name := petition.MoveSupplement
			if len(t.who.Roles) > 0 {
				name = petition.MoveNote
			}
			body := fmt.Sprintf(`{"name":%q,"text":"said here"}`, name)
			if t.who.code {
				body = fmt.Sprintf(`{"name":%q,"text":"said here","code":%q}`, name, t.at.Code)
			}
			return row{method: "POST", path: number(t, "/moves"), body: body, once: true, allowed: func(t trial) bool { return slices.Contains(t.shown().Can, name) }}
		},
		"check": func(t trial) row {
			return row{method: "POST", path: number(t, "/check"), body: `{"name":"reply","text":"x"}`, allowed: func(t trial) bool {
				return t.may(api.Staff, api.Sealed) && t.acts() && t.v.Number != ""
			}}
		},
		"document": func(t trial) row {
			return row{method: "GET", path: number(t, "/documents/1.pdf"), code: true, allowed: seen}
		},
		"open": func(t trial) row {
			return row{method: "GET", path: number(t, "/files/"+t.at.file), allowed: func(t trial) bool { return t.acts() && t.v.Number != "" }}
		},
		"attach": func(trial) row {
			return row{method: "PUT", path: "/v1/files/" + uuid.NewString(), body: "some text", allowed: whose}
		},
		"notices": func(trial) row {
			return row{method: "GET", path: "/v1/notices?limit=500", allowed: func(t trial) bool { return t.may(api.Citizens, api.Staff, api.Sealed) }}
		},
		"forget": func(trial) row {
			return row{method: "POST", path: "/v1/forget", body: `{"owner":"tg:nobody"}`, allowed: func(t trial) bool { return t.bound == "" && t.may(api.Citizens) }}
		},
		"untold": func(trial) row { return row{method: "GET", path: "/v1/untold", allowed: trial.tells} },
		"untold-take": func(t trial) row {
			return row{method: "POST", path: "/v1/untold/" + task(t.at) + "/take", allowed: func(t trial) bool { return t.seesTo(t.at) }}
		},
		// Without words, so that it stays.
		"untold-done": func(t trial) row {
			return row{method: "POST", path: "/v1/untold/" + task(t.at) + "/done", body: `{"text":" "}`, allowed: func(t trial) bool { return t.seesTo(t.at) }}
		},
		"webhooks":      func(trial) row { return row{method: "GET", path: "/v1/webhooks", allowed: webhooks} },
		"webhooks-dead": func(trial) row { return row{method: "GET", path: "/v1/webhooks/dead", allowed: webhooks} },
		"webhooks-resend": func(trial) row {
			return row{method: "POST", path: "/v1/webhooks/resend", body: `{}`, allowed: webhooks}
		},
		"webhook-add": func(trial) row { // with a password in its address, which nobody may
			return row{method: "POST", path: "/v1/webhooks", body: `{"url":"https://me:pass@crm.example.cn/"}`, allowed: webhooks}
		},
		"webhook-remove": func(trial) row { return row{method: "DELETE", path: "/v1/webhooks/none", allowed: webhooks} },
		"webhook-key": func(trial) row {
			return row{method: "POST", path: "/v1/webhooks/none/key", body: `{}`, allowed: webhooks}
		},
		"webhook-on": func(trial) row {
			return row{method: "POST", path: "/v1/webhooks/none/on", body: `{}`, allowed: webhooks}
		},
		"office": func(trial) row {
			return row{method: "GET", path: "/v1/office", allowed: func(trial) bool { return true }}
		},
		"desk": func(trial) row {
			return row{method: "POST", path: "/v1/desk/people", body: `{}`, allowed: func(t trial) bool { return t.bound == "" && t.may(api.Desk) }}
		},
		// There is no service notice: 404 is how one who may asks in vain.
		"broadcast": func(trial) row {
			return row{method: "POST", path: "/v1/broadcasts", body: `{"text":" "}`, allowed: broadcasts}
		},
		"broadcasts":       func(trial) row { return row{method: "GET", path: "/v1/broadcasts", allowed: broadcasts} },
		"broadcast-status": func(trial) row { return row{method: "GET", path: "/v1/broadcasts/latest", allowed: broadcasts} },
		"broadcast-stop": func(trial) row {
			return row{method: "POST", path: "/v1/broadcasts/latest/stop", body: `{}`, allowed: broadcasts}
		},
	}
}

// inVain are answers of one who may, where there is nothing to do.
var inVain = map[string]int{
	"broadcast": 422, "broadcast-status": 404, "broadcast-stop": 404, "untold-done": 422,
	"webhook-add": 422, "webhook-remove": 404, "webhook-key": 404, "webhook-on": 404,
}

// tellsOutward gives the world webhooks and what nobody could be told of each case.
func (w *world) tellsOutward(all []lodged) {
	store, err := cases.Open(w.t.Context(), "", w.t.TempDir(), newBox(w.t))
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = store.Close() })
	tasks := new(memory.Tasks)
	for _, at := range all {
		n := petition.Notice{ID: at.Number, Number: at.Number, To: at.missed(), View: petition.View{Class: w.record(at.Number).Case.Filing.Class}, Entry: petition.Entry{Move: petition.MoveReply}}
		if err := tasks.NoteMisses(w.t.Context(), []telling.Miss{{Notice: n, At: w.at}}); err != nil {
			w.t.Fatal(err)
		}
	}
	o := office.Example()
	w.config.Systems, w.config.Untold = telling.NewSystems(store, o, w.svcNow, uuid.NewString), telling.NewDesk(tasks, w.svc, o)
	w.h = hired(w.config)
}

func operationsOf(t *testing.T, w *world) []string {
	t.Helper()
	var d document
	w.ok(&d, "", "GET", "/v1/openapi.json", "")
	var ids []string
	for _, item := range d.Paths {
		for _, op := range item {
			ids = append(ids, op.OperationID)
		}
	}
	slices.Sort(ids)
	return ids
}

func TestKeysActWithinScopeAndUnit(t *testing.T) {
	t.Parallel()
	scopes := [][]api.Scope{
		{api.Citizens}, {api.Staff}, {api.Sealed}, {api.Admin}, {api.Broadcast}, {api.Desk}, {api.Citizens, api.Staff},
		{api.Staff, api.Sealed}, {api.Citizens, api.Staff, api.Sealed, api.Desk, api.Broadcast, api.Admin},
	}
	units := []string{"", "transport", "discipline"}
	name := func(n int, unit string) string { return fmt.Sprintf("key-%d-%s", n, unit) }
	w := newWorld(t, func(k *keyring) {
		for n, s := range scopes {
			for _, u := range units {
				k.add(name(n, u), u, s...)
			}
		}
	})
	all := []lodged{
		w.lodge("tg:1", "ROAD", petition.Claim, "transport"), w.lodge("tg:2", "WATER", petition.Claim, "water"),
		w.lodge("tg:1", "BRIBE", petition.Report, ""), w.lodge("tg:2", "FRESH", petition.Claim, ""),
	}
	w.tellsOutward(all)
	staff := func(name, unit string, roles ...petition.Role) claim {
		return claim{name: name, Actor: petition.Actor{Staff: "x", Unit: unit, Roles: roles}}
	}
	claims := []claim{
		{name: "nobody"}, {name: "a citizen", Actor: petition.Actor{Owner: "tg:2"}}, {name: "a stranger with the code", Actor: petition.Actor{Asker: "web:1"}, code: true},
		{name: "a staff id alone", Actor: petition.Actor{Staff: "x"}}, {name: "a unit alone", Actor: petition.Actor{Unit: "transport"}},
		staff("an officer of no unit", "", petition.Officer), staff("an officer of the roads", "transport", petition.Officer),
		staff("an officer of the water", "water", petition.Officer, petition.Head), staff("a clerk", "", petition.Intake),
		staff("the petition office", office.Example().Unit, petition.Intake, petition.Supervisor), staff("a named officer", "discipline", petition.Sealed),
		staff("a named officer of no unit", "", petition.Sealed), staff("an administrator", "", petition.Admin),
		staff("an administrator of the roads", "transport", petition.Admin, petition.Head),
		{name: "an officer with the code", Actor: petition.Actor{Staff: "x", Unit: "transport", Roles: []petition.Role{petition.Officer}}, code: true},
		{name: "a citizen who is an officer", Actor: petition.Actor{Owner: "tg:2", Staff: "x", Unit: "transport", Roles: []petition.Role{petition.Officer}}},
	}
	rows := boundRows()
	if ids := operationsOf(t, w); !slices.Equal(ids, slices.Sorted(maps.Keys(rows))) {
		t.Fatalf("operations are %v, the matrix has %v", ids, slices.Sorted(maps.Keys(rows)))
	}
	var wg sync.WaitGroup
	codes := make([]sync.Mutex, len(all))
	for n, s := range scopes {
		for _, unit := range units {
			for _, who := range claims {
				for c, at := range all {
					wg.Go(func() {
						if who.code { // a right code counts until it is found right: one after another
							codes[c].Lock()
							defer codes[c].Unlock()
						}
						w.askAll(trial{scopes: s, bound: unit, who: who, at: at}, name(n, unit), rows, all)
					})
				}
			}
		}
	}
	wg.Wait()
	for _, c := range all { // and nobody else was made to say something
		for _, e := range w.record(c.Number).Case.Timeline {
			if e.Text == "said here" && e.By != "citizen" && c.mark == "WATER" && e.By != "water" && e.By != office.Example().Unit {
				t.Errorf("%s of case %s said something", e.By, c.mark)
			}
		}
	}
}

// askAll asks for every operation and compares what comes back with what may.
func (w *world) askAll(one trial, key string, rows map[string]func(trial) row, all []lodged) {
	actor := one.who.Actor
	if one.bound != "" {
		actor.Unit = one.bound
	}
	one.v, _ = w.svc.Look(w.t.Context(), actor, one.at.Number, "")
	one.coded = one.v
	if one.who.code {
		one.coded, _ = w.svc.Look(w.t.Context(), actor, one.at.Number, one.at.Code)
	}
	for id, make := range rows {
		r := make(one)
		headers := one.who.headers()
		if r.code && one.who.code {
			headers = append(headers, "Query-Code", one.at.Code)
		}
		if r.once {
			headers = append(headers, "Idempotency-Key", uuid.NewString())
		}
		if id == "attach" {
			headers = append(headers, "Attachment-Kind", "document", "Attachment-Name", "a.txt")
		}
		status, text := w.call(key, r.method, r.path, r.body, headers...)
		want := r.allowed(one)
		if got := status/100 == 2 || status == inVain[id] || id == "move" && strings.Contains(text, "case.changed"); got != want {
			w.t.Errorf("%v bound to %q as %s: %s of %s: %d %s, want success %v", one.scopes, one.bound, one.who.name, id, one.at.mark, status, text, want)
		}
		for _, c := range all {
			if got := strings.Contains(text, task(c)); id == "untold" && got != one.seesTo(c) {
				w.t.Errorf("%v bound to %q as %s: is told that nobody could be told of %s: %v", one.scopes, one.bound, one.who.name, c.mark, got)
			}
		}
		if one.bound == "" {
			continue
		}
		for _, c := range all { // nothing of a case that the unit has no part in
			holder := map[string]string{"ROAD": "transport", "BRIBE": "discipline"}[c.mark]
			if holder != one.bound && strings.Contains(text, c.mark) {
				w.t.Errorf("%v bound to %q as %s: %s shows %s: %s", one.scopes, one.bound, one.who.name, id, c.mark, text)
			}
		}
		if id == "notices" {
			w.toldOnly(one, text)
		}
	}
}

func (w *world) toldOnly(one trial, text string) {
	var feed struct{ Notices []petition.Notice }
	if json.Unmarshal([]byte(text), &feed) != nil {
		return
	}
	for _, n := range feed.Notices {
		if n.To != "unit:"+one.bound && n.To != "sealed:"+one.bound {
			w.t.Errorf("%v bound to %q is told what is for %s", one.scopes, one.bound, n.To)
		}
	}
}
