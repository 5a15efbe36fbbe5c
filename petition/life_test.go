package petition_test

import (
	"fmt"
	"slices"
	"testing"

	"dengwen/petition"
)

func TestClaimAnsweredInTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.file(filing(petition.Claim))
	if k.Unit != "transport" || k.Next.Rule != "forward" || k.Next.Due != "2026-08-18" || k.View.Unit != "petition" {
		t.Errorf("ticket: %+v", k)
	}
	n := k.Number
	w.days(2)
	v := w.do(clerk, n, m(petition.MoveTransfer, "unit", "transport"))
	wantAt(t, v, petition.Transferred, "transport")
	wantClock(t, v, "forward", "2026-08-18", petition.ClockMet)
	wantClock(t, v, "notify", "2026-08-20", petition.ClockRunning)
	wantClock(t, v, "object", "2026-08-12", petition.ClockRunning)
	w.days(1)
	v = w.do(road, n, m(petition.MoveAccept))
	wantAt(t, v, petition.Accepted, "transport")
	wantClock(t, v, "notify", "2026-08-20", petition.ClockMet)
	wantClock(t, v, "object", "2026-08-12", petition.ClockStopped)
	wantClock(t, v, "handle", "2026-10-05", petition.ClockRunning)
	w.days(40)
	v = w.do(road, n, opinion())
	wantAt(t, v, petition.Replied, "transport")
	wantClock(t, v, "handle", "2026-10-05", petition.ClockMet)
	last := v.Timeline[len(v.Timeline)-1]
	if last.Args["review_body"] != "柞水县人民政府或商洛市交通运输局" || last.Args["review_days"] != "30" {
		t.Errorf("the opinion names no review body: %v", last.Args)
	}
	w.refused(road, n, m(petition.MoveClose), petition.Conflict, "need.is_delivered")
	v = w.do(road, n, m(petition.MoveDeliver, "date", w.today(), "method", "signed"))
	wantClock(t, v, "review_window", "2026-10-15", petition.ClockRunning)
	w.days(20)
	w.refused(road, n, m(petition.MoveClose), petition.Conflict, "need.window_over")
	w.do(lin, n, m(petition.MoveSettle, "outcome", "resolved"))
	w.do(lin, n, rating("good", "fair"))
	v = w.do(road, n, m(petition.MoveClose))
	wantAt(t, v, petition.Closed, "transport")
	if v.Settled != "resolved" || v.RatedOffice != "good" || v.RatedUnit != "fair" {
		t.Errorf("settled %q, rated %q %q", v.Settled, v.RatedOffice, v.RatedUnit)
	}
	mine, err := w.s.Look(t.Context(), lin, n, "")
	if err != nil || !slices.Contains(mine.Can, petition.MoveReview) {
		t.Errorf("closing took the right of review away: %v, can %v", err, mine.Can)
	}
}

