package memory

import (
	"context"
	"slices"
	"strings"
	"sync"

	"dengwen/petition"
	"dengwen/petition/mediation"
)

// Disputes is a mediation.Store in memory. It is safe for concurrent use.
type Disputes struct {
	mu     sync.Mutex
	keys   map[string]string // key → number
	all    map[string]mediation.Dispute
	next   map[string]string
	rounds map[string]mediation.Round
	Lines  []petition.Access // of the access log
}

var _ mediation.Store = (*Disputes)(nil)

// NewDisputes is an empty store.
func NewDisputes() *Disputes {
	return &Disputes{keys: map[string]string{}, all: map[string]mediation.Dispute{}, next: map[string]string{}, rounds: map[string]mediation.Round{}}
}

// CreateDispute is mediation.Store.CreateDispute.
func (m *Disputes) CreateDispute(_ context.Context, key string, d mediation.Dispute) (mediation.Dispute, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if have, ok := m.keys[key]; ok {
		return copied(m.all[have]), nil
	}
	if _, ok := m.all[d.Number]; ok {
		return d, petition.Fail(petition.Conflict, "dispute.number")
	}
	m.keys[key], m.all[d.Number] = d.Number, copied(d)
	return d, nil
}

// SaveDispute is mediation.Store.SaveDispute.
func (m *Disputes) SaveDispute(_ context.Context, d mediation.Dispute, next string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.all[d.Number].Version != d.Version-1 {
		return petition.Fail(petition.Conflict, "dispute.changed")
	}
	m.all[d.Number], m.next[d.Number] = copied(d), next
	return nil
}

// Dispute is mediation.Store.Dispute.
func (m *Disputes) Dispute(_ context.Context, number string) (mediation.Dispute, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, ok := m.all[number]
	if !ok {
		return d, petition.Fail(petition.NotFound, "dispute.none")
	}
	return copied(d), nil
}

// Disputes is mediation.Store.Disputes.
func (m *Disputes) Disputes(_ context.Context, q mediation.Query) (all []mediation.Dispute, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, d := range m.all {
		if (q.Unit == "" || q.Unit == d.Unit) && (q.Owner == "" || q.Owner == d.Owner) && (q.Staff == "" || q.Staff == d.Staff) &&
			(q.Round == "" || q.Round == d.Round) && (q.Status == "" || q.Status == d.Status) && (!q.Open || d.Status.Open()) &&
			(q.From.IsZero() || !d.Received.Before(q.From)) && (q.To.IsZero() || d.Received.Before(q.To)) {
			all = append(all, copied(d))
		}
	}
	slices.SortFunc(all, func(a, b mediation.Dispute) int {
		if c := b.Received.Compare(a.Received); c != 0 {
			return c
		}
		return strings.Compare(b.Number, a.Number)
	})
	if q.Limit > 0 && len(all) > q.Limit {
		all = all[:q.Limit]
	}
	return all, nil
}

// DueDisputes is mediation.Store.DueDisputes.
func (m *Disputes) DueDisputes(_ context.Context, day string, _ int) (all []mediation.Dispute, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, d := range m.all {
		next := m.next[d.Number]
		if d.Told < len(d.Log) || d.Status == mediation.Agreed && next != "" && next <= day {
			all = append(all, copied(d))
		}
	}
	slices.SortFunc(all, func(a, b mediation.Dispute) int { return strings.Compare(a.Number, b.Number) })
	return all, nil
}

// ForgetReporter is mediation.Store.ForgetReporter.
func (m *Disputes) ForgetReporter(_ context.Context, owner string) (n int, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for number, d := range m.all {
		if d.Owner == owner {
			d.Owner, d.Version = "", d.Version+1
			m.all[number] = d
			n++
		}
	}
	return n, nil
}

// PutRound is mediation.Store.PutRound.
func (m *Disputes) PutRound(_ context.Context, r mediation.Round) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.rounds[r.ID] = copied(r)
	return nil
}

// Rounds is mediation.Store.Rounds.
func (m *Disputes) Rounds(_ context.Context, unit string) (all []mediation.Round, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range m.rounds {
		if r.Unit == unit {
			all = append(all, copied(r))
		}
	}
	slices.SortFunc(all, func(a, b mediation.Round) int { return strings.Compare(b.ID, a.ID) })
	return all, nil
}

// NoteAccess is mediation.Store.NoteAccess.
func (m *Disputes) NoteAccess(_ context.Context, x petition.Access) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.Lines = append(m.Lines, x)
	return nil
}
