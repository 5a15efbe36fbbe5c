package petition

import (
	"fmt"
	"slices"
	"strings"
)

// Rule is one period, of the Regulation or the office's own: what starts it, how long it
// is, whom it binds. Days are calendar days unless Working.
type Rule struct {
	ID      string
	Article string // of the Regulation: "22", "23(3)"; "" when the period is not from it
	Name    string // what is to be done, in the words of the office
	Start   string // the event whose day is day 0
	Days    int
	Setting string // settings field that gives Days instead: the source leaves it open
	Working bool
	Party   string // who must act: office, unit, reviewer, citizen
	Source  string // where it is from when not from the Regulation; the office's own rules say so

	Extends  string // rule whose period this one lengthens, once
	Pauses   bool   // time of a hearing does not count (Art 36)
	Set      bool   // no fixed length: the date is set for each case
	NoColour bool   // shows no colour: nobody of the office is late when it runs out
}

const (
	ownRule     = "本办自定，非法定期限"
	simpleRules = "《信访事项简易办理办法》"
)

// Rules is every period, in the order of a case's life. 日 without 工作 is read as
// calendar days: the Regulation says 工作日 exactly once, in Art 23(3).
func Rules() []Rule { return slices.Clone(rules) }

// rules is never written to.
var rules = []Rule{
	{ID: "register", Article: "22", Name: "登记", Start: "收到之日", Days: 0, Party: "office", Source: ownRule},
	{ID: "forward", Article: "22", Name: "转送或者交办", Start: "信访部门收到之日", Days: 15, Party: "office"},
	{ID: "object", Article: "23(3)", Name: "对转送提出异议", Start: "有关单位收到转送之日", Days: 5, Working: true, Party: "unit", NoColour: true},
	{ID: "decide", Name: "答复异议、指定承办单位", Start: "提出异议之日", Setting: "decide_days", Working: true, Party: "office", Source: ownRule},
	{ID: "notify", Article: "23", Name: "书面告知接收情况以及处理途径和程序", Start: "有关单位收到之日", Days: 15, Party: "unit"},
	{ID: "assigned_report", Article: "22(1)(3)", Name: "提交办结报告", Start: "交办之日", Party: "unit", Set: true},
	{ID: "handle", Article: "34", Name: "办结并作出处理意见", Start: "受理之日", Days: 60, Party: "unit"},
	{ID: "extend", Article: "34", Name: "延长后的办理", Start: "延长起算之日（原期限届满日）", Days: 30, Party: "unit", Extends: "handle"},
	{ID: "deliver", Name: "送达书面答复", Start: "作出答复之日", Setting: "deliver_days", Working: true, Party: "unit", Source: ownRule},
	{ID: "review_window", Article: "35", Name: "请求复查", Start: "收到书面答复之日", Days: 30, Party: "citizen", NoColour: true},
	{ID: "review", Article: "35", Name: "提出复查意见", Start: "收到复查请求之日", Days: 30, Party: "reviewer"},
	{ID: "rereview_window", Article: "36", Name: "请求复核", Start: "收到复查答复之日", Days: 30, Party: "citizen", NoColour: true},
	{ID: "rereview", Article: "36", Name: "提出复核意见", Start: "收到复核请求之日", Days: 30, Party: "reviewer", Pauses: true},
	{ID: "suggestion_reply", Article: "29", Name: "答复建议意见", Start: "收到之日", Setting: "suggestion_days", Party: "unit", Source: ownRule},
	{ID: "simple_accept", Name: "简易办理决定是否受理", Start: "收到之日", Setting: "simple_accept", Working: true, Party: "unit", Source: simpleRules},
	{ID: "simple_reply", Name: "简易办理出具处理意见", Start: "受理之日", Setting: "simple_reply", Working: true, Party: "unit", Source: simpleRules},
	{ID: "report_ack", Name: "告知实名检举控告人受理情况", Start: "收到之日", Days: 15, Working: true, Party: "unit", Source: "《纪检监察机关处理检举控告工作规则》"},
	{ID: "progress", Article: "18", Name: "包案领导更新进展", Start: "上次更新之日", Setting: "progress_days", Party: "unit", Source: ownRule},
	{ID: "supplement", Name: "信访人补充材料", Start: "请求补充之日", Setting: "supplement_days", Party: "citizen", Source: ownRule, NoColour: true},
	{ID: "feedback", Article: "40", Name: "书面反馈督办和改进建议", Start: "督办之日", Party: "unit", Set: true},
	{ID: "confirm", Name: "信访人确认办理结果", Start: "收到答复之日", Setting: "confirm_days", Party: "citizen", Source: ownRule, NoColour: true},
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
	case "supplement_days":
		return s.SupplementDays
	case "confirm_days":
		return s.ConfirmDays
	}
	return r.Days
}

// Basis names where the period is from, in words for a person.
func (r Rule) Basis() string {
	switch {
	case r.Source == ownRule && r.Article != "":
		return "条例第 " + r.Article + " 条；天数" + r.Source
	case r.Article != "":
		return "条例第 " + r.Article + " 条"
	}
	return r.Source
}

// Length says the length in words: 15 日, 5 个工作日, 当日, 另行指定.
func (r Rule) Length(s Settings) string {
	n := r.length(s)
	switch {
	case r.Set:
		return "另行指定"
	case n == 0:
		return "当日"
	case r.Working:
		return fmt.Sprintf("%d 个工作日", n)
	}
	return fmt.Sprintf("%d 日", n)
}

// SayDay writes a civil date for reading: 2026 年 12 月 8 日（周二）.
func SayDay(day string) string {
	t, err := parseDay(day)
	if err != nil {
		return day
	}
	week := []string{"日", "一", "二", "三", "四", "五", "六"}[t.Weekday()]
	return fmt.Sprintf("%d 年 %d 月 %d 日（周%s）", t.Year(), t.Month(), t.Day(), week)
}