func TestReviewAndRereview(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.replied()
	w.days(29)
	v := w.do(lin, n, m(petition.MoveReview, "text", "没有说什么时候完工", "unit", "county-gov"))
	wantAt(t, v, petition.Reviewing, "county-gov")
	wantClock(t, v, "review_window", "2026-09-02", petition.ClockMet)
	wantClock(t, v, "review", "2026-10-01", petition.ClockRunning)
	reply := opinion()
	reply.Name, reply.Args["outcome"] = petition.MoveReviewReply, "maintain"
	w.refused(road, n, reply, petition.Forbidden, "move.who")
	v = w.do(county, n, reply)
	wantAt(t, v, petition.Reviewed, "county-gov")
	v = w.do(lin, n, m(petition.MoveReceive))
	wantClock(t, v, "rereview_window", "2026-10-01", petition.ClockRunning)
	w.days(33) // the window ends in the National Day week and reaches to 8 October
	v = w.do(lin, n, m(petition.MoveRereview, "text", "复查没有到现场看"))
	wantAt(t, v, petition.Rereviewing, "city-gov")
	if late := v.Timeline[len(v.Timeline)-1].Args["late"]; late != "" {
		t.Errorf("a request on %s is late though the window rolls to 8 October", w.today())
	}
	w.do(city, n, m(petition.MoveHearing, "date", w.today(), "place", "市信访局"))
	w.days(10)
	v = w.do(city, n, m(petition.MoveHearingDone, "text", "听证笔录"))
	wantClock(t, v, "rereview", "2026-11-13", petition.ClockRunning)
	final := reply
	final.Name = petition.MoveRereviewReply
	v = w.do(city, n, final)
	wantAt(t, v, petition.Finished, "transport")
	w.refused(lin, n, m(petition.MoveReview, "text", "x", "unit", "county-gov"), petition.Conflict, "move.status")
	v = w.do(lin, n, m(petition.MoveReopen, "text", "桥又塌了一次，这是新情况"))
	wantAt(t, v, petition.Registered, "petition")
	v = w.do(clerk, n, m(petition.MoveNoLonger, "opinion", "商信复核〔2026〕1 号", "date", "2026-10-14"))
	wantAt(t, v, petition.Refused, "petition")
}

// While a hearing stops its clock a case stands behind those that can become late,
// with no date of its own, however long that takes. A hearing called after the last day
// stops nothing: the case stays overdue.
func TestStoppedClockIsNotOverdue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.rereviewing()
	w.days(5)
	w.do(city, n, m(petition.MoveHearing, "date", w.today(), "place", "市信访局"))
	other := filing(petition.Claim)
	other.Key = "draft-2"
	second := w.file(other).Number
	w.days(100)
	p, err := w.s.List(t.Context(), chief, petition.Query{Open: true, Order: "due"})
	if err != nil || len(p.Items) != 2 || p.Items[0].Number != second || p.Items[1].Number != n {
		t.Fatalf("the list begins with the stopped one: %+v, %v", p.Items, err)
	}
	i := p.Items[1]
	if i.Colour != "" || i.Due != "" || i.Paused == "" || i.Left != 25 || i.Late {
		t.Errorf("stopped: colour %q, due %q, since %q, %d left, late %v", i.Colour, i.Due, i.Paused, i.Left, i.Late)
	}
	v := w.do(city, n, m(petition.MoveHearingDone, "text", "听证笔录"))
	if v.Left != 25 || v.Paused != "" || v.Colour != "green" {
		t.Errorf("gone on: %d left, since %q, colour %q", v.Left, v.Paused, v.Colour)
	}
	w.days(26)
	v = w.do(city, n, m(petition.MoveHearing, "date", w.today(), "place", "市信访局"))
	if v.Colour != "red" || v.Left != -1 || v.Paused != "" {
		t.Errorf("a hearing after the last day: %d left, since %q, colour %q", v.Left, v.Paused, v.Colour)
	}
}

func TestLateReviewIsTakenAndMarked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.replied()
	w.days(60)
	v, err := w.s.Look(t.Context(), lin, n, "")
	if err != nil || !slices.Contains(v.Can, petition.MoveReview) || v.Colour != "" {
		t.Fatalf("after the window: can %v, colour %q, %v", v.Can, v.Colour, err)
	}
	v = w.do(lin, n, m(petition.MoveReview, "text", "住院了，所以晚了", "unit", "county-gov"))
	if v.Timeline[len(v.Timeline)-1].Args["late"] != "yes" {
		t.Error("a late request is not marked late")
	}
	v = w.do(county, n, m(petition.MoveReviewRefuse, "rule", "第 35 条", "text", "逾期且无正当理由"))
	wantAt(t, v, petition.Replied, "transport")
}

