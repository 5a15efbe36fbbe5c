package petition

import (
	"slices"
	"strconv"
	"strings"
)

// Need is a condition of a move besides class, state and person. Its name is the key
// of the sentence that says why a move is refused: "need.<name>".
type Need string

// Conditions of the case; they decide which buttons are there.
const (
	level           Need = "level"           // a second reopening: only the head of the petition office
	officeHolds     Need = "office_holds"    // the petition office itself has it
	noObjection     Need = "no_objection"    // no objection waits for its answer
	objectionOpen   Need = "objection_open"  // one does
	objectInTime    Need = "object_in_time"  // within 5 working days (Art 23(3))
	noDispute       Need = "no_dispute"      //
	disputeOpen     Need = "dispute_open"    //
	notParty        Need = "not_party"       // nobody decides a dispute about their own unit, where somebody is above (Art 24)
	routeSix        Need = "route_six"       // no other statutory route (Art 31(6))
	isSimple        Need = "is_simple"       //
	notSimple       Need = "not_simple"      //
	simpleFits      Need = "simple_fits"     // first time, one person, not assigned, route 6
	isWaiting       Need = "is_waiting"      //
	notWaiting      Need = "not_waiting"     //
	hearingOpen     Need = "hearing_open"    //
	noHearing       Need = "no_hearing"      //
	noMediation     Need = "no_mediation"    //
	notExtended     Need = "not_extended"    // once (Art 34)
	extendInTime    Need = "extend_in_time"  // before the sixty days are over
	opinionGiven    Need = "opinion_given"   // a handling opinion was issued
	agreementMade   Need = "agreement_made"  //
	answerGiven     Need = "answer_given"    //
	reviewGiven     Need = "review_given"    //
	notReviewed     Need = "not_reviewed"    //
	notDelivered    Need = "not_delivered"   //
	isDelivered     Need = "is_delivered"    //
	windowOver      Need = "window_over"     // the citizen's window is over, or the citizen said it is resolved
	reportOwed      Need = "report_owed"     // a completion report
	reportDone      Need = "report_done"     //
	senderWaits     Need = "sender_waits"    // who passed it on is to be told how it ended
	otherHands      Need = "other_hands"     // the officer neither has the case nor decided anything about it
	unresolved      Need = "unresolved"      // the citizen said so
	nudgeFree       Need = "nudge_free"      // none within Settings.NudgeDays
	feedbackDue     Need = "feedback_due"    //
	noFeedbackDue   Need = "no_feedback_due" //
	hasLead         Need = "has_lead"        // a leader leads it, and it is not struck off
	stepOpen        Need = "step_open"       // a step of the plan is to be done
	noStepOpen      Need = "no_step_open"    //
	saidResolved    Need = "said_resolved"   // the petitioner said so
	notSaidResolved Need = "not_said_resolved"
	promiseOpen     Need = "promise_open"     // something was promised, and is neither kept nor explained
	nothingPromised Need = "nothing_promised" // or nothing is open: one promise after the other
	notOwn          Need = "not_own"          // the petition office does not supervise itself
	notMine         Need = "not_mine"         //
	hasLinks        Need = "has_links"        // other petitions are linked to it
	isUrgent        Need = "is_urgent"        //
	notAttended     Need = "not_attended"     // nobody has taken the danger in hand
	isAttended      Need = "is_attended"      //
	hasDraft        Need = "has_draft"        // a paper that is not issued yet
	otherCalendar   Need = "other_calendar"   // a running date rests on another calendar
)

