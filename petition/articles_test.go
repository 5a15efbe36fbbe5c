package petition_test

import (
	"testing"

	"dengwen/petition"
)

// A stage brings a fresh case to where a duty begins.
type stage func(w *world) string

func registered(w *world) string { return w.file(filing(petition.Claim)).Number }

func suggested(w *world) string { return w.file(filing(petition.Suggestion)).Number }

func reported(w *world) string { return w.file(filing(petition.Report)).Number }

func transferred(w *world) string {
	n := registered(w)
	w.do(clerk, n, m(petition.MoveTransfer, "unit", "transport"))
	return n
}

func objected(w *world) string {
	n := transferred(w)
	w.do(road, n, m(petition.MoveObject, "text", "村道由镇里管养", "unit", "xialiang"))
	return n
}

func disputed(w *world) string           { return disputedWith(w, "water") }
func disputedWithOffice(w *world) string { return disputedWith(w, "petition") }
func disputedWithCounty(w *world) string { return disputedWith(w, "county-gov") }
func disputedWithParty(w *world) string  { return disputedWith(w, "county-party") }

func disputedWith(w *world, unit string) string {
	n := transferred(w)
	w.do(roadHead, n, m(petition.MoveDispute, "text", "都认为不归自己管", "unit", unit))
	return n
}

func assigned(w *world) string {
	n := registered(w)
	w.do(clerk, n, m(petition.MoveAssign, "unit", "transport", "date", "2026-09-30"))
	return n
}

func simpleRules(w *world) string {
	n := transferred(w)
	w.do(road, n, m(petition.MoveSimple, "ground", "daily"))
	return n
}

func accepted(w *world) string { return w.accepted() }

func extended(w *world) string {
	n := w.accepted()
	w.do(roadHead, n, m(petition.MoveExtend, "text", "需要设计施工图"))
	return n
}

func answeredOnly(w *world) string {
	n := w.accepted()
	w.do(road, n, opinion())
	return n
}

func replied(w *world) string { return w.replied() }

func reviewing(w *world) string {
	n := w.replied()
	w.do(lin, n, m(petition.MoveReview, "text", "没有到现场", "unit", "county-gov"))
	return n
}

func reviewOpinion(name petition.MoveName) petition.Move {
	mv := opinion()
	mv.Name, mv.Args["outcome"] = name, "maintain"
	return mv
}

func reviewed(w *world) string {
	n := reviewing(w)
	w.do(county, n, reviewOpinion(petition.MoveReviewReply))
	return n
}

func rereviewing(w *world) string {
	n := reviewed(w)
	w.do(lin, n, m(petition.MoveRereview, "text", "仍然不服"))
	return n
}

func later(from stage, days int) stage {
	return func(w *world) string {
		n := from(w)
		w.days(days)
		return n
	}
}

func without(mv petition.Move, key string) petition.Move {
	args := map[string]string{}
	for k, v := range mv.Args {
		args[k] = v
	}
	mv.Args = args
	if key == "text" {
		mv.Text = ""
	}
	delete(mv.Args, key)
	return mv
}

