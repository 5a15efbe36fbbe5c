package soak

import (
	"bytes"
	"image"
	"image/png"
	"io"
	"log"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dengwen/internal/seal"
	"dengwen/internal/test/fakeapi"
	"dengwen/internal/test/faults"
	"dengwen/internal/test/servers"
)

func TestMain(m *testing.M) { faults.Main(m) }

// Whatever Telegram does: each confirmed petition is on record once, each citizen is told its number,
// nobody is stuck, no photo is told lost, and the processes say that they are deaf or mute when they are.
func TestSoak(t *testing.T) {
	if os.Getenv("DENGWEN_SOAK_CITIZENS") == "" {
		t.Skip("takes minutes: make soak")
	}
	citizens, kills := faults.Size(t, "DENGWEN_SOAK_CITIZENS", 2000), faults.Size(t, "DENGWEN_SOAK_KILLS", 30)
	for _, poll := range []bool{false, true} {
		name := map[bool]string{false: "webhook", true: "polling"}[poll]
		t.Run(name, func(t *testing.T) { soak(t, poll, citizens, kills) })
	}
}

// apart is how long after one citizen the next comes: 2,000 in five minutes of each way, on two cores.
const apart = 150 * time.Millisecond

func soak(t *testing.T, poll bool, citizens, kills int) {
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	at := faults.Places{Redis: servers.Redis(t), Database: servers.Postgres(t), Data: t.TempDir(), Key: key}
	api, err := fakeapi.Start(fakeapi.Options{Redeliver: func(int) bool { return rand.IntN(8) == 0 }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(api.Close)
	breakEverything(api)
	front := newFront(t)
	var bots []*faults.Program
	blobs := t.TempDir()
	for range 2 {
		p := faults.NewProgram(t, "DENGWEN_KEY="+at.Key, "REDIS_URL="+at.Redis, "DATABASE_URL="+at.Database)
		p.SetData(blobs)
		hook := front.URL
		if poll {
			hook = ""
		}
		p.Set(faults.Telegram(api, hook)...)
		bots = append(bots, p)
		front.add(t, p.URL)
	}
	for _, p := range bots {
		if err := p.Spawn(); err != nil {
			t.Fatal(err)
		}
	}
	began := time.Now()
	crowd := faults.GatherSlowly(t, api, citizens, picture(), apart)
	watch := newReadiness(t, api, bots)
	for n := range kills {
		p := bots[n%2]
		every := int(time.Duration(citizens) * apart / time.Duration(kills) / time.Millisecond)
		sleep(every/2, every+every/2+2)
		if err := p.Kill(); err != nil {
			t.Fatal(err)
		}
		if n%3 == 0 {
			api.RestartIDs(600_000 - int64(n)*10_000)
		}
		sleep(0, 1000)
		if err := p.Spawn(); err != nil {
			t.Fatal(err)
		}
		if n%5 == 1 {
			watch.outage(401)
		}
	}
	crowd.Home()
	watch.end(poll)
	for _, p := range bots {
		if err := p.Stop(); err != nil {
			t.Error(err)
		}
	}
	sum := crowd.Check(at)
	if n := len(sum.FilesLost); n > 0 {
		t.Errorf("%d photos were told lost, as %q", n, sum.FilesLost[0])
	}
	t.Logf("%d kills, %d outages in %v; %d answers were faults; %v", kills, watch.outages, time.Since(began).Round(time.Second), sum.Seen.Broken, sum)
}

// breakEverything has the server do, at random and to the end, what servers were seen to do.
func breakEverything(api *fakeapi.Server) {
	now := func(percent int) func() bool { return func() bool { return rand.IntN(100) < percent } }
	for _, f := range []fakeapi.Fault{
		{Code: 502, Text: "Bad Gateway", Chance: now(2)},
		{Code: 429, Text: "Too Many Requests: retry after 1", RetryAfter: 1, Chance: now(2)},
		{Method: "sendMessage", Text: "Too Many Requests: retry after 1", Chance: now(1)},
		{Method: "getUpdates", Code: 502, Text: "Bad Gateway", Chance: now(3)},
		{Method: "getUpdates", Code: 409, Text: "Conflict: terminated by other getUpdates request", Chance: now(1)},
		{Method: "getUpdates", Cut: true, Chance: now(1)},
		{Method: "setWebhook", Text: "bad webhook: Failed to resolve host: Temporary failure in name resolution", Chance: now(50)},
		{Method: "getMe", Code: 502, Text: "Bad Gateway", Chance: now(50)},
		{Method: "getWebhookInfo", Code: 502, Text: "Bad Gateway", Chance: now(20)},
		{Method: "getFile", Text: "wrong file_id or the file is temporarily unavailable", Chance: now(30)},
		{Method: "getFile", Cut: true, Chance: now(10)},
		{Method: "file", Cut: true, Chance: now(20)},
		{Method: "sendPhoto", Text: "PHOTO_INVALID_DIMENSIONS", Chance: now(5)},
		{Method: "sendPhoto", Code: 413, Text: "Request Entity Too Large", Chance: now(5)},
		{Method: "sendPhoto", Code: 404, Text: "Not Found", Chance: now(5)},
		{Method: "sendPhoto", Code: 501, Text: "Not Implemented", Chance: now(5)},
		{Method: "sendPhoto", Text: "chat not found", Chance: now(5)},
		{Method: "sendPhoto", Code: 403, Text: "Forbidden: bot was blocked by the user", Chance: now(5)},
		{Method: "sendDocument", Code: 413, Text: "Request Entity Too Large", Chance: now(30)},
		{Method: "editMessageText", Text: "message can't be edited", Chance: now(10)},
		{Method: "answerCallbackQuery", Text: "query is too old and response timeout expired or query ID is invalid", Chance: now(5)},
	} {
		api.Break(f)
	}
}

func picture() []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))) // a buffer takes all
	return b.Bytes()
}

