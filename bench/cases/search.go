package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"dengwen/petition"
)

// searchesEach is how often each caller searches.
const searchesEach = 200

// measureSearches times lists with words by themselves, without HTTP and without anybody
// who writes: how long they take from so many callers at once, and of the processor.
func (h *caseServer) measureSearches(ctx context.Context, callers int) error {
	all := petition.Scope{All: true}
	unit := petition.Scope{Units: []string{h.office.Places[0].Unit}}
	for _, s := range []struct {
		name  string
		scope petition.Scope
		query petition.Query
	}{
		{"two common words, newest", all, petition.Query{Words: "路灯 营盘", Order: "new"}},
		{"a common word, newest", all, petition.Query{Words: "路灯", Order: "new"}},
		{"a common word, by due date", all, petition.Query{Words: "路灯", Order: "due"}},
		{"the same, of one unit", unit, petition.Query{Words: "路灯", Order: "due", Open: true}},
		{"a word nobody wrote", all, petition.Query{Words: "龘䶮", Order: "new"}},
	} {
		s.query.Limit = 8
		if err := h.measureSearch(ctx, callers, s.name, s.scope, s.query); err != nil {
			return err
		}
	}
	return nil
}

func (s *caseServer) measureSearch(ctx context.Context, callers int, name string, scope petition.Scope, q petition.Query) error {
	var wg sync.WaitGroup
	var mu sync.Mutex
	var took []time.Duration
	var failed error
	before := processor()
	for range callers {
		wg.Go(func() {
			for range searchesEach {
				began := time.Now()
				_, _, err := s.store.List(ctx, scope, q)
				mu.Lock()
				if took = append(took, time.Since(began)); err != nil {
					failed = err
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	slices.Sort(took)
	fmt.Printf("    search %-28s p50 %7.2f ms, p95 %7.2f, of the processor %.2f\n", name, ms(took[len(took)/2]), ms(took[len(took)*95/100]), ms((processor()-before)/time.Duration(len(took))))
	return failed
}
