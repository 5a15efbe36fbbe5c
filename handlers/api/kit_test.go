package api_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dengwen/handlers/api"
	"dengwen/internal/office"
	"dengwen/internal/scrub"
	"dengwen/internal/test/memory"
	"dengwen/petition"
	"dengwen/petition/bulletin"

	"github.com/google/uuid"
)

// world is a case API with everything it can serve, on the real service over a store in
// memory, and the keys a test asks for.
type world struct {
	t      *testing.T
	svc    *petition.Service
	store  *memory.Memory
	blobs  *memory.Blobs
	hash   func(purpose, value string) []byte
	at     time.Time // a Monday; it stands still
	h      http.Handler
	config api.Config        // of h, without a roster
	keys   map[string]string // by name
}

// keyring makes the lines of keys; a name is used once.
type keyring struct {
	t     *testing.T
	keys  map[string]string
	lines []string
}

func (k *keyring) add(name, unit string, scopes ...api.Scope) {
	k.t.Helper()
	key, line := newKey(k.t, name, unit, scopes...)
	k.keys[name], k.lines = key, append(k.lines, line)
}

func newWorld(t *testing.T, add func(k *keyring)) *world {
	t.Helper()
	return newWorldOn(t, petition.DefaultCalendar(), add)
}

// newWorldOn is a world whose periods are counted by a calendar.
func newWorldOn(t *testing.T, calendar *petition.Calendar, add func(k *keyring)) *world {
	t.Helper()
	w := &world{t: t, store: memory.NewMemory(), blobs: new(memory.Blobs)}
	ring := &keyring{t: t, keys: map[string]string{}}
	add(ring)
	w.keys = ring.keys
	w.hash, w.at = newBox(t).Hash, time.Date(2026, 8, 3, 2, 0, 0, 0, time.UTC)
	now := w.svcNow
	o := office.Example()
	w.svc = petition.NewService(w.store, o, calendar, w.hash, now, uuid.NewString, w.blobs).
		WithScrub(scrub.New(scrub.DefaultLimits())).WithRenderer(printValues)
	w.config = api.Config{
		Record: fixedRecord{},
		Cases:  w.svc, Office: o, Keys: keys(t, strings.Join(ring.lines, "\n")), Digest: w.svc.Digest,
		Bulletins: bulletin.New(memory.NewBulletins(), o, now, uuid.NewString), PerKey: 1e9, PerAddress: 1e9,
	}
	w.h = hired(w.config)
	return w
}

// svcNow is the clock of the services.
func (w *world) svcNow() time.Time { return w.at }

// printValues prints what a document says, as text: so that a test can search it.
// fixedRecord has one proof for every case.
type fixedRecord struct{}

func (fixedRecord) Checkpoints(context.Context, int64, int) (petition.Checkpoints, error) {
	return petition.Checkpoints{Key: "dengwen+1+x", Notes: []petition.Checkpoint{{Size: 7, Note: "dengwen\n7\n"}}}, nil
}

func (fixedRecord) Prove(_ context.Context, number string, _ bool) (petition.Proof, error) {
	return petition.Proof{Number: number, Version: 1, Size: 7, Hashes: []string{}}, nil
}

func printValues(_ context.Context, w io.Writer, _ string, d petition.Document) error {
	return json.NewEncoder(w).Encode(d)
}

// call sends a request; headers are name, value pairs.
func (w *world) call(key, method, path, body string, headers ...string) (int, string) {
	w.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+w.keys[key])
	if strings.HasPrefix(body, "{") {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	w.h.ServeHTTP(rec, r)
	return rec.Code, rec.Body.String()
}

// ok is call that must succeed, with its answer read into out.
func (w *world) ok(out any, key, method, path, body string, headers ...string) {
	w.t.Helper()
	status, text := w.call(key, method, path, body, headers...)
	if status/100 != 2 {
		w.t.Fatalf("%s %s: %d %s", method, path, status, text)
	}
	if out != nil {
		if err := json.Unmarshal([]byte(text), out); err != nil {
			w.t.Fatalf("%s %s: %v", method, path, err)
		}
	}
}

// refused is call that must be answered with this status and, unless it is "", this key.
func (w *world) refused(status int, problem, key, method, path, body string, headers ...string) {
	w.t.Helper()
	got, text := w.call(key, method, path, body, headers...)
	var p api.Problem
	_ = json.Unmarshal([]byte(text), &p)
	if got != status || problem != "" && p.Key != problem {
		w.t.Errorf("%s %s: %d %s, want %d %s", method, path, got, text, status, problem)
	}
}

// lodged is a case that a citizen filed in process, with a file, for others to look for.
type lodged struct {
	petition.Ticket
	mark, file string
	owner      string
}

func (w *world) lodge(owner, mark string, class petition.Class, unit string) lodged {
	w.t.Helper()
	a, id := petition.Actor{Owner: owner, Asker: owner}, "file-"+strings.ToLower(mark)
	if _, err := w.svc.Attach(w.t.Context(), a, petition.Attachment{ID: id, Kind: "document", Name: mark + ".txt"}, strings.NewReader("bytes "+mark)); err != nil {
		w.t.Fatal(err)
	}
	k, err := w.svc.File(w.t.Context(), a, petition.Filing{
		Key: "lodged " + mark, Owner: owner, Class: class, Title: "title " + mark, Facts: "facts " + mark, Request: "request " + mark,
		Contact: petition.Contact{Name: "name " + mark}, Attachments: []petition.Attachment{{ID: id, Kind: "document", Name: mark + ".txt"}},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	if unit != "" {
		clerk := petition.Actor{Staff: "clerk", Unit: office.Example().Unit, Roles: []petition.Role{petition.Intake}}
		if _, err := w.svc.Do(w.t.Context(), clerk, k.Number, petition.Move{Name: petition.MoveTransfer, Unit: unit}); err != nil {
			w.t.Fatal(err)
		}
	}
	return lodged{Ticket: k, mark: mark, file: id, owner: owner}
}

func (w *world) record(number string) petition.Record {
	w.t.Helper()
	r, err := w.store.Load(w.t.Context(), number)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// officerOf are the headers of an officer of a unit.
func officerOf(unit, id, roles string) []string {
	return []string{"Actor-Staff", id, "Actor-Unit", unit, "Actor-Roles", roles}
}

func withKey(once string, headers ...string) []string {
	return append([]string{"Idempotency-Key", once}, headers...)
}
