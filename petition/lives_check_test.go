package petition

import (
	"slices"
	"strings"
)

func (l *life) check() {
	l.checkOwner()
	l.checkTimeline()
	l.checkClocks()
	l.checkEyes()
	l.checkRights()
}

func (l *life) checkOwner() {
	if _, ok := l.law.Office.Find(l.c.Unit); !ok {
		l.fail("it is with nobody: %q", l.c.Unit)
	}
	live := 0
	for _, k := range l.c.Clocks {
		if !k.live() {
			continue
		}
		live++
		if l.c.Status.Ended() && !slices.Contains(lastDuties, k.Rule) {
			l.fail("it is at an end and %s runs", k.Rule)
		}
	}
	if live == 0 && !l.c.Status.Ended() {
		l.fail("no clock runs")
	}
}

func (l *life) checkTimeline() {
	var at Status
	for i, e := range l.c.Timeline {
		if e.Seq != i+1 || e.From != at || e.To == "" || e.Unit == "" || e.By == "" {
			l.fail("entry %d does not follow: %+v", i+1, e)
		}
		at = e.To
	}
	last := l.c.Timeline[len(l.c.Timeline)-1]
	if at != l.c.Status || last.Unit != l.c.Unit {
		l.fail("the timeline ends at %s with %s, the case is with %s", at, last.Unit, l.c.Unit)
	}
}

// checkNotices: what is told of a report goes to its petitioner and to the named
// officers of units that hold it, without a word of it; nothing internal goes to a
// citizen.
func (l *life) checkNotices(before, after Case) {
	if l.r.IntN(4) > 0 {
		return
	}
	s := &Service{law: l.law}
	for _, n := range s.notices(before, after, l.now) {
		kind, unit, _ := strings.Cut(n.To, ":")
		switch {
		case n.To == after.Filing.Owner && n.To != "":
			if !n.Entry.Public || n.Entry.Staff != "" || len(n.Entry.Inner) > 0 {
				l.fail("the citizen is told %+v", n.Entry)
			}
		case after.Filing.Class == Report:
			if kind != "sealed" || !after.seenBy(l.law.Office, unit) || n.Entry.Text != "" || n.View.Title+n.View.Facts+n.View.Subject != "" {
				l.fail("of a report, %s is told %+v", n.To, n)
			}
		case kind == "staff" && unit == after.Officer && n.View.Contact == nil: // who has it now
		case kind != "unit" || n.View.Contact != nil:
			l.fail("%s is told %+v", n.To, n)
		}
	}
}

// classRules are the rules that may run in one class only.
var classRules = map[string]Class{
	"handle": Claim, "extend": Claim, "review_window": Claim, "review": Claim, "rereview_window": Claim, "rereview": Claim,
	"simple_accept": Claim, "simple_reply": Claim, "suggestion_reply": Suggestion, "report_ack": Report,
}

func (l *life) checkClocks() {
	seen := map[string]bool{}
	extensions, acceptances := 0, 0
	for _, k := range l.c.Clocks {
		r, err := RuleOf(k.Rule)
		if err != nil {
			l.fail("%v", err)
			return
		}
		if k.live() && (seen[k.Rule] || classRules[k.Rule] != "" && classRules[k.Rule] != l.c.Filing.Class) {
			l.fail("%s runs twice or in the wrong class", k.Rule)
		}
		seen[k.Rule] = seen[k.Rule] || k.live()
		l.checkDates(r, k)
		if k.Rule == "extend" {
			extensions++
		}
		if k.Rule == "handle" {
			acceptances++
		}
	}
	if extensions > acceptances {
		l.fail("%d extensions on %d acceptances", extensions, acceptances)
	}
}

func (l *life) checkDates(r Rule, k Clock) {
	days := daysBetween(k.From, k.Due)
	last, _ := parseDay(k.Rolled)
	inner, _ := parseDay(k.Internal)
	due, _ := parseDay(k.Due)
	switch {
	case r.Set && days < 0, k.Rule == "extend" && (days < 1 || days > 30), r.Pauses && days < r.Days:
		l.fail("%s runs %d days", k.Rule, days)
	case !r.Set && !r.Working && !r.Pauses && k.Rule != "extend" && days != r.length(l.law.Office.Settings):
		l.fail("%s runs %d days", k.Rule, days)
	case last.Before(due) || !l.law.Calendar.Workday(last) || inner.After(due):
		l.fail("%s: due %s, rolled %s, internal %s", k.Rule, k.Due, k.Rolled, k.Internal)
	case k.Article != r.Article || k.Party != r.Party || k.Calendar == "":
		l.fail("%s does not say where it is from: %+v", k.Rule, k)
	}
}
