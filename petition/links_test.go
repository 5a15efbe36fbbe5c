package petition_test

import (
	"slices"
	"strings"
	"testing"

	"dengwen/petition"
)

func (w *world) linked(a petition.Actor, number string) []string {
	w.t.Helper()
	v, err := w.s.Look(w.t.Context(), a, number, "")
	if err != nil {
		w.t.Fatal(err)
	}
	return strings.Fields(v.State["linked"])
}

// A matter in hand is linked to the other petition; both show it, and parting them is on both.
func TestInHandIsLinkedBothWays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.accepted()
	f := filing(petition.Claim)
	f.Key = "draft-2"
	again := w.file(f).Number
	sealedOne := filing(petition.Report)
	sealedOne.Key = "draft-3"
	report := w.file(sealedOne).Number
	inHand := func(number string) petition.Move {
		return m(petition.MoveInHand, "number", number, "elsewhere", "柞水县交通运输局正在办")
	}
	w.refused(clerk, again, inHand("ZS26-9999-XX"), petition.Invalid, "link.not_seen")
	w.refused(clerk, again, inHand(report), petition.Invalid, "link.not_seen")
	w.refused(clerk, again, inHand(again), petition.Invalid, "need.other_case")
	w.refused(clerk, again, m(petition.MoveLink, "number", report, "kind", "repeated"), petition.Invalid, "link.not_seen")
	w.do(clerk, again, inHand(first))
	if a, b := w.linked(clerk, again), w.linked(clerk, first); !slices.Equal(a, []string{first}) || !slices.Equal(b, []string{again}) {
		t.Fatalf("linked to %v and %v", a, b)
	}
	mine, err := w.s.Look(t.Context(), lin, again, "")
	if err != nil || mine.State != nil || strings.Contains(string(mustJSON(mine.Timeline)), first) {
		t.Errorf("the petitioner is shown the other petition (%v)", err)
	}
	w.do(clerk, first, m(petition.MoveUnlink, "number", again, "text", "不是同一件事"))
	if a, b := w.linked(clerk, again), w.linked(clerk, first); len(a)+len(b) != 0 {
		t.Errorf("parted, they are still linked to %v and %v", a, b)
	}
}

// A unit sees what it may see: the number of somebody else's case is no case.
func TestAnotherUnitsCaseIsNotLinked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.accepted()
	f := filing(petition.Claim)
	f.Key = "draft-2"
	again := w.file(f).Number
	w.do(clerk, again, m(petition.MoveTransfer, "unit", "water"))
	w.refused(water, again, m(petition.MoveLink, "number", first, "kind", "repeated"), petition.Invalid, "link.not_seen")
	mv := m(petition.MoveLink, "number", again, "kind", "repeated")
	mv.Key = "once"
	for range 2 {
		w.do(clerk, first, mv)
	}
	v, _ := w.s.Look(t.Context(), clerk, again, "")
	if n := len(v.Timeline); v.Timeline[n-1].Move != petition.MoveLink || v.Timeline[n-2].Move == petition.MoveLink {
		t.Errorf("linked twice: %+v", v.Timeline)
	}
}

// A transfer offers what the office's data say first, and nothing that can't have it.
func TestReceivers(t *testing.T) {
	t.Parallel()
	shared := *example()
	o := &shared
	o.Units = slices.Clone(o.Units)
	for i := range o.Units {
		if o.Units[i].Code == "water" {
			o.Units[i].Retired, o.Units[i].Into = "2026-06-01", "farming"
		}
	}
	o.Retire()
	var got []string
	for _, u := range o.Receivers(petition.Claim, "transport.roads", "611026102", "petition") {
		got = append(got, u.Code)
	}
	if len(got) < 3 || got[0] != "transport" || got[1] != "xialiang" || got[2] != "police" {
		t.Errorf("first are offered %v", got[:min(4, len(got))])
	}
	for _, never := range []string{"petition", "water", "city-gov", "county-gov"} {
		if slices.Contains(got, never) {
			t.Errorf("%s is offered", never)
		}
	}
}
