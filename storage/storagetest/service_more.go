package storagetest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	county "dengwen/internal/office"

	"dengwen/petition"

	"github.com/google/uuid"
)

func listOf(t *testing.T, s petition.Cases, a petition.Actor, q petition.Query) []string {
	t.Helper()
	p, err := s.List(t.Context(), a, q)
	if err != nil {
		t.Fatalf("list: %v", err)
	}
	out := []string{}
	for _, v := range p.Items {
		out = append(out, v.Number)
	}
	return out
}

func serviceList(t *testing.T, s petition.Cases) {
	one, two, three := lodge(t, s, citizen, "一"), lodge(t, s, neighbor, "二"), lodge(t, s, citizen, "三")
	equal(t, "citizen, last first", listOf(t, s, citizen, petition.Query{Order: "new"}), []string{three.Number, one.Number})
	equal(t, "neighbor", listOf(t, s, neighbor, petition.Query{Unit: "any"}), []string{})
	// In process nobody's list is empty; over HTTP it is said that nobody asks.
	if p, err := s.List(t.Context(), petition.Actor{Asker: "x"}, petition.Query{}); len(p.Items) > 0 || err != nil && petition.CodeOf(err) != petition.Invalid {
		t.Errorf("a stranger lists %d cases, %v", len(p.Items), err)
	}
	got := listOf(t, s, clerk(), petition.Query{})
	slices.Sort(got)
	want := []string{one.Number, two.Number, three.Number}
	slices.Sort(want)
	equal(t, "clerk", got, want)
	equal(t, "officer elsewhere", listOf(t, s, officer(department(t)), petition.Query{}), []string{})
}

func servicePages(t *testing.T, s petition.Cases) {
	var lodged []petition.Ticket
	for i := range 7 {
		lodged = append(lodged, lodge(t, s, citizen, fmt.Sprintf("第%d盏路灯坏了", i)))
	}
	third := lodged[3].Number
	slices.SortFunc(lodged, func(a, b petition.Ticket) int { // of one millisecond the greater number is first
		return cmp.Or(cmp.Compare(b.Filed.UnixMilli(), a.Filed.UnixMilli()), cmp.Compare(b.Number, a.Number))
	})
	want := []string{}
	for _, ticket := range lodged {
		want = append(want, ticket.Number)
	}
	got, q := []string{}, petition.Query{Order: "new", Limit: 3}
	for range 4 {
		p, err := s.List(t.Context(), citizen, q)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range p.Items {
			got = append(got, v.Number)
		}
		if q.After = p.After; q.After == "" {
			break
		}
	}
	equal(t, "pages of three", got, want)
	equal(t, "words", listOf(t, s, clerk(), petition.Query{Words: "第3盏 路灯"}), []string{third})
	_, err := s.List(t.Context(), clerk(), petition.Query{After: "nonsense"})
	if petition.CodeOf(err) != petition.Invalid {
		t.Errorf("a cursor that never was: %v", err)
	}
}

func serviceMoveOnce(t *testing.T, s petition.Cases) {
	ticket := lodge(t, s, citizen, "路灯")
	m := move(petition.MoveSupplement, "昨天又坏了一盏")
	first, err := s.Do(t.Context(), citizen, ticket.Number, m)
	if err != nil {
		t.Fatal(err)
	}
	again, err := s.Do(t.Context(), citizen, ticket.Number, m)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "the same move again", again, first)
	if len(first.Timeline) != 2 || first.Timeline[1].Text != m.Text || first.Version != 2 {
		t.Errorf("after a supplement: version %d, timeline %+v", first.Version, first.Timeline)
	}
	other := m
	other.Text = "别的话"
	_, err = s.Do(t.Context(), citizen, ticket.Number, other)
	wantError(t, err, petition.Conflict, "move.key_reused")
	m.Key = uuid.NewString()
	if v, err := s.Do(t.Context(), citizen, ticket.Number, m); err != nil || len(v.Timeline) != 3 {
		t.Errorf("another key: %d entries, %v", len(v.Timeline), err)
	}
}

