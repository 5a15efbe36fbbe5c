package petition_test

import (
	"errors"
	"slices"
	"testing"

	"dengwen/petition"
)

// A report about the unit that gets reports comes in above it, whether its petitioner says so or
// the words do; one that asks that unit to look into somebody else does not.
func TestReportsAboutTheReceiver(t *testing.T) {
	t.Parallel()
	const up, here = "city-discipline", "discipline"
	for _, c := range []struct{ about, text, want string }{
		{here, "有人收钱", up},
		{"", "县纪委监委的李某收了礼金", up},
		{"", "我要举报纪委的李某", up},
		{"", "中共柞水县纪委监委工作人员打人", up},
		{"", "去年告过，纪委一直压着，他们和村主任一起吃饭", up},
		{"", "An officer of the discipline and supervision commission took money", up},
		{"", "村主任贪污，请县纪委严查", here},
		{"", "村主任贪污，请县纪委监委查一查", here},
		{"", "希望纪委介入调查村主任", here},
		{"", "我向纪委反映村主任贪污", here},
		{"", "我到纪委举报过村主任", here},
		{"", "我上县纪委监委举报过村主任", here},
		{"", "镇纪委书记收钱", here},
		{"", "市纪委的人收钱", here},
		{"", "交通局局长收钱", here},
		{"", "I ask the Discipline and Supervision Commission to investigate the village head", here},
		{petition.AboutOther, "纪委的李某说，村主任收钱", here},
		{"transport", "纪委的李某说，交通局局长收钱", here},
	} {
		w := newWorld(t)
		f := filing(petition.Report)
		f.About, f.Facts, f.Request = c.about, c.text, ""
		if k := w.file(f); k.Unit != c.want || k.View.Unit != c.want {
			t.Errorf("about %q, %q: it is with %s, want %s", c.about, c.text, k.Unit, c.want)
		}
	}
}

func TestReceiverDoesNotSeeItsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	above := staff("seal-9", "city-discipline", petition.Sealed)
	f := filing(petition.Report)
	f.About, f.AboutText = "discipline", "办案的李某"
	k := w.file(f)
	if _, err := w.s.Look(t.Context(), sealed, k.Number, ""); petition.CodeOf(err) != petition.NotFound {
		t.Errorf("the unit it is about looks it up: %v", err)
	}
	page, err := w.s.List(t.Context(), sealed, petition.Query{})
	if err != nil || len(page.Items) > 0 {
		t.Errorf("the unit it is about lists it: %+v, %v", page, err)
	}
	notices, err := w.s.Notices(t.Context(), "", 100)
	if err != nil || len(notices) == 0 || slices.ContainsFunc(notices, func(n petition.Notice) bool { return n.To != "sealed:city-discipline" }) {
		t.Errorf("told: %+v, %v", notices, err)
	}
	if v := w.do(above, k.Number, m(petition.MoveAccept)); v.Status != petition.Accepted || v.About != "中共柞水县纪委监委：办案的李某" {
		t.Errorf("above: %+v", v)
	}
}

// A claim that turns out to be a report about the receiver is sealed above it.
func TestSealingAboveTheReceiver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := filing(petition.Claim)
	f.Facts = "纪委的李某占了我家的地"
	k := w.file(f)
	w.do(clerk, k.Number, m(petition.MoveSeal, "text", "反映干部"))
	if _, err := w.s.Look(t.Context(), sealed, k.Number, ""); petition.CodeOf(err) != petition.NotFound {
		t.Errorf("the unit it is about looks it up: %v", err)
	}
	above := staff("seal-9", "city-discipline", petition.Sealed)
	if v, err := w.s.Look(t.Context(), above, k.Number, ""); err != nil || v.Unit != "city-discipline" {
		t.Errorf("above: %+v, %v", v, err)
	}
}

// Without a unit above, nothing is taken in and the answer says where to go.
func TestNobodyAboveTheReceiver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := *w.o
	o.SealedAbove, o.Units = "", slices.Clone(o.Units)
	for i := range o.Units {
		if o.Units[i].Code == "city-discipline" {
			o.Units[i].Address, o.Units[i].Phone = "商洛市北新街", "0914-12388"
		}
	}
	s := petition.NewService(w.store, &o, petition.DefaultCalendar(), keyed, w.now, func() string { return "id" }, w.blobs)
	f := filing(petition.Report)
	f.About = "discipline"
	_, err := s.File(t.Context(), lin, f)
	var e *petition.Error
	if !errors.As(err, &e) || e.Code != petition.Conflict || e.Key != "report.no_above" ||
		e.Args["unit"] != "中共柞水县纪委监委" || e.Args["above"] != "商洛市纪委监委" || e.Args["address"] != "商洛市北新街" || e.Args["phone"] != "0914-12388" {
		t.Fatalf("%+v", err)
	}
	f.About = petition.AboutOther
	if k, err := s.File(t.Context(), lin, f); err != nil || k.Unit != "discipline" {
		t.Errorf("about somebody else: %+v, %v", k, err)
	}
}

func TestAboutIsChecked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, f := range []petition.Filing{
		{Class: petition.Report, About: "nowhere"},
		{Class: petition.Claim, About: "discipline"},
		{Class: petition.Claim, AboutText: "李某"},
	} {
		g := filing(f.Class)
		g.About, g.AboutText = f.About, f.AboutText
		if _, err := w.s.File(t.Context(), lin, g); !errors.Is(err, petition.Fail(petition.Invalid, "file.about")) {
			t.Errorf("%+v: %v", f, err)
		}
	}
}
