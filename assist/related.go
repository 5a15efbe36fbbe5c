package assist

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"

	"dengwen/assist/related"
	"dengwen/bot"
	"dengwen/petition"
)

// Changes answers which cases were filed or changed behind a position, by any process, and the next position;
// -1 asks for the newest alone.
type Changes func(ctx context.Context, after int64) (numbers []string, next int64, err error)

// RelatedFinder proposes petitions that may be about one matter. It holds the newest of what was filed in the
// memory of this process, reports on misconduct excepted, and takes in what has come since each
// time it is asked. It proposes and links nothing.
type RelatedFinder struct {
	store   petition.Store
	changes Changes
	reading chan struct{} // one at a time reads the store

	mu      sync.Mutex
	filling chan struct{}  // closed when the store has been read; nil = nobody reads it
	index   *related.Index // nil = not read yet
	at      int64          // the change up to which index holds what was filed
}

// NewRelatedFinder reads nothing yet: the first question begins that, in the background.
func NewRelatedFinder(store petition.Store, changes Changes) *RelatedFinder {
	return &RelatedFinder{store: store, changes: changes, reading: make(chan struct{}, 1)}
}

const (
	maxPetitions = 20_000 // newest petitions held, about 2 KB each
	overfull     = maxPetitions / 4
	maxRelated   = 10
	pageSize     = 100
)

var allCases = petition.Scope{All: true}

// Related answers with at most ten petitions, best first. Unavailable until the store
// has been read for the first time.
func (f *RelatedFinder) Related(ctx context.Context, v petition.View) ([]bot.Related, error) {
	index, err := f.current(ctx)
	if err != nil {
		return nil, err
	}
	if err := f.catchUp(ctx, index); err != nil {
		return nil, err
	}
	var out []bot.Related
	for _, h := range index.Query(related.Doc{ID: v.Number, Time: v.Received, Title: v.Title, Text: v.Facts}, maxRelated) {
		out = append(out, bot.Related{Number: h.ID, Score: h.Score, Common: bot.InCommon(h.Why)})
	}
	return out, nil
}

// current is the index. The first question has it filled and waits; one that has grown too large is
// filled anew beside the questions.
func (f *RelatedFinder) current(ctx context.Context) (*related.Index, error) {
	index, filling := f.begin()
	if index != nil {
		return index, nil
	}
	select {
	case <-filling:
	case <-ctx.Done():
		return nil, &petition.Error{Code: petition.Unavailable, Err: ctx.Err()}
	}
	if index, _ = f.held(); index == nil {
		return nil, &petition.Error{Code: petition.Unavailable, Err: errors.New("petitions could not be read to relate them")}
	}
	return index, nil
}

func (f *RelatedFinder) held() (*related.Index, int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.index, f.at
}

// begin has the store read where that is due and nobody does.
func (f *RelatedFinder) begin() (index *related.Index, filling chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	due := f.index == nil || f.index.Len() >= maxPetitions+overfull
	if due && f.filling == nil {
		f.filling = make(chan struct{})
		go f.fill(f.filling)
	}
	return f.index, f.filling
}

// fill reads the newest petitions. A store that fails is read again when the next question comes.
func (f *RelatedFinder) fill(done chan struct{}) {
	index, at, err := f.readNewest(context.Background())
	f.mu.Lock()
	defer f.mu.Unlock()
	if err == nil {
		f.index, f.at = index, at
	}
	f.filling = nil
	close(done)
	debug.FreeOSMemory() // what reading so many has left, which the runtime would keep for minutes
}

func (f *RelatedFinder) readNewest(ctx context.Context) (*related.Index, int64, error) {
	_, at, err := f.changes(ctx, -1)
	if err != nil {
		return nil, 0, fmt.Errorf("ask for the newest change: %w", err)
	}
	index, after := related.NewIndex(), ""
	for index.Len() < maxPetitions {
		page, next, err := f.store.List(ctx, allCases, petition.Query{Order: "new", After: after, Limit: pageSize})
		if err != nil {
			return nil, 0, fmt.Errorf("read petitions to relate: %w", err)
		}
		for _, r := range page {
			add(index, r)
		}
		if after = next; next == "" {
			break
		}
	}
	return index, at, nil
}

// catchUp takes in what was filed since the last question.
func (f *RelatedFinder) catchUp(ctx context.Context, index *related.Index) error {
	select {
	case f.reading <- struct{}{}:
		defer func() { <-f.reading }()
	case <-ctx.Done():
		return &petition.Error{Code: petition.Unavailable, Err: ctx.Err()}
	}
	for {
		now, at := f.held()
		numbers, next, err := f.changes(ctx, at)
		if err != nil {
			return fmt.Errorf("ask what was filed: %w", err)
		}
		for _, number := range numbers {
			if index.Has(number) {
				continue
			}
			r, err := f.store.Load(ctx, number)
			if err != nil && petition.CodeOf(err) != petition.NotFound { // taken back with the list it was imported by
				return fmt.Errorf("read a petition to relate: %w", err)
			}
			if err == nil {
				add(index, r)
			}
		}
		f.reached(now, at, next)
		if len(numbers) == 0 || next == at {
			return nil
		}
	}
}

// reached notes how far an index has come, unless it was filled anew meanwhile.
func (f *RelatedFinder) reached(index *related.Index, from, to int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.index == index && f.at == from {
		f.at = to
	}
}

func add(index *related.Index, r petition.Record) {
	filing := r.Case.Filing
	if r.Sealed || filing.Class == petition.Report {
		return
	}
	index.Add(related.Doc{ID: r.Case.Number, User: filing.Owner, Time: r.Case.Received, Title: filing.Title, Text: filing.Facts})
}
