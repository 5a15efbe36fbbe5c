package app

import (
	"cmp"
	"context"

	"dengwen/bot/turn"
	"dengwen/petition"
)

// notifyingCases is the case service of this process: after a change it wakes the reader of
// the feed, so that notices go out at once and not at its next poll.
type notifyingCases struct {
	petition.Cases
	wake turn.Wake
}

func (c notifyingCases) File(ctx context.Context, a petition.Actor, f petition.Filing) (petition.Ticket, error) {
	t, err := c.Cases.File(ctx, a, f)
	if err == nil {
		c.wake.Signal()
	}
	return t, err
}

func (c notifyingCases) Do(ctx context.Context, a petition.Actor, number string, m petition.Move) (petition.View, error) {
	v, err := c.Cases.Do(ctx, a, number, m)
	if err == nil {
		c.wake.Signal()
	}
	return v, err
}

// cardSyncing is the case service behind the case API: a move of an officer updates the
// case's message in the unit's group at once.
type cardSyncing struct {
	petition.Cases
	office string // unit of officers who name none
	moved  func(ctx context.Context, me petition.Actor, name petition.MoveName, v petition.View)
}

func (c cardSyncing) File(ctx context.Context, a petition.Actor, filing petition.Filing) (petition.Ticket, error) {
	t, err := c.Cases.File(ctx, a, filing)
	if err == nil {
		t.View.Number = t.Number
		c.sync(ctx, a, petition.MoveRegister, t.View)
	}
	return t, err
}

func (c cardSyncing) Do(ctx context.Context, a petition.Actor, number string, m petition.Move) (petition.View, error) {
	v, err := c.Cases.Do(ctx, a, number, m)
	if err == nil {
		c.sync(ctx, a, m.Name, v)
	}
	return v, err
}

func (c cardSyncing) sync(ctx context.Context, a petition.Actor, name petition.MoveName, v petition.View) {
	if len(a.Roles) == 0 {
		return // a citizen's change reaches the units by the feed
	}
	a.Unit = cmp.Or(a.Unit, c.office)
	c.moved(ctx, a, name, v)
}
