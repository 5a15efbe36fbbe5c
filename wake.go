package main

import (
	"context"

	"dengwen/petition"
)

// waking is the case service of this process: what changes here is told at once, not
// at the follower's next look.
type waking struct {
	petition.Cases
	wake func()
}

func (w waking) File(ctx context.Context, a petition.Actor, f petition.Filing) (petition.Ticket, error) {
	t, err := w.Cases.File(ctx, a, f)
	if err == nil {
		w.wake()
	}
	return t, err
}

func (w waking) Do(ctx context.Context, a petition.Actor, number string, m petition.Move) (petition.View, error) {
	v, err := w.Cases.Do(ctx, a, number, m)
	if err == nil {
		w.wake()
	}
	return v, err
}
