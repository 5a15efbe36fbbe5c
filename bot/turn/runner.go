package turn

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"dengwen/bot"
)

// Runner accepts events and steps them, many conversations at once and each by one worker
// under a lease. It is safe for concurrent use. Several processes may run on one store.
type Runner struct {
	p Parts
	o Options
	m Metrics

	owner       string
	claims      atomic.Uint64
	lastSend    atomic.Int64    // when a message was last delivered, ms since 1970
	ctx         context.Context // of turns: ends when Stop gives up on them
	cancel      context.CancelFunc
	runCtx      context.Context // of loops and background tasks: ends as soon as Stop begins
	stopRun     context.CancelFunc
	taskSlots   chan struct{} // semaphore of background tasks
	handover    chan *worker  // to idle goroutines
	idleWorkers chan struct{} // semaphore of idle goroutines
	sessions    *sessionCache
	buffers     sync.Pool // *bytes.Buffer: records before they are sealed

	mu          sync.Mutex
	busy        int // slots taken, of Options.Most
	active      map[*worker]struct{}
	activeTasks map[string]bool // of this process, by conversation and row
	stopping    bool
	drained     chan struct{}  // closed when stopping and no slot is taken
	tasks       sync.WaitGroup // background tasks
}

// Limits of what a door may hand in.
const (
	MaxConv = 200     // bytes of a conversation's address
	MaxID   = 100     // bytes of an event's id
	MaxBody = 1 << 18 // bytes of an event as JSON
)

// ErrEvent says that a door handed in an event outside the limits; it will never be
// accepted.
var ErrEvent = errors.New("event outside the limits")

// New makes a Runner. Nothing runs before the first Accept or Run.
func New(p Parts, o Options) (*Runner, error) {
	if p.Store == nil || p.Box == nil || p.Step == nil || p.Cases == nil || p.Reader == nil || p.Answer == nil {
		return nil, errors.New("turn: Store, Box, Step, Cases, Reader and Answer are needed")
	}
	if p.Now == nil {
		p.Now = time.Now
	}
	if p.Log == nil {
		p.Log = slog.New(slog.DiscardHandler)
	}
	if p.Wake.c == nil {
		p.Wake = NewWake()
	}
	o.defaults()
	r := &Runner{
		p: p, o: o, owner: rand.Text(), sessions: newSessionCache(), handover: make(chan *worker), idleWorkers: make(chan struct{}, maxIdleWorkers),
		taskSlots: make(chan struct{}, o.Tasks), drained: make(chan struct{}),
		active: map[*worker]struct{}{}, activeTasks: map[string]bool{},
	}
	r.ctx, r.cancel = context.WithCancel(context.Background())
	r.runCtx, r.stopRun = context.WithCancel(r.ctx)
	return r, nil
}

// Accept takes an event of a conversation ("tg:123") in. When it returns nil the
// event is durable and will be answered, whatever crashes; the same e.ID is taken
// once. It does not wait for the answer. Files without an ID are given one. After
// ErrEvent the same event can never be accepted; after any other error it may be
// handed in again, unchanged.
func (r *Runner) Accept(ctx context.Context, conv string, e bot.Event) error {
	if err := check(conv, e); err != nil {
		return err
	}
	key := r.key(conv)
	for i := range e.Media {
		if e.Media[i].ID == "" {
			e.Media[i].ID = r.mediaID(key, e.ID, i)
		}
	}
	return r.accept(ctx, key, e.ID, storedEvent{Conv: conv, Event: &e})
}

func check(conv string, e bot.Event) error {
	if prefix, rest, ok := strings.Cut(conv, ":"); !ok || prefix == "" || rest == "" || len(conv) > MaxConv {
		return fmt.Errorf("%w: address of the conversation", ErrEvent)
	}
	if e.ID == "" || len(e.ID) > MaxID {
		return fmt.Errorf("%w: id", ErrEvent)
	}
	return nil
}

