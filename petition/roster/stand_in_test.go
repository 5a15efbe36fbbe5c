package roster_test

import (
	"slices"
	"testing"
	"time"

	"dengwen/internal/office"
	"dengwen/internal/test/memory"
	"dengwen/petition"
	"dengwen/petition/roster"
)

// What waits to be signed goes to the unit's heads, never to who wrote it; while the head is away to
// the deputy, who signs for as long as that is so.
func TestWhoSignsWhileTheHeadIsAway(t *testing.T) {
	t.Parallel()
	people := memory.NewRoster()
	s := roster.New(people, nil, office.Example(), time.Now, nil)
	put := func(p roster.Person) {
		t.Helper()
		p.Unit, p.Chat, p.Name = "transport", "tg:"+p.ID, p.ID
		if err := people.PutPerson(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	head := roster.Person{ID: "hu", Roles: []petition.Role{petition.Head}, Deputy: "he"}
	put(head)
	put(roster.Person{ID: "he", Roles: []petition.Role{petition.Officer}})
	put(roster.Person{ID: "li", Roles: []petition.Role{petition.Officer}})
	check := func(what, author, told string, acting bool) {
		t.Helper()
		e := petition.Entry{Move: petition.MoveSubmit, By: "transport", Args: map[string]string{"author": author}}
		chats, err := s.Chats(t.Context(), petition.Notice{To: "unit:transport", Entry: e})
		if err != nil || !slices.Equal(chats, []string{told}) {
			t.Errorf("%s: told %q, %v", what, chats, err)
		}
		a, err := s.Actor(t.Context(), "he")
		if err != nil || slices.Contains(a.Roles, petition.ActingHead) != acting {
			t.Errorf("%s: %v, %v", what, a.Roles, err)
		}
	}
	check("the head is here", "li", "tg:hu", false)
	head.Away = true
	put(head)
	check("the head is away", "li", "tg:he", true)
	head.Away, head.Left = false, time.Now()
	put(head)
	check("the head has left", "li", "tg:he", true)
	put(roster.Person{ID: "new", Roles: []petition.Role{petition.Head}})
	check("a new head", "li", "tg:new", false)
}