// Every duty of the Regulation: the lawful path (key "") and the ways off it.
func TestArticles(t *testing.T) {
	t.Parallel()
	const conflict, forbidden, invalid, missing = petition.Conflict, petition.Forbidden, petition.Invalid, petition.NotFound
	guide := m(petition.MoveGuide, "route", "2", "basis", "劳动争议调解仲裁法", "elsewhere", "县劳动人事争议仲裁院", "until", "一年内")
	refuse := m(petition.MoveRefuse, "rule", "条例第 22 条", "text", "属于人大职权", "elsewhere", "县人大常委会")
	inHand := m(petition.MoveInHand, "elsewhere", "商洛市交通运输局正在办理", "until", "2026-09-01")
	noLonger := m(petition.MoveNoLonger, "opinion", "商信复核〔2025〕3 号", "date", "2025-12-01")
	supervise := m(petition.MoveSupervise, "reason", "delay", "kind", "letter", "text", "请说明逾期原因", "date", "2026-08-20")
	for _, c := range []struct {
		article string
		at      stage
		who     petition.Actor
		move    petition.Move
		code    petition.Code
		key     string
	}{
		// 18 lead officer for hard cases
		{"18", accepted, roadHead, m(petition.MoveLead, "officer", "leader-1"), "", ""},
		{"18", accepted, road, m(petition.MoveLead, "officer", "leader-1"), forbidden, "move.who"},
		{"18", accepted, road, m(petition.MoveProgress, "text", "已到现场"), conflict, "need.has_lead"},
		// 19 what is missing may be asked for and added, never by others
		{"19", accepted, road, m(petition.MoveAsk, "text", "请发一张桥的照片"), "", ""},
		{"19", accepted, road, m(petition.MoveAsk), invalid, "field.missing"},
		{"19", accepted, water, m(petition.MoveAsk, "text", "x"), missing, "lookup.no_match"},
		{"19", accepted, lin, m(petition.MoveSupplement, "text", "桥头也塌了"), "", ""},
		{"19", accepted, lin, m(petition.MoveSupplement), invalid, "need.says_something"},
		{"19", accepted, stranger, m(petition.MoveSupplement, "text", "x"), missing, "lookup.no_match"},
		{"19(3)", registered, clerk, inHand, "", ""},
		{"19(3)", registered, clerk, without(inHand, "elsewhere"), invalid, "field.missing"},
		{"19(3)", accepted, road, inHand, conflict, "move.status"},
		// 20(3) at most five representatives
		{"20(3)", registered, clerk, m(petition.MoveRepresent, "names", "甲、乙、丙、丁、戊"), "", ""},
		{"20(3)", registered, clerk, m(petition.MoveRepresent, "names", "甲、乙、丙、丁、戊、己"), invalid, "need.few_representatives"},
		// 21 the petitioner rates, nobody else, and not before an answer
		{"21", replied, lin, rating("good", ""), "", ""},
		{"21", replied, road, rating("", "good"), conflict, "need.other_hands"},
		{"21", replied, chief, rating("good", "good"), invalid, "field.missing"},
		{"21", replied, lin, rating("", ""), invalid, "need.rates_something"},
		{"21", replied, lin, rating("excellent", ""), invalid, "field.wrong"},
		{"21", accepted, lin, rating("good", ""), conflict, "move.status"},
		// 22 transfer, assignment
		{"22", registered, clerk, m(petition.MoveTransfer, "unit", "transport"), "", ""},
		{"22", registered, clerk, m(petition.MoveTransfer), invalid, "field.missing"},
		{"22", registered, clerk, m(petition.MoveTransfer, "unit", "nowhere"), invalid, "need.other_unit"},
		{"22", registered, clerk, m(petition.MoveTransfer, "unit", "petition"), invalid, "need.other_unit"},
		{"22", registered, road, m(petition.MoveTransfer, "unit", "water"), missing, "lookup.no_match"},
		{"22", registered, lin, m(petition.MoveTransfer, "unit", "water"), forbidden, "move.who"},
		{"22", transferred, clerk, m(petition.MoveTransfer, "unit", "water"), conflict, "move.status"},
		{"22(1)(3)", registered, clerk, m(petition.MoveAssign, "unit", "transport", "date", "2026-09-30"), "", ""},
		{"22(1)(3)", registered, clerk, m(petition.MoveAssign, "unit", "transport"), invalid, "field.missing"},
		{"22(1)(3)", registered, clerk, m(petition.MoveAssign, "unit", "transport", "date", "2026-08-03"), invalid, "need.date_ahead"},
		{"22(1)(3)", registered, clerk, m(petition.MoveAssign, "unit", "transport", "date", "30.9."), invalid, "field.wrong"},
		{"22(1)(3)", assigned, road, m(petition.MoveComplete, "text", "已修好"), "", ""},
		{"22(1)(3)", transferred, road, m(petition.MoveComplete, "text", "已修好"), conflict, "need.report_owed"},
		// 23 notice within 15 days, objection within 5 working days
		{"23", transferred, road, m(petition.MoveAccept), "", ""},
		{"23", transferred, clerk, m(petition.MoveAccept), forbidden, "move.who"},
		{"23", transferred, water, m(petition.MoveAccept), missing, "lookup.no_match"},
		{"23", transferred, road, m(petition.MoveAccept, "notice", "none"), invalid, "need.notice_owed"},
		{"23", accepted, road, m(petition.MoveAccept), conflict, "move.status"},
		{"23", transferred, road, refuse, "", ""},
		{"23", transferred, road, without(refuse, "rule"), invalid, "field.missing"},
		{"23", transferred, road, without(refuse, "text"), invalid, "field.missing"},
		{"23", transferred, road, without(refuse, "elsewhere"), invalid, "field.missing"},
		{"23", accepted, road, refuse, conflict, "move.status"},
		{"23(3)", transferred, road, m(petition.MoveObject, "text", "不归我们管", "unit", "xialiang"), "", ""},
		{"23(3)", later(transferred, 7), road, m(petition.MoveObject, "text", "不归我们管"), "", ""},
		{"23(3)", later(transferred, 8), road, m(petition.MoveObject, "text", "不归我们管"), conflict, "need.object_in_time"},
		{"23(3)", transferred, road, m(petition.MoveObject), invalid, "field.missing"},
		{"23(3)", transferred, clerk, m(petition.MoveObject, "text", "x"), forbidden, "move.who"},
		{"23(3)", objected, road, m(petition.MoveObject, "text", "x"), conflict, "need.no_objection"},
		{"23(3)", objected, road, m(petition.MoveAccept), conflict, "need.no_objection"},
		{"23(3)", objected, clerk, m(petition.MoveAgree), "", ""},
		{"23(3)", objected, clerk, m(petition.MoveHold, "text", "2024 年移交给县里了"), "", ""},
		{"23(3)", objected, clerk, m(petition.MoveHold), invalid, "field.missing"},
		{"23(3)", objected, road, m(petition.MoveAgree), forbidden, "move.who"},
		{"23(3)", transferred, clerk, m(petition.MoveAgree), conflict, "need.objection_open"},
		// 24 competence
		{"24", disputed, county, m(petition.MoveDesignate, "unit", "transport", "text", "县道归交通局"), "", ""},
		{"24", disputed, road, m(petition.MoveDesignate, "unit", "water", "text", "x"), forbidden, "move.who"},
		{"24", disputed, chief, m(petition.MoveDesignate, "unit", "transport", "text", "县道归交通局"), "", ""},
		{"24", disputed, road, m(petition.MoveAccept), conflict, "need.no_dispute"},
		{"24", disputedWithOffice, chief, m(petition.MoveDesignate, "unit", "transport", "text", "x"), conflict, "need.not_party"},
		{"24", disputedWithOffice, county, m(petition.MoveDesignate, "unit", "petition", "text", "答复由信访局作出"), "", ""},
		{"24", disputedWithCounty, county, m(petition.MoveDesignate, "unit", "transport", "text", "x"), missing, "lookup.no_match"},
		{"24", disputedWithCounty, city, m(petition.MoveDesignate, "unit", "county-gov", "text", "县政府文件定的事，县政府办"), "", ""},
		{"24", disputedWithParty, county, m(petition.MoveDesignate, "unit", "transport", "text", "x"), missing, "lookup.no_match"},
		{"24", disputedWithParty, chief, m(petition.MoveDesignate, "unit", "transport", "text", "联席会议协调，由交通局办"), "", ""},
		{"24", transferred, county, m(petition.MoveDesignate, "unit", "water", "text", "x"), missing, "lookup.no_match"},
		{"24", transferred, chief, m(petition.MoveDesignate, "unit", "water", "text", "x"), conflict, "need.dispute_open"},
		// 25 urgent matters
		{"25", transferred, road, m(petition.MoveUrgent, "text", "桥随时会塌，已封路"), "", ""},
		{"25", transferred, road, m(petition.MoveUrgent), invalid, "field.missing"},
		// 28 recusal
		{"28", accepted, road, m(petition.MoveRecuse, "officer", "road-1", "text", "当事人是我亲戚"), "", ""},
		{"28", accepted, road, m(petition.MoveRecuse, "officer", "road-1"), invalid, "field.missing"},
		{"28", accepted, lin, m(petition.MoveNudge), "", ""},
		// 29 suggestions
		{"29", suggested, clerk, m(petition.MoveReply, "outcome", "adopted", "text", "采纳"), "", ""},
		{"29", suggested, clerk, m(petition.MoveReply, "outcome", "adopted"), invalid, "field.missing"},
		{"29", suggested, clerk, m(petition.MoveReply, "outcome", "support", "text", "x"), invalid, "field.wrong"},
		{"29", suggested, clerk, guide, conflict, "move.class"},
		// 30 reports
		{"30", reported, sealed, m(petition.MoveAccept), "", ""},
		{"30", reported, clerk, m(petition.MoveAccept), missing, "lookup.no_match"},
		{"30", reported, chief, supervise, missing, "lookup.no_match"},
		{"30", reported, admin, m(petition.MoveNote, "text", "x"), missing, "lookup.no_match"},
		{"30", reported, sealed, m(petition.MoveRefer, "unit", "organisation"), "", ""},
		{"30", reported, lin, rating("good", "good"), conflict, "move.class"},
		{"30", transferred, road, m(petition.MoveSeal, "text", "反映的是干部收钱"), "", ""},
		// 31 routes
		{"31", transferred, road, guide, "", ""},
		{"31", transferred, road, without(guide, "until"), invalid, "field.missing"},
		{"31", transferred, road, m(petition.MoveGuide, "route", "6", "basis", "x", "elsewhere", "x", "until", "x"), invalid, "field.wrong"},
		{"31", replied, road, guide, conflict, "move.status"},
		{"31(6)", accepted, road, m(petition.MoveHearing, "date", "2026-08-20", "place", "村委会"), "", ""},
		{"31(6)", accepted, road, m(petition.MoveHearing, "date", "2026-08-02", "place", "村委会"), invalid, "need.date_not_past"},
		{"31(6)", transferred, road, m(petition.MoveHearing, "date", "2026-08-20", "place", "村委会"), conflict, "move.status"},
		// 32 what an opinion must carry
		{"32", accepted, road, opinion(), "", ""},
		{"32", accepted, road, without(opinion(), "request"), invalid, "field.missing"},
		{"32", accepted, road, without(opinion(), "facts"), invalid, "field.missing"},
		{"32", accepted, road, without(opinion(), "basis"), invalid, "field.missing"},
		{"32", accepted, road, without(opinion(), "outcome"), invalid, "field.missing"},
		{"32", accepted, road, without(opinion(), "text"), invalid, "field.missing"},
		{"32", transferred, road, opinion(), conflict, "move.status"},
		{"32", accepted, clerk, opinion(), forbidden, "move.who"},
		// 33 agreements are voluntary
		{"33", accepted, road, m(petition.MoveAgreement, "kind", "settlement", "consent", "both", "text", "九月底前修好"), "", ""},
		{"33", accepted, road, m(petition.MoveAgreement, "kind", "settlement", "text", "九月底前修好"), invalid, "field.missing"},
		{"33", accepted, road, m(petition.MoveMediate, "consent", "one"), invalid, "field.wrong"},
		// 34 sixty days and one extension
		{"34", accepted, roadHead, m(petition.MoveExtend, "text", "需要设计"), "", ""},
		{"34", accepted, road, m(petition.MoveExtend, "text", "需要设计"), "", ""},
		{"34", accepted, roadHead, m(petition.MoveExtend), invalid, "field.missing"},
		{"34", accepted, roadHead, m(petition.MoveExtend, "text", "x", "date", "2026-11-01"), "", ""},
		{"34", accepted, roadHead, m(petition.MoveExtend, "text", "x", "date", "2026-11-02"), invalid, "need.extend_not_too_far"},
		{"34", accepted, roadHead, m(petition.MoveExtend, "text", "x", "date", "2026-10-02"), invalid, "need.extend_not_too_far"},
		{"34", later(accepted, 60), roadHead, m(petition.MoveExtend, "text", "需要设计"), "", ""},
		{"34", later(accepted, 61), roadHead, m(petition.MoveExtend, "text", "需要设计"), conflict, "need.extend_in_time"},
		{"34", extended, roadHead, m(petition.MoveExtend, "text", "再延一次"), conflict, "need.not_extended"},
		// 35 delivery and review
		{"35", answeredOnly, road, m(petition.MoveDeliver, "date", "2026-08-03", "method", "signed"), "", ""},
		{"35", answeredOnly, road, m(petition.MoveDeliver, "date", "2026-08-04", "method", "signed"), invalid, "need.date_of_service"},
		{"35", answeredOnly, road, m(petition.MoveDeliver, "date", "2026-08-02", "method", "signed"), invalid, "need.date_of_service"},
		{"35", answeredOnly, road, m(petition.MoveDeliver, "date", "2026-08-03"), invalid, "field.missing"},
		{"35", answeredOnly, road, m(petition.MoveDeliver, "date", "2026-08-03", "method", "left", "witness", "王建平"), invalid, "field.missing"},
		{"35", answeredOnly, road, m(petition.MoveDeliver, "date", "2026-08-03", "method", "left", "refused", "不认可答复"), "", ""},
		{"35", answeredOnly, lin, m(petition.MoveReceive), "", ""},
		{"35", replied, lin, m(petition.MoveReceive), conflict, "need.not_delivered"},
		{"35", replied, lin, m(petition.MoveReview, "text", "不服", "unit", "county-gov"), "", ""},
		{"35", replied, lin, m(petition.MoveReview), invalid, "field.missing"},
		{"35", replied, road, m(petition.MoveReview, "text", "x", "unit", "county-gov"), "", ""}, // recorded for the citizen (Art 19)
		{"35", accepted, lin, m(petition.MoveReview, "text", "不服", "unit", "county-gov"), conflict, "move.status"},
		{"35", replied, stranger, m(petition.MoveReview, "text", "不服", "unit", "county-gov"), missing, "lookup.no_match"},
		{"35", reviewing, county, reviewOpinion(petition.MoveReviewReply), "", ""},
		{"35", reviewing, road, reviewOpinion(petition.MoveReviewReply), forbidden, "move.who"},
		{"35", reviewing, county, without(reviewOpinion(petition.MoveReviewReply), "basis"), invalid, "field.missing"},
		// 36 re-review, and then no more on the same facts
		{"36", reviewed, lin, m(petition.MoveRereview, "text", "不服"), "", ""},
		{"36", replied, lin, m(petition.MoveRereview, "text", "不服"), conflict, "move.status"},
		{"36", rereviewing, city, reviewOpinion(petition.MoveRereviewReply), "", ""},
		{"36", rereviewing, county, reviewOpinion(petition.MoveRereviewReply), forbidden, "move.who"},
		{"36(3)", registered, clerk, noLonger, "", ""},
		{"36(3)", registered, clerk, without(noLonger, "opinion"), invalid, "field.missing"},
		{"36(3)", suggested, clerk, noLonger, conflict, "move.class"},
		// 40 supervision
		{"40", accepted, chief, supervise, "", ""},
		{"40", accepted, road, supervise, forbidden, "move.who"},
		{"40", accepted, chief, without(supervise, "text"), invalid, "field.missing"},
		{"40", registered, chief, supervise, conflict, "need.not_own"},
		{"40", accepted, road, m(petition.MoveFeedback, "adopted", "yes", "text", "已整改"), conflict, "need.feedback_due"},
		// simple procedure: where it applies and nowhere else
		{"simple", transferred, road, m(petition.MoveSimple, "ground", "clear"), "", ""},
		{"simple", assigned, road, m(petition.MoveSimple, "ground", "clear"), conflict, "need.simple_fits"},
		{"simple", suggested, clerk, m(petition.MoveSimple, "ground", "clear"), conflict, "move.class"},
		{"simple", simpleRules, roadHead, m(petition.MoveEndSimple, "text", "情况复杂"), "", ""},
		{"simple", accepted, road, m(petition.MoveSimple, "ground", "clear"), conflict, "move.status"},
	} {
		w := newWorld(t)
		n := c.at(w)
		before, _ := w.store.Load(t.Context(), n)
		_, err := w.try(c.who, n, c.move)
		if c.key == "" {
			if err != nil {
				t.Errorf("Art %s, %s: %v", c.article, c.move.Name, err)
			}
			continue
		}
		e, ok := err.(*petition.Error)
		if !ok || e.Code != c.code || e.Key != c.key {
			t.Errorf("Art %s, %s by %s%s: got %v, want %s (%s)", c.article, c.move.Name, c.who.Staff, c.who.Owner, err, c.code, c.key)
		}
		if after, _ := w.store.Load(t.Context(), n); after.Case.Version != before.Case.Version {
			t.Errorf("Art %s, %s: refused, but the case changed", c.article, c.move.Name)
		}
	}
}