func (r *Runner) accept(ctx context.Context, key, id string, a storedEvent) error {
	body, err := r.seal(key, "event", a)
	if err != nil {
		return err
	}
	if len(body) > MaxBody {
		return fmt.Errorf("%w: %d bytes", ErrEvent, len(body))
	}
	lease := Lease{Now: r.p.Now()}
	slot := r.serves(a.Conv) && r.acquireSlot()
	var held cachedSession
	if slot {
		lease.Owner, lease.For = r.claim(), r.o.Lease
		held = r.sessions.take(key)
		lease.Seen = held.seen
	}
	// Not the caller's context: when it ends during the write the lease may be taken, and no
	// worker would be there for it.
	work, err := r.p.Store.Accept(context.WithoutCancel(ctx), key, id, body, lease)
	if err != nil || !work.Held {
		r.releaseSlot(slot)
	}
	if err != nil {
		return fmt.Errorf("accept event: %w", err)
	}
	r.m.count(work.Fresh)
	if work.Held {
		w := &worker{r: r, key: key, conv: a.Conv, work: work, lease: lease, acceptedID: id, accepted: a, stored: held.session}
		r.dispatch(w)
	}
	return nil
}

// maxIdleWorkers is how many goroutines wait for the next conversation: their stacks have
// already grown to what a turn needs. More would only hold memory.
const maxIdleWorkers = 32

// dispatch gives a claimed conversation to an idle goroutine or a new one.
func (r *Runner) dispatch(w *worker) {
	select {
	case r.handover <- w:
	default:
		go r.work(w)
	}
}

func (r *Runner) work(w *worker) {
	for {
		w.run()
		select {
		case r.idleWorkers <- struct{}{}:
		default:
			return
		}
		select {
		case w = <-r.handover:
			<-r.idleWorkers
		case <-r.runCtx.Done():
			return
		}
	}
}

// PutDeadLetter stores raw bytes that a door could not make an event of, sealed, once per
// source and id. Store.DeadLetters lists them for the operator.
func (r *Runner) PutDeadLetter(ctx context.Context, source, id string, raw []byte) error {
	key := r.key(source)
	body, err := r.p.Box.Seal(raw, associatedData(key, "raw"))
	if err != nil {
		return err
	}
	r.m.DeadLetters.Add(1)
	if err := r.p.Store.PutDeadLetter(ctx, DeadLetter{Conv: key, ID: id, At: r.p.Now(), Body: body}); err != nil {
		return fmt.Errorf("put dead letter: %w", err)
	}
	return nil
}

// Forget deletes a conversation from the store in one write: session, events not yet stepped
// and outbox rows. The ids of its events stay known.
func (r *Runner) Forget(ctx context.Context, conv string) error {
	key := r.key(conv)
	r.sessions.take(key)
	return r.p.Store.Delete(ctx, key)
}

// Metrics are the counters of this Runner.
func (r *Runner) Metrics() *Metrics { return &r.m }

// key is the store's name of a conversation, a keyed hash: who copies the store must not
// learn chat addresses.
func (r *Runner) key(conv string) string {
	return hex.EncodeToString(r.p.Box.Hash("conversation", conv)[:16])
}

func (r *Runner) mediaID(key, event string, i int) string {
	h := r.p.Box.Hash("media", key+"/"+event+"/"+strconv.Itoa(i))
	return base64.RawURLEncoding.EncodeToString(h[:16])
}

func (r *Runner) claim() string {
	return r.owner + "/" + strconv.FormatUint(r.claims.Add(1), 36)
}

// acquireSlot takes one of Options.Most slots. Without one an event is only stored, and a
// sweep claims it later.
func (r *Runner) acquireSlot() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopping || r.busy >= r.o.Most {
		return false
	}
	r.busy++
	return true
}

func (r *Runner) releaseSlot(slot bool) {
	if !slot {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.busy--
	if r.stopping && r.busy == 0 {
		close(r.drained)
	}
}

// Stop ends claiming, lets the turns under way finish and releases their leases. When ctx
// ends first it cancels them and returns an error; nothing is lost, the next process runs
// them again.
func (r *Runner) Stop(ctx context.Context) error {
	r.mu.Lock()
	if !r.stopping {
		r.stopping = true
		if r.busy == 0 {
			close(r.drained)
		}
	}
	r.mu.Unlock()
	r.stopRun()
	defer r.cancel()
	select {
	case <-r.drained:
		r.tasks.Wait()
		return nil
	case <-ctx.Done():
	}
	r.cancel()
	<-r.drained
	r.tasks.Wait()
	return fmt.Errorf("finish turns under way: %w", ctx.Err())
}