// need reports whether a condition holds for the case, the actor and the day.
func (l *Law) need(n Need, c *Case, a Actor, today string) bool {
	if test, ok := factNeeds[n]; ok {
		return test(c)
	}
	if test, ok := clockNeeds[n]; ok {
		return test(c, today)
	}
	switch n {
	case level:
		return c.fact(factLevel) == "" || c.Unit != l.Office.Unit || a.has(Supervisor) || a.has(ActingHead)
	case officeHolds:
		return c.Unit == l.Office.Unit
	case notOwn:
		return c.Unit != l.Office.Unit
	case nudgeFree:
		last := c.fact(factNudged)
		return last == "" || daysBetween(last, today) >= l.Office.Settings.Filled().NudgeDays
	case otherHands:
		return a.Staff != "" && !c.handledBy(a.Staff)
	case notParty:
		return !c.party(a.Unit) || c.judge(l.Office) == ""
	case notMine:
		return c.Officer == "" || c.Officer != a.Staff
	case otherCalendar:
		return c.otherCalendar(l.Calendar.Version())
	}
	return false
}

// factNeeds are conditions on what earlier moves left behind. Never written to.
var factNeeds = map[Need]func(*Case) bool{
	noObjection:     func(c *Case) bool { return c.fact(factObjection) != "open" },
	objectionOpen:   func(c *Case) bool { return c.fact(factObjection) == "open" },
	noDispute:       func(c *Case) bool { return c.fact(factDispute) == "" },
	disputeOpen:     func(c *Case) bool { return c.fact(factDispute) == "open" },
	routeSix:        func(c *Case) bool { return c.Route == 0 || c.Route == 6 },
	isSimple:        func(c *Case) bool { return c.fact(factMode) == "simple" },
	notSimple:       func(c *Case) bool { return c.fact(factMode) == "" },
	simpleFits:      fitsSimple,
	isWaiting:       func(c *Case) bool { return c.Status == Waiting },
	notWaiting:      func(c *Case) bool { return c.Status != Waiting },
	hearingOpen:     func(c *Case) bool { return c.fact(factHearing) != "" },
	noHearing:       func(c *Case) bool { return c.fact(factHearing) == "" },
	noMediation:     func(c *Case) bool { return c.fact(factMediation) == "" },
	notExtended:     func(c *Case) bool { return c.fact(factExtended) == "" },
	opinionGiven:    func(c *Case) bool { return c.fact(factAnswer) == "opinion" },
	agreementMade:   func(c *Case) bool { return c.fact(factAnswer) == "agreement" },
	answerGiven:     func(c *Case) bool { return c.fact(factAnswer) != "" },
	reviewGiven:     func(c *Case) bool { return c.fact(factAnswer) == "review" },
	notReviewed:     func(c *Case) bool { return c.fact(factAnswer) != "review" && c.fact(factAnswer) != "rereview" },
	notDelivered:    func(c *Case) bool { return c.fact(factDelivered) == "" },
	isDelivered:     func(c *Case) bool { return c.fact(factDelivered) != "" },
	reportOwed:      func(c *Case) bool { return c.fact(factAssigned) == "yes" },
	reportDone:      func(c *Case) bool { return c.fact(factAssigned) != "yes" },
	senderWaits:     func(c *Case) bool { _, ok := c.clock("sender_report"); return ok },
	unresolved:      func(c *Case) bool { return c.fact(factSettled) == "not" || c.fact(factSettled) == "partly" },
	hasLead:         (*Case).led,
	stepOpen:        func(c *Case) bool { return len(c.openSteps()) > 0 },
	noStepOpen:      func(c *Case) bool { return len(c.openSteps()) == 0 },
	saidResolved:    func(c *Case) bool { return c.fact(factSettled) == "resolved" },
	notSaidResolved: func(c *Case) bool { return c.fact(factSettled) != "resolved" },
	promiseOpen:     func(c *Case) bool { _, ok := c.clock("promise"); return ok },
	nothingPromised: func(c *Case) bool { _, ok := c.clock("promise"); return !ok },
	hasLinks:        func(c *Case) bool { return c.fact(factLinked) != "" },
	feedbackDue:     func(c *Case) bool { _, ok := c.clock("feedback"); return ok },
	isUrgent:        func(c *Case) bool { return c.urgency() != "" },
	notAttended:     func(c *Case) bool { return c.fact(factAttended) == "" },
	hasDraft:        func(c *Case) bool { return len(c.Drafts) > 0 },
	isAttended:      func(c *Case) bool { return c.fact(factAttended) != "" },
	noFeedbackDue:   func(c *Case) bool { _, ok := c.clock("feedback"); return !ok },
}