func sleep(least, most int) {
	time.Sleep(time.Duration(least+rand.IntN(most-least)) * time.Millisecond)
}

// front is the public address before the processes; it goes on to the next where one is dead.
type front struct {
	*httptest.Server
	turn   atomic.Uint64
	behind []*httputil.ReverseProxy
}

func newFront(t *testing.T) *front {
	f := &front{}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.behind[f.turn.Add(1)%uint64(len(f.behind))].ServeHTTP(w, r)
	}))
	t.Cleanup(f.Close)
	return f
}

func (f *front) add(t *testing.T, address string) {
	to, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	p := httputil.NewSingleHostReverseProxy(to)
	p.ErrorLog = log.New(io.Discard, "", 0)
	f.behind = append(f.behind, p)
}

// readiness holds what processes say of themselves against what was done to them.
type readiness struct {
	t       *testing.T
	api     *fakeapi.Server
	bots    []*faults.Program
	outages int
}

func newReadiness(t *testing.T, api *fakeapi.Server, bots []*faults.Program) *readiness {
	return &readiness{t: t, api: api, bots: bots}
}

// outage has Telegram refuse the token for a while: within it every process has to say so.
func (r *readiness) outage(code int) {
	r.outages++
	r.api.SetTrouble(fakeapi.Trouble{Code: code})
	defer r.api.SetTrouble(fakeapi.Trouble{})
	r.await("not ready while Telegram refuses everything", func(p *faults.Program) bool { return p.Ready() == http.StatusServiceUnavailable })
}

// end is after everybody is home: all that was broken at random goes on, yet what is neither deaf nor
// mute says so. Two processes that poll take the updates from each other, so each is deaf in turn.
func (r *readiness) end(poll bool) {
	if poll {
		if err := r.bots[1].Stop(); err != nil {
			r.t.Error(err)
		}
		defer func() {
			if err := r.bots[1].Start(); err != nil {
				r.t.Error(err)
			}
		}()
	}
	r.await("ready once Telegram is there", func(p *faults.Program) bool { return !p.Running() || p.Ready() == http.StatusOK })
	r.await("nothing waits", func(p *faults.Program) bool { return !p.Running() || oldest(p) == "0" })
}

// oldest is the age of what has waited longest, as the metrics tell it.
func oldest(p *faults.Program) string {
	res, err := http.Get(p.URL + "/metrics")
	if err != nil {
		return err.Error()
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return err.Error()
	}
	_, rest, _ := strings.Cut(string(text), "\ndengwen_waiting_oldest_seconds ")
	age, _, _ := strings.Cut(rest, "\n")
	return age
}

func (r *readiness) await(what string, ok func(p *faults.Program) bool) {
	r.t.Helper()
	began := time.Now()
	defer func() { r.t.Logf("%s: after %v", what, time.Since(began).Round(time.Millisecond)) }()
	for _, p := range r.bots {
		for end := time.Now().Add(2 * time.Minute); !ok(p); time.Sleep(50 * time.Millisecond) {
			if time.Now().After(end) {
				r.t.Errorf("never: %s: %s", what, p.Tail())
				break
			}
		}
	}
}
