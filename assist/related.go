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
	store petition.Store
	index *related.Index
	turn  chan struct{} // one at a time reads the store
	once  sync.Once
	built chan struct{}
}

// NewRelatedFinder reads nothing yet: the first question begins that, in the background.
func NewRelatedFinder(store petition.Store) *RelatedFinder {
	return &RelatedFinder{store: store, index: related.NewIndex(), turn: make(chan struct{}, 1), built: make(chan struct{})}
}

const (
	mostKin     = 50_000 // newest petitions held, about 2 to 5 KB each
	mostOffered = 10
	onePage     = 100
)

var everybody = petition.Scope{All: true}

// Related answers with at most ten petitions, best first. Unavailable until the store
// has been read for the first time.
func (k *RelatedFinder) Related(ctx context.Context, v petition.View) ([]bot.Related, error) {
	k.once.Do(func() { go k.build() })
	select {
	case <-k.built:
	case <-ctx.Done():
		return nil, &petition.Error{Code: petition.Unavailable, Err: ctx.Err()}
	}
	if err := k.read(ctx); err != nil {
		return nil, err
	}
	var out []bot.Related
	for _, h := range k.index.Query(related.Doc{ID: v.Number, Time: v.Received, Title: v.Title, Text: v.Facts}, mostOffered) {
		out = append(out, bot.Related{Number: h.ID, Score: h.Score, Why: h.Why})
	}
	return out, nil
}

// build reads the store for the first time. A store that fails is read again when the
// next question comes.
func (k *RelatedFinder) build() {
	_ = k.read(context.Background()) // the question that waits reads what is missing, and says what fails
	close(k.built)
}

// read takes in what is new, the newest first, until a page holds nothing new.
func (k *RelatedFinder) read(ctx context.Context) error {
	select {
	case k.turn <- struct{}{}:
		defer func() { <-k.turn }()
	case <-ctx.Done():
		return &petition.Error{Code: petition.Unavailable, Err: ctx.Err()}
	}
	after := ""
	for k.index.Len() < mostKin {
		page, next, err := k.store.List(ctx, everybody, petition.Query{Order: "new", After: after, Limit: onePage})
		if err != nil {
			return fmt.Errorf("read petitions to relate: %w", err)
		}
		if k.add(page) == 0 || next == "" {
			return nil
		}
		after = next
	}
	return nil
}

func (k *RelatedFinder) add(page []petition.Record) (added int) {
	for _, r := range page {
		f := r.Case.Filing
		if r.Sealed || f.Class == petition.Report {
			continue
		}
		if k.index.Add(related.Doc{ID: r.Case.Number, User: f.Owner, Time: r.Case.Received, Title: f.Title, Text: f.Facts}) {
			added++
		}
	}
	return added
}
