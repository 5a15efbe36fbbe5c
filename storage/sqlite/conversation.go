package sqlite

import (
	"encoding/binary"
	"slices"
	"time"

	"dengwen/bot/turn"
)

// conversation is one conversation while it is being changed. Its methods are what the
// methods of turn.Store do, without the database. Times are ms since 1970.
type conversation struct {
	fence   int64
	owner   string
	till    int64 // leased until; 0 = free
	version int64
	done    string // last event that ended
	expires int64  // the session is remembered until then, seen for SeenFor more
	session []byte
	events  []entry
	rows    []entry
	seen    []byte // ids of events taken in, see note
	retry   int64  // when released with rows left: not before
}

// entry is one event or outbox row, with the time it came in.
type entry struct {
	key  string
	at   int64
	body []byte
}

// expire drops a session whose retention is over.
func (b *conversation) expire(now int64) {
	if b.expires < now {
		b.version, b.session, b.done = 0, nil, ""
	}
}

// note remembers an id and reports whether it is new. It works on the encoding, id
// and time one after the other: up to SeenMost of them, and most calls need none.
func (b *conversation) note(id string, now int64) bool {
	if b.knows(id) {
		return false
	}
	n := 0
	for d := (decoder{from: b.seen}); len(d.from) > 0; n++ {
		d.text()
		d.number()
	}
	left := decoder{from: b.seen}
	for len(left.from) > 0 { // too old or too many
		next := left
		next.text()
		if at := next.number(); at >= now-turn.SeenFor.Milliseconds() && n < turn.SeenMost {
			break
		}
		left = next
		n--
	}
	to := make([]byte, 0, len(left.from)+len(id)+12)
	to = append(to, left.from...)
	b.seen = binary.AppendVarint(appendText(to, id), now)
	b.expires = max(b.expires, now)
	return true
}

// knows reports whether an id was noted.
func (b *conversation) knows(id string) bool {
	for d := (decoder{from: b.seen}); len(d.from) > 0; {
		if text := d.text(); string(text) == id {
			return true
		}
		d.number()
	}
	return false
}

func (b *conversation) accept(id string, body []byte, l turn.Lease) (turn.Work, error) {
	now := l.Now.UnixMilli()
	if len(b.events) >= turn.MaxWaiting && !b.knows(id) {
		return turn.Work{}, turn.ErrFull
	}
	fresh := b.note(id, now)
	if fresh {
		b.events = append(b.events, entry{id, now, body})
	}
	w := b.claim(l)
	w.Fresh = fresh
	return w, nil
}

func (b *conversation) claim(l turn.Lease) turn.Work {
	now := l.Now.UnixMilli()
	if b.till > now && (l.For == 0 || b.till <= now+2*l.For.Milliseconds()) {
		if b.owner != l.Owner {
			return turn.Work{}
		}
		return b.work(l.Seen)
	}
	if l.For == 0 {
		return turn.Work{} // only stored; a sweep claims it
	}
	if len(b.events)+len(b.rows) == 0 {
		b.till = 0
		return turn.Work{}
	}
	b.fence++
	b.owner, b.till = l.Owner, now+l.For.Milliseconds()
	return b.work(l.Seen)
}

func (b *conversation) work(seen turn.Seen) turn.Work {
	w := turn.Work{
		Held: true, Fence: b.fence, Version: b.version, Session: b.session,
		Events: list(b.events[:min(len(b.events), turn.MaxEvents)]), Rows: list(b.rows),
	}
	if seen.Fence > 0 && b.fence == seen.Fence+1 && b.version == seen.Version {
		w.Same, w.Session = true, nil
	}
	return w
}

func list(entries []entry) []turn.Item {
	out := make([]turn.Item, len(entries))
	for i, e := range entries {
		out[i] = turn.Item{Key: e.key, Body: e.body}
	}
	return out
}

// holds reports whether the fence is the current one and its lease not released.
func (b *conversation) holds(fence int64) bool { return b.fence == fence && b.till != 0 }

func (b *conversation) renew(fence int64, l turn.Lease) error {
	if !b.holds(fence) {
		return turn.ErrLost
	}
	b.till = l.Now.Add(l.For).UnixMilli()
	return nil
}

// commit answers with the event if it becomes a dead letter.
func (b *conversation) commit(c turn.Change) (deadLetter []byte, err error) {
	if !b.holds(c.Fence) {
		return nil, turn.ErrLost
	}
	if b.version == c.Version+1 && b.done == c.Done {
		return nil, nil // said twice
	}
	if b.version != c.Version {
		return nil, turn.ErrLost
	}
	b.version, b.done = c.Version+1, c.Done
	if c.Session != nil {
		b.session = c.Session
	}
	if len(b.events) > 0 && b.events[0].key == c.Done {
		if c.DeadLetter {
			deadLetter = b.events[0].body
		}
		b.events = b.events[1:]
	}
	b.remove(c.Gone)
	now := c.Now.UnixMilli()
	for _, r := range c.Rows {
		b.rows = append(b.rows, entry{r.Key, now, r.Body})
	}
	b.expires = now + c.Retention.Milliseconds()
	return deadLetter, nil
}

func (b *conversation) remove(keys []string) {
	if len(keys) > 0 {
		b.rows = slices.DeleteFunc(b.rows, func(e entry) bool { return slices.Contains(keys, e.key) })
	}
}

func (b *conversation) settle(s turn.Settlement) (turn.Work, error) {
	if b.fence != s.Fence {
		return turn.Work{}, turn.ErrLost
	}
	if b.till == 0 {
		return turn.Work{}, nil // said twice
	}
	b.remove(s.Done)
	for _, u := range s.Update {
		if i := slices.IndexFunc(b.rows, func(e entry) bool { return e.key == u.Key }); i >= 0 {
			b.rows[i].body = u.Body
		}
	}
	now := s.Lease.Now.UnixMilli()
	retry := unix(s.Retry)
	if !s.Release && (len(b.events) > 0 || len(b.rows) > 0 && retry <= now) {
		b.till = now + s.Lease.For.Milliseconds()
		return b.work(turn.Seen{}), nil
	}
	b.till, b.retry = 0, max(now, retry)
	return turn.Work{}, nil
}

// clear forgets the conversation but not which events were seen. The fence goes up:
// whoever holds it has lost it.
func (b *conversation) clear() {
	b.fence++
	b.owner, b.till, b.version, b.done, b.session, b.events, b.rows = "", 0, 0, "", nil, nil, nil
}

// due is when somebody should look at the conversation, nil = never.
func (b *conversation) due(now int64) any {
	switch {
	case b.till > 0:
		return b.till
	case len(b.events) > 0:
		return now
	case len(b.rows) > 0:
		return max(b.retry, 0)
	}
	return nil
}

func (b *conversation) oldest() int64 {
	var at int64
	for _, l := range [][]entry{b.events, b.rows} {
		if len(l) > 0 && (at == 0 || l[0].at < at) {
			at = l[0].at
		}
	}
	return at
}

func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
