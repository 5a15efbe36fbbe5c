package memory

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"

	"dengwen/petition"
	"dengwen/petition/issuing"
)

// ReportPapers keeps reports on their way out in memory. The zero ReportPapers is empty and ready.
type ReportPapers struct {
	mu  sync.Mutex
	all map[string]issuing.Paper
}

var _ issuing.Store = (*ReportPapers)(nil)

// PutReportPaper is issuing.Store.PutReportPaper.
func (m *ReportPapers) PutReportPaper(_ context.Context, p issuing.Paper) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.all[p.ID].Version != p.Version-1 {
		return petition.Fail(petition.Conflict, "issuing.changed")
	}
	if m.all == nil {
		m.all = map[string]issuing.Paper{}
	}
	m.all[p.ID] = p
	return nil
}

// ReportPaper is issuing.Store.ReportPaper.
func (m *ReportPapers) ReportPaper(_ context.Context, id string) (issuing.Paper, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p, ok := m.all[id]
	if !ok {
		return p, petition.Fail(petition.NotFound, "issuing.none")
	}
	return p, nil
}

// ReportPapers is issuing.Store.ReportPapers.
func (m *ReportPapers) ReportPapers(_ context.Context, states []petition.DraftState) (found []issuing.Paper, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for p := range maps.Values(m.all) {
		if slices.Contains(states, p.State) {
			found = append(found, p)
		}
	}
	slices.SortFunc(found, func(a, b issuing.Paper) int { return cmp.Compare(a.ID, b.ID) })
	return found, nil
}