// clockNeeds are conditions on the day. Never written to.
var clockNeeds = map[Need]func(*Case, string) bool{
	objectInTime: func(c *Case, today string) bool { return c.inTime("object", today) },
	extendInTime: func(c *Case, today string) bool { return c.inTime("handle", today) },
	windowOver:   noWindowOpen,
}

// decisions are the entries by which an officer takes part in what becomes of a case.
// Never written to.
var decisions = []MoveName{
	MoveTake, MoveAccept, MoveRefuse, MoveNoLonger, MoveInHand, MoveGuide, MoveSimple, MoveAsk, MoveExtend, MoveMediate, MoveAgreement, MoveHearing,
	MoveHearingDone, MoveReply, MoveReviewReply, MoveReviewRedo, MoveReviewRefuse, MoveRereviewReply, MoveRereviewRefuse,
}

// handledBy reports whether an officer has the case or decided something about it.
func (c *Case) handledBy(staff string) bool {
	return c.Officer == staff || slices.ContainsFunc(c.Timeline, func(e Entry) bool {
		return (e.Staff == staff || e.Args["author"] == staff) && slices.Contains(decisions, e.Move)
	})
}

func (c *Case) inTime(rule, today string) bool {
	k, ok := c.clock(rule)
	return ok && today <= k.Due
}

// fitsSimple is what the simple procedure is for: a first petition of one person that
// nobody assigned and that has no other statutory route.
func fitsSimple(c *Case) bool {
	return c.Filing.People <= 1 && c.fact(factJoint) == "" && c.fact(factRepeats) == "" &&
		c.fact(factAssigned) == "" && c.fact(factReopened) == "" && (c.Route == 0 || c.Route == 6)
}

// noWindowOpen never makes a right lapse: a citizen may ask for review of a closed case
// too, late or not.
func noWindowOpen(c *Case, today string) bool {
	if c.fact(factSettled) == "resolved" {
		return true
	}
	for _, rule := range []string{"review_window", "rereview_window", "confirm"} {
		if k, ok := c.clock(rule); ok && today <= k.last() {
			return false
		}
	}
	return true
}

func (c *Case) otherCalendar(version string) bool {
	for _, k := range c.Clocks {
		if k.live() && k.Calendar != version {
			return true
		}
	}
	return false
}

// Conditions of the move itself, tested when it is made.
const (
	saysSomething       Need = "says_something"
	ratesSomething      Need = "rates_something"
	classifiesSomething Need = "classifies_something"
	knownSubject        Need = "known_subject"
	knownPlace          Need = "known_place"
	knownUnit           Need = "known_unit"
	otherUnit           Need = "other_unit"
	notAbout            Need = "not_about"
	reviewBodyChosen    Need = "review_body_chosen"
	reviewBody          Need = "review_body"
	dateAhead           Need = "date_ahead"
	dateNotPast         Need = "date_not_past"
	datePast            Need = "date_past"
	dateOfService       Need = "date_of_service"
	extendNotTooFar     Need = "extend_not_too_far"
	noticeOwed          Need = "notice_owed"
	notRecused          Need = "not_recused"
	otherCase           Need = "other_case"
	linkedCase          Need = "linked_case"
	fewRepresentatives  Need = "few_representatives"
	otherUrgency        Need = "other_urgency"
	saysWhatWasDone     Need = "says_what_was_done"
)