func TestReviewBodyIsTheCitizensChoice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.replied()
	w.refused(lin, n, m(petition.MoveReview, "text", "x", "unit", "city-gov"), petition.Invalid, "need.review_body")
	for _, who := range []petition.Actor{lin, road} { // by themselves, or as an officer writes down for them
		w.refused(who, n, m(petition.MoveReview, "text", "x"), petition.Invalid, "need.review_body_chosen")
		v := w.look(who, n, "")
		if want := []petition.Body{{Code: "county-gov", Name: "柞水县人民政府"}, {Code: "city-transport", Name: "商洛市交通运输局"}}; !slices.Equal(v.Bodies, want) {
			t.Errorf("%s is offered %v, want %v", who.Staff, v.Bodies, want)
		}
	}
	v := w.do(lin, n, m(petition.MoveReview, "text", "想请市里看", "unit", "city-transport"))
	wantAt(t, v, petition.Reviewing, "city-transport")
	if v.Bodies != nil {
		t.Errorf("%v are offered when nothing can be asked of them", v.Bodies)
	}
	w.wantDocument(lin, n, fmt.Sprintf("%d.pdf", v.Timeline[len(v.Timeline)-1].Seq), "信访事项复查申请书", "unit", "商洛市交通运输局")
}

func TestRereviewBodyIsTheCitizensChoice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := *w.o
	o.Units = slices.Clone(o.Units)
	o.Units[slices.IndexFunc(o.Units, func(u petition.Unit) bool { return u.Code == "transport" })].Rereview = "city-gov|city-transport"
	w.s = petition.NewService(w.store, &o, petition.DefaultCalendar(), keyed, w.now, func() string { return fmt.Sprintf("id-%06d", w.ids.Add(1)) }, w.blobs)
	n := w.replied()
	w.do(lin, n, m(petition.MoveReview, "text", "x", "unit", "county-gov"))
	w.do(county, n, m(petition.MoveReviewReply, "request", "修路", "facts", "看过", "text", "维持", "basis", "条例第 35 条", "outcome", "maintain"))
	w.refused(lin, n, m(petition.MoveRereview, "text", "x"), petition.Invalid, "need.review_body_chosen")
	if v := w.look(lin, n, ""); len(v.Bodies) != 2 || v.Bodies[1].Code != "city-transport" {
		t.Errorf("offered are %v, want the city and its transport bureau", v.Bodies)
	}
	v := w.do(lin, n, m(petition.MoveRereview, "text", "x", "unit", "city-transport"))
	wantAt(t, v, petition.Rereviewing, "city-transport")
}

func TestReviewOrdersRedo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.replied()
	w.do(lin, n, m(petition.MoveReview, "text", "没有到现场看", "unit", "county-gov"))
	v := w.do(county, n, m(petition.MoveReviewRedo, "facts", "未现场核实", "text", "撤销，重新办理", "basis", "条例第 35 条"))
	wantAt(t, v, petition.Accepted, "transport")
	wantClock(t, v, "handle", "2026-10-02", petition.ClockRunning)
	v = w.do(road, n, opinion())
	wantAt(t, v, petition.Replied, "transport")
}

func TestSuggestion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.file(filing(petition.Suggestion)).Number
	v := w.do(clerk, n, m(petition.MoveTransfer, "unit", "transport"))
	wantClock(t, v, "suggestion_reply", "2026-08-18", petition.ClockRunning)
	v = w.do(road, n, m(petition.MoveReply, "outcome", "partly", "text", "先装路灯，公交站明年再研究"))
	wantAt(t, v, petition.Replied, "transport")
	wantClock(t, v, "suggestion_reply", "2026-08-18", petition.ClockMet)
	w.do(lin, n, m(petition.MoveReceive))
	w.refused(lin, n, m(petition.MoveReview, "text", "x", "unit", "county-gov"), petition.Conflict, "move.class")
	w.days(16)
	v = w.do(roadHead, n, m(petition.MoveClose))
	wantAt(t, v, petition.Closed, "transport")
}

func TestNotResolvedThenReopenedTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.replied()
	w.refused(lin, n, m(petition.MoveReopen, "text", "没修"), petition.Conflict, "need.unresolved")
	w.do(lin, n, m(petition.MoveSettle, "outcome", "not"))
	v := w.do(lin, n, m(petition.MoveReopen, "text", "没修"))
	wantAt(t, v, petition.Registered, "petition")
	w.do(clerk, n, m(petition.MoveTransfer, "unit", "transport"))
	w.do(road, n, m(petition.MoveAccept))
	w.do(road, n, opinion())
	w.do(lin, n, m(petition.MoveReceive))
	w.do(lin, n, m(petition.MoveSettle, "outcome", "partly"))
	v = w.do(lin, n, m(petition.MoveReopen, "text", "只修了一半"))
	if v.Reopened != "2" {
		t.Errorf("reopened %s times", v.Reopened)
	}
	w.refused(clerk, n, m(petition.MoveTransfer, "unit", "transport"), petition.Conflict, "need.level")
	v = w.do(chief, n, m(petition.MoveAssign, "unit", "transport", "date", "2026-09-10"))
	wantAt(t, v, petition.Transferred, "transport")
}

func TestJointPetition(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := filing(petition.Claim)
	f.People = 40
	n := w.file(f).Number
	w.refused(clerk, n, m(petition.MoveRepresent, "names", "甲、乙、丙、丁、戊、己"), petition.Invalid, "need.few_representatives")
	v := w.do(clerk, n, m(petition.MoveRepresent, "names", "甲、乙、丙、丁、戊"))
	w.do(clerk, n, m(petition.MoveTransfer, "unit", "transport"))
	w.refused(road, n, m(petition.MoveSimple, "ground", "clear"), petition.Conflict, "need.simple_fits")
	mine, err := w.s.Look(t.Context(), lin, n, "")
	if err != nil || len(mine.Timeline) >= len(v.Timeline)+1 {
		t.Errorf("the citizen sees the list of names: %v", mine.Timeline)
	}
}

func TestSettledByAgreement(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.accepted()
	w.refused(road, n, m(petition.MoveMediate), petition.Invalid, "field.missing")
	w.do(road, n, m(petition.MoveMediate, "consent", "both"))
	v := w.do(road, n, m(petition.MoveAgreement, "kind", "mediation", "consent", "both", "text", "九月底前修好"))
	wantAt(t, v, petition.Replied, "transport")
	w.do(lin, n, m(petition.MoveReceive))
	v = w.do(lin, n, m(petition.MoveSettle, "outcome", "partly"))
	if !slices.Contains(v.Can, petition.MoveReopen) {
		t.Errorf("after an agreement that did not help: can %v", v.Can)
	}
}

// A period that ends in the long holiday is due on its day by law; a unit's own target
// is the last working day before it, and the first one after is told beside it.
func TestPeriodEndingInAHoliday(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, due, rolled, internal string }{
		{"2026-09-18", "2026-10-03", "2026-10-08", "2026-09-30"}, // national holiday
		{"2026-09-16", "2026-10-01", "2026-10-08", "2026-09-30"}, // its first day
		{"2026-09-22", "2026-10-07", "2026-10-08", "2026-09-30"}, // its last day
		{"2026-09-25", "2026-10-10", "2026-10-10", "2026-10-10"}, // a Saturday that is worked
		{"2026-02-03", "2026-02-18", "2026-02-24", "2026-02-14"}, // spring festival, after a Saturday that is worked
		{"2026-08-14", "2026-08-29", "2026-08-31", "2026-08-28"}, // an ordinary Saturday
	} {
		d, err := petition.Due("notify", c.from, petition.DefaultCalendar(), petition.Settings{})
		if err != nil {
			t.Fatal(err)
		}
		if d.Due != c.due || d.Rolled != c.rolled || d.Internal != c.internal {
			t.Errorf("from %s: due %s, rolled %s, internal %s; want %s, %s, %s", c.from, d.Due, d.Rolled, d.Internal, c.due, c.rolled, c.internal)
		}
	}
}
