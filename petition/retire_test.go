package petition_test

import (
	"fmt"
	"strings"
	"testing"

	"dengwen/internal/scrub"

	"dengwen/petition"
)

// closedOne is a claim that was answered and closed.
func (w *world) closedOne(key string) string {
	w.t.Helper()
	f := filing(petition.Claim)
	f.Key = key
	f.Attachments = []petition.Attachment{{ID: "photo-" + key, Kind: "photo", Name: "桥.jpg"}}
	n := w.file(f).Number
	w.do(lin, n, m(petition.MoveSupplement, "text", "补一句"))
	w.do(clerk, n, m(petition.MoveRefuse, "rule", "other", "text", "同一件事正在办", "elsewhere", "原单位"))
	return n
}

// keeping has files kept for so many years from now on.
func (w *world) keeping(years int) {
	o := *w.o
	o.Settings.KeepCaseYears = years
	w.s = petition.NewService(w.store, &o, petition.DefaultCalendar(), keyed, w.now,
		func() string { return fmt.Sprintf("id-%06d", w.ids.Add(1)) }, w.blobs).WithScrub(scrub.New(scrub.DefaultLimits()))
}

func TestRetire(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.keeping(3)
	old := w.closedOne("old")
	open := filing(petition.Claim)
	open.Key = "open"
	running := w.file(open).Number
	w.days(365 * 2)
	young := w.closedOne("young")
	walk := w.s.Retiring()
	if n, err := walk.Retire(t.Context()); err != nil || n != 0 {
		t.Fatalf("before its years are over: %d, %v", n, err)
	}
	w.days(366 + 30)
	for round, want := range []int{1, 0} {
		if n, err := walk.Retire(t.Context()); err != nil || n != want {
			t.Fatalf("round %d erased %d, %v", round, n, err)
		}
	}
	r, err := w.store.Load(t.Context(), old)
	if err != nil {
		t.Fatal(err)
	}
	c := r.Case
	if c.Filing.Facts+c.Filing.Title+c.Filing.Request+c.Filing.Owner+c.Filing.Contact.Name+c.Officer != "" || len(r.Files) != 0 || r.Code != nil {
		t.Errorf("something is left of it: %+v", c.Filing)
	}
	if c.Filing.Subject != "transport.roads" || c.Status != petition.Refused || len(c.Timeline) != 5 || c.Timeline[3].Move != petition.MoveRefuse || c.Timeline[3].At.IsZero() {
		t.Errorf("what is counted went too: %+v", c)
	}
	for _, e := range c.Timeline {
		if e.Text != "" || e.Staff != "" || len(e.Files) > 0 || strings.Contains(e.Args["elsewhere"], "单位") {
			t.Errorf("an entry still speaks: %+v", e)
		}
	}
	if _, err := w.s.Look(t.Context(), stranger, old, "7Q4M-29XD"); petition.CodeOf(err) != petition.NotFound {
		t.Errorf("looked up by a stranger: %v", err)
	}
	p, err := w.s.List(t.Context(), lin, petition.Query{})
	if err != nil || len(p.Items) != 2 {
		t.Errorf("its citizen sees %d of the other two, %v", len(p.Items), err)
	}
	for _, n := range []string{running, young} {
		if r, err := w.store.Load(t.Context(), n); err != nil || r.Case.Filing.Facts == "" {
			t.Errorf("%s went too: %v", n, err)
		}
	}
	feed, err := w.s.Notices(t.Context(), "", 500)
	for _, n := range feed {
		if n.Number == old {
			t.Errorf("the feed still tells of it: %+v, %v", n.Entry.Move, err)
		}
	}
}

// Without a number of years nothing is ever erased, and neither is a case that waits
// for its review.
func TestRetireNot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.closedOne("old")
	w.days(365 * 40)
	if erased, err := w.s.Retiring().Retire(t.Context()); err != nil || erased != 0 {
		t.Errorf("without a period: %d, %v", erased, err)
	}
	w.keeping(3)
	w.do(lin, n, m(petition.MoveReopen, "text", "又塌了"))
	w.days(365 * 4)
	if erased, err := w.s.Retiring().Retire(t.Context()); err != nil || erased != 0 {
		t.Errorf("an open case: %d, %v", erased, err)
	}
}

// A process that died between the two writes leaves the second to the next walk.
func TestRetireGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.keeping(1)
	n := w.closedOne("old")
	r, err := w.store.Load(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	r.Case.Filing = petition.Filing{Class: petition.Claim}
	r.Case.Timeline = append(r.Case.Timeline, petition.Entry{Seq: len(r.Case.Timeline) + 1, Move: petition.MoveErase, By: "system"})
	if _, err := w.store.Save(t.Context(), r, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := w.s.Retiring().Retire(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r, err = w.store.Load(t.Context(), n); err != nil || r.Case.Timeline[1].Text != "" {
		t.Errorf("its words are still there: %+v, %v", r.Case.Timeline, err)
	}
}

func TestFilingsADay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.s.WithFilings(3, 0)
	file := func(key string, a petition.Actor) error {
		f := filing(petition.Claim)
		f.Key, f.Owner = key, a.Owner
		_, err := s.File(t.Context(), a, f)
		return err
	}
	for _, key := range []string{"1", "2", "3"} {
		if err := file(key, lin); err != nil {
			t.Fatal(err)
		}
	}
	wantError(t, file("4", lin), petition.Limited, "file.too_many")
	if err := file("2", lin); err != nil {
		t.Errorf("one that was filed already: %v", err)
	}
	if err := file("n", petition.Actor{Owner: "tg:2"}); err != nil {
		t.Errorf("somebody else: %v", err)
	}
	w.days(1)
	if err := file("4", lin); err != nil {
		t.Errorf("a day later: %v", err)
	}
	letter := petition.Filing{Key: "letter", Channel: "letter", Class: petition.Claim, Facts: "来信"}
	for i := range 5 {
		letter.Key = strings.Repeat("l", i+1)
		if _, err := s.File(t.Context(), clerk, letter); err != nil {
			t.Errorf("letter %d: %v", i, err)
		}
	}
}
