package petition

import (
	"slices"
	"strings"
)

// Rule is one period, of the Regulation or the office's own: what starts it, how long it
// is, whom it binds. Days are calendar days unless Working.
type Rule struct {
	ID      string
	Article string // of the Regulation: "22", "23(3)"; "" when the period is not from it
	Days    int
	Setting string // settings field that gives Days instead: the source leaves it open
	Working bool
	Party   string // who must act: office, unit, reviewer, citizen
	Source  string // what gives its days when that is not the Regulation: own, simple, discipline

	Extends  string // rule whose period this one lengthens, once
	Pauses   bool   // time of a hearing does not count (Art 36)
	Set      bool   // no fixed length: the date is set for each case
	NoColour bool   // shows no colour: nobody of the office is late when it runs out
}

// Where a period is from that is not from the Regulation.
const (
	ownRule         = "own"        // the office's own target
	simpleRules     = "simple"     // 《信访事项简易办理办法》
	disciplineRules = "discipline" // 《纪检监察机关处理检举控告工作规则》
)

// Rules is every period, in the order of a case's life. 日 without 工作 is read as
// calendar days: the Regulation says 工作日 exactly once, in Art 23(3).
func Rules() []Rule { return slices.Clone(rules) }

// rules is never written to.
var rules = []Rule{
	{ID: "register", Article: "22", Days: 0, Party: "office", Source: ownRule},
	{ID: "forward", Article: "22", Days: 15, Party: "office"},
	{ID: "object", Article: "23(3)", Days: 5, Working: true, Party: "unit", NoColour: true},
	{ID: "decide", Setting: "decide_days", Working: true, Party: "office", Source: ownRule},
	{ID: "notify", Article: "23", Days: 15, Party: "unit"},
	{ID: "assigned_report", Article: "22(1)(3)", Party: "unit", Set: true},
	{ID: "sender_report", Article: "22(1)(3)", Party: "office", Set: true},
	{ID: "handle", Article: "34", Days: 60, Party: "unit"},
	{ID: "extend", Article: "34", Days: 30, Party: "unit", Extends: "handle"},
	{ID: "deliver", Setting: "deliver_days", Working: true, Party: "unit", Source: ownRule},
	{ID: "review_window", Article: "35", Days: 30, Party: "citizen", NoColour: true},
	{ID: "review", Article: "35", Days: 30, Party: "reviewer"},
	{ID: "rereview_window", Article: "36", Days: 30, Party: "citizen", NoColour: true},
	{ID: "rereview", Article: "36", Days: 30, Party: "reviewer", Pauses: true},
	{ID: "suggestion_reply", Article: "29", Setting: "suggestion_days", Party: "unit", Source: ownRule},
	{ID: "simple_accept", Setting: "simple_accept", Working: true, Party: "unit", Source: simpleRules},
	{ID: "simple_reply", Setting: "simple_reply", Working: true, Party: "unit", Source: simpleRules},
	{ID: "report_ack", Days: 15, Working: true, Party: "unit", Source: disciplineRules},
	{ID: "progress", Article: "18", Setting: "progress_days", Party: "unit", Source: ownRule},
	{ID: "lead_progress", Article: "18", Setting: "lead_days", Party: "unit", Source: ownRule, NoColour: true},
	{ID: "supplement", Setting: "supplement_days", Party: "citizen", Source: ownRule, NoColour: true},
	{ID: "feedback", Article: "40", Party: "unit", Set: true},
	{ID: "promise", Article: "18", Party: "unit", Set: true},
	{ID: "confirm", Setting: "confirm_days", Party: "citizen", Source: ownRule, NoColour: true},
}

// RuleOf finds a rule by its id. Invalid "due.rule" with the known ids otherwise.
func RuleOf(id string) (Rule, error) {
	var ids []string
	for _, r := range rules {
		if r.ID == id {
			return r, nil
		}
		ids = append(ids, r.ID)
	}
	return Rule{}, Fail(Invalid, "due.rule", "rule", id, "rules", strings.Join(ids, " "))
}

// DueDate is a computed period. Dates are civil dates as 2026-08-03. Due is the last
// day as the office must keep it, not moved for rest days; Rolled the first working
// day on or after it, to which a citizen's window reaches; Internal the last working
// day on or before it, the office's own target.
type DueDate struct {
	Rule        string `json:"rule"`
	Article     string `json:"article"`
	From        string `json:"from"`
	Due         string `json:"due"`
	Rolled      string `json:"rolled"`
	Internal    string `json:"internal"`
	Provisional bool   `json:"provisional"` // rests on a year whose notice is not out
	Calendar    string `json:"-"`           // version of the calendar it was computed with
}

// Due computes a period from its day 0, which does not count. For a rule whose date
// is set case by case, use DueOn.
func Due(rule, from string, c *Calendar, s Settings) (DueDate, error) {
	r, err := RuleOf(rule)
	if err != nil {
		return DueDate{}, err
	}
	if r.Set {
		return DueDate{}, Fail(Invalid, "due.set", "rule", rule)
	}
	day, err := parseDay(from)
	if err != nil {
		return DueDate{}, err
	}
	n := r.length(s)
	if r.Working {
		day = c.addWork(day, n)
	} else {
		day = day.AddDate(0, 0, n)
	}
	return dueOn(r, from, day.Format(dateLayout), c)
}

// DueOn is the period of a rule whose last day was set: a designated date, or a
// period moved by a pause.
func DueOn(rule, from, due string, c *Calendar) (DueDate, error) {
	r, err := RuleOf(rule)
	if err != nil {
		return DueDate{}, err
	}
	return dueOn(r, from, due, c)
}

func dueOn(r Rule, from, due string, c *Calendar) (DueDate, error) {
	start, err := parseDay(from)
	if err != nil {
		return DueDate{}, err
	}
	last, err := parseDay(due)
	if err != nil {
		return DueDate{}, err
	}
	if last.Before(start) {
		return DueDate{}, Fail(Invalid, "due.before", "from", from, "due", due)
	}
	before, after := c.onOrBefore(last), c.onOrAfter(last)
	if before.Before(start) {
		before = last // a short period inside a holiday has no earlier working day
	}
	first := before
	if r.Working {
		first = start.AddDate(0, 0, 1)
	}
	return DueDate{
		Rule: r.ID, Article: r.Article, From: from, Due: due,
		Rolled: after.Format(dateLayout), Internal: before.Format(dateLayout),
		Provisional: c.provisional(first, after), Calendar: c.Version(),
	}, nil
}

func (r Rule) length(s Settings) int {
	s = s.Filled()
	switch r.Setting {
	case "decide_days":
		return s.DecideDays
	case "deliver_days":
		return s.DeliverDays
	case "suggestion_days":
		return s.SuggestionDays
	case "simple_accept":
		return s.SimpleAccept
	case "simple_reply":
		return s.SimpleReply
	case "progress_days":
		return s.ProgressDays
	case "lead_days":
		return s.LeadDays
	case "supplement_days":
		return s.SupplementDays
	case "confirm_days":
		return s.ConfirmDays
	}
	return r.Days
}

// Length is how many days the period has under the settings: 0 is the same day, or a date set for
// each case where Set is.
func (r Rule) Length(s Settings) int { return r.length(s) }
