package assist

import (
	"context"
	"fmt"
	"sync"

	"dengwen/assist/related"
	"dengwen/bot"
	"dengwen/petition"
)

// RelatedFinder proposes petitions that may be about one matter. It holds what was filed in the
// memory of this process, reports on misconduct excepted, and looks for new ones each
// time it is asked. It proposes and links nothing.
type RelatedFinder struct {
	store   petition.Store
	index   *related.Index
	reading chan struct{} // one at a time reads the store
	once    sync.Once
	built   chan struct{}
}

// NewRelatedFinder reads nothing yet: the first question begins that, in the background.
func NewRelatedFinder(store petition.Store) *RelatedFinder {
	return &RelatedFinder{store: store, index: related.NewIndex(), reading: make(chan struct{}, 1), built: make(chan struct{})}
}

const (
	maxPetitions = 50_000 // newest petitions held, about 2 to 5 KB each
	maxRelated   = 10
	pageSize     = 100
)

var allCases = petition.Scope{All: true}

// Related answers with at most ten petitions, best first. Unavailable until the store
// has been read for the first time.
func (f *RelatedFinder) Related(ctx context.Context, v petition.View) ([]bot.Related, error) {
	f.once.Do(func() { go f.build() })
	select {
	case <-f.built:
	case <-ctx.Done():
		return nil, &petition.Error{Code: petition.Unavailable, Err: ctx.Err()}
	}
	if err := f.read(ctx); err != nil {
		return nil, err
	}
	var out []bot.Related
	for _, h := range f.index.Query(related.Doc{ID: v.Number, Time: v.Received, Title: v.Title, Text: v.Facts}, maxRelated) {
		out = append(out, bot.Related{Number: h.ID, Score: h.Score, Common: bot.InCommon(h.Why)})
	}
	return out, nil
}

// build reads the store for the first time. A store that fails is read again when the
// next question comes.
func (f *RelatedFinder) build() {
	_ = f.read(context.Background()) // the question that waits reads what is missing, and says what fails
	close(f.built)
}

// read takes in what is new, the newest first, until a page holds nothing new.
func (f *RelatedFinder) read(ctx context.Context) error {
	select {
	case f.reading <- struct{}{}:
		defer func() { <-f.reading }()
	case <-ctx.Done():
		return &petition.Error{Code: petition.Unavailable, Err: ctx.Err()}
	}
	after := ""
	for f.index.Len() < maxPetitions {
		page, next, err := f.store.List(ctx, allCases, petition.Query{Order: "new", After: after, Limit: pageSize})
		if err != nil {
			return fmt.Errorf("read petitions to relate: %w", err)
		}
		if f.add(page) == 0 || next == "" {
			return nil
		}
		after = next
	}
	return nil
}

func (f *RelatedFinder) add(page []petition.Record) (added int) {
	for _, r := range page {
		filing := r.Case.Filing
		if r.Sealed || filing.Class == petition.Report {
			continue
		}
		if f.index.Add(related.Doc{ID: r.Case.Number, User: filing.Owner, Time: r.Case.Received, Title: filing.Title, Text: filing.Facts}) {
			added++
		}
	}
	return added
}
