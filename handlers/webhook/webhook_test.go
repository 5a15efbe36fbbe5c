package webhook

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	county "dengwen/internal/office"
	"dengwen/internal/seal"
	"dengwen/petition"
	"dengwen/petition/telling"
	"dengwen/storage/cases"

	"github.com/google/uuid"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// The value of the convention's own tests.
func TestPublishedSignature(t *testing.T) {
	t.Parallel()
	e := telling.Endpoint{Secrets: []string{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}}
	got := Signatures(e.Signed(), "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; got != want {
		t.Errorf("signature %s, want %s", got, want)
	}
}

// receiver answers as it is told and keeps what it got.
type receiver struct {
	mu      sync.Mutex
	status  int
	headers http.Header
	got     []http.Header
	bodies  []string
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	b, _ := io.ReadAll(q.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.got, r.bodies = append(r.got, q.Header), append(r.bodies, string(b))
	for name, values := range r.headers {
		w.Header()[name] = values
	}
	w.WriteHeader(r.status)
}

// world is a store with one endpoint at a receiver, whose clock the test sets.
type world struct {
	store   *cases.Store
	service petition.Cases
	sender  *Sender
	now     time.Time
	filed   int
}

func newWorld(t *testing.T, allowed ...netip.Prefix) *world {
	t.Helper()
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	box, err := seal.Open(key)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{now: time.Now().Truncate(time.Second)}
	if w.store, err = cases.Open(t.Context(), "", t.TempDir(), box); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.store.Close() })
	w.service = petition.NewService(w.store, county.Example(), petition.DefaultCalendar(), box.Hash, time.Now, uuid.NewString, nil)
	w.sender = New(Config{Store: w.store, Allowed: allowed, Now: func() time.Time { return w.now }, Log: slog.New(slog.DiscardHandler)})
	return w
}

var loopback = netip.MustParsePrefix("127.0.0.0/8")

