package petition

import (
	"context"
	"slices"
	"strings"
	"time"
)

// freshFor is how long access may outlive its end in another process; in this one it
// ends at once.
const freshFor = 2 * time.Second

// present is who works here now, as it was read a moment ago.
type present struct {
	chats  map[string]Person  // active people by chat
	names  map[string]string  // of everybody, by id
	groups map[string]Binding // by chat
	read   time.Time
}

// stale has the next question read the roster anew.
func (d *Desk) stale() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.here.read = time.Time{}
}

// fresh answers from memory, refreshed every two seconds, since every event of every
// citizen asks. When the roster cannot be read, nobody keeps access for longer than a
// minute on an old list.
func (d *Desk) fresh(ctx context.Context) present {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.now()
	if !d.here.read.IsZero() && now.Sub(d.here.read) <= freshFor {
		return d.here
	}
	people, err := d.roster.People(ctx, "")
	groups, err2 := d.roster.Bindings(ctx, "")
	if err == nil && err2 == nil {
		d.here = presentOf(people, groups, now)
	} else if now.Sub(d.here.read) > time.Minute {
		d.here = present{}
	}
	return d.here
}

func presentOf(people []Person, groups []Binding, now time.Time) present {
	p := present{chats: map[string]Person{}, names: map[string]string{}, groups: map[string]Binding{}, read: now}
	for _, who := range people {
		p.names[who.ID] = who.Name
		if who.Active() && who.Chat != "" {
			p.chats[who.Chat] = who
		}
	}
	for _, g := range groups {
		p.groups[g.Chat] = g
	}
	return p
}

// Who is the active person of a chat; false for everybody else.
func (d *Desk) Who(ctx context.Context, chat string) (Person, bool) {
	p, ok := d.fresh(ctx).chats[chat]
	return p, ok
}

// Name is what colleagues call somebody, "" for an unknown id.
func (d *Desk) Name(ctx context.Context, id string) string { return d.fresh(ctx).names[id] }

// Group is the binding of a group chat, whichever of its topics is meant; false when
// it is tied to no unit.
func (d *Desk) Group(ctx context.Context, chat string) (Binding, bool) {
	g, ok := d.fresh(ctx).groups[GroupOf(chat)]
	return g, ok
}

// Groups are the groups of a unit.
func (d *Desk) Groups(ctx context.Context, unit string) []Binding {
	var out []Binding
	for _, g := range d.fresh(ctx).groups {
		if g.Unit == unit {
			out = append(out, g)
		}
	}
	slices.SortFunc(out, func(a, b Binding) int { return strings.Compare(a.Chat, b.Chat) })
	return out
}

// GroupOf is the chat that a topic's address ("tg:-1001/55") belongs to.
func GroupOf(chat string) string {
	group, _, _ := strings.Cut(chat, "/")
	return group
}