func serviceStale(t *testing.T, s petition.Cases) {
	ticket := lodge(t, s, citizen, "路灯")
	m := move(petition.MoveSupplement, "一")
	m.Version = 1
	if _, err := s.Do(t.Context(), citizen, ticket.Number, m); err != nil {
		t.Fatal(err)
	}
	late := move(petition.MoveSupplement, "二")
	late.Version = 1
	_, err := s.Do(t.Context(), citizen, ticket.Number, late)
	wantError(t, err, petition.Conflict, "case.changed")
}

func serviceUnlawful(t *testing.T, s petition.Cases) {
	ticket := lodge(t, s, citizen, "路灯")
	for name, c := range map[string]struct {
		actor petition.Actor
		move  petition.Move
	}{
		"a citizen closes":         {citizen, move(petition.MoveClose, "算了")},
		"review before any answer": {citizen, move(petition.MoveReview, "不服")},
		"no such move":             {citizen, move("dance", "")},
		"empty supplement":         {citizen, move(petition.MoveSupplement, "")},
	} {
		v, err := s.Do(t.Context(), c.actor, ticket.Number, c.move)
		code := petition.CodeOf(err)
		if code != petition.Conflict && code != petition.Forbidden && code != petition.Invalid || refusal(err).Key == "" || v.Number != "" {
			t.Errorf("%s: %+v, %v", name, v.Number, err)
		}
	}
	if _, err := s.Do(t.Context(), neighbor, ticket.Number, move(petition.MoveWithdraw, "")); petition.CodeOf(err) != petition.NotFound {
		t.Errorf("another chat withdraws: %v", err)
	}
	v, err := s.Look(t.Context(), citizen, ticket.Number, "")
	if err != nil || v.Version != 1 {
		t.Errorf("refused moves changed the case: version %d, %v", v.Version, err)
	}
}

func serviceMoveByCode(t *testing.T, s petition.Cases) {
	ticket := lodge(t, s, citizen, "路灯")
	m := move(petition.MoveSupplement, "又坏了一盏")
	m.Code = "2222-2222"
	if _, err := s.Do(t.Context(), neighbor, ticket.Number, m); petition.CodeOf(err) != petition.NotFound {
		t.Errorf("wrong code: %v", err)
	}
	m.Code = ticket.Code
	v, err := s.Do(t.Context(), neighbor, ticket.Number, m)
	if err != nil || !v.ByCode || len(v.Timeline) != 2 {
		t.Errorf("right code: %d entries, %v", len(v.Timeline), err)
	}
	m = move(petition.MoveWithdraw, "已经修好")
	m.Code = ticket.Code
	_, err = s.Do(t.Context(), neighbor, ticket.Number, m)
	wantError(t, err, petition.Forbidden, "move.by_code")
}

// serviceCourse passes a claim to a department and sees who sees what.
func serviceCourse(t *testing.T, s petition.Cases) {
	ticket, unit := lodge(t, s, citizen, "路灯"), department(t)
	m := move(petition.MoveTransfer, "内部的话")
	m.Unit = unit
	v, err := s.Do(t.Context(), clerk(), ticket.Number, m)
	if err != nil || v.Status != petition.Transferred || v.Unit != unit {
		t.Fatalf("transfer: %s to %s, %v", v.Status, v.Unit, err)
	}
	equal(t, "the department's list", listOf(t, s, officer(unit), petition.Query{}), []string{ticket.Number})
	if v, err = s.Do(t.Context(), officer(unit), ticket.Number, move(petition.MoveAccept, "")); err != nil || v.Status != petition.Accepted {
		t.Fatalf("accept: %s, %v", v.Status, err)
	}
	own, err := s.Look(t.Context(), citizen, ticket.Number, "")
	if err != nil || own.Status != petition.Accepted || own.Unit != unit || own.Due == "" {
		t.Errorf("the citizen sees %s with %s, due %q, %v", own.Status, own.Unit, own.Due, err)
	}
	for _, e := range own.Timeline {
		if e.Staff != "" || strings.Contains(e.Text, "内部") {
			t.Errorf("the citizen sees what is inside: %+v", e)
		}
	}
}

