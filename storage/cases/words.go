package cases

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"dengwen/internal/search"
	"dengwen/petition"
)

// anyCase is the term that every case has.
var anyCase = search.TermOf("", "")

// anyPublic is the term of those whose petitioner agreed to publication.
var anyPublic = search.TermOf("public", "")

// terms are what else a case is found by.
func terms(c petition.Case) []search.Term {
	f := c.Filing
	all := []search.Term{
		anyCase, search.TermOf("class", string(f.Class)), search.TermOf("subject", f.Subject),
		search.TermOf("place", f.Place.Code), search.TermOf("channel", f.Channel),
	}
	if f.Public {
		all = append(all, anyPublic)
	}
	for _, name := range c.Named() {
		all = append(all, search.TermOf("person", name))
	}
	return all
}

// termsFor are those that a query asks for.
func termsFor(q petition.Query) []search.Term {
	if !q.Matters() {
		return nil
	}
	all := []search.Term{anyCase}
	if q.Public {
		all = append(all, anyPublic)
	}
	for kind, value := range map[string]string{"class": string(q.Class), "subject": q.Subject, "place": q.Place, "channel": q.Channel, "person": q.Person} {
		if value != "" {
			all = append(all, search.TermOf(kind, value))
		}
	}
	return all
}

// split is the folded words of a query.
func split(query string) []string { return strings.Fields(petition.Fold(query)) }

// match reports whether every word occurs in one of the texts.
func match(texts, words []string) bool {
	for _, w := range words {
		if !slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(t, w) }) {
			return false
		}
	}
	return true
}

// wordIndex finds cases by their words. It is in memory only: whoever may file petitions
// and steals a copy of the database could open a keyed index of words on disk by
// comparing what they filed with what lies there.
type wordIndex struct {
	store *Store
	stop  context.CancelFunc
	done  sync.WaitGroup
	begin chan struct{} // closed by who needs it first: most commands never search
	once  sync.Once

	mu     sync.Mutex   // held while rows are read into the indexes
	upto   int64        // position in word_changes that those have reached, notBegun before
	caught atomic.Int64 // how often they caught up

	state atomic.Pointer[wordState]
}

// wordState is one filling of the indexes. A new one begins when changes were missed.
type wordState struct {
	open   *search.Index[listed] // all but reports on misconduct
	sealed *search.Index[listed] // those, for the officers named for them alone
	filled chan struct{}         // closed when every case is in
	late   chan struct{}         // closed when searches wait for that no longer
	once   sync.Once
	all    atomic.Int64 // cases there were when filling began
	read   atomic.Int64 // of them those read
}

func newWordState() *wordState {
	return &wordState{open: search.New[listed](), sealed: search.New[listed](), filled: make(chan struct{}), late: make(chan struct{})}
}

func (st *wordState) isFilled() bool {
	select {
	case <-st.filled:
		return true
	default:
		return false
	}
}

const notBegun = -1

// catchUpEvery bounds what a search after a quiet hour has to read first.
const catchUpEvery = 2 * time.Second

func newWordIndex(s *Store) *wordIndex {
	w := &wordIndex{store: s, begin: make(chan struct{}), upto: notBegun}
	w.state.Store(newWordState())
	return w
}

func (w *wordIndex) start() {
	ctx, stop := context.WithCancel(context.Background())
	w.stop = stop
	w.done.Go(func() {
		select {
		case <-ctx.Done():
		case <-w.begin:
		}
		for ctx.Err() == nil {
			err := w.fill(ctx)
			if err == nil {
				err = w.catchUp(ctx)
			}
			_ = err // who searches is told; here it is tried again
			select {
			case <-ctx.Done():
			case <-time.After(catchUpEvery):
			}
		}
	})
}

func (w *wordIndex) close() {
	if w.stop != nil {
		w.stop()
		w.done.Wait()
	}
}

// fillBatch is how many cases are read at a time: others that search wait meanwhile.
const fillBatch = 200