// What is refused says why and what is possible.
func TestRefusalNamesWhatIsPossible(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := later(transferred, 8)(w)
	_, err := w.try(road, n, m(petition.MoveObject, "text", "不归我们管"))
	e, ok := err.(*petition.Error)
	if !ok || e.Args["status"] != "transferred" || e.Args["can"] == "" || e.Args["move"] != "object" {
		t.Errorf("refusal: %+v", e)
	}
}

func TestTransferObjected(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := transferred(w)
	w.days(3)
	v := w.do(road, n, m(petition.MoveObject, "text", "村道由镇里管养", "unit", "xialiang"))
	wantClock(t, v, "object", "2026-08-10", petition.ClockMet)
	wantClock(t, v, "decide", "2026-08-13", petition.ClockRunning)
	wantAt(t, v, petition.Transferred, "transport")
	v = w.do(clerk, n, m(petition.MoveAgree))
	wantAt(t, v, petition.Registered, "petition")
	wantClock(t, v, "notify", "2026-08-18", petition.ClockStopped)
	v = w.do(clerk, n, m(petition.MoveTransfer, "unit", "xialiang"))
	wantClock(t, v, "decide", "2026-08-13", petition.ClockMet)
	wantClock(t, v, "notify", "2026-08-21", petition.ClockRunning)
	if _, err := w.s.Look(t.Context(), road, n, ""); petition.CodeOf(err) != petition.NotFound {
		t.Errorf("the unit that gave it back still sees it: %v", err)
	}
}

