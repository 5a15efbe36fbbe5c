package petition_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"dengwen/petition"
)

func answerOf(w *world, number string) {
	w.do(clerk, number, m("transfer", "unit", "transport"))
	w.do(road, number, m("accept"))
	w.do(road, number, reply)
	w.do(lin, number, m("receive"))
}

var reply = m("reply", "request", "修桥", "facts", "看过现场", "text", "下月修", "basis", "第三十二条", "outcome", "support")

func figuresOf(w *world, from, to string) map[string]petition.UnitFigures {
	w.t.Helper()
	_, units, err := w.s.Figures(w.t.Context(), from, to)
	if err != nil {
		w.t.Fatal(err)
	}
	out := map[string]petition.UnitFigures{}
	for _, u := range units {
		out[u.Unit] = u
	}
	return out
}

func TestUnratedIsNotSatisfied(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i, mark := range []string{"good", "bad", "fair", "", ""} {
		f := filing(petition.Claim)
		f.Key = "rated-" + string(rune('a'+i))
		k := w.file(f)
		answerOf(w, k.Number)
		if mark != "" {
			w.do(lin, k.Number, petition.Move{Name: petition.MoveRate, Args: map[string]string{"unit": mark}})
		}
	}
	got := figuresOf(w, w.today(), w.today())["transport"]
	if got.Rated != (petition.Share{N: 3, Of: 5}) || got.Satisfied != (petition.Share{N: 2, Of: 3}) || got.Good != 1 || got.Fair != 1 || got.Bad != 1 {
		t.Errorf("figures %+v", got)
	}
	if office := figuresOf(w, w.today(), w.today())["petition"]; office.Rated != (petition.Share{N: 0, Of: 5}) || office.Satisfied.Of != 0 {
		t.Errorf("the office was rated by nobody, figures %+v", office)
	}
}

// A period counts once, in the week in which it was kept or ran out, and passing the
// case on does not wash it off.
func TestAPeriodCountsOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.file(filing(petition.Claim))
	w.do(clerk, k.Number, m("transfer", "unit", "transport"))
	due, err := w.s.Look(t.Context(), clerk, k.Number, "")
	if err != nil {
		t.Fatal(err)
	}
	w.days(30)
	late := figuresOf(w, due.Due, due.Due)["transport"]
	if late.Notice != (petition.Share{N: 0, Of: 1}) {
		t.Errorf("open and over: %+v", late.Notice)
	}
	w.do(road, k.Number, m("accept"))
	if again := figuresOf(w, due.Due, due.Due)["transport"]; again.Notice != late.Notice {
		t.Errorf("kept too late: %+v, was %+v", again.Notice, late.Notice)
	}
	if today := figuresOf(w, w.today(), w.today())["transport"]; today.Notice.Of != 0 {
		t.Errorf("it counts again on the day it was made up for: %+v", today.Notice)
	}
}

func TestWhatBecameOfAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.file(filing(petition.Claim))
	answerOf(w, k.Number)
	day := w.today()
	w.days(5)
	w.do(lin, k.Number, m("review", "text", "不同意", "unit", "county-gov"))
	w.days(20)
	w.do(county, k.Number, m("review_redo", "facts", "没有核实", "text", "重办", "basis", "第三十五条"))
	got := figuresOf(w, day, day)["transport"]
	if got.Changed != (petition.Share{N: 1, Of: 1}) || got.Reopened != (petition.Share{N: 0, Of: 1}) {
		t.Errorf("after review %+v", got)
	}
	if gov := figuresOf(w, w.today(), w.today())["county-gov"]; gov.Answer != (petition.Share{N: 1, Of: 1}) {
		t.Errorf("the reviewer answered in time: %+v", gov)
	}
}

func TestReportsStayOutOfFigures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.file(filing(petition.Report))
	w.do(sealed, k.Number, m("accept"))
	w.do(sealed, k.Number, m("reply", "text", "已核查"))
	y, units, err := w.s.Figures(t.Context(), w.today(), w.today())
	if err != nil || len(units) != 0 {
		t.Errorf("units %+v, %v", units, err)
	}
	if y.Filed != 1 || y.Classes["report"] != 1 || len(y.Fields)+len(y.Places)+len(y.Channels) != 0 || y.Answered != 0 {
		t.Errorf("year %+v", y)
	}
}

func TestSmallNumbersAreHidden(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ have, want []int }{
		{[]int{0, 5, 90}, nil}, {[]int{3, 2, 90}, []int{0, 1}}, {[]int{3, 20, 90}, []int{0, 1}}, {[]int{1}, []int{0}},
	} {
		var hidden []int
		for i, s := range petition.PublicCounts(c.have) {
			if s == petition.Hidden || s == petition.Masked {
				hidden = append(hidden, i)
			}
		}
		if !slices.Equal(hidden, c.want) {
			t.Errorf("of %v hidden are %v, want %v", c.have, hidden, c.want)
		}
	}
	for s, want := range map[petition.Share]string{{N: 1, Of: 3}: "<5", {N: 2, Of: 40}: "<5/40", {N: 0, Of: 40}: "0/40", {N: 38, Of: 40}: "38/40", {}: "—"} {
		if got := petition.PublicShare(s); got != want {
			t.Errorf("%v is %q, want %q", s, got, want)
		}
	}
}

