package turn

import (
	"context"
	"sync"
	"time"
)

// Notifier wakes the goroutines of one process that wait for a change of a conversation. The
// zero Notifier is ready; it is safe for concurrent use. Both implementations of Mailbox wait
// with it.
type Notifier struct {
	mu      sync.Mutex
	waiting map[string]*waiters // by conversation
}

type waiters struct {
	n       int
	changed chan struct{} // closed at the next Ring
}

// Notify wakes all that wait for conv.
func (b *Notifier) Notify(conv string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if l := b.waiting[conv]; l != nil {
		close(l.changed)
		l.changed = make(chan struct{})
	}
}

// Wait returns once check reports a change, with check's error or with ctx's. It checks at
// first, after each Notify, and every second for changes by other processes.
func (b *Notifier) Wait(ctx context.Context, conv string, check func() (bool, error)) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	b.register(conv)
	defer b.unregister(conv)
	for {
		changed := b.signal(conv) // before check, or a change between the two would be missed
		if there, err := check(); there || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		case <-tick.C:
		}
	}
}

func (b *Notifier) register(conv string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.waiting == nil {
		b.waiting = map[string]*waiters{}
	}
	if b.waiting[conv] == nil {
		b.waiting[conv] = &waiters{changed: make(chan struct{})}
	}
	b.waiting[conv].n++
}

func (b *Notifier) unregister(conv string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.waiting[conv].n--; b.waiting[conv].n == 0 {
		delete(b.waiting, conv)
	}
}

func (b *Notifier) signal(conv string) <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.waiting[conv].changed
}
