package app

import (
	"strings"
	"testing"

	"time"

	"dengwen/internal/config"
	"dengwen/internal/office"
	"dengwen/internal/seal"
	"dengwen/petition"
	"dengwen/storage/cases"
)

// A unit with open cases can't be taken out of the office's data or retired: the cases are
// named. Once they have gone to another unit it may.
func TestUnitsWithOpenCasesStay(t *testing.T) {
	t.Parallel()
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	box, err := seal.Open(key)
	if err != nil {
		t.Fatal(err)
	}
	st, err := cases.Open(t.Context(), "", t.TempDir(), box)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	o := office.Example()
	s := petition.NewService(st, o, petition.DefaultCalendar(), box.Hash, time.Now, NewID, nil)
	k, err := s.File(t.Context(), petition.Actor{Owner: "tg:1"}, petition.Filing{Key: "k", Class: petition.Claim, Facts: "水渠坏了"})
	if err != nil {
		t.Fatal(err)
	}
	chief := petition.Actor{Staff: "chief", Unit: o.Unit, Roles: []petition.Role{petition.Supervisor, petition.Intake}}
	if _, err := s.Do(t.Context(), chief, k.Number, petition.Move{Key: "t", Name: petition.MoveTransfer, Unit: "water"}); err != nil {
		t.Fatal(err)
	}
	if err := CheckUnits(t.Context(), st, o); err != nil {
		t.Errorf("as it is: %v", err)
	}
	for name, change := range map[string]func(o *petition.Office){
		"gone": func(o *petition.Office) { o.Units = without(o.Units, "water") },
		"retired": func(o *petition.Office) {
			for i := range o.Units {
				if o.Units[i].Code == "water" {
					o.Units[i].Past.Retired, o.Units[i].Into = "2026-06-01", "farming"
				}
			}
			o.Retire()
		},
	} {
		other := office.Example()
		change(other)
		err := CheckUnits(t.Context(), st, other)
		if petition.CodeOf(err) == "" || err == nil || !strings.Contains(Explain(must(OpenLocales(new(config.Settings))), "zh-CN", err), k.Number) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.Do(t.Context(), chief, k.Number, petition.Move{Key: "s", Name: petition.MoveSucceed, Unit: "farming"}); err != nil {
		t.Fatal(err)
	}
	other := office.Example()
	other.Units = without(other.Units, "water")
	if err := CheckUnits(t.Context(), st, other); err != nil {
		t.Errorf("after they were handed over: %v", err)
	}
}

func without(units []petition.Unit, code string) (left []petition.Unit) {
	for _, u := range units {
		if u.Code != code {
			left = append(left, u)
		}
	}
	return left
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