func TestDigestSaysWhatIsDueAndWhatCame(t *testing.T) {
	t.Parallel()
	w := newWorld(t) // Monday 3 August 2026, ten in the morning
	first := w.file(filing(petition.Claim))
	w.do(clerk, first.Number, m("transfer", "unit", "transport"))
	report := filing(petition.Report)
	report.Key = "draft-2"
	w.file(report)
	w.days(1)
	got := digestsOf(w)
	unit := got["transport"]
	if len(unit.New) != 1 || unit.New[0].Number != first.Number || unit.New[0].Title == "" || unit.From != "2026-08-03" || unit.To != "2026-08-03" {
		t.Errorf("the next morning %+v", unit)
	}
	if s := got["discipline"]; !s.Sealed || len(s.New) != 1 || s.New[0].Title != "" {
		t.Errorf("sealed %+v", s)
	}
	if _, ok := got["petition"]; !ok {
		t.Error("the petition office hears of what came to it")
	}
	w.days(12) // Sunday: nothing
	if d := digestsOf(w); len(d) != 0 {
		t.Errorf("a digest on a Sunday: %v", d)
	}
	w.days(1) // 17 August: one day left
	if d := digestsOf(w)["transport"]; len(d.DueSoon) != 1 || d.DueSoon[0].Rule != "notify" || d.DueSoon[0].Due != "2026-08-18" || len(d.New) != 0 {
		t.Errorf("near its end %+v", d)
	}
	w.days(2)
	if d := digestsOf(w)["transport"]; len(d.Overdue) != 1 || d.Overdue[0].Left != -1 {
		t.Errorf("over %+v", d)
	}
}

func digestsOf(w *world) map[string]petition.Digest {
	w.t.Helper()
	list, err := w.s.Digest(w.t.Context(), w.now())
	if err != nil {
		w.t.Fatal(err)
	}
	again, err := w.s.Digest(w.t.Context(), w.now())
	if err != nil || !reflect.DeepEqual(list, again) {
		w.t.Errorf("made twice, the digests differ: %v", err)
	}
	out := map[string]petition.Digest{}
	for _, d := range list {
		if !d.Weekly {
			out[d.Unit] = d
		}
	}
	return out
}

func TestDigestsComeAtOpeningTime(t *testing.T) {
	t.Parallel()
	l := newWorld(t).s.Law()
	for at, want := range map[string][2]bool{
		"2026-08-03 07:59": {false, false}, "2026-08-03 08:00": {true, true}, "2026-08-04 08:00": {true, false},
		"2026-08-08 09:00": {false, false},                                   // Saturday
		"2026-09-20 09:00": {true, false},                                    // a Sunday that is worked, at the end of its week
		"2026-10-01 09:00": {false, false}, "2026-10-08 09:00": {true, true}, // the week's first working day after the holiday
	} {
		now, err := time.ParseInLocation("2006-01-02 15:04", at, zone)
		if err != nil {
			t.Fatal(err)
		}
		if d, wk := l.DigestsDue(now); [2]bool{d, wk} != want {
			t.Errorf("%s: daily %t, weekly %t, want %v", at, d, wk, want)
		}
	}
}

// What is public shows no figure from one to four: people could be recognised by it.
func TestPublicFiguresBelowFive(t *testing.T) {
	t.Parallel()
	for n, hidden := range map[int]bool{0: false, 1: true, 4: true, 5: false, 6: false} {
		if petition.TooFew(n) != hidden {
			t.Errorf("%d: hidden %v", n, !hidden)
		}
	}
	for want, s := range map[string]petition.Share{
		"—": {N: 0, Of: 0}, "<5": {N: 3, Of: 4}, "<5/5": {N: 4, Of: 5}, "5/5": {N: 5, Of: 5}, "0/5": {N: 0, Of: 5},
	} {
		if got := petition.PublicShare(s); got != want {
			t.Errorf("%d of %d: %s, want %s", s.N, s.Of, got, want)
		}
	}
	for _, c := range []struct {
		counts []int
		want   string
	}{
		{[]int{4, 9, 20}, "<5 * 20"}, // alone it would follow from the total
		{[]int{4, 3, 20}, "<5 <5 20"},
		{[]int{1, 45, 1, 1}, "<5 * <5 <5"}, // each would follow from the total and the two others
		{[]int{5, 9, 20}, "5 9 20"},
	} {
		got := ""
		for i, s := range petition.PublicCounts(c.counts) {
			if i > 0 {
				got += " "
			}
			got += s
		}
		if got != c.want {
			t.Errorf("%v: %s, want %s", c.counts, got, c.want)
		}
	}
}