func TestExtension(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.accepted()
	w.days(50)
	v := w.do(roadHead, n, m(petition.MoveExtend, "text", "需要设计"))
	wantClock(t, v, "handle", "2026-10-02", petition.ClockStopped)
	wantClock(t, v, "extend", "2026-11-01", petition.ClockRunning)
	if v.Due != "2026-11-01" || v.Rule != "extend" {
		t.Errorf("the case runs to %s by %s", v.Due, v.Rule)
	}
	mine, err := w.s.Look(t.Context(), lin, n, "")
	if err != nil {
		t.Fatal(err)
	}
	last := mine.Timeline[len(mine.Timeline)-1]
	if last.Text != "需要设计" || last.Args["approved_by"] != "" || last.Args["due"] != "2026-11-01" {
		t.Errorf("the citizen reads: %+v; wants the reason and the date, not who approved", last)
	}
}

func TestWaitingKeepsItsPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := transferred(w)
	v := w.do(road, n, m(petition.MoveAsk, "text", "是哪一座桥"))
	wantAt(t, v, petition.Waiting, "transport")
	wantClock(t, v, "notify", "2026-08-18", petition.ClockRunning)
	v = w.do(lin, n, m(petition.MoveSupplement, "text", "村口那座"))
	wantAt(t, v, petition.Transferred, "transport")
	w.do(road, n, m(petition.MoveAsk, "text", "还有照片吗"))
	v = w.do(road, n, m(petition.MoveAccept))
	wantAt(t, v, petition.Accepted, "transport")
	wantClock(t, v, "supplement", "2026-08-18", petition.ClockStopped)
	w.do(road, n, m(petition.MoveAsk, "text", "照片"))
	v = w.do(road, n, m(petition.MoveGoOn))
	wantAt(t, v, petition.Accepted, "transport")
}

