package turn

import (
	"context"
	"sync"
	"time"
)

// Notifier wakes those of one process that wait for news of a conversation. The zero
// Bell is ready; it is safe for concurrent use. Both mailboxes wait with it.
type Notifier struct {
	mu    sync.Mutex
	rooms map[string]*listeners
}

type listeners struct {
	n    int
	rung chan struct{} // closed at the next Ring
}

// Notify wakes all that wait for conv.
func (b *Notifier) Notify(conv string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if l := b.rooms[conv]; l != nil {
		close(l.rung)
		l.rung = make(chan struct{})
	}
}

// Wait returns once there is news, with look's error or with ctx's. It looks at
// first, after each Ring, and every second for news of other processes.
func (b *Notifier) Wait(ctx context.Context, conv string, look func() (bool, error)) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	b.enter(conv)
	defer b.leave(conv)
	for {
		rung := b.signal(conv) // before looking: what comes after it rings
		if there, err := look(); there || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-rung:
		case <-tick.C:
		}
	}
}

func (b *Notifier) enter(conv string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rooms == nil {
		b.rooms = map[string]*listeners{}
	}
	if b.rooms[conv] == nil {
		b.rooms[conv] = &listeners{rung: make(chan struct{})}
	}
	b.rooms[conv].n++
}

func (b *Notifier) leave(conv string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rooms[conv].n--; b.rooms[conv].n == 0 {
		delete(b.rooms, conv)
	}
}

func (b *Notifier) signal(conv string) <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.rooms[conv].rung
}
