// Package signoff lets tests issue in one call what takes two people: a paper written by one and
// signed by another.
package signoff

import (
	"context"

	"dengwen/petition"
)

// Do makes a move. What somebody else signs is written and submitted by a, and signed by a head of
// the unit, "<unit>-signer". The view is as the actor sees it, where they still see the case.
func Do(ctx context.Context, cases petition.Cases, a petition.Actor, number string, m petition.Move) (petition.View, error) {
	v, err := cases.Do(ctx, a, number, m)
	if refused, ok := err.(*petition.Error); !ok || refused.Key != "move.unsigned" {
		return v, err
	}
	paper := m
	paper.Name, paper.For = petition.MoveSubmit, m.Name
	if v, err = cases.Do(ctx, a, number, paper); err != nil {
		return v, err
	}
	d := v.Drafts[len(v.Drafts)-1]
	head := petition.Actor{Staff: d.Unit + "-signer", Unit: d.Unit, Roles: []petition.Role{petition.Head}}
	if v, err = cases.Do(ctx, head, number, petition.Move{Name: petition.MoveSign, Draft: d.ID, DraftVersion: d.Version}); err != nil {
		return v, err
	}
	if mine, err := cases.Look(ctx, a, number, ""); err == nil {
		return mine, nil
	}
	return v, nil
}
