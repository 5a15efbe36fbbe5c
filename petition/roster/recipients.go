package roster

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"dengwen/petition"
)

// Chats are the chats a notice to the office goes to. A case that somebody took goes
// to that officer, and to their deputy while they are away; one that nobody took
// goes to everybody of the unit who is there, and to the unit's groups. A sealed
// report goes to its named officers alone, never to a group. Where a unit has nobody
// who can be reached, the petition office is told in its place: a case nobody sees
// is worse than none.
func (s *Service) Chats(ctx context.Context, n petition.Notice) ([]string, error) {
	kind, code, _ := strings.Cut(n.To, ":")
	switch kind {
	case "staff":
		// What became of a paper goes to who wrote it, whoever has the case now.
		unit := cmp.Or(n.Entry.Args["author_unit"], n.View.Unit)
		if n.Entry.Move == petition.MoveNote { // whoever it names sees the case, of whatever unit
			unit = ""
		}
		if own := s.ownChats(ctx, code, unit); len(own) > 0 {
			return own, nil
		}
		if p, err := s.store.Person(ctx, code); n.Entry.Move == petition.MoveNote || err == nil && p.leader() { // the one whom it names is told at the desk, their colleagues were not named
			return nil, nil
		}
		code = cmp.Or(n.Entry.Args["author_unit"], n.View.Unit) // who should know can't be told: their colleagues are
	case "sealed":
		return s.chatsOf(ctx, code, Person.named)
	}
	if n.Entry.Move == petition.MoveSubmit || n.Entry.Move == petition.MoveUnsigned {
		return s.signers(ctx, code, n.Entry.Args["author"])
	}
	if n.ForAllOnDuty() {
		return s.urgentChats(ctx, code, n)
	}
	chats, err := s.unitChats(ctx, code, n.View.Officer)
	if err != nil {
		return nil, err
	}
	more, err := s.above(ctx, code, n.Entry)
	chats = append(chats, slices.DeleteFunc(more, func(c string) bool { return slices.Contains(chats, c) })...)
	if err != nil || len(chats) > 0 {
		return chats, err
	}
	return s.chatsOf(ctx, s.office.Unit, func(p Person) bool { return p.Has(petition.Supervisor) || p.Has(petition.Intake) })
}

// urgentChats are the chats a notice of danger to people goes to: the unit's groups, everybody
// on duty, who has the case, and whom time brings it before. Who did what it tells of knows.
func (s *Service) urgentChats(ctx context.Context, unit string, n petition.Notice) ([]string, error) {
	groups, err := s.store.Bindings(ctx, unit)
	if err != nil {
		return nil, petition.Wrap(err, "read the unit's groups")
	}
	var chats []string
	for _, g := range groups {
		chats = append(chats, g.Chat)
	}
	onDuty, err := s.OnDuty(ctx, unit)
	if err != nil {
		return nil, err
	}
	if len(onDuty) == 0 && unit != s.office.Unit {
		if onDuty, err = s.OnDuty(ctx, s.office.Unit); err != nil {
			return nil, err
		}
	}
	for _, p := range onDuty {
		chats = append(chats, p.Chat)
	}
	more, err := s.above(ctx, unit, n.Entry)
	chats = append(append(chats, s.ownChats(ctx, n.View.Officer, unit)...), more...)
	if by, missing := s.store.Person(ctx, n.Entry.Staff); missing == nil && n.Entry.Move == petition.MoveAttend {
		chats = slices.DeleteFunc(chats, func(c string) bool { return c == by.Chat })
	}
	slices.Sort(chats)
	return slices.Compact(chats), err
}

// OnDuty are those of a unit who are on duty now and can be reached: by the office's rota, their
// substitutes where none of them is there, and everybody of the unit where that leaves nobody.
func (s *Service) OnDuty(ctx context.Context, unit string) ([]Person, error) {
	people, err := s.store.People(ctx, unit)
	if err != nil {
		return nil, petition.Wrap(err, "read the unit's people")
	}
	people = slices.DeleteFunc(people, func(p Person) bool { return !p.reachable() })
	var on []Person
	add := func(fit func(Person) bool) (found bool) {
		for _, p := range people {
			if !p.Away && fit(p) {
				on, found = append(on, p), true
			}
		}
		return found
	}
	for _, d := range s.office.OnDuty(unit, s.now()) {
		if !add(func(p Person) bool { return p.among(d.Officers) || slices.ContainsFunc(d.Roles, p.Has) }) {
			add(func(p Person) bool { return p.among(d.Substitutes) })
		}
	}
	works := func(p Person) bool { return p.handles() || p.leads() }
	if len(on) > 0 || add(works) {
		return on, nil
	}
	return slices.DeleteFunc(people, func(p Person) bool { return !works(p) }), nil // everybody is away: better told than not
}

