package chaos

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
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

	"dengwen/bot/turn"
	"dengwen/internal/seal"
	"dengwen/internal/test/fakeapi"
	"dengwen/internal/test/faults"
	"dengwen/internal/test/servers"
)

// mended is how long after a fault everybody may still be waiting.
const mended = time.Minute

// run is one combination under faults: everything that runs, everybody who talks, and
// what they were told.
type run struct {
	t    *testing.T
	c    combination
	seed uint64
	long bool
	rng  *rand.Rand
	ctx  context.Context

	api        *fakeapi.Server
	at         faults.Places
	before     turn.Depth // what an earlier version left to do
	programs   []*faults.Program
	apiLine    *faults.Proxy // to the Bot API
	hookLine   *faults.Proxy // to the programs
	redis      *servers.RedisServer
	redisLine  *faults.Proxy
	database   *servers.PostgresServer
	baseLine   *faults.Proxy
	disk       *faults.Disk // nil where none could be had
	clock      string       // file by which the programs' clock is moved, "" = it can't be
	office     string       // the office's file
	now, older string       // builds of the program; older may be ""

	people   []*person
	citizens sync.WaitGroup
	officers sync.WaitGroup
	stop     context.CancelFunc
	over     atomic.Bool          // no conversation is begun any more
	leave    chan struct{}        // closed when the citizens have gone
	queues   map[string]chan task // by desk
	done     atomic.Int64         // petitions whose conversation came to its end
	begun    time.Time
	kills    int
	outages  int
	counts   map[string]int // faults by name
	upgraded bool

	mu     sync.Mutex
	claims []claim
	broken []string // rules that did not hold, and how
}

func newRun(t *testing.T, c combination, seed uint64, long bool) *run {
	ctx, stop := context.WithCancel(t.Context())
	t.Cleanup(stop)
	r := &run{
		t: t, c: c, seed: seed, long: long, rng: rand.New(rand.NewPCG(seed, 0)), ctx: ctx, stop: stop, leave: make(chan struct{}),
		queues: map[string]chan task{}, counts: map[string]int{},
	}
	for desk := range desks {
		r.queues[desk] = make(chan task, 100_000)
	}
	r.buildClock()
	r.openStores()
	r.openPrograms()
	return r
}

// violated notes that a rule does not hold, in one line.
func (r *run) violated(rule, format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.broken = append(r.broken, fmt.Sprintf("violated: %s: %s (seed %d, %s)", rule, fmt.Sprintf(format, args...), r.seed, r.c.name))
	if len(r.broken) > 20 {
		r.t.Fail()
		return
	}
	r.t.Error(r.broken[len(r.broken)-1])
}

func (r *run) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// openStores starts what the combination keeps its data in.
func (r *run) openStores() {
	var err error
	r.at.Key, err = seal.NewKey()
	r.must(err)
	if r.disk, err = faults.NewDisk(r.t, 2000); err != nil {
		r.t.Logf("no disk is filled: %v", err)
	}
	if !r.c.stores {
		return
	}
	r.redis = servers.NewRedis(r.t, "--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction")
	r.redisLine = faults.NewProxy(r.t, r.redis.Addr())
	dir := r.t.TempDir()
	if r.disk != nil {
		dir = filepath.Join(r.disk.Dir, "postgres")
		r.must(os.Mkdir(dir, 0o777))
	}
	r.database = servers.NewPostgres(r.t, dir)
	r.baseLine = faults.NewProxy(r.t, r.database.Addr())
	r.at.Redis, r.at.Database = r.redis.URL, r.database.URL
}

func (r *run) openPrograms() {
	var err error
	r.api, err = fakeapi.Start(fakeapi.Options{Redeliver: func(id int) bool { return uint64(id)*2654435761%97 < 12 }, FailEvery: 50})
	r.must(err)
	r.t.Cleanup(r.api.Close)
	r.apiLine = faults.NewProxy(r.t, strings.TrimPrefix(r.api.URL(), "http://"))
	var addresses []string
	for range r.c.programs {
		p := faults.NewProgram(r.t)
		r.programs, addresses = append(r.programs, p), append(addresses, strings.TrimPrefix(p.URL, "http://"))
	}
	r.hookLine = faults.NewProxy(r.t, addresses...)
	if !r.c.stores {
		if r.disk != nil {
			r.programs[0].SetData(filepath.Join(r.disk.Dir, "data"))
		}
		r.at.Data = r.programs[0].Data
	}
	if r.c.older {
		r.takeOver()
	}
	r.writeOffice()
	for _, p := range r.programs {
		r.configure(p)
	}
}

// writeOffice writes the example office, but for the town, which is of one person.
func (r *run) writeOffice() {
	text, err := os.ReadFile("../../office/zhashui.yaml")
	r.must(err)
	line := "{code: " + town.code + ", "
	if !strings.Contains(string(text), line) {
		r.t.Fatalf("the example office has no line %q", line)
	}
	r.office = filepath.Join(r.t.TempDir(), "office.yaml")
	r.must(os.WriteFile(r.office, []byte(strings.Replace(string(text), line, line+"self_approval: true, ", 1)), 0o600))
}

