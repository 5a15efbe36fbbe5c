package app

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"dengwen/petition"
)

type stubCases struct{ petition.Cases }

func (stubCases) File(context.Context, petition.Actor, petition.Filing) (petition.Ticket, error) {
	return petition.Ticket{Number: "ZS26-0001-KN"}, nil
}

func (stubCases) Do(_ context.Context, _ petition.Actor, number string, m petition.Move) (petition.View, error) {
	if m.Name == petition.MoveRefuse {
		return petition.View{}, petition.Fail(petition.Conflict, "move.status")
	}
	return petition.View{Number: number}, nil
}

// Officers' moves over the API are shown on their groups' cards; citizens', and moves
// that came to nothing, are not.
func TestCardsFollowTheAPI(t *testing.T) {
	t.Parallel()
	var shown []string
	f := cardSyncing{stubCases{}, "petition", func(_ context.Context, me petition.Actor, name petition.MoveName, v petition.View) {
		shown = append(shown, fmt.Sprint(me.Unit, " ", name, " ", v.Number))
	}}
	officer, clerk := petition.Actor{Unit: "transport", Roles: []petition.Role{petition.Head}}, petition.Actor{Roles: []petition.Role{petition.Intake}}
	for _, do := range []func() error{
		func() error {
			_, err := f.Do(t.Context(), officer, "ZS26-0002-8X", petition.Move{Name: petition.MoveAccept})
			return err
		},
		func() error {
			_, err := f.Do(t.Context(), officer, "ZS26-0002-8X", petition.Move{Name: petition.MoveRefuse})
			return err
		},
		func() error {
			_, err := f.Do(t.Context(), petition.Actor{Owner: "tg:1"}, "ZS26-0002-8X", petition.Move{Name: petition.MoveNudge})
			return err
		},
		func() error { _, err := f.File(t.Context(), clerk, petition.Filing{}); return err },
	} {
		if err := do(); err != nil && petition.CodeOf(err) != petition.Conflict {
			t.Error(err)
		}
	}
	if want := []string{"transport accept ZS26-0002-8X", "petition register ZS26-0001-KN"}; !slices.Equal(shown, want) {
		t.Errorf("shown %q, want %q", shown, want)
	}
}
