package roster

import (
	"context"
	"slices"
	"strings"
	"time"

	"dengwen/petition"
)

// cacheFor is how long access may outlive its end in another process; in this one it
// ends at once.
const cacheFor = 2 * time.Second

// rosterCache is who works here now, as it was read a moment ago.
type rosterCache struct {
	chats  map[string]Person  // active people by chat
	names  map[string]string  // of everybody, by id
	groups map[string]Binding // by chat
	read   time.Time
}

// invalidate has the next question read the roster anew.
func (s *Service) invalidate() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cache.read = time.Time{}
}

// cached answers from memory, refreshed every two seconds, since every event of every
// citizen asks. When the roster cannot be read, nobody keeps access for longer than a
// minute on an old list.
func (s *Service) cached(ctx context.Context) rosterCache {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if !s.cache.read.IsZero() && now.Sub(s.cache.read) <= cacheFor {
		return s.cache
	}
	people, err := s.store.People(ctx, "")
	groups, err2 := s.store.Bindings(ctx, "")
	if err == nil && err2 == nil {
		s.cache = newCache(people, groups, now)
	} else if now.Sub(s.cache.read) > time.Minute {
		s.cache = rosterCache{}
	}
	return s.cache
}

func newCache(people []Person, groups []Binding, now time.Time) rosterCache {
	p := rosterCache{chats: map[string]Person{}, names: map[string]string{}, groups: map[string]Binding{}, read: now}
	for _, who := range standIns(people) {
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
func (s *Service) Who(ctx context.Context, chat string) (Person, bool) {
	p, ok := s.cached(ctx).chats[chat]
	return p, ok
}

// Readable is an error when the roster could not be read for a minute: nobody is an officer
// then, and nobody has left for it.
func (s *Service) Readable(ctx context.Context) error {
	if s.cached(ctx).read.IsZero() {
		return petition.Fail(petition.Unavailable, "")
	}
	return nil
}

// StaffOf is the id of the officer a chat belongs to, "" where it is a citizen's. Its
// error is Readable's.
func (s *Service) StaffOf(ctx context.Context, chat string) (string, error) {
	c := s.cached(ctx)
	if c.read.IsZero() {
		return "", petition.Fail(petition.Unavailable, "")
	}
	return c.chats[chat].ID, nil
}

// Name is what colleagues call somebody, "" for an unknown id.
func (s *Service) Name(ctx context.Context, id string) string { return s.cached(ctx).names[id] }

// Group is the binding of a group chat, whichever of its topics is meant; false when
// it is tied to no unit.
func (s *Service) Group(ctx context.Context, chat string) (Binding, bool) {
	g, ok := s.cached(ctx).groups[GroupOf(chat)]
	return g, ok
}

// Groups are the groups of a unit.
func (s *Service) Groups(ctx context.Context, unit string) []Binding {
	var out []Binding
	for _, g := range s.cached(ctx).groups {
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
