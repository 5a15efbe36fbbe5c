package roster_test

import (
	"errors"
	"testing"
	"time"

	"dengwen/internal/office"
	"dengwen/internal/test/memory"
	"dengwen/petition"
	"dengwen/petition/roster"
)

// Somebody who works here goes on in another chat, as the person they are; the old chat is
// nobody's then, and who has left does not come back.
func TestComingBack(t *testing.T) {
	t.Parallel()
	people := memory.NewRoster()
	s := roster.New(people, nil, office.Example(), time.Now, nil) // nobody new joins, so no id is made
	who := roster.Person{ID: "7", Name: "王芳", Unit: "transport", Chat: "web:1", Mute: true, Roles: []petition.Role{petition.Officer}}
	if err := people.PutPerson(t.Context(), who); err != nil {
		t.Fatal(err)
	}
	token, i, err := s.Invite(t.Context(), petition.System(), roster.Invite{Person: "7"}, time.Hour)
	if err != nil || i.Unit != "transport" {
		t.Fatalf("%+v, %v", i, err)
	}
	p, err := s.Join(t.Context(), token, "web:2", "somebody else")
	if err != nil || p.ID != "7" || p.Name != "王芳" || p.Chat != "web:2" || p.Mute || !p.Has(petition.Officer) {
		t.Errorf("came back as %+v, %v", p, err)
	}
	for chat, want := range map[string]string{"web:1": "", "web:2": "7"} {
		if id, err := s.StaffOf(t.Context(), chat); id != want || err != nil {
			t.Errorf("%s belongs to %q, %v", chat, id, err)
		}
	}
	late, _, err := s.Invite(t.Context(), petition.System(), roster.Invite{Person: "7"}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	who.Left = time.Now()
	if err := people.PutPerson(t.Context(), who); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Join(t.Context(), late, "web:3", ""); !errors.Is(err, petition.Fail(petition.NotFound, "staff.invite")) {
		t.Errorf("somebody who has left came back: %v", err)
	}
	if _, _, err := s.Invite(t.Context(), petition.System(), roster.Invite{Person: "7"}, time.Hour); !errors.Is(err, petition.Fail(petition.NotFound, "staff.unknown")) {
		t.Errorf("somebody who has left is invited back: %v", err)
	}
}
