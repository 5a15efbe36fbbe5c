package chaos

import (
	"fmt"
	"strings"
	"syscall"
	"time"

	"dengwen/internal/test/fakeapi"
	"dengwen/internal/test/faults"
)

// fault is something that breaks. An outage is one while which something that the
// program needs is away; kills count themselves.
type fault struct {
	name   string
	times  int // among all of a deck
	needs  func(r *run) bool
	begin  func(r *run)
	mend   func(r *run)
	most   time.Duration // how long it lasts at most
	outage bool
}

func always(*run) bool        { return true }
func withStores(r *run) bool  { return r.c.stores }
func withDisk(r *run) bool    { return r.disk != nil }
func withClock(r *run) bool   { return r.clock != "" }
func withWebhook(r *run) bool { return r.c.webhook }
func nothing(*run)            {}

func everything() []fault {
	all := []fault{
		{"program killed", 8, always, (*run).killAgain, nothing, 0, false},
		{"program paused", 1, always, (*run).freeze, (*run).thaw, 13 * time.Second, false},
		{"program stopped and started", 1, always, (*run).restart, nothing, 0, false},
		{"disk full", 1, withDisk, func(r *run) { r.must(r.disk.Fill()) }, (*run).emptyDisk, 3 * time.Second, true},
		{"clock moved", 2, withClock, (*run).jump, nothing, time.Second, false},
		{"Telegram answers 502", 1, always, func(r *run) { r.api.SetTrouble(fakeapi.Trouble{Code: 502}) }, (*run).easeTelegram, 3 * time.Second, true},
		{"Telegram answers 429", 1, always, func(r *run) { r.api.SetTrouble(fakeapi.Trouble{Code: 429, RetryAfter: 2}) }, (*run).easeTelegram, 3 * time.Second, true},
	}
	all = append(all, storeFaults()...)
	all = append(all, lineFaults("Telegram", always, func(r *run) *faults.Proxy { return r.apiLine })...)
	all = append(all, lineFaults("the way in", withWebhook, func(r *run) *faults.Proxy { return r.hookLine })...)
	all = append(all, lineFaults("Redis", withStores, func(r *run) *faults.Proxy { return r.redisLine })...)
	return append(all, lineFaults("PostgreSQL", withStores, func(r *run) *faults.Proxy { return r.baseLine })...)
}

func storeFaults() []fault {
	return []fault{
		{"Redis killed", 1, withStores, func(r *run) { r.kills++; r.redis.Stop(syscall.SIGKILL) }, func(r *run) { r.redis.Start(r.t) }, 2 * time.Second, true},
		{"Redis paused", 1, withStores, func(r *run) { r.must(r.redis.Signal(syscall.SIGSTOP)) }, func(r *run) { r.must(r.redis.Signal(syscall.SIGCONT)) }, 8 * time.Second, true},
		{"Redis full", 1, withStores, func(r *run) { r.must(r.redis.Configure("maxmemory", "1")) }, func(r *run) { r.must(r.redis.Configure("maxmemory", "0")) }, 3 * time.Second, true},
		{"PostgreSQL crashed", 1, withStores, func(r *run) { r.kills++; r.database.Stop(syscall.SIGQUIT) }, func(r *run) { r.database.Start(r.t) }, 2 * time.Second, true},
		{"a process of PostgreSQL killed", 1, withStores, func(r *run) { r.kills++; r.must(r.database.KillBackend()) }, nothing, time.Second, true},
		{"PostgreSQL paused", 1, withStores, func(r *run) { r.must(r.database.Signal(syscall.SIGSTOP)) }, func(r *run) { r.must(r.database.Signal(syscall.SIGCONT)) }, 8 * time.Second, true},
	}
}

// lineFaults are the faults of one line.
func lineFaults(name string, needs func(r *run) bool, line func(r *run) *faults.Proxy) (all []fault) {
	for _, l := range []struct {
		what   string
		line   faults.Line
		most   time.Duration
		outage bool
	}{{"cut", faults.Cut, 3 * time.Second, true}, {"silent", faults.Silent, 6 * time.Second, true}, {"slow", faults.Slow, 3 * time.Second, false}, {"halved", faults.Halved, 3 * time.Second, false}} {
		all = append(all, fault{name + " " + l.what, 1, needs, func(r *run) { line(r).Set(l.line) }, func(r *run) { line(r).Set(faults.Clear) }, l.most, l.outage})
	}
	return all
}

