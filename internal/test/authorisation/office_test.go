package authorisation

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dengwen/bot"
	"dengwen/bot/citizen"
	"dengwen/bot/officer"
	"dengwen/bot/turn"
	"dengwen/handlers/api"
	"dengwen/handlers/web"
	"dengwen/internal/office"
	"dengwen/internal/scrub"
	"dengwen/internal/seal"
	"dengwen/internal/test/memory"
	"dengwen/internal/websession"
	"dengwen/locales"
	"dengwen/petition"
	"dengwen/petition/batch"
	"dengwen/petition/bulletin"
	"dengwen/petition/mediation"
	"dengwen/petition/reception"
	"dengwen/petition/roster"
	"dengwen/storage/cases"
	"dengwen/storage/sqlite"
)

// world is an office with all its doors, on the real service, runner and page.
type world struct {
	t      *testing.T
	o      *petition.Office
	store  *memory.Memory
	svc    *petition.Service
	roster *roster.Service
	api    http.Handler
	keys   map[string]string // by unit; "" = one of no unit
	run    *turn.Runner
	said   *said
	web    *web.Door
	page   http.Handler
	desk   http.Handler

	deskStaff  *memory.Roster // who works at the desk
	deskPeople *roster.Service
	batches    batch.Store
	viewed     map[string]bool // units of whom somebody saved a view for colleagues
	disputes   *mediation.Service
	receptions *reception.Service
	told       *cases.Store // of other systems, and of what nobody could be told
	sessions   *websession.Manager
	ids        atomic.Int64
	serial     atomic.Int64

	joining sync.Mutex
	there   map[string]bool // who joined at the page, by id
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, o: selfApproving(), store: memory.NewMemory(), keys: map[string]string{}, there: map[string]bool{}, viewed: map[string]bool{}, said: &said{chats: map[string]*heard{}}}
	now := func() time.Time { return noon }
	id := func() string { return fmt.Sprintf("id-%06d", w.ids.Add(1)) }
	w.svc = petition.NewService(w.store, w.o, petition.DefaultCalendar(), keyed, now, id, new(memory.Blobs)).WithRenderer(plain).WithScrub(scrub.New(scrub.DefaultLimits()))
	w.roster = roster.New(memory.NewRoster(), w.svc, w.o, now, id)
	var lines []string
	for _, u := range append(units, "", "housing") {
		scopes := []api.Scope{api.Staff, api.Sealed}
		if u == "" {
			scopes = append(scopes, api.Citizens, api.Admin)
		}
		key, line, err := api.NewKey("key of "+u, scopes, u)
		if err != nil {
			t.Fatal(err)
		}
		w.keys[u], lines = key, append(lines, line)
	}
	parsed, err := api.ParseKeys(strings.Join(lines, "\n"))
	if err != nil {
		t.Fatal(err)
	}
	bulletins := bulletin.New(memory.NewBulletins(), w.o, now, id)
	w.api = api.New(api.Config{Cases: w.svc, Office: w.o, Keys: parsed.Now, Roster: everybody(t), Bulletins: bulletins, PerKey: 1e9, PerCaller: 1e9, PerAddress: 1e9})
	w.chats(now, bulletins)
	return w
}

// selfApproving is the example office with units that sign their own papers, so that a move is one
// step.
func selfApproving() *petition.Office {
	o := *office.Example()
	o.Units = slices.Clone(o.Units)
	for i := range o.Units {
		o.Units[i].SelfApproval = true
	}
	return &o
}

// everybody is a roster with each role in each unit, where nobody may be given it too, and a
// supervisor x.
func everybody(t *testing.T) api.RosterStore {
	t.Helper()
	all := struct {
		*memory.Roster
		*memory.Bulletins
	}{memory.NewRoster(), memory.NewBulletins()}
	people := []petition.Actor{{Staff: "x", Unit: "petition", Roles: []petition.Role{petition.Supervisor}}}
	for _, u := range append(units, "housing") {
		for _, r := range petition.Roles() {
			people = append(people, officerOf(u, r))
		}
	}
	for _, a := range people {
		if err := all.PutPerson(t.Context(), roster.Person{ID: a.Staff, Unit: a.Unit, Roles: a.Roles}); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func keyed(purpose, value string) []byte {
	h := sha256.Sum256([]byte(purpose + ":" + value))
	return h[:]
}

// chats opens the doors that people talk through.
func (w *world) chats(now func() time.Time, bulletins *bulletin.Service) {
	t := w.t
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	box, err := seal.Open(key)
	if err != nil {
		t.Fatal(err)
	}
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	store, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "c.db"))
	if err != nil {
		t.Fatal(err)
	}
	w.openDesk(now, func() string { return fmt.Sprintf("id-%06d", w.ids.Add(1)) }, box, words)
	w.web, err = web.New(web.Config{
		Cases: w.svc, Mail: store, Box: box, Draw: func(io.Writer, bot.Receipt) error { return nil }, Locales: words,
		Sessions: websession.New(memory.NewWebSessions(now), box, now, websession.Periods()), Staff: w.roster.StaffOf, Joins: officer.Joins, Now: now,
		Limits: web.Limits{ConvBurst: 1e9, AddrBurst: 1e9, NewBurst: 1e9},
	})
	if err != nil {
		t.Fatal(err)
	}
	desk := officer.New(w.o, words, func(token string, _ bool) string { return "/join " + token })
	citizen := citizen.New(w.o, words, citizen.Settings{})
	w.run, err = turn.New(turn.Parts{
		Store: store, Box: box, Cases: w.svc, Roster: w.roster, Bulletins: bulletins, Reader: nobody{}, Now: now,
		Answer: func(string, string, time.Time) bot.Answer { return bot.Answer{} },
		Step: func(s bot.Session, e bot.Event, now time.Time) (bot.Session, []bot.Effect) {
			if desk.Takes(s, e) {
				return desk.Step(s, e, now)
			}
			return citizen.Step(s, e, now)
		},
		Doors: map[string]turn.Door{"tg": {Send: w.said, Channel: "telegram"}, "web": {Send: both{w.said, w.web}, Channel: "web"}},
	}, turn.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w.page = w.web.Handler(w.run)
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = w.run.Run(ctx) })
	t.Cleanup(func() { w.web.Close(); cancel(); running.Wait(); _ = store.Close() })
}