// fill reads every case, the newest first; what changes meanwhile catchUp knows.
func (w *wordIndex) fill(ctx context.Context) error {
	st := w.state.Load()
	if st.isFilled() {
		return nil
	}
	var all int64
	if err := w.store.engine.reader().QueryRowContext(ctx, `SELECT count(*) FROM cases`).Scan(&all); err != nil {
		return err
	}
	st.all.Store(all)
	st.read.Store(0)
	below := int64(math.MaxInt64)
	for {
		last, err := w.fillSome(ctx, st, below)
		if err != nil {
			return err
		}
		if last == 0 {
			return nil
		}
		below = last
	}
}

// fillSome reads the next cases below a ref and answers the last one's, 0 at the end.
// Nobody catches up meanwhile: the older version of a case must not come after the newer.
func (w *wordIndex) fillSome(ctx context.Context, st *wordState, below int64) (last int64, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.state.Load() != st {
		return 0, nil
	}
	if w.upto == notBegun { // changes after this position are read by catchUp
		if w.upto, err = w.position(ctx); err != nil {
			return 0, err
		}
	}
	rows, err := scan(ctx, w.store.engine.reader(), func(w *row) []any { return w.targets() },
		`SELECT `+rowColumns+` FROM cases WHERE ref < $1 ORDER BY ref DESC LIMIT $2`, below, fillBatch)
	if err != nil {
		return 0, fmt.Errorf("read cases to index: %w", err)
	}
	for _, r := range rows {
		if !st.open.Has(r.ref) && !st.sealed.Has(r.ref) {
			w.put(st, r)
		}
		last = r.ref
	}
	st.read.Add(int64(len(rows)))
	if len(rows) < fillBatch {
		close(st.filled)
		return 0, nil
	}
	return last, nil
}

// put opens a row and puts its words in place of those known before.
func (w *wordIndex) put(st *wordState, r row) {
	in, out := st.open, st.sealed
	if r.sealed {
		in, out = out, in
	}
	out.Remove(r.ref)
	if r.units == "" { // an import that was undone: it is in no list
		in.Remove(r.ref)
		return
	}
	record, err := w.store.open(r, nil)
	if err != nil {
		w.store.damaged.note(r.number)
		in.Remove(r.ref)
		return
	}
	in.Put(r.ref, listedOf(r), terms(record.Case), record.Case.Texts()...)
}

// position is the last one of the changes that are written.
func (w *wordIndex) position(ctx context.Context) (pos int64, err error) {
	err = w.store.engine.reader().QueryRowContext(ctx, `SELECT words FROM feed WHERE one = 1`).Scan(&pos)
	if err != nil {
		return 0, fmt.Errorf("read how far words have changed: %w", err)
	}
	return pos, nil
}

// catchUp reads what was filed and reworded since, by any process. When it answers,
// whatever was written before it was called can be found. Of several that wait for each
// other one reads for all.
func (w *wordIndex) catchUp(ctx context.Context) error {
	before := w.caught.Load()
	w.mu.Lock()
	defer w.mu.Unlock()
	// One that ended while we waited may have begun before; the one after it did not.
	if w.caught.Load() >= before+2 {
		return nil
	}
	for {
		more, err := w.readChanges(ctx)
		if err != nil {
			return err
		}
		if !more {
			break
		}
	}
	w.caught.Add(1)
	return nil
}

// wordChange says that a case is to be found by other words, or by others, or that it only
// stands elsewhere in lists.
type wordChange struct {
	pos, ref int64
	words    bool
}

func (w *wordIndex) readChanges(ctx context.Context) (more bool, err error) {
	if w.upto == notBegun {
		return false, nil
	}
	pos, err := w.position(ctx)
	if err != nil || pos == w.upto {
		return false, err
	}
	changes, err := scan(ctx, w.store.engine.reader(), func(c *wordChange) []any { return []any{&c.pos, &c.ref, &c.words} },
		`SELECT pos, ref, words FROM word_changes WHERE pos > $1 ORDER BY pos LIMIT $2`, w.upto, fillBatch)
	if err != nil {
		return false, fmt.Errorf("read which words have changed: %w", err)
	}
	if len(changes) == 0 || changes[0].pos != w.upto+1 { // dropped long ago, or the database was set back
		w.state.Store(newWordState())
		w.upto = notBegun
		return false, nil
	}
	if err := w.take(ctx, changes); err != nil {
		return false, fmt.Errorf("read cases to index: %w", err)
	}
	w.upto = changes[len(changes)-1].pos
	return true, nil
}

