package app

import (
	"cmp"
	"context"

	"dengwen/petition"
)

// notifyingCases is the case service of this process for those who are no conversation: what
// they change is told at once, not at the follower's next look.
type notifyingCases struct {
	petition.Cases
	wake func()
}

func (w notifyingCases) File(ctx context.Context, a petition.Actor, f petition.Filing) (petition.Ticket, error) {
	t, err := w.Cases.File(ctx, a, f)
	if err == nil {
		w.wake()
	}
	return t, err
}

func (w notifyingCases) Do(ctx context.Context, a petition.Actor, number string, m petition.Move) (petition.View, error) {
	v, err := w.Cases.Do(ctx, a, number, m)
	if err == nil {
		w.wake()
	}
	return v, err
}

// cardSyncing is the case service as programs use it over HTTP: a move of an officer is
// shown at once on the card in the unit's group.
type cardSyncing struct {
	petition.Cases
	office string // unit of officers who name none
	moved  func(ctx context.Context, me petition.Actor, name petition.MoveName, v petition.View)
}

func (f cardSyncing) File(ctx context.Context, a petition.Actor, filing petition.Filing) (petition.Ticket, error) {
	t, err := f.Cases.File(ctx, a, filing)
	if err == nil {
		t.View.Number = t.Number
		f.follow(ctx, a, petition.MoveRegister, t.View)
	}
	return t, err
}

func (f cardSyncing) Do(ctx context.Context, a petition.Actor, number string, m petition.Move) (petition.View, error) {
	v, err := f.Cases.Do(ctx, a, number, m)
	if err == nil {
		f.follow(ctx, a, m.Name, v)
	}
	return v, err
}

func (f cardSyncing) follow(ctx context.Context, a petition.Actor, name petition.MoveName, v petition.View) {
	if len(a.Roles) == 0 {
		return // a citizen's: the feed tells the units
	}
	a.Unit = cmp.Or(a.Unit, f.office)
	f.moved(ctx, a, name, v)
}
