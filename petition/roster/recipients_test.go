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

func TestDigestsGoToThoseTheyAreFor(t *testing.T) {
	t.Parallel()
	people := memory.NewRoster()
	s := roster.New(people, nil, office.Example(), time.Now, nil) // reads no case and makes no id
	for _, p := range []roster.Person{
		{ID: "o", Unit: "transport", Chat: "tg:1", Roles: []petition.Role{petition.Officer}},
		{ID: "h", Unit: "transport", Chat: "tg:2", Roles: []petition.Role{petition.Head}},
		{ID: "gone", Unit: "transport", Chat: "tg:3", Roles: []petition.Role{petition.Head}, Left: time.Now()},
		{ID: "mute", Unit: "transport", Chat: "tg:4", Roles: []petition.Role{petition.Officer}, Mute: true},
		{ID: "s", Unit: "petition", Chat: "tg:5", Roles: []petition.Role{petition.Supervisor}},
		{ID: "i", Unit: "petition", Chat: "tg:6", Roles: []petition.Role{petition.Intake}},
		{ID: "sealed", Unit: "discipline", Chat: "tg:7", Roles: []petition.Role{petition.Sealed}},
		{ID: "other", Unit: "discipline", Chat: "tg:8", Roles: []petition.Role{petition.Officer, petition.Head}},
	} {
		if err := people.PutPerson(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	for _, b := range []roster.Binding{{Chat: "tg:-1", Unit: "transport"}, {Chat: "tg:-2", Unit: "discipline"}} {
		if err := people.PutBinding(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		d    petition.Digest
		want []string
	}{
		"daily":         {petition.Digest{Unit: "transport"}, []string{"tg:-1", "tg:1", "tg:2"}},
		"weekly":        {petition.Digest{Unit: "transport", Weekly: true}, []string{"tg:2"}},
		"weekly office": {petition.Digest{Unit: "petition", Weekly: true}, []string{"tg:5"}},
		"sealed":        {petition.Digest{Unit: "discipline", Sealed: true}, []string{"tg:7"}},
		"sealed weekly": {petition.Digest{Unit: "discipline", Sealed: true, Weekly: true}, []string{"tg:7"}},
		"nobody":        {petition.Digest{Unit: "water"}, nil},
	} {
		got, err := s.DigestChats(t.Context(), c.d)
		slices.Sort(got)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, %v; want %v", name, got, err, c.want)
		}
	}
}
