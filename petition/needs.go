package petition

// Need is a condition of a move besides class, state and person. Its name is the key
// of the sentence that says why a move is refused: "need.<name>".
type Need string

// Conditions of the case; they decide which buttons are there.
const (
	level         Need = "level"           // a second reopening: only the head of the petition office
	officeHolds   Need = "office_holds"    // the petition office itself has it
	noObjection   Need = "no_objection"    // no objection waits for its answer
	objectionOpen Need = "objection_open"  // one does
	objectInTime  Need = "object_in_time"  // within 5 working days (Art 23(3))
	noDispute     Need = "no_dispute"      //
	disputeOpen   Need = "dispute_open"    //
	RouteSix      Need = "route_six"       // no other statutory route (Art 31(6))
	isSimple      Need = "is_simple"       //
	notSimple     Need = "not_simple"      //
	SimpleFits    Need = "simple_fits"     // first time, one person, not assigned, route 6
	isWaiting     Need = "is_waiting"      //
	notWaiting    Need = "not_waiting"     //
	hearingOpen   Need = "hearing_open"    //
	noHearing     Need = "no_hearing"      //
	noMediation   Need = "no_mediation"    //
	notExtended   Need = "not_extended"    // once (Art 34)
	extendInTime  Need = "extend_in_time"  // before the sixty days are over
	opinionGiven  Need = "opinion_given"   // a handling opinion was issued
	agreementMade Need = "agreement_made"  //
	answerGiven   Need = "answer_given"    //
	reviewGiven   Need = "review_given"    //
	notReviewed   Need = "not_reviewed"    //
	notDelivered  Need = "not_delivered"   //
	isDelivered   Need = "is_delivered"    //
	WindowOver    Need = "window_over"     // the citizen's window is over, or the citizen said it is resolved
	reportOwed    Need = "report_owed"     // a completion report
	reportDone    Need = "report_done"     //
	noChat        Need = "no_chat"         // filed on paper or by word of mouth: nobody can do it in a chat
	unresolved    Need = "unresolved"      // the citizen said so
	nudgeFree     Need = "nudge_free"      // none within Settings.NudgeDays
	feedbackDue   Need = "feedback_due"    //
	noFeedbackDue Need = "no_feedback_due" //
	hasLead       Need = "has_lead"        //
	notOwn        Need = "not_own"         // the petition office does not supervise itself
	notMine       Need = "not_mine"        //
	otherCalendar Need = "other_calendar"  // a running date rests on another calendar
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
		return c.fact(factLevel) == "" || c.Unit != l.Office.Unit || a.has(Supervisor)
	case officeHolds:
		return c.Unit == l.Office.Unit
	case notOwn:
		return c.Unit != l.Office.Unit
	case nudgeFree:
		last := c.fact(factNudged)
		return last == "" || daysBetween(last, today) >= l.Office.Settings.Filled().NudgeDays
	case notMine:
		return c.Officer == "" || c.Officer != a.Staff
	case otherCalendar:
		return c.otherCalendar(l.Calendar.Version())
	}
	return false
}

// factNeeds are conditions on what earlier moves left behind. Never written to.
var factNeeds = map[Need]func(*Case) bool{
	noObjection:   func(c *Case) bool { return c.fact(factObjection) != "open" },
	objectionOpen: func(c *Case) bool { return c.fact(factObjection) == "open" },
	noDispute:     func(c *Case) bool { return c.fact(factDispute) == "" },
	disputeOpen:   func(c *Case) bool { return c.fact(factDispute) == "open" },
	RouteSix:      func(c *Case) bool { return c.Route == 0 || c.Route == 6 },
	isSimple:      func(c *Case) bool { return c.fact(factMode) == "simple" },
	notSimple:     func(c *Case) bool { return c.fact(factMode) == "" },
	SimpleFits:    simpleFits,
	isWaiting:     func(c *Case) bool { return c.Status == Waiting },
	notWaiting:    func(c *Case) bool { return c.Status != Waiting },
	hearingOpen:   func(c *Case) bool { return c.fact(factHearing) != "" },
	noHearing:     func(c *Case) bool { return c.fact(factHearing) == "" },
	noMediation:   func(c *Case) bool { return c.fact(factMediation) == "" },
	notExtended:   func(c *Case) bool { return c.fact(factExtended) == "" },
	opinionGiven:  func(c *Case) bool { return c.fact(factAnswer) == "opinion" },
	agreementMade: func(c *Case) bool { return c.fact(factAnswer) == "agreement" },
	answerGiven:   func(c *Case) bool { return c.fact(factAnswer) != "" },
	reviewGiven:   func(c *Case) bool { return c.fact(factAnswer) == "review" },
	notReviewed:   func(c *Case) bool { return c.fact(factAnswer) != "review" && c.fact(factAnswer) != "rereview" },
	notDelivered:  func(c *Case) bool { return c.fact(factDelivered) == "" },
	isDelivered:   func(c *Case) bool { return c.fact(factDelivered) != "" },
	reportOwed:    func(c *Case) bool { return c.fact(factAssigned) == "yes" },
	reportDone:    func(c *Case) bool { return c.fact(factAssigned) != "yes" },
	unresolved:    func(c *Case) bool { return c.fact(factSettled) == "not" || c.fact(factSettled) == "partly" },
	noChat:        func(c *Case) bool { return c.Filing.Owner == "" },
	hasLead:       func(c *Case) bool { return c.fact(factLead) != "" },
	feedbackDue:   func(c *Case) bool { _, ok := c.Clock("feedback"); return ok },
	noFeedbackDue: func(c *Case) bool { _, ok := c.Clock("feedback"); return !ok },
}

// clockNeeds are conditions on the day. Never written to.
var clockNeeds = map[Need]func(*Case, string) bool{
	objectInTime: func(c *Case, today string) bool { return c.inTime("object", today) },
	extendInTime: func(c *Case, today string) bool { return c.inTime("handle", today) },
	WindowOver:   windowOver,
}

func (c *Case) inTime(rule, today string) bool {
	k, ok := c.Clock(rule)
	return ok && today <= k.Due
}

// simpleFits is what the simple procedure is for: a first petition of one person that
// nobody assigned and that has no other statutory route.
func simpleFits(c *Case) bool {
	return c.Filing.People <= 1 && c.fact(factJoint) == "" && c.fact(factLinked) == "" &&
		c.fact(factAssigned) == "" && c.fact(factReopened) == "" && (c.Route == 0 || c.Route == 6)
}

// windowOver never makes a right lapse: a citizen may ask for review of a closed case
// too, late or not.
func windowOver(c *Case, today string) bool {
	if c.fact(factSettled) == "resolved" {
		return true
	}
	for _, rule := range []string{"review_window", "rereview_window", "confirm"} {
		if k, ok := c.Clock(rule); ok && today <= k.Last() {
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
