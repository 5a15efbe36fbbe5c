package roster

import (
	"context"
	"slices"
	"strings"

	"dengwen/petition"
	"dengwen/petition/telling"
)

// placeOf begins the name of an officer in the address of their places.
const placeOf = "staff."

// Places are the conversations besides the chats in which a notice to the office is told to those whom
// it is for, as they want it; what is urgent, wherever they can be told.
func (s *Service) Places(ctx context.Context, n petition.Notice) (convs []string, err error) {
	kind, code, _ := strings.Cut(n.To, ":")
	if kind == "staff" {
		p, err := s.store.Person(ctx, code)
		if err != nil {
			return nil, petition.IgnoreNotFound(err)
		}
		return p.places(telling.KindOf(n), n.Urgent()), nil
	}
	people, err := s.store.People(ctx, code)
	if err != nil || kind != "unit" {
		return nil, petition.Wrap(err, "read the unit's people")
	}
	fit := func(p Person) bool { return p.handles() || p.leads() }
	if has := n.View.Officer; !n.ForAllOnDuty() && slices.ContainsFunc(people, func(p Person) bool { return p.ID == has && p.Active() && !p.Away }) {
		fit = func(p Person) bool { return p.ID == has || n.Entry.Args["level"] != "" && p.leads() }
	}
	for _, p := range people {
		if p.Active() && !p.Away && fit(p) {
			convs = append(convs, p.places(telling.KindOf(n), n.Urgent())...)
		}
	}
	return convs, nil
}

// DigestPlaces are those at which a digest is told. One on reports on misconduct is told at none.
func (s *Service) DigestPlaces(ctx context.Context, d petition.Digest) (convs []string, err error) {
	if d.Sealed {
		return nil, nil
	}
	if d.Led != nil {
		p, err := s.store.Person(ctx, d.Led.Leader)
		return p.places(telling.KindDigest, false), petition.Wrap(petition.IgnoreNotFound(err), "read who leads")
	}
	people, err := s.store.People(ctx, d.Unit)
	for _, p := range people {
		if p.Active() && !p.Away && (p.leads() || p.handles() && !d.Weekly) {
			convs = append(convs, p.places(telling.KindDigest, false)...)
		}
	}
	return convs, petition.Wrap(err, "read the unit's people")
}

func (p Person) places(kind string, urgent bool) []string {
	if !p.Active() || !p.Told.Wants(kind, urgent) {
		return nil
	}
	return p.Told.Places(placeOf + p.ID)
}

// IsPlace reports whether a name is that of an officer's places.
func IsPlace(name string) bool { return strings.HasPrefix(name, placeOf) }

// AtPlace is the officer of a place by its name, what stands behind the first colon of its
// conversation; false for one that is no officer's.
func (s *Service) AtPlace(ctx context.Context, name string) (Person, bool, error) {
	id, ok := strings.CutPrefix(name, placeOf)
	if !ok {
		return Person{}, false, nil
	}
	p, err := s.store.Person(ctx, id)
	return p, err == nil && p.Active(), petition.IgnoreNotFound(err)
}

// SetTold notes where an officer wants to be told. Invalid where an address is none.
func (s *Service) SetTold(ctx context.Context, id string, w telling.Wishes) error {
	_, err := s.ChangeTold(ctx, id, func(told *telling.Wishes) { *told = w })
	return err
}

// ChangeTold has it changed as it is now, and answers the officer. Invalid where an address is none.
func (s *Service) ChangeTold(ctx context.Context, id string, change func(w *telling.Wishes)) (Person, error) {
	p, err := s.store.Person(ctx, id)
	if err != nil {
		return p, petition.Wrap(err, "read person")
	}
	change(&p.Told)
	if err := p.Told.Check(); err != nil {
		return p, err
	}
	return p, s.put(ctx, p)
}
