package memory

import (
	"context"
	"encoding/hex"
	"slices"
	"strings"
	"sync"

	"dengwen/petition"
	"dengwen/petition/telling"
)

// Tasks keeps in memory what nobody could be told of. It is safe for concurrent use.
type Tasks struct {
	mu  sync.Mutex
	all []telling.Untold
}

var _ telling.Tasks = (*Tasks)(nil)

// NoteMisses is telling.Tasks.NoteMisses.
func (m *Tasks) NoteMisses(_ context.Context, all []telling.Miss) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, miss := range all {
		id := hex.EncodeToString([]byte(miss.Notice.Number + " " + miss.Notice.To))
		i := slices.IndexFunc(m.all, func(u telling.Untold) bool { return u.ID == id })
		if i < 0 {
			i = len(m.all)
			m.all = append(m.all, telling.Untold{ID: id, Number: miss.Notice.Number, To: miss.Notice.To, Sealed: miss.Notice.View.Class == petition.Report, At: miss.At})
		}
		m.all[i].Note(miss)
	}
	return nil
}

// Untold is telling.Tasks.Untold.
func (m *Tasks) Untold(_ context.Context, limit int) (open []telling.Untold, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, u := range m.all {
		if len(u.Open()) > 0 && len(open) < limit {
			open = append(open, copiedTask(u))
		}
	}
	return open, nil
}

func copiedTask(u telling.Untold) telling.Untold {
	c := copied(u)
	c.ID, c.At = strings.Clone(u.ID), u.At
	return c
}

// TakeUntold is telling.Tasks.TakeUntold.
func (m *Tasks) TakeUntold(_ context.Context, id, staff string) error {
	return m.change(id, func(u *telling.Untold) { u.Taken = staff })
}

// EndUntold is telling.Tasks.EndUntold.
func (m *Tasks) EndUntold(_ context.Context, id string) error {
	return petition.IgnoreNotFound(m.change(id, (*telling.Untold).End))
}

func (m *Tasks) change(id string, change func(u *telling.Untold)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.all {
		if m.all[i].ID == id && len(m.all[i].Open()) > 0 {
			change(&m.all[i])
			return nil
		}
	}
	return petition.Fail(petition.NotFound, "untold.none")
}
