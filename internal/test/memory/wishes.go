package memory

import (
	"context"
	"sync"

	"dengwen/petition"
	"dengwen/petition/telling"
)

// Wishes is a telling.CitizenStore in memory. It is safe for concurrent use.
type Wishes struct {
	mu  sync.Mutex
	all map[string]telling.Citizen // by chat
}

var _ telling.CitizenStore = (*Wishes)(nil)

// NewWishes is an empty store.
func NewWishes() *Wishes { return &Wishes{all: map[string]telling.Citizen{}} }

// WishesOf is telling.CitizenStore.WishesOf.
func (m *Wishes) WishesOf(_ context.Context, owner string) (telling.Citizen, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, ok := m.all[owner]
	if !ok {
		return c, petition.Fail(petition.NotFound, "wishes.none")
	}
	return copied(c), nil
}

// WishesByID is telling.CitizenStore.WishesByID.
func (m *Wishes) WishesByID(_ context.Context, id string) (telling.Citizen, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.all {
		if c.ID == id {
			return copied(c), nil
		}
	}
	return telling.Citizen{}, petition.Fail(petition.NotFound, "wishes.none")
}

// ChangeWishes is telling.CitizenStore.ChangeWishes.
func (m *Wishes) ChangeWishes(_ context.Context, owner, id string, change func(c *telling.Citizen) error) (telling.Citizen, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, ok := m.all[owner]
	if !ok {
		c = telling.Citizen{ID: id, Owner: owner}
	}
	c = copied(c)
	if err := change(&c); err != nil {
		return c, err
	}
	m.all[owner] = copied(c)
	if c.Empty() {
		delete(m.all, owner)
	}
	return c, nil
}
