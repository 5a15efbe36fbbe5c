package roster

import (
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
func (d *Service) Chats(ctx context.Context, n petition.Notice) ([]string, error) {
	kind, code, _ := strings.Cut(n.To, ":")
	switch kind {
	case "staff":
		if own := d.ownChats(ctx, code, n.View.Unit); len(own) > 0 {
			return own, nil
		}
		code = n.View.Unit // who should know can't be told: their colleagues are
	case "sealed":
		return d.chatsOf(ctx, code, func(p Person) bool { return p.Has(petition.Sealed) })
	}
	chats, err := d.unitChats(ctx, code, n.View.Officer)
	if err != nil {
		return nil, err
	}
	more, err := d.above(ctx, code, n.Entry)
	chats = append(chats, slices.DeleteFunc(more, func(c string) bool { return slices.Contains(chats, c) })...)
	if err != nil || len(chats) > 0 {
		return chats, err
	}
	return d.chatsOf(ctx, d.office.Unit, func(p Person) bool { return p.Has(petition.Supervisor) || p.Has(petition.Intake) })
}

// above are those who are told besides, of what time brings up: the unit's heads,
// then the petition office's supervisors.
func (d *Service) above(ctx context.Context, unit string, e petition.Entry) ([]string, error) {
	if e.By != "system" {
		return nil, nil
	}
	switch e.Args["level"] {
	case "head":
		return d.chatsOf(ctx, unit, func(p Person) bool { return p.Has(petition.Head) })
	case "supervisor":
		return d.chatsOf(ctx, unit, func(p Person) bool { return p.Has(petition.Head) || p.Has(petition.Supervisor) })
	}
	return nil, nil
}

func (p Person) reachable() bool { return p.Active() && p.Chat != "" && !p.Mute }

func (d *Service) unitChats(ctx context.Context, unit, officer string) ([]string, error) {
	groups, err := d.store.Bindings(ctx, unit)
	if err != nil {
		return nil, petition.Wrap(err, "read the unit's groups")
	}
	var chats []string
	for _, g := range groups {
		chats = append(chats, g.Chat)
	}
	if own := d.ownChats(ctx, officer, unit); len(own) > 0 {
		return append(chats, own...), nil
	}
	more, err := d.chatsOf(ctx, unit, func(p Person) bool {
		return p.Has(petition.Officer) || p.Has(petition.Head) || p.Has(petition.Intake) || p.Has(petition.Supervisor)
	})
	return append(chats, more...), err
}

// ownChats are the chats of who took the case: theirs, and the deputy's while they
// are away. Where another unit is told, that is nobody of it; unit "" = any.
func (d *Service) ownChats(ctx context.Context, officer, unit string) []string {
	p, err := d.store.Person(ctx, officer)
	if officer == "" || err != nil || !p.reachable() || unit != "" && p.Unit != unit {
		return nil
	}
	if !p.Away {
		return []string{p.Chat}
	}
	if dep, err := d.store.Person(ctx, p.Deputy); err == nil && dep.reachable() {
		return []string{dep.Chat}
	}
	return nil
}

func (d *Service) chatsOf(ctx context.Context, unit string, fit func(Person) bool) ([]string, error) {
	people, err := d.store.People(ctx, unit)
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