func serviceReport(t *testing.T, s petition.Cases) {
	f := filing("tg:100", "有人收钱")
	f.Class = petition.Report
	ticket, err := s.File(t.Context(), citizen, f)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "the clerk's list", listOf(t, s, clerk(), petition.Query{}), []string{})
	equal(t, "the named officer's list", listOf(t, s, named(), petition.Query{}), []string{ticket.Number})
	if _, err := s.Look(t.Context(), clerk(), ticket.Number, ""); petition.CodeOf(err) != petition.NotFound {
		t.Errorf("the clerk looks a report up: %v", err)
	}
	if v, err := s.Look(t.Context(), named(), ticket.Number, ""); err != nil || v.Facts != "有人收钱" {
		t.Errorf("the named officer: %+v, %v", v, err)
	}
}

// serviceReportAbove: a report about the unit that gets reports is with the one above it.
func serviceReportAbove(t *testing.T, s petition.Cases) {
	o := county.Example()
	f := filing("tg:100", "办案的人收钱")
	f.Class, f.About = petition.Report, o.SealedUnit
	ticket, err := s.File(t.Context(), citizen, f)
	if err != nil || ticket.Unit != o.SealedAbove {
		t.Fatalf("%+v, %v", ticket, err)
	}
	equal(t, "the named officer's list", listOf(t, s, named(), petition.Query{}), []string{})
	if _, err := s.Look(t.Context(), named(), ticket.Number, ""); petition.CodeOf(err) != petition.NotFound {
		t.Errorf("the unit it is about looks it up: %v", err)
	}
	above := petition.Actor{Staff: "s-9", Unit: o.SealedAbove, Roles: []petition.Role{petition.Sealed}}
	if v, err := s.Look(t.Context(), above, ticket.Number, ""); err != nil || v.Facts != "办案的人收钱" {
		t.Errorf("above: %+v, %v", v, err)
	}
}

func serviceFeed(t *testing.T, s petition.Cases) {
	ticket, unit := lodge(t, s, citizen, "路灯"), department(t)
	m := move(petition.MoveTransfer, "")
	m.Unit = unit
	if _, err := s.Do(t.Context(), clerk(), ticket.Number, m); err != nil {
		t.Fatal(err)
	}
	var to []string
	after := ""
	for {
		ns, err := s.Notices(t.Context(), after, 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(ns) == 0 {
			break
		}
		if ns[0].ID <= after || ns[0].Number != ticket.Number {
			t.Errorf("notice %+v after %q", ns[0], after)
		}
		to, after = append(to, ns[0].To), ns[0].ID
	}
	if !slices.Contains(to, "tg:100") || !slices.Contains(to, "unit:"+unit) {
		t.Errorf("told were %v: the citizen or the unit is missing", to)
	}
	_, err := s.Notices(t.Context(), "nonsense", 1)
	wantError(t, err, petition.Invalid, "feed.cursor")
}

func serviceForget(t *testing.T, s petition.Cases) {
	ticket := lodge(t, s, citizen, "路灯")
	lodge(t, s, citizen, "另一件")
	if n, err := s.Forget(t.Context(), "tg:100"); err != nil || n != 2 {
		t.Fatalf("forget: %d, %v", n, err)
	}
	equal(t, "the chat's list", listOf(t, s, citizen, petition.Query{}), []string{})
	if _, err := s.Look(t.Context(), citizen, ticket.Number, ""); petition.CodeOf(err) != petition.NotFound {
		t.Errorf("the chat still sees its case: %v", err)
	}
	v, err := s.Look(t.Context(), neighbor, ticket.Number, ticket.Code)
	if err != nil || v.Facts != "路灯" || v.Contact != nil && *v.Contact != (petition.Contact{}) {
		t.Errorf("the record: %+v, %v", v, err)
	}
	if n, err := s.Forget(t.Context(), "tg:100"); err != nil || n != 0 {
		t.Errorf("again: %d, %v", n, err)
	}
}
