package memory

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"dengwen/petition"
)

// Checks is petition.Store.Checks.
func (m *Memory) Checks(_ context.Context, q petition.CheckQuery) ([]petition.Record, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	type found struct {
		at string
		r  petition.Record
	}
	var all []found
	for _, r := range m.records {
		for _, c := range r.Checks {
			at := fmt.Sprintf("%s %015d %s", c.Rules, c.At.UnixMilli(), r.Case.Number)
			due := c.Rules == q.Rules && !c.At.After(q.Until)
			if c.Kind == q.Kind && at > q.After && (q.Stale && c.Rules != q.Rules || !q.Stale && due) {
				all = append(all, found{at, r})
			}
		}
	}
	slices.SortFunc(all, func(a, b found) int { return cmp.Compare(a.at, b.at) })
	var records []petition.Record
	for _, f := range all[:min(len(all), q.Limit)] {
		records = append(records, copied(f.r))
	}
	if len(all) <= q.Limit {
		return records, "", nil
	}
	return records, all[q.Limit-1].at, nil
}

// PutChecks is petition.Store.PutChecks.
func (m *Memory) PutChecks(_ context.Context, records []petition.Record) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range records {
		have, ok := m.records[r.Case.Number]
		if ok && have.Case.Version == r.Case.Version {
			have.Checks = copied(r.Checks)
			m.records[r.Case.Number] = have
		}
	}
	return nil
}

// SetBack is petition.Store.SetBack.
func (m *Memory) SetBack(_ context.Context, now time.Time) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if now.Before(m.swept.Add(-time.Hour)) {
		m.setBack++
		m.swept = now
	}
	if now.After(m.swept) {
		m.swept = now
	}
	return m.setBack, nil
}