// take reads the cases that have changed: whole ones to open where the words are new.
func (w *wordIndex) take(ctx context.Context, changes []wordChange) error {
	reworded := map[int64]bool{}
	for _, c := range changes {
		reworded[c.ref] = reworded[c.ref] || c.words
	}
	var whole, moved []int64
	for ref, words := range reworded {
		if words {
			whole = append(whole, ref)
		} else {
			moved = append(moved, ref)
		}
	}
	st := w.state.Load()
	if len(whole) > 0 {
		rows, err := w.store.rows(ctx, w.store.engine.reader(), whole)
		if err != nil {
			return err
		}
		for _, r := range rows {
			w.put(st, r)
		}
	}
	if len(moved) == 0 {
		return nil
	}
	in, these := w.store.among(moved)
	rows, err := scan(ctx, w.store.engine.reader(), func(r *row) []any {
		return []any{&r.ref, &r.number, &r.status, &r.unit, &r.officer, &r.units, &r.due, &r.open, &r.urgent, &r.sealed, &r.received}
	}, `SELECT ref, number, status, unit, officer, units, due, open, urgent, sealed, received FROM cases WHERE `+in, these)
	for _, r := range rows {
		if r.sealed {
			st.sealed.Set(r.ref, listedOf(r))
		} else {
			st.open.Set(r.ref, listedOf(r))
		}
	}
	return err
}

// changesKept is how many positions of word_changes are kept. A process further behind
// than that fills its indexes anew.
const changesKept = 100_000

// wordChanges are the statements that write which cases have changed, behind the position last.
func (tx Tx) wordChanges(last int64, changes []wordChange) []statement {
	rows := make([][]any, 0, len(changes))
	first := last - int64(len(changes)) + 1
	for i, c := range changes {
		rows = append(rows, []any{first + int64(i), c.ref, c.words})
	}
	all := tx.insertions(`word_changes (pos, ref, words)`, rows)
	if last/1000 > (first-1)/1000 {
		all = append(all, statement{"drop old changes of words", `DELETE FROM word_changes WHERE pos <= $1`, []any{last - changesKept}})
	}
	return all
}

// fillWait is how long searches wait for the index to be filled, from the first on. Most
// are in that time; a large one answers from what it has by then.
const fillWait = time.Second

// StartIndexing begins to read the words of all cases. The first search does so too.
func (s *Store) StartIndexing() { s.words.once.Do(func() { close(s.words.begin) }) }

// ready waits, but not long, until every case can be found.
func (w *wordIndex) ready(ctx context.Context) {
	w.store.StartIndexing()
	st := w.state.Load()
	st.once.Do(func() { time.AfterFunc(fillWait, func() { close(st.late) }) })
	select {
	case <-st.filled:
	case <-st.late:
	case <-ctx.Done():
	}
}

// Indexing is petition.Store.Indexing.
func (s *Store) Indexing(ctx context.Context) bool {
	s.words.ready(ctx)
	return !s.words.state.Load().isFilled()
}

// Indexed counts the cases whose words have been read, of those there were when the
// program began to read them.
func (s *Store) Indexed() (read, all int, filled bool) {
	st := s.words.state.Load()
	return int(st.read.Load()), int(st.all.Load()), st.isFilled()
}

// WaitIndexed waits until every case can be found by its words.
func (s *Store) WaitIndexed(ctx context.Context) error {
	s.StartIndexing()
	for {
		st := s.words.state.Load()
		select {
		case <-st.filled:
			if err := s.words.catchUp(ctx); err != nil || s.words.state.Load() == st {
				return s.trouble("wait for the index of words", err)
			}
		case <-time.After(catchUpEvery): // another filling may have begun
		case <-ctx.Done():
			return s.trouble("wait for the index of words", ctx.Err())
		}
	}
}
