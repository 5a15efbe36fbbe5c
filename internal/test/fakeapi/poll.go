package fakeapi

import (
	"encoding/json"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// queue holds updates for getUpdates. One waits to be confirmed by the offset of a
// later call; until then every call gets it again.
type queue struct {
	mu    sync.Mutex
	items []pushed
	wake  chan struct{}
	epoch int64 // of the newest call: an older one that still waits gets 409
	sent  int64 // highest id handed out

	atOnce atomic.Bool // getUpdates does not wait
}

func (q *queue) poke() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

func (q *queue) len() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.items)
}

func (q *queue) takeAll() []pushed {
	q.mu.Lock()
	defer q.mu.Unlock()
	all := q.items
	q.items = nil
	return all
}

// insert puts an update back at its place.
func (q *queue) insert(u pushed) {
	q.mu.Lock()
	at, _ := slices.BinarySearchFunc(q.items, u.id, func(p pushed, id int64) int { return int(p.id - id) })
	q.items = slices.Insert(q.items, at, u)
	q.mu.Unlock()
	q.poke()
}

// confirm drops what lies before offset. One that is to come twice stays for one
// more call, as when the confirmation was lost.
func (q *queue) confirm(offset int64) (gone int64) {
	if offset < 0 && len(q.items) > int(-offset) {
		offset = q.items[len(q.items)+int(offset)].id
	}
	n := 0
	for i := range q.items {
		u := q.items[i]
		if u.id >= offset {
			n += copy(q.items[n:], q.items[i:])
			break
		}
		if u.again {
			u.again = false
			q.items[n] = u
			n++
			continue
		}
		gone++
	}
	clear(q.items[n:])
	q.items = q.items[:n]
	return gone
}

func (s *Server) getUpdates(p params) answer {
	s.counts.Polls.Add(1)
	if s.hook.Load() != nil {
		s.counts.Conflicts.Add(1)
		return answer{code: 409, fault: "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"}
	}
	q := &s.queue
	q.mu.Lock()
	q.epoch++
	mine := q.epoch
	offset := p.num("offset")
	if offset > s.updateID.Load()+1 {
		offset = 0 // above the queue's end: the queue from its head
	}
	s.counts.Delivered.Add(q.confirm(offset))
	q.mu.Unlock()
	q.poke()
	limit := int(p.num("limit"))
	if limit <= 0 || limit > 100 {
		limit = 100
	}
	longest := time.Duration(p.num("timeout")) * time.Second
	if q.atOnce.Load() {
		longest = 0
	}
	end := time.NewTimer(longest)
	defer end.Stop()
	for {
		q.mu.Lock()
		if q.epoch != mine || s.closed() {
			q.mu.Unlock()
			q.poke()
			s.counts.Conflicts.Add(1)
			return answer{code: 409, fault: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"}
		}
		if a, troubled := s.troubled(); troubled {
			q.mu.Unlock()
			return a
		}
		if len(q.items) > 0 {
			batch := slices.Clone(q.items[:min(limit, len(q.items))])
			last := q.sent
			q.sent = max(q.sent, batch[len(batch)-1].id)
			q.mu.Unlock()
			return ok(s.batch(batch, last))
		}
		q.mu.Unlock()
		select {
		case <-q.wake:
		case <-end.C:
			return ok(json.RawMessage("[]"))
		}
	}
}

// batch is the result of getUpdates; ids up to last were handed out before.
func (s *Server) batch(items []pushed, last int64) json.RawMessage {
	b := []byte{'['}
	now := time.Now()
	for i, u := range items {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, u.body...)
		if u.id <= last {
			s.counts.Redelivered.Add(1)
			continue
		}
		if c := s.chat(u.chat); c != nil {
			c.left(now)
		}
	}
	return append(b, ']')
}