func TestSimpleProcedure(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := simpleRules(w)
	v := w.do(road, n, m(petition.MoveAccept))
	wantClock(t, v, "simple_accept", "2026-08-06", petition.ClockMet)
	wantClock(t, v, "simple_reply", "2026-08-17", petition.ClockRunning)
	wantClock(t, v, "handle", "2026-10-02", petition.ClockRunning)
	if v.Rule != "simple_reply" {
		t.Errorf("the nearest clock is %s", v.Rule)
	}
	w.refused(roadHead, n, m(petition.MoveExtend, "text", "x"), petition.Conflict, "need.not_simple")
	v = w.do(road, n, opinion())
	wantClock(t, v, "simple_reply", "2026-08-17", petition.ClockMet)
}

func TestRecusedOfficerCannotAct(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.accepted()
	w.do(road, n, m(petition.MoveTake))
	v := w.do(roadHead, n, m(petition.MoveRecuse, "officer", "road-1", "text", "亲戚"))
	if v.Officer != "" {
		t.Errorf("still with %s", v.Officer)
	}
	w.refused(road, n, opinion(), petition.Forbidden, "move.recused")
	w.refused(roadHead, n, m(petition.MoveHandOver, "officer", "road-1"), petition.Invalid, "need.not_recused")
	own := road
	own.Staff, own.Owner = "road-7", lin.Owner
	w.refused(own, n, m(petition.MoveReply), petition.Forbidden, "move.own_case")
}
