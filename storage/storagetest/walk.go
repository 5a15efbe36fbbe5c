package storagetest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"dengwen/bot/turn"
)

// Walk drives a store at random: several workers whose calls interleave and who die
// between any two of them, leases that run out while a worker uses them, events that
// are delivered again. Whatever happens, each event is stepped once and in order,
// each message is sent at least once, in order, and never after it was recorded.
func Walk(t *testing.T, open func(t *testing.T) turn.Store) {
	store := open(t)
	var walks atomic.Int64
	rapid.Check(t, func(rt *rapid.T) {
		w := &walk{
			T: rt, store: store, head: fmt.Sprintf("walk%d-", walks.Add(1)), now: time.Now(),
			taken: map[string][]string{}, sent: map[string][]string{}, recorded: map[string]bool{}, filed: map[string]int{},
		}
		for range 4 {
			w.workers = append(w.workers, &worker{})
		}
		rt.Repeat(map[string]func(*rapid.T){
			"accept": func(*rapid.T) { w.acceptAny() },
			"again":  func(*rapid.T) { w.acceptAgain() },
			"work":   func(*rapid.T) { w.move(w.anyone()) },
			"work 2": func(*rapid.T) { w.move(w.anyone()) },
			"work 3": func(*rapid.T) { w.move(w.anyone()) },
			"sweep":  func(*rapid.T) { w.sweep(w.anyone()) },
			"die":    func(*rapid.T) { w.anyone().die() },
			"time":   func(*rapid.T) { w.now = w.now.Add(w.span()) },
		})
		w.finish()
	})
}

type walk struct {
	*rapid.T
	store    turn.Store
	head     string
	now      time.Time
	n, owner int
	workers  []*worker
	taken    map[string][]string // conversation → accepted events, in order
	sent     map[string][]string // conversation → messages as they went out
	recorded map[string]bool     // messages recorded as sent
	filed    map[string]int      // filings by key
}

const leaseFor = 10 * time.Second

// worker is one process at work on one conversation, between two calls.
type worker struct {
	conv   string
	work   turn.Work
	events int      // of work, already committed
	rows   []string // known outbox, in order
	done   []string
	retry  bool      // its last delivery failed
	till   time.Time // end of its lease
	minds  map[string]mind
}

// mind is the session cache of a worker, by conversation: it outlives the lease.
type mind struct {
	seen    turn.Seen
	session []byte
}

// drop ends the worker's hold on the conversation; sessions stay in its cache.
func (k *worker) drop() { *k = worker{minds: k.minds} }

func (k *worker) die() { *k = worker{} }

func (w *walk) anyone() *worker { return rapid.SampledFrom(w.workers).Draw(w.T, "worker") }

func (w *walk) span() time.Duration {
	return time.Duration(rapid.IntRange(1, 15_000).Draw(w.T, "ms")) * time.Millisecond
}

func (w *walk) lease() turn.Lease {
	w.owner++
	return turn.Lease{Owner: fmt.Sprint(w.owner), For: leaseFor, Now: w.now}
}

func (w *walk) acceptAny() {
	conv := w.head + rapid.SampledFrom([]string{"a", "b", "c"}).Draw(w.T, "conv")
	w.n++
	id := fmt.Sprintf("e%d", w.n)
	w.taken[conv] = append(w.taken[conv], id)
	w.accept(conv, id, true)
}

func (w *walk) acceptAgain() {
	for conv, ids := range w.taken {
		w.accept(conv, rapid.SampledFrom(ids).Draw(w.T, "id"), false)
		return
	}
}

func (w *walk) accept(conv, id string, fresh bool) {
	to, lease := w.anyone(), w.lease()
	lease.Seen = to.minds[conv].seen
	got, err := w.store.Accept(context.Background(), conv, id, []byte(id), lease)
	if err != nil || got.Fresh != fresh {
		w.Fatalf("accept %s %s: %+v, %v", conv, id, got, err)
	}
	if got.Same {
		got.Session = to.minds[conv].session
	}
	w.begin(to, conv, got)
}

// begin hands work to a worker; what it held before it forgets, as if it had died.
func (w *walk) begin(to *worker, conv string, got turn.Work) {
	if got.Held {
		*to = worker{conv: conv, work: got, rows: keys(got.Rows), till: w.now.Add(leaseFor), minds: to.minds}
	}
}

func keys(items []turn.Item) (out []string) {
	for _, it := range items {
		out = append(out, it.Key)
	}
	return out
}

func (w *walk) sweep(to *worker) {
	due := w.due()
	if len(due) == 0 {
		return
	}
	got, err := w.store.Claim(context.Background(), due[0], w.lease())
	if err != nil {
		w.Fatalf("claim: %v", err)
	}
	w.begin(to, due[0], got)
}