func (r *run) configure(p *faults.Program) {
	hook := ""
	if r.c.webhook {
		hook = "http://" + r.hookLine.Addr
	}
	p.Set(faults.Telegram(r.api, hook)...)
	p.Set("DENGWEN_KEY="+r.at.Key, "DENGWEN_FILINGS_PER_ADDRESS=0", "TELEGRAM_API_URL=http://"+r.apiLine.Addr, "TELEGRAM_BOT_NAME=dengwen_bot", clockVariable+"="+r.clock, "DENGWEN_OFFICE="+r.office)
	if r.c.stores {
		p.Set("REDIS_URL=redis://"+r.redisLine.Addr+"/0", "DATABASE_URL=postgres://postgres@"+r.baseLine.Addr+"/postgres?sslmode=disable")
	}
	if r.older != "" {
		p.SetPath(r.older)
	} else {
		p.SetPath(r.now)
	}
}

// start starts the programs and lets everybody in.
func (r *run) start() {
	invitations := r.invite()
	for _, p := range r.programs {
		r.must(p.Start())
	}
	r.begun = time.Now()
	r.t.Cleanup(r.keepLogs)
	r.hire(invitations)
	citizens := faults.Size(r.t, "DENGWEN_CHAOS_CITIZENS", map[bool]int{false: 12, true: 60}[r.long])
	for n := range citizens {
		p := r.newPerson(fmt.Sprintf("citizen %d", n+1))
		if n%8 == 7 {
			p.line = newPage(r, p)
		} else {
			p.line = newChat(r.api, r.chatOf(n))
		}
		r.citizens.Go(func() { p.talk(func() { p.citizen(n + 1) }) })
	}
}

var invitation = regexp.MustCompile(`join_\S+`)

// invite makes an invitation for everybody at the desks with the program's own command.
func (r *run) invite() map[string][]string {
	all := map[string][]string{}
	for desk, n := range desks {
		unit, role, _ := strings.Cut(desk, " ")
		for range n {
			out, err := r.programs[0].Run("staff", "invite", "--unit", unit, "--role", role)
			r.must(err)
			all[desk] = append(all[desk], invitation.FindString(out))
		}
	}
	return all
}

// hire has the officers join, and then work.
func (r *run) hire(invitations map[string][]string) {
	n := int64(0)
	for _, desk := range slices.Sorted(maps.Keys(desks)) {
		unit, role, _ := strings.Cut(desk, " ")
		for _, token := range invitations[desk] {
			n++
			p := r.newPerson(fmt.Sprintf("%s %d of %s", role, n, unit))
			p.line = newChat(r.api, 9_000+n)
			p.join(token)
			r.officers.Go(func() { p.talk(func() { p.officer(desk) }) })
		}
	}
}

// up has every program running and ready, started anew as often as it ends: that is
// what whoever runs it sees to.
func (r *run) up() {
	end := time.Now().Add(mended)
	for _, p := range r.programs {
		for p.Ready() != 200 {
			if time.Now().After(end) {
				r.violated("ready a minute after a fault", "%s is not ready: %.600s", p.URL, p.Tail())
				return
			}
			if !p.Running() {
				r.must(p.Spawn())
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
}

// home lets everybody finish what was begun, and the programs end.
func (r *run) home() {
	r.over.Store(true)
	gone := make(chan struct{})
	go func() {
		r.citizens.Wait()
		close(r.leave)
		r.officers.Wait()
		close(gone)
	}()
	for last, since := int64(-1), time.Now(); ; {
		if n := r.acts(); n != last {
			last, since = n, time.Now()
		}
		select {
		case <-gone:
			r.settle()
			return
		case <-time.After(100 * time.Millisecond):
		}
		if time.Since(since) > mended {
			r.reportStuck("at the end", r.standing())
			r.stop()
			<-gone
			r.settle() // what the others were told is judged all the same
			return
		}
	}
}

// settle waits until every update was taken and nothing more is sent, and stops the
// programs.
func (r *run) settle() {
	for end := time.Now().Add(mended); r.api.Pending() > 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			r.violated("every update is taken", "%d were not", r.api.Pending())
			break
		}
	}
	for last, end := int64(-1), time.Now().Add(mended); r.api.Counts().Calls != last && time.Now().Before(end); time.Sleep(2 * time.Second) {
		last = r.api.Counts().Calls
	}
	r.waitOver()
	for _, p := range r.people {
		p.readRest()
	}
	for _, p := range r.programs {
		if err := p.Stop(); err != nil {
			r.violated("a stop is orderly", "%v", err)
		}
	}
	r.stop()
}

// waitOver waits for what is put off on purpose: whoever was asked whether they are safe may
// be silent for three minutes, and what waits for that stays when they answer.
func (r *run) waitOver() {
	record := faults.OpenRecord(r.t, r.at)
	for end := time.Now().Add(3*time.Minute + mended); time.Now().Before(end); time.Sleep(2 * time.Second) {
		left, err := record.Left(context.Background())
		if err != nil || left.Rows <= r.before.Rows {
			return
		}
	}
}

// keepLogs leaves the programs' logs and what was violated behind.
func (r *run) keepLogs() {
	if !r.t.Failed() {
		return
	}
	base := filepath.Join(os.TempDir(), fmt.Sprintf("dengwen-chaos-%s-%d", r.c.name, r.seed))
	if err := os.WriteFile(base+".txt", []byte(strings.Join(r.broken, "\n")), 0o600); err != nil {
		r.t.Log(err)
	}
	for n, p := range r.programs {
		path := fmt.Sprintf("%s-%d.log", base, n+1)
		if os.WriteFile(path, []byte(p.Log()), 0o600) == nil {
			r.t.Logf("the program's log: %s", path)
		}
	}
}

// pageURL is where browsers find the web page, through the line that is disturbed.
func (r *run) pageURL() *url.URL { return &url.URL{Scheme: "http", Host: r.hookLine.Addr} }
