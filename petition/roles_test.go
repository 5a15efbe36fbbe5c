package petition_test

import (
	"testing"

	"dengwen/locales"
	"dengwen/petition"
)

// A role or a status added to its table needs words in every door and a place in the
// page on the life of a case.
func TestEveryRoleAndStatusHasWords(t *testing.T) {
	t.Parallel()
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range petition.Roles() {
		if !words.Has("desk.role." + string(r)) {
			t.Errorf("no catalog says what %s is", r)
		}
	}
	for _, s := range petition.AllStatuses() {
		if !words.Has("status."+string(s)) || !words.Has("desk.status."+string(s)) {
			t.Errorf("a catalog has no words for %s", s)
		}
	}
}

// Every move is made from statuses of the table, and leads to one.
func TestMovesKnowTheirStatuses(t *testing.T) {
	t.Parallel()
	known := map[petition.Status]bool{"": true, petition.Back: true}
	for _, s := range petition.AllStatuses() {
		known[s] = true
	}
	roles := map[petition.Role]bool{petition.Citizen: true}
	for _, r := range petition.Roles() {
		roles[r] = true
	}
	for _, m := range petition.Moves() {
		for _, s := range append([]petition.Status{m.To}, m.From...) {
			if !known[s] {
				t.Errorf("%s: %q is no status", m.Name, s)
			}
		}
		for _, w := range m.Who {
			if !roles[w.Role] {
				t.Errorf("%s: %q is no role", m.Name, w.Role)
			}
		}
	}
}

func TestWhoMayBeGivenARole(t *testing.T) {
	t.Parallel()
	o := example()
	for _, c := range []struct {
		role petition.Role
		unit string
		key  string
	}{
		{petition.Officer, "transport", ""}, {petition.Head, "petition", ""}, {petition.Admin, "transport", ""},
		{petition.Intake, "petition", ""}, {petition.Intake, "transport", "staff.office_only"}, {petition.Supervisor, "transport", "staff.office_only"},
		{petition.Sealed, "discipline", ""}, {petition.Sealed, "petition", "staff.sealed_unit"},
		{petition.Citizen, "petition", "staff.role"}, {"boss", "petition", "staff.role"},
	} {
		err := o.CheckRole(c.role, c.unit)
		if c.key != "" {
			wantError(t, err, petition.Invalid, c.key)
		} else if err != nil {
			t.Errorf("%s of %s: %v", c.role, c.unit, err)
		}
	}
}
