package web

import (
	"sync"

	"dengwen/internal/ratelimit"

	"golang.org/x/time/rate"
)

// Limits bound what a stranger can make the door do. One network address may be a
// whole village behind one mast, so the address's limits are wide.
type Limits struct {
	PerConv     rate.Limit // messages per second of one conversation (1)
	ConvBurst   int        // (20)
	PerAddr     rate.Limit // requests per second of one address (20)
	AddrBurst   int        // (200)
	NewSession  rate.Limit // browsers without a session per second of one address (0.5)
	NewBurst    int        // (300)
	UploadHour  int64      // bytes uploaded per hour from one address (1 GB)
	StreamsConv int        // live connections of one conversation (6)
	StreamsAddr int        // of one address (300)
	Streams     int        // of all together (5,000)
	Remember    int        // buckets of addresses and of conversations in memory (20,000)
}

func (l *Limits) defaults() {
	setDefault(&l.PerConv, 1)
	setDefault(&l.ConvBurst, 20)
	setDefault(&l.PerAddr, 20)
	setDefault(&l.AddrBurst, 200)
	setDefault(&l.NewSession, 0.5)
	setDefault(&l.NewBurst, 300)
	setDefault(&l.UploadHour, 1<<30)
	setDefault(&l.StreamsConv, 6)
	setDefault(&l.StreamsAddr, 300)
	setDefault(&l.Streams, 5000)
	setDefault(&l.Remember, 20000)
}

func setDefault[T comparable](p *T, v T) {
	var zero T
	if *p == zero {
		*p = v
	}
}

type limits struct {
	conv, addr, bytes, sessions *ratelimit.ByName
	streams                     *streamCounter
}

func newLimits(l Limits) *limits {
	hour := rate.Limit(float64(l.UploadHour) / 3600)
	return &limits{
		conv:     ratelimit.New(l.PerConv, l.ConvBurst, l.Remember),
		addr:     ratelimit.New(l.PerAddr, l.AddrBurst, l.Remember),
		bytes:    ratelimit.New(hour, int(l.UploadHour), l.Remember),
		sessions: ratelimit.New(l.NewSession, l.NewBurst, l.Remember),
		streams:  &streamCounter{open: map[string]int{}, max: l.Streams, perConv: l.StreamsConv, perAddr: l.StreamsAddr},
	}
}

// streamCounter counts live connections, by conversation, by address and in all.
type streamCounter struct {
	mu                    sync.Mutex
	open                  map[string]int
	all                   int
	max, perConv, perAddr int
}

func (t *streamCounter) acquire(v visitor) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.all >= t.max || t.open[v.conv] >= t.perConv || t.open["addr:"+v.addr] >= t.perAddr {
		return false
	}
	t.all++
	t.open[v.conv]++
	t.open["addr:"+v.addr]++
	return true
}

func (t *streamCounter) release(v visitor) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all--
	for _, name := range []string{v.conv, "addr:" + v.addr} {
		if t.open[name]--; t.open[name] <= 0 {
			delete(t.open, name)
		}
	}
}