func (w *walk) due() (own []string) {
	due, err := w.store.Due(context.Background(), w.now, 1000)
	if err != nil {
		w.Fatalf("due: %v", err)
	}
	for _, conv := range due {
		if strings.HasPrefix(conv, w.head) {
			own = append(own, conv)
		}
	}
	slices.Sort(own)
	return own
}

// move lets a worker make its next step: commit, send or settle.
func (w *walk) move(k *worker) {
	switch {
	case k.conv == "":
	case k.events < len(k.work.Events):
		w.commit(k)
	case len(k.rows) > 0 && !k.retry:
		w.send(k)
	default:
		w.settle(k)
	}
}

// commit steps an event: the session is the list of events stepped so far, the
// outbox two messages. Stepping files a petition under a key that repeats.
func (w *walk) commit(k *worker) {
	id := k.work.Events[k.events].Key
	w.filed[k.conv+"/"+id] = 1 // the case service keeps one per key
	session := strings.TrimSpace(string(k.work.Session) + " " + id)
	c := turn.Change{
		Fence: k.work.Fence, Version: k.work.Version, Session: []byte(session), Done: id, Retention: time.Hour, Now: w.now,
		Rows: []turn.Item{{Key: id + "/0", Body: []byte("x")}, {Key: id + "/1", Body: []byte("y")}},
	}
	if rapid.IntRange(0, 9).Draw(w.T, "answer lost") == 0 { // done, but the worker never knows
		_ = w.store.Commit(context.Background(), k.conv, c)
		k.drop()
		return
	}
	if w.lost(k, w.store.Commit(context.Background(), k.conv, c)) {
		return
	}
	if k.minds == nil {
		k.minds = map[string]mind{}
	}
	k.minds[k.conv] = mind{turn.Seen{Fence: c.Fence, Version: c.Version + 1}, c.Session}
	k.events++
	k.work.Version++
	k.work.Session = c.Session
	k.rows = append(k.rows, keys(c.Rows)...)
}

func (w *walk) lost(k *worker, err error) bool {
	if err == turn.ErrLost {
		k.drop()
		return true
	}
	if err != nil {
		w.Fatalf("%v", err)
	}
	return false
}

// send delivers the next message. A worker whose lease has run out is told by its
// heartbeat and sends nothing more; what it commits or settles the store refuses.
func (w *walk) send(k *worker) {
	if !w.now.Before(k.till) {
		k.drop()
		return
	}
	if rapid.IntRange(0, 4).Draw(w.T, "fails") == 0 {
		k.retry = true
		return
	}
	key := k.conv + "/" + k.rows[0]
	if w.recorded[key] {
		w.Fatalf("%s is sent after it was recorded as sent", key)
	}
	w.sent[k.conv] = append(w.sent[k.conv], k.rows[0])
	k.done, k.rows = append(k.done, k.rows[0]), k.rows[1:]
}

func (w *walk) settle(k *worker) {
	s := turn.Settlement{Fence: k.work.Fence, Done: k.done, Lease: turn.Lease{For: leaseFor, Now: w.now}}
	if k.retry {
		s.Retry = w.now.Add(w.span())
	}
	got, err := w.store.Settle(context.Background(), k.conv, s)
	if w.lost(k, err) {
		return
	}
	for _, key := range k.done {
		w.recorded[k.conv+"/"+key] = true
	}
	conv := k.conv
	k.drop()
	w.begin(k, conv, got)
}

// finish has one worker do what is left, then looks at what came of it.
func (w *walk) finish() {
	for i := range w.workers {
		w.workers[i].die()
	}
	last := w.workers[0]
	for range 10_000 {
		if last.conv != "" {
			w.move(last)
			continue
		}
		w.now = w.now.Add(20 * time.Second)
		if len(w.due()) == 0 {
			break
		}
		w.sweep(last)
	}
	for conv, ids := range w.taken {
		w.judge(conv, ids)
	}
}

func (w *walk) judge(conv string, ids []string) {
	got, err := w.store.Accept(context.Background(), conv, "last", []byte("last"), w.lease())
	if err != nil || !got.Held || len(got.Events) != 1 || len(got.Rows) != 0 {
		w.Fatalf("%s is not quiet at the end: %+v, %v", conv, got, err)
	}
	if want := strings.Join(ids, " "); string(got.Session) != want {
		w.Fatalf("%s stepped %q, accepted %q", conv, got.Session, want)
	}
	var once []string
	for _, key := range w.sent[conv] {
		if !slices.Contains(once, key) {
			once = append(once, key)
		}
	}
	var want []string
	for _, id := range ids {
		want = append(want, id+"/0", id+"/1")
		if w.filed[conv+"/"+id] != 1 {
			w.Fatalf("%s filed %d times", id, w.filed[conv+"/"+id])
		}
	}
	if !slices.Equal(once, want) {
		w.Fatalf("%s sent %v, want %v", conv, once, want)
	}
}