// storm breaks one thing after another for some time. After every handful it is calm
// until everybody has got on.
func (r *run) storm(d time.Duration) {
	var deck []fault
	end := r.begun.Add(d)
	for round := 1; time.Now().Before(end) && r.ctx.Err() == nil; round++ {
		for range 3 + r.rng.IntN(5) {
			if len(deck) == 0 {
				deck = r.deck()
			}
			r.breakOne(deck[0])
			deck = deck[1:]
			r.pause(50, 700)
		}
		if r.older != "" && !r.upgraded && time.Since(r.begun) > d/4 {
			r.upgrade()
		}
		r.calm()
		if r.long {
			r.pause(1000, 4000)
		}
		r.progress(time.Since(r.begun), d)
	}
}

// deck is every fault as often as it occurs, shuffled.
func (r *run) deck() (deck []fault) {
	for _, f := range everything() {
		if f.needs(r) {
			for range f.times {
				deck = append(deck, f)
			}
		}
	}
	r.rng.Shuffle(len(deck), func(i, j int) { deck[i], deck[j] = deck[j], deck[i] })
	return deck
}

func (r *run) pause(from, to int) {
	time.Sleep(time.Duration(from+r.rng.IntN(to-from)) * time.Millisecond)
}

// breakOne breaks something and mends it. Now and then the program is killed
// meanwhile, and has to start while something is broken.
func (r *run) breakOne(f fault) {
	r.counts[f.name]++
	if f.outage {
		r.outages++
	}
	lasts := f.most/4 + time.Duration(r.rng.Int64N(int64(f.most*3/4)+1))
	also := f.outage && r.rng.IntN(3) == 0
	f.begin(r)
	if also {
		time.Sleep(lasts / 2)
		r.kill()
		lasts /= 2
	}
	time.Sleep(lasts)
	f.mend(r)
	r.raise()
}

// one is a program chosen at random.
func (r *run) one() *faults.Program { return r.programs[r.rng.IntN(len(r.programs))] }

// kill ends a program with -9 and starts it at once.
func (r *run) kill() {
	p := r.one()
	if p.Running() {
		r.kills++
		r.must(p.Kill())
	}
	r.raise()
}

// killAgain kills several times at random moments, some of them while it starts.
func (r *run) killAgain() {
	for range 4 + r.rng.IntN(8) {
		r.kill()
		r.pause(30, 800)
	}
}

// raise starts the programs that have ended.
func (r *run) raise() {
	for _, p := range r.programs {
		if !p.Running() {
			r.must(p.Spawn())
		}
	}
}

// restart ends a program as the machine does. One that has just ended by itself,
// because it could not reach what it needs, is only started.
func (r *run) restart() {
	p := r.one()
	if p.Ready() == 200 {
		if err := p.Stop(); err != nil {
			r.violated("a stop is orderly", "%v", err)
		}
	}
	r.raise()
}

func (r *run) freeze() {
	for _, p := range r.programs {
		if p.Running() {
			r.must(p.Signal(syscall.SIGSTOP))
		}
	}
}

func (r *run) thaw() {
	for _, p := range r.programs {
		if p.Running() {
			r.must(p.Signal(syscall.SIGCONT))
		}
	}
}

func (r *run) easeTelegram() { r.api.SetTrouble(fakeapi.Trouble{}) }

// emptyDisk makes room again. PostgreSQL may have ended meanwhile: it does when it can't
// write its log.
func (r *run) emptyDisk() {
	r.must(r.disk.Free())
	if r.database != nil && !r.database.Running() {
		r.database.Start(r.t)
	}
}

// jump sets the clock wrong, by up to two hours backward or a day forward.
func (r *run) jump() {
	r.moveClock(time.Duration(r.rng.IntN(26*3600)-2*3600) * time.Second)
}

// upgrade goes over to the newer program: all of the older ones end before a newer begins,
// because two versions do not share a database.
func (r *run) upgrade() {
	r.up()
	for _, p := range r.programs {
		r.must(p.Stop())
		p.SetPath(r.now)
	}
	r.raise()
	r.upgraded = true
}

// progress draws a bar and how far it is, in place at a terminal.
func (r *run) progress(gone, all time.Duration) {
	full := min(20, int(20*gone/all))
	r.mu.Lock()
	defer r.mu.Unlock()
	fmt.Printf("%-18s [%s%s] %v  %d conversations, %d kills, %d outages, %d violated\n",
		r.c.name, strings.Repeat("#", full), strings.Repeat(".", 20-full), gone.Round(time.Second), r.done.Load(), r.kills, r.outages, len(r.broken))
}
