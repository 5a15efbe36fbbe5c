package roster

import (
	"context"
	"slices"

	"dengwen/petition"
)

// standIns gives the deputies of heads who are away, or have left with nobody in their place,
// the role petition.ActingHead.
func standIns(people []Person) []Person {
	out := slices.Clone(people)
	for i := range out {
		if standsIn(out[i], people) {
			out[i].Roles = append(slices.Clip(out[i].Roles), petition.ActingHead)
		}
	}
	return out
}

func standsIn(p Person, people []Person) bool {
	if !p.Active() || p.Away {
		return false
	}
	headed := slices.ContainsFunc(people, func(q Person) bool { return q.Unit == p.Unit && q.Active() && q.leads() })
	return slices.ContainsFunc(people, func(q Person) bool {
		return q.Unit == p.Unit && q.leads() && q.Deputy == p.ID && (q.Active() && q.Away || !q.Active() && !headed)
	})
}

// signers are the chats of those who sign what an author of a unit wrote: its heads who are there,
// and who stands in for the others. Without any of them its heads are told all the same, and where
// that is nobody the petition office's and the administrators: a paper nobody sees is never issued.
func (s *Service) signers(ctx context.Context, unit, author string) ([]string, error) {
	people, err := s.store.People(ctx, unit)
	if err != nil {
		return nil, petition.Wrap(err, "read the unit's people")
	}
	if u, _ := s.office.Find(unit); u.SelfApproval {
		author = ""
	}
	var chats []string
	for _, p := range standIns(people) {
		if p.reachable() && !p.Away && p.ID != author && (p.leads() || p.Has(petition.ActingHead)) {
			chats = append(chats, p.Chat)
		}
	}
	if len(chats) > 0 {
		return chats, nil
	}
	if chats, err = s.chatsOf(ctx, unit, func(p Person) bool { return p.leads() && p.ID != author }); err != nil || len(chats) > 0 {
		return chats, err
	}
	return s.chatsOf(ctx, "", func(p Person) bool { return p.Has(petition.Supervisor) || p.Has(petition.Admin) })
}
