package memory

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"dengwen/petition"
	"dengwen/petition/batch"
)

// Batches is a batch.Store, and keeps saved views of lists.
type Batches struct {
	mu      sync.Mutex
	all     map[string]*storedBatch
	refused map[string]map[int]batch.Refusal
	views   map[string]petition.ListView
}

type storedBatch struct {
	batch.Batch
	owner string
	until time.Time
}

var _ batch.Store = (*Batches)(nil)

// NewBatches is a store with nothing in it.
func NewBatches() *Batches {
	return &Batches{all: map[string]*storedBatch{}, refused: map[string]map[int]batch.Refusal{}, views: map[string]petition.ListView{}}
}

// PutBatch is batch.Store.PutBatch.
func (m *Batches) PutBatch(_ context.Context, b batch.Batch) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if have := m.all[b.ID]; have != nil {
		have.Batch = b
		return nil
	}
	m.all[b.ID] = &storedBatch{Batch: b}
	return nil
}

// Batch is batch.Store.Batch.
func (m *Batches) Batch(_ context.Context, id string) (batch.Batch, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if b := m.all[id]; b != nil {
		return b.Batch, nil
	}
	return batch.Batch{}, petition.Fail(petition.NotFound, "batch.none")
}

// Batches is batch.Store.Batches.
func (m *Batches) Batches(_ context.Context, since time.Time, limit int) (all []batch.Batch, _ error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, b := range m.all {
		if !b.At.Before(since) {
			all = append(all, b.Batch)
		}
	}
	slices.SortFunc(all, func(a, b batch.Batch) int { return b.At.Compare(a.At) })
	return all[:min(len(all), limit)], nil
}

// ClaimBatch is batch.Store.ClaimBatch.
func (m *Batches) ClaimBatch(_ context.Context, id, owner string, now, until time.Time) (batch.Batch, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var oldest *storedBatch
	for _, b := range m.all {
		if b.State == batch.Waiting && b.until.Before(now) && (id == "" || id == b.ID) && (oldest == nil || b.At.Before(oldest.At)) {
			oldest = b
		}
	}
	if oldest == nil {
		return batch.Batch{}, false, nil
	}
	oldest.owner, oldest.until = owner, until
	return oldest.Batch, true, nil
}

// NoteBatch is batch.Store.NoteBatch.
func (m *Batches) NoteBatch(_ context.Context, owner string, b batch.Batch, refused []batch.Refusal, until time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	have := m.all[b.ID]
	if have == nil || have.owner != owner || have.State != batch.Waiting {
		return petition.Fail(petition.Conflict, "batch.lost")
	}
	have.Batch, have.until = b, until
	if m.refused[b.ID] == nil {
		m.refused[b.ID] = map[int]batch.Refusal{}
	}
	for _, r := range refused {
		if _, known := m.refused[b.ID][r.Item]; !known {
			m.refused[b.ID][r.Item] = r
		}
	}
	return nil
}

// StopBatch is batch.Store.StopBatch.
func (m *Batches) StopBatch(_ context.Context, id string, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	b := m.all[id]
	if b == nil {
		return petition.Fail(petition.NotFound, "batch.none")
	}
	if !b.Over() {
		b.State, b.Ended = batch.Stopped, at
	}
	return nil
}

// Refusals is batch.Store.Refusals.
func (m *Batches) Refusals(_ context.Context, id string, after, limit int) (all []batch.Refusal, _ error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, item := range slices.Sorted(maps.Keys(m.refused[id])) {
		if item > after && len(all) < limit {
			all = append(all, m.refused[id][item])
		}
	}
	return all, nil
}

// DropBatches is batch.Store.DropBatches.
func (m *Batches) DropBatches(_ context.Context, before time.Time) (blobs []string, _ error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, b := range m.all {
		if b.At.Before(before) && b.State != batch.Waiting {
			for _, f := range []string{b.File, b.Result} {
				if f != "" {
					blobs = append(blobs, f)
				}
			}
			delete(m.all, id)
			delete(m.refused, id)
		}
	}
	return blobs, nil
}

// PutListView keeps a view.
func (m *Batches) PutListView(_ context.Context, v petition.ListView) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.views[v.ID] = v
	return nil
}

// ListViews are all views.
func (m *Batches) ListViews(context.Context) (all []petition.ListView, _ error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(m.views)) {
		all = append(all, m.views[id])
	}
	return all, nil
}

// DropListView forgets a view.
func (m *Batches) DropListView(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.views, id)
	return nil
}
