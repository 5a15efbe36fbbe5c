package petition

// Need is a condition of a move besides class, state and person. Its name is the key
// of the sentence that says why a move is refused: "need.<name>".
type Need string

// Conditions of the case; they decide which buttons are there.
const (
	Level         Need = "level"           // a second reopening: only the head of the petition office
	OfficeHolds   Need = "office_holds"    // the petition office itself has it
	NoObjection   Need = "no_objection"    // no objection waits for its answer
	ObjectionOpen Need = "objection_open"  // one does
	ObjectInTime  Need = "object_in_time"  // within 5 working days (Art 23(3))
	NoDispute     Need = "no_dispute"      //
	DisputeOpen   Need = "dispute_open"    //
	RouteSix      Need = "route_six"       // no other statutory route (Art 31(6))
	IsSimple      Need = "is_simple"       //
	NotSimple     Need = "not_simple"      //
	SimpleFits    Need = "simple_fits"     // first time, one person, not assigned, route 6
	IsWaiting     Need = "is_waiting"      //
	NotWaiting    Need = "not_waiting"     //
	HearingOpen   Need = "hearing_open"    //
	NoHearing     Need = "no_hearing"      //
	NoMediation   Need = "no_mediation"    //
	NotExtended   Need = "not_extended"    // once (Art 34)
	ExtendInTime  Need = "extend_in_time"  // before the sixty days are over
	OpinionGiven  Need = "opinion_given"   // a handling opinion was issued
	AgreementMade Need = "agreement_made"  //
	AnswerGiven   Need = "answer_given"    //
	ReviewGiven   Need = "review_given"    //
	NotReviewed   Need = "not_reviewed"    //
	NotDelivered  Need = "not_delivered"   //
	IsDelivered   Need = "is_delivered"    //
	WindowOver    Need = "window_over"     // the citizen's window is over, or the citizen said it is resolved
	ReportOwed    Need = "report_owed"     // a completion report
	ReportDone    Need = "report_done"     //
	NoChat        Need = "no_chat"         // filed on paper or by word of mouth: nobody can do it in a chat
	Unresolved    Need = "unresolved"      // the citizen said so
	NudgeFree     Need = "nudge_free"      // none within Settings.NudgeDays
	FeedbackDue   Need = "feedback_due"    //
	NoFeedbackDue Need = "no_feedback_due" //
	HasLead       Need = "has_lead"        //
	NotOwn        Need = "not_own"         // the petition office does not supervise itself
	NotMine       Need = "not_mine"        //
	OtherCalendar Need = "other_calendar"  // a running date rests on another calendar
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
	case Level:
		return c.fact(factLevel) == "" || c.Unit != l.Office.Unit || a.has(Supervisor)
	case OfficeHolds:
		return c.Unit == l.Office.Unit
	case NotOwn:
		return c.Unit != l.Office.Unit
	case NudgeFree:
		last := c.fact(factNudged)
		return last == "" || daysBetween(last, today) >= l.Office.Settings.Filled().NudgeDays
	case NotMine:
		return c.Officer == "" || c.Officer != a.Staff
	case OtherCalendar:
		return c.otherCalendar(l.Calendar.Version())
	}
	return false
}

// factNeeds are conditions on what earlier moves left behind. Never written to.
var factNeeds = map[Need]func(*Case) bool{
	NoObjection:   func(c *Case) bool { return c.fact(factObjection) != "open" },
	ObjectionOpen: func(c *Case) bool { return c.fact(factObjection) == "open" },
	NoDispute:     func(c *Case) bool { return c.fact(factDispute) == "" },
	DisputeOpen:   func(c *Case) bool { return c.fact(factDispute) == "open" },
	RouteSix:      func(c *Case) bool { return c.Route == 0 || c.Route == 6 },
	IsSimple:      func(c *Case) bool { return c.fact(factMode) == "simple" },
	NotSimple:     func(c *Case) bool { return c.fact(factMode) == "" },
	SimpleFits:    simpleFits,
	IsWaiting:     func(c *Case) bool { return c.Status == Waiting },
	NotWaiting:    func(c *Case) bool { return c.Status != Waiting },
	HearingOpen:   func(c *Case) bool { return c.fact(factHearing) != "" },
	NoHearing:     func(c *Case) bool { return c.fact(factHearing) == "" },
	NoMediation:   func(c *Case) bool { return c.fact(factMediation) == "" },
	NotExtended:   func(c *Case) bool { return c.fact(factExtended) == "" },
	OpinionGiven:  func(c *Case) bool { return c.fact(factAnswer) == "opinion" },
	AgreementMade: func(c *Case) bool { return c.fact(factAnswer) == "agreement" },
	AnswerGiven:   func(c *Case) bool { return c.fact(factAnswer) != "" },
	ReviewGiven:   func(c *Case) bool { return c.fact(factAnswer) == "review" },
	NotReviewed:   func(c *Case) bool { return c.fact(factAnswer) != "review" && c.fact(factAnswer) != "rereview" },
	NotDelivered:  func(c *Case) bool { return c.fact(factDelivered) == "" },
	IsDelivered:   func(c *Case) bool { return c.fact(factDelivered) != "" },
	ReportOwed:    func(c *Case) bool { return c.fact(factAssigned) == "yes" },
	ReportDone:    func(c *Case) bool { return c.fact(factAssigned) != "yes" },
	Unresolved:    func(c *Case) bool { return c.fact(factSettled) == "not" || c.fact(factSettled) == "partly" },
	NoChat:        func(c *Case) bool { return c.Filing.Owner == "" },
	HasLead:       func(c *Case) bool { return c.fact(factLead) != "" },
	FeedbackDue:   func(c *Case) bool { _, ok := c.Clock("feedback"); return ok },
	NoFeedbackDue: func(c *Case) bool { _, ok := c.Clock("feedback"); return !ok },
}

// clockNeeds are conditions on the day. Never written to.
var clockNeeds = map[Need]func(*Case, string) bool{
	ObjectInTime: func(c *Case, today string) bool { return c.inTime("object", today) },
	ExtendInTime: func(c *Case, today string) bool { return c.inTime("handle", today) },
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