// nobody reads free text: nothing here is a story.
type nobody struct{}

func (nobody) Read(context.Context, string, string, time.Time) (bot.Reading, error) {
	return bot.Reading{}, nil
}

// both sends to each.
type both []turn.Sender

func (b both) Send(ctx context.Context, conv, key string, say bot.Say) error {
	for _, s := range b {
		if err := s.Send(ctx, conv, key, say); err != nil {
			return err
		}
	}
	return nil
}

// queryCode opens every case to whoever has it, lookByCode is looking with it.
const (
	queryCode  = "ABCDEFGH"
	lookByCode = look + " by code"
)

// put stores a copy of a case under a number of its own.
func (w *world) put(c petition.Case) string {
	w.t.Helper()
	serial := int(w.serial.Add(1))
	c.ID, c.Number = fmt.Sprint("copy-", serial), petition.FormatNumber("ZS", 2026, serial)
	r := petition.Record{Case: c, Code: keyed("code", c.ID+"\x00"+queryCode), Open: true, Sealed: c.Filing.Class == petition.Report}
	for _, u := range append(units, "housing") {
		if at := relations(w.o, &c, u)[0]; at != "none of these" && at != "office" {
			r.Units = append(r.Units, u)
		}
	}
	if _, _, err := w.store.Create(w.t.Context(), c.ID, 2026, func(int) (petition.Record, []petition.Notice, error) { return r, nil, nil }); err != nil {
		w.t.Error(err)
	}
	return c.Number
}

// version is how often a case was changed.
func (w *world) version(number string) int64 {
	r, err := w.store.Load(w.t.Context(), number)
	if err != nil {
		w.t.Error(err)
	}
	return r.Case.Version
}

// hire gives somebody a role in a unit, by an invitation used in a chat.
func (w *world) hire(unit string, role petition.Role) string {
	w.t.Helper()
	token, _, err := w.roster.Invite(w.t.Context(), petition.System(), roster.Invite{Unit: unit, Roles: []petition.Role{role}}, time.Hour)
	if err != nil {
		w.t.Fatal(err)
	}
	return token
}

// answer is how a door answered: whether there is such a case for whoever asked, and its words
// without the number.
type answer struct {
	there bool
	words string
}

// call makes a move, or looks, at the case API.
func (w *world) call(key string, a petition.Actor, number string, m petition.Move) answer {
	method, path, body := http.MethodPost, "/v1/cases/"+number+"/moves", []byte(nil)
	if m.Name == look {
		method, path = http.MethodGet, "/v1/cases/"+number
	} else {
		body, _ = json.Marshal(m) // strings: never fails
	}
	r := httptest.NewRequest(method, path, strings.NewReader(string(body)))
	r.Header.Set("Authorization", "Bearer "+w.keys[key])
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", fmt.Sprint("once-", w.ids.Add(1)))
	for name, value := range map[string]string{"Actor-Owner": a.Owner, "Actor-Asker": a.Asker, "Actor-Staff": a.Staff, "Actor-Unit": a.Unit} {
		if value != "" {
			r.Header.Set(name, value)
		}
	}
	for _, role := range a.Roles {
		r.Header.Set("Actor-Roles", string(role))
	}
	rec := httptest.NewRecorder()
	w.api.ServeHTTP(rec, r)
	return answer{rec.Code != http.StatusNotFound, strings.ReplaceAll(fmt.Sprint(rec.Code, " ", rec.Body), number, "N")}
}

// do makes a move, or looks, in process.
func (w *world) do(a petition.Actor, number string, m petition.Move) answer {
	var err error
	switch m.Name {
	case look:
		_, err = w.svc.Look(w.t.Context(), a, number, "")
	case lookByCode:
		_, err = w.svc.Look(w.t.Context(), a, number, queryCode)
	default:
		_, err = w.svc.Do(w.t.Context(), a, number, m)
	}
	return answer{petition.CodeOf(err) != petition.NotFound, strings.ReplaceAll(fmt.Sprint(err), number, "N")}
}