// check tests one condition of the move.
func (s *step) check(n Need) bool {
	m, c, o := s.m, s.c, s.law.Office
	known := o.Lives
	switch n {
	case saysSomething:
		return strings.TrimSpace(m.Text) != "" || len(m.Files) > 0
	case ratesSomething:
		return m.Args["office"] != "" || m.Args["unit"] != ""
	case classifiesSomething:
		return m.Args["class"]+m.Args["route"]+m.Args["subject"]+m.Args["place"] != ""
	case knownSubject:
		_, ok := o.Category(m.Args["subject"])
		return ok || m.Args["subject"] == ""
	case knownPlace:
		_, ok := o.Locality(m.Args["place"])
		return ok || m.Args["place"] == ""
	case knownUnit:
		return m.Unit == "" || known(m.Unit)
	case otherUnit:
		return known(m.Unit) && m.Unit != c.Unit
	case notAbout:
		return m.Unit != c.fact(factAbout)
	case reviewBodyChosen:
		return m.Unit != "" || len(s.reviewBodies()) < 2
	case reviewBody:
		return m.Unit == "" || slices.ContainsFunc(s.reviewBodies(), func(u Unit) bool { return u.Code == m.Unit })
	case noticeOwed:
		return m.Args["notice"] != "none" || c.Filing.Contact.Name == "" || c.Filing.Contact.Address == ""
	case notRecused:
		return !c.hasFact(factRecused, m.Officer)
	case otherCase:
		number, ok := ParseNumber(m.Args["number"])
		return m.Args["number"] == "" || ok && number != c.Number
	case linkedCase:
		number, ok := ParseNumber(m.Args["number"])
		return ok && c.hasFact(factLinked, number)
	case otherUrgency:
		return Urgency(m.Args["kind"]) != c.urgency()
	case saysWhatWasDone:
		return m.Args["measure"] != "" || strings.TrimSpace(m.Text) != ""
	case fewRepresentatives:
		return len(nameList(m.Args["names"])) <= 5
	}
	return s.checkDate(n)
}

func (s *step) checkDate(n Need) bool {
	d := s.m.Date
	switch n {
	case dateAhead:
		return d > s.today
	case dateNotPast:
		return d >= s.today
	case datePast:
		return d <= s.today
	case dateOfService:
		return d <= s.today && d >= s.c.fact(factAnswered)
	case extendNotTooFar:
		k, ok := s.c.clock("handle")
		return ok && (d == "" || d > k.Due && d <= addDays(k.Due, 30))
	}
	return false
}

// reviewBodies are those a review or re-review request may go to.
func (s *step) reviewBodies() []Unit { return s.law.reviewBodies(s.c, s.spec.Name) }

func (l *Law) reviewBodies(c *Case, m MoveName) []Unit {
	if m == MoveRereview {
		return l.Office.RereviewBodies(c.fact(factHandler), c.Unit)
	}
	return l.Office.ReviewBodies(c.Unit)
}

func nameList(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("、，,;；\n", r) })
}

// fields tests that everything required is there and of its kind.
func (s *step) fields() error {
	for _, f := range s.spec.Fields {
		if f.Kind == KindFiles {
			continue
		}
		v := strings.TrimSpace(s.m.Of(f))
		switch {
		case v == "" && (f.Optional || !s.spec.Wants(f, s.m)):
		case v == "":
			return s.refuse(Invalid, "field.missing", "field", f.Key, "article", f.Article, "why", f.Why(s.spec.Name))
		case !f.fits(v):
			return s.refuse(Invalid, "field.wrong", "field", f.Key, "kind", string(f.Kind), "choices", strings.Join(f.Choices, " "))
		}
	}
	return nil
}

func (f Field) fits(v string) bool {
	switch f.Kind {
	case KindDate:
		_, err := parseDay(v)
		return err == nil
	case KindChoice:
		return slices.Contains(f.Choices, v)
	case KindNumber:
		n, err := strconv.Atoi(v)
		return err == nil && n > 0
	}
	return true
}