// among reports whether a line of the rota names the person.
func (p Person) among(named []string) bool {
	return slices.Contains(named, p.ID) || p.Name != "" && slices.Contains(named, p.Name)
}

// above are those who are told besides, of what time brings up: the unit's heads,
// then the petition office's supervisors.
func (s *Service) above(ctx context.Context, unit string, e petition.Entry) ([]string, error) {
	if e.By != "system" {
		return nil, nil
	}
	switch e.Args["level"] {
	case "head":
		if e.Move == petition.MoveUnattended { // the petition office's head is its supervisor
			return s.chatsOf(ctx, unit, Person.leads)
		}
		return s.chatsOf(ctx, unit, func(p Person) bool { return p.Has(petition.Head) })
	case "supervisor":
		return s.chatsOf(ctx, unit, Person.leads)
	}
	return nil, nil
}

func (p Person) reachable() bool { return p.Active() && p.Chat != "" && !p.Mute }

func (s *Service) unitChats(ctx context.Context, unit, officer string) ([]string, error) {
	groups, err := s.store.Bindings(ctx, unit)
	if err != nil {
		return nil, petition.Wrap(err, "read the unit's groups")
	}
	var chats []string
	for _, g := range groups {
		chats = append(chats, g.Chat)
	}
	if own := s.ownChats(ctx, officer, unit); len(own) > 0 {
		return append(chats, own...), nil
	}
	more, err := s.chatsOf(ctx, unit, func(p Person) bool { return p.handles() || p.leads() })
	return append(chats, more...), err
}

// ownChats are the chats of who took the case: theirs, and the deputy's while they
// are away. Where another unit is told, that is nobody of it; unit "" = any.
func (s *Service) ownChats(ctx context.Context, officer, unit string) []string {
	p, err := s.store.Person(ctx, officer)
	if officer == "" || err != nil || !p.reachable() || unit != "" && p.Unit != unit && !p.leader() {
		return nil
	}
	if !p.Away {
		return []string{p.Chat}
	}
	if dep, err := s.store.Person(ctx, p.Deputy); err == nil && dep.reachable() {
		return []string{dep.Chat}
	}
	return nil
}

func (s *Service) chatsOf(ctx context.Context, unit string, fit func(Person) bool) ([]string, error) {
	people, err := s.store.People(ctx, unit)
	if err != nil {
		return nil, petition.Wrap(err, "read the unit's people")
	}
	people = slices.DeleteFunc(people, func(p Person) bool { return !p.reachable() || !fit(p) })
	there := slices.DeleteFunc(slices.Clone(people), func(p Person) bool { return p.Away })
	if len(there) == 0 {
		there = people // everybody is away: better told than not
	}
	var chats []string
	for _, p := range there {
		chats = append(chats, p.Chat)
	}
	return chats, nil
}

// DisputeChats are the chats of those who work on the disputes of a unit.
func (s *Service) DisputeChats(ctx context.Context, unit string) ([]string, error) {
	return s.chatsOf(ctx, unit, func(p Person) bool { return s.office.WorksDisputes(p.Actor()) })
}

// DigestChats are the chats a digest goes to: a daily one to the unit's groups and
// everybody there, a weekly one to its heads (in the petition office its
// supervisors), one on sealed reports to the named officers, a leader's week to them. A unit nobody of which
// can be reached gets none: no case depends on a digest.
func (s *Service) DigestChats(ctx context.Context, g petition.Digest) ([]string, error) {
	switch {
	case g.Led != nil:
		return s.ownChats(ctx, g.Led.Leader, ""), nil
	case g.Sealed:
		return s.chatsOf(ctx, g.Unit, Person.named)
	case g.Weekly:
		return s.chatsOf(ctx, g.Unit, Person.leads)
	}
	return s.unitChats(ctx, g.Unit, "")
}

// Undelivered writes note into a case, as the petition office: that its citizen's chat is closed to us, once a day, so
// that whoever has it finds another way: a step that was only told in a closed chat
// was not told. A report on misconduct is not looked at here.
func (s *Service) Undelivered(ctx context.Context, number, note string) error {
	me := petition.Actor{Staff: petition.System().Staff, Unit: s.office.Unit, Roles: []petition.Role{petition.Intake}}
	m := petition.Move{Key: "undelivered:" + number + ":" + petition.Day(s.now()), Name: petition.MoveNote, Text: note}
	_, err := s.cases.Do(ctx, me, number, m)
	return petition.Wrap(petition.IgnoreNotFound(err), "note that a citizen can't be reached")
}