func (w *world) add(t *testing.T, e telling.Endpoint) telling.Endpoint {
	t.Helper()
	if e.ID = uuid.NewString(); e.Secrets == nil {
		e.Secrets = []string{telling.NewSecret()}
	}
	if err := w.store.PutEndpoint(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	return e
}

func (w *world) file(t *testing.T) string {
	t.Helper()
	w.filed++
	k, err := w.service.File(t.Context(), petition.Actor{Owner: "tg:1", Asker: "tg:1"}, petition.Filing{
		Key: uuid.NewString(), Owner: "tg:1", Channel: "telegram", Class: petition.Claim, Facts: "村口的路灯坏了一个月", Request: "请处理。",
	})
	if err != nil {
		t.Fatal(err)
	}
	return k.Number
}

func (w *world) once(t *testing.T) {
	t.Helper()
	if err := w.sender.once(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (w *world) counts(t *testing.T, wantWaiting, wantDead int) {
	t.Helper()
	waiting, dead, err := w.store.CountDeliveries(t.Context())
	if err != nil || waiting != wantWaiting || dead != wantDead {
		t.Errorf("%d wait and %d are dead, %v; want %d and %d", waiting, dead, err, wantWaiting, wantDead)
	}
}

// What is sent passes the convention's own library under either key, and says nothing of the case but
// its number.
func TestTakenByTheLibrary(t *testing.T) {
	t.Parallel()
	r := &receiver{status: http.StatusNoContent}
	server := httptest.NewServer(r)
	defer server.Close()
	w := newWorld(t, loopback)
	e := w.add(t, telling.Endpoint{URL: server.URL + "/hook", Secrets: []string{telling.NewSecret(), telling.NewSecret()}})
	number := w.file(t)
	w.once(t)
	w.once(t)
	w.counts(t, 0, 0)
	if len(r.got) != 1 {
		t.Fatalf("sent %d times", len(r.got))
	}
	for _, secret := range e.Secrets {
		library, err := standardwebhooks.NewWebhook(secret)
		if err != nil {
			t.Fatal(err)
		}
		if err := library.Verify([]byte(r.bodies[0]), r.got[0]); err != nil {
			t.Errorf("the library refuses it: %v", err)
		}
		if err := library.Verify([]byte(r.bodies[0]+" "), r.got[0]); err == nil {
			t.Error("the library takes a changed body")
		}
	}
	if body := r.bodies[0]; !strings.Contains(body, `"type":"case.file"`) || !strings.Contains(body, `"number":"`+number+`","version":1`) || strings.Contains(body, "路灯") {
		t.Errorf("sent %s", body)
	}
}

// What is not taken is tried for three days under one id with a new time, then it is dead until
// somebody sends it again.
func TestTriedForDays(t *testing.T) {
	t.Parallel()
	r := &receiver{status: http.StatusInternalServerError}
	server := httptest.NewServer(r)
	defer server.Close()
	w := newWorld(t, loopback)
	w.add(t, telling.Endpoint{URL: server.URL})
	w.file(t)
	w.once(t)
	for _, pause := range pauses {
		w.now = w.now.Add(pause - time.Second)
		w.once(t)
		tries := len(r.got)
		w.now = w.now.Add(pause/10 + 2*time.Second)
		w.once(t)
		if len(r.got) != tries+1 {
			t.Fatalf("tried %d times, then %d", tries, len(r.got))
		}
	}
	w.counts(t, 0, 1)
	if len(r.got) != len(pauses)+1 {
		t.Errorf("tried %d times", len(r.got))
	}
	first, last := r.got[0], r.got[len(r.got)-1]
	if first.Get("webhook-id") != last.Get("webhook-id") || first.Get("webhook-timestamp") == last.Get("webhook-timestamp") {
		t.Errorf("ids %s and %s at %s and %s", first.Get("webhook-id"), last.Get("webhook-id"), first.Get("webhook-timestamp"), last.Get("webhook-timestamp"))
	}
	r.status = http.StatusOK
	if n, err := w.store.ResendDeliveries(t.Context(), w.now); err != nil || n != 1 {
		t.Fatalf("sent again %d, %v", n, err)
	}
	w.once(t)
	w.counts(t, 0, 0)
}

// A receiver that says when is left alone until then; one that says never is switched off, with all
// that was on its way; a redirect is not followed.
func TestAnswers(t *testing.T) {
	t.Parallel()
	r := &receiver{status: http.StatusServiceUnavailable, headers: http.Header{"Retry-After": {"3600"}}}
	server := httptest.NewServer(r)
	defer server.Close()
	w := newWorld(t, loopback)
	e := w.add(t, telling.Endpoint{URL: server.URL})
	w.file(t)
	w.once(t)
	w.now = w.now.Add(59 * time.Minute)
	w.once(t)
	if len(r.got) != 1 {
		t.Errorf("tried %d times within the hour", len(r.got))
	}
	r.status, r.headers = http.StatusFound, http.Header{"Location": {"/elsewhere"}}
	w.now = w.now.Add(10 * time.Minute)
	w.once(t)
	if len(r.got) != 2 {
		t.Errorf("a redirect was followed or the pause not ended: %d calls", len(r.got))
	}
	w.file(t)
	r.status, r.headers = http.StatusGone, nil
	w.now = w.now.Add(time.Hour)
	w.once(t)
	w.counts(t, 0, 2)
	if off, err := w.store.Endpoint(t.Context(), e.ID); err != nil || off.Off.IsZero() || off.Why != "410" {
		t.Errorf("after 410: %+v, %v", off, err)
	}
	w.file(t)
	w.once(t)
	w.counts(t, 0, 2)
}

// No private address is reached, whatever name leads there, and an error does not tell the address.
func TestPrivateAddresses(t *testing.T) {
	t.Parallel()
	r := &receiver{status: http.StatusOK}
	server := httptest.NewServer(r)
	defer server.Close()
	w := newWorld(t)
	w.add(t, telling.Endpoint{URL: strings.Replace(server.URL, "127.0.0.1", "localhost", 1) + "/hush-hush"})
	w.file(t)
	w.once(t)
	w.counts(t, 1, 0)
	if len(r.got) != 0 {
		t.Error("a private address was reached")
	}
	status, _, err := w.sender.post(context.Background(), telling.Endpoint{URL: server.URL + "/hush-hush"}, telling.Event{ID: "evt_1"})
	if err == nil || status != 0 || strings.Contains(err.Error(), "hush") {
		t.Errorf("%d, %v", status, err)
	}
	for text, want := range map[string]bool{
		"1.1.1.1": true, "2606:4700::1111": true, "10.0.0.1": false, "172.16.3.4": false, "192.168.1.1": false, "127.0.0.1": false, "169.254.169.254": false,
		"0.0.0.0": false, "100.64.1.1": false, "224.0.0.1": false, "255.255.255.255": false, "::1": false, "::": false, "fe80::1": false, "fd00::1": false, "ff02::1": false,
		"64:ff9b::a00:1": false, "2002:a00:1::": false, "198.18.0.1": false,
	} {
		if got := w.sender.may(netip.MustParseAddr(text)); got != want {
			t.Errorf("%s may be reached: %v", text, got)
		}
	}
	if err := w.sender.control("tcp", "[::ffff:10.0.0.1]:443", nil); err == nil {
		t.Error("a mapped private address may be reached")
	}
}
