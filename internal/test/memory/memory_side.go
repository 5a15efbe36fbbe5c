package memory

import (
	"context"
	"slices"
	"time"

	"dengwen/petition"
)

// Try is petition.Store.Try.
func (m *Memory) Try(_ context.Context, id string, at time.Time, limits []petition.Limit) (wait time.Duration, _ error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, l := range limits {
		var tries []time.Time
		for _, t := range m.tries {
			if t.who == l.Who {
				tries = append(tries, t.at)
			}
		}
		wait = max(wait, l.Full(tries, at))
	}
	if wait > 0 {
		return wait, nil
	}
	for _, l := range limits {
		if t := (try{id, l.Who, at}); !slices.Contains(m.tries, t) {
			m.tries = append(m.tries, t)
		}
	}
	return 0, nil
}

// Untry is petition.Store.Untry.
func (m *Memory) Untry(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tries = slices.DeleteFunc(m.tries, func(t try) bool { return t.id == id })
	return nil
}

// PutFile is petition.Store.PutFile.
func (m *Memory) PutFile(_ context.Context, f petition.File) (petition.File, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if have, ok := m.files[f.ID]; ok {
		return have, nil
	}
	m.files[f.ID] = f
	return f, nil
}

// Files is petition.Store.Files.
func (m *Memory) Files(_ context.Context, ids []string) ([]petition.File, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []petition.File
	for _, id := range ids {
		if f, ok := m.files[id]; ok {
			out = append(out, f)
		}
	}
	return out, nil
}

// LooseFiles is petition.Store.LooseFiles.
func (m *Memory) LooseFiles(_ context.Context, before time.Time, limit int) ([]petition.File, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	named := map[string]bool{}
	for _, r := range m.records {
		for _, id := range r.Files {
			named[id] = true
		}
	}
	var out []petition.File
	for _, f := range m.files {
		if f.At.Before(before) && !named[f.ID] && len(out) < limit {
			out = append(out, f)
		}
	}
	return out, nil
}

// DropFile is petition.Store.DropFile.
func (m *Memory) DropFile(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.files, id)
	return nil
}
