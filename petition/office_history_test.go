package petition_test

import (
	"fmt"
	"testing"

	"dengwen/internal/office"
	"dengwen/petition"
)

// A unit that is renamed keeps what it was called on each day; one that is dissolved hands
// its cases on, and what names it is still found.
func TestOfficeDataHasAHistory(t *testing.T) {
	t.Parallel()
	o := office.Example()
	for i := range o.Units {
		switch u := &o.Units[i]; u.Code {
		case "water":
			u.Was, u.Name = []petition.Former{{Name: u.Name, Until: "2026-06-01"}}, "柞水县水务局"
		case "transport":
			u.Past.Retired, u.Into = "2026-07-01", "water"
		}
	}
	for i := range o.Categories {
		if c := &o.Categories[i]; c.Code == "transport.roads" {
			c.Past.Retired, c.Into = "2026-07-01", "farming.irrigation"
		}
	}
	o.Retire()
	for day, want := range map[string]string{"2026-05-31": "柞水县水利局", "2026-06-01": "柞水县水务局", "": "柞水县水务局"} {
		if got := o.UnitNameOn("water", "", day); got != want {
			t.Errorf("on %q it was called %s, want %s", day, got, want)
		}
	}
	if u, ok := o.Find("transport"); !ok || o.Lives("transport") || o.UnitName(u.Code) != "柞水县交通运输局" || o.Successor("transport") != "water" {
		t.Errorf("the dissolved unit: %+v, successor %q", u, o.Successor("transport"))
	}
	if got := o.Route(petition.Claim, "transport.roads", ""); got != "water" {
		t.Errorf("a matter begun under a retired subject goes to %s", got)
	}
}

// The open cases of a unit that is dissolved go to the one that goes on; the periods stay, and
// what comes back to the old one comes to the new one.
func TestSuccession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.o = office.Example() // of its own: it changes
	w.s = petition.NewService(w.store, w.o, petition.DefaultCalendar(), keyed, w.now, func() string { return fmt.Sprintf("id-%06d", w.ids.Add(1)) }, w.blobs)
	open := w.accepted()
	f := filing(petition.Claim)
	f.Key = "reviewed"
	n := w.file(f).Number
	for _, mv := range []struct {
		who  petition.Actor
		move petition.Move
	}{
		{clerk, m(petition.MoveTransfer, "unit", "transport")}, {road, m(petition.MoveAccept)}, {road, opinion()}, {lin, m(petition.MoveReceive)}, {lin, m(petition.MoveReview, "text", "没有到现场", "unit", "county-gov")},
	} {
		w.do(mv.who, n, mv.move)
	}
	before, err := w.s.Look(t.Context(), chief, open, "")
	if err != nil {
		t.Fatal(err)
	}
	w.refused(roadHead, open, m(petition.MoveSucceed, "unit", "water"), petition.Forbidden, "move.who")
	after := w.do(chief, open, m(petition.MoveSucceed, "unit", "water"))
	wantAt(t, after, petition.Accepted, "water")
	if after.Due != before.Due || after.Rule != before.Rule {
		t.Errorf("due %s by %s, was %s by %s", after.Due, after.Rule, before.Due, before.Rule)
	}
	w.told(lin.Owner, petition.MoveSucceed)
	for i := range w.o.Units {
		if u := &w.o.Units[i]; u.Code == "transport" {
			u.Past.Retired, u.Into = "2026-07-01", "water"
		}
	}
	w.o.Retire()
	v := w.do(county, n, m(petition.MoveReviewRedo, "facts", "没有核实", "text", "重办", "basis", "第三十五条", "approved_by", "乙"))
	wantAt(t, v, petition.Accepted, "water")
	w.refused(clerk, w.file(func() petition.Filing { f := filing(petition.Claim); f.Key = "new"; return f }()).Number, m(petition.MoveTransfer, "unit", "transport"), petition.Invalid, "need.other_unit")
}
