package petition

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// town is a small office for random lives; its names do not matter.
func town() *Office {
	return &Office{
		Prefix: "ZS", Name: "信访局", Unit: "office", SealedUnit: "seal",
		Units: []Unit{
			{Code: "office", Name: "信访局", Kind: "department", Above: "gov", Review: "gov", Rereview: "city"},
			{Code: "a", Name: "甲局", Kind: "department", Above: "gov", Review: "gov|citydept", Rereview: "city"},
			{Code: "b", Name: "乙镇", Kind: "town", Above: "gov", Review: "gov", Rereview: "city", SelfApproval: true},
			{Code: "gov", Name: "县政府", Kind: "county", Above: "city", Review: "city", Rereview: "province"},
			{Code: "city", Name: "市政府", Kind: "city", Above: "province", Review: "province", Rereview: "province"},
			{Code: "citydept", Name: "市局", Kind: "city", Above: "city", Review: "city", Rereview: "province"},
			{Code: "province", Name: "省政府", Kind: "province"},
			{Code: "seal", Name: "纪委", Kind: "party", Above: "cityseal"},
			{Code: "cityseal", Name: "市纪委", Kind: "city"},
		},
		Categories: []Category{{Code: "road", Name: "路"}},
		Places:     []Locality{{Code: "p", Name: "乙镇", Unit: "b"}},
		Routing:    []RouteTo{{Category: "road", Unit: "a"}, {Unit: "@place"}},
		Settings:   DefaultSettings(),
		DutyOffice: "gov",
	}
}

func townspeople() []Actor {
	people := []Actor{
		{Owner: "me"}, {Owner: "other"}, {}, {Staff: "in", Unit: "office", Roles: []Role{Intake}},
		{Staff: "sup", Unit: "office", Roles: []Role{Supervisor}}, {Staff: "root", Roles: []Role{Admin}},
		{Staff: "me-too", Unit: "a", Owner: "me", Roles: []Role{Officer, Head}},
	}
	for _, u := range []string{"office", "a", "b", "gov", "city", "citydept", "province"} {
		people = append(people, Actor{Staff: u + "1", Unit: u, Roles: []Role{Officer}}, Actor{Staff: u + "0", Unit: u, Roles: []Role{Head}},
			Actor{Staff: u + "2", Unit: u, Roles: []Role{Officer, ActingHead}})
	}
	for _, u := range []string{"seal", "cityseal", "a", "gov"} {
		people = append(people, Actor{Staff: u + "s", Unit: u, Roles: []Role{Sealed}})
	}
	for _, u := range []string{"gov", "city"} {
		people = append(people, Actor{Staff: u + "l", Unit: u, Roles: []Role{Leader}})
	}
	return people
}

// life is one case lived at random.
type life struct {
	t      *testing.T
	seed   uint64
	r      *rand.Rand
	law    *Law
	people []Actor
	c      Case
	now    time.Time
	moves  []string
	made   int
	issued int
}

// Random lives: any people, any moves lawful or not, any days in between. The full
// hundred thousand run with DENGWEN_LIVES=100000; 2,500 lives are 100,000 steps.
func TestLives(t *testing.T) {
	t.Parallel()
	lives := 2500
	if n, err := strconv.Atoi(os.Getenv("DENGWEN_LIVES")); err == nil {
		lives = n
	}
	law, people := NewLaw(town(), DefaultCalendar()), townspeople()
	var next, steps, issued atomic.Int64
	reached := make([]map[Status]int, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for i := range reached {
		reached[i] = map[Status]int{}
		wg.Go(func() {
			for n := next.Add(1); n <= int64(lives) && !t.Failed(); n = next.Add(1) {
				l := &life{t: t, seed: uint64(n), law: law, people: people, r: rand.New(rand.NewPCG(uint64(n), 7))}
				l.live(reached[i])
				steps.Add(int64(l.made))
				issued.Add(int64(l.issued))
			}
		})
	}
	wg.Wait()
	all := map[Status]int{}
	for _, m := range reached {
		for s, n := range m {
			all[s] += n
		}
	}
	t.Logf("%d cases, %d moves made, %d papers signed, states passed through: %v", lives, steps.Load(), issued.Load(), all)
	for _, s := range append(append([]Status{}, anywhere...), Waiting) {
		if all[s] == 0 {
			t.Errorf("no life passed through %s", s)
		}
	}
}

func (l *life) live(reached map[Status]int) {
	l.now = time.Date(2025, 1, 6, 9, 0, 0, 0, shanghai).AddDate(0, 0, l.r.IntN(500))
	f := Filing{Class: []Class{Claim, Claim, Claim, Suggestion, Report}[l.r.IntN(5)], Facts: "x", People: 1 + l.r.IntN(2)*l.r.IntN(9)}
	if l.r.IntN(4) == 0 {
		f.Urgency = Urgencies()[l.r.IntN(len(Urgencies()))]
	}
	by := Actor{Owner: "me"}
	if f.Owner = "me"; l.r.IntN(6) == 0 {
		f.Owner, f.Channel, by = "", "visit", l.people[3+4*l.r.IntN(2)]
		if l.r.IntN(2) == 0 {
			f.Channel, f.Origin = "above", Origin{Name: "市信访局", Due: Day(l.now.AddDate(0, 0, l.r.IntN(60)))}
		}
	}
	c, err := l.law.Open(f, by, fmt.Sprint(l.seed), FormatNumber("ZS", 2026, int(l.seed)), l.now)
	if err != nil {
		l.t.Errorf("seed %d: open: %v", l.seed, err)
		return
	}
	l.c = c
	seen := 0
	for range 40 {
		if len(l.c.Timeline) > seen { // nothing changes a case without an entry; step checks that
			seen = len(l.c.Timeline)
			l.check()
		}
		l.now = l.now.AddDate(0, 0, l.r.IntN(4)*l.r.IntN(12))
		if l.r.IntN(6) == 0 {
			l.sweep()
			l.sweepUnattended()
			l.sweepUnsigned()
		}
		l.step()
		reached[l.c.Status]++
		if l.t.Failed() {
			return
		}
	}
}

// step tries a move: mostly one that is offered, sometimes anything at all.
func (l *life) step() {
	a := l.somebody()
	offered := l.law.Possible(l.c, a, l.now)
	s := l.law.table[l.r.IntN(len(l.law.table))]
	if len(offered) > 0 && l.r.IntN(8) > 0 {
		s = l.choose(offered)
	}
	waits := slices.ContainsFunc(l.law.draftsFor(&l.c, a), func(d Draft) bool { return slices.Contains(d.Can, MoveSign) })
	answers := l.law.Papers(l.c, a, l.now)
	for _, o := range offered {
		if o.Name == MoveSign && waits && l.r.IntN(4) > 0 ||
			o.Name == MoveSubmit && len(l.c.Drafts) == 0 && slices.ContainsFunc(answers, answersCitizen) && l.r.IntN(3) == 0 {
			s = o
		}
	}
	before := ""
	if l.r.IntN(50) == 0 {
		before = fmt.Sprintf("%+v", l.c)
	}
	next, err := l.law.Apply(l.c, a, l.fill(s, a), l.now)
	if before != "" && fmt.Sprintf("%+v", l.c) != before {
		l.fail("%s changed the case it was given", s.Name)
	}
	if err != nil {
		if e, ok := err.(*Error); !ok || e.Key == "" || e.Code == Internal || e.Code == Unavailable {
			l.fail("%s refused with %v", s.Name, err)
		}
		return
	}
	if !slices.ContainsFunc(offered, func(o MoveSpec) bool { return o.Name == s.Name }) {
		l.fail("%s by %+v was made though it was not offered", s.Name, a)
	}
	if !l.law.sees(&l.c, a) {
		l.fail("%s by %+v, who does not see the case", s.Name, a)
	}
	l.checkSigned(a, next)
	l.moves = append(l.moves, fmt.Sprintf("%s %s by %s%s", Day(l.now), s.Name, a.Staff, a.Owner))
	l.checkNotices(l.c, next)
	l.c, l.made = next, l.made+1
}

// checkSigned: no paper is issued but by a head of the unit, or who stands in, and by nobody who
// wrote in it unless the unit is one of one person; and what is issued is what was read.
func (l *life) checkSigned(a Actor, next Case) {
	if len(next.Timeline) == len(l.c.Timeline) {
		return
	}
	e := next.Timeline[len(next.Timeline)-1]
	row, err := SpecOf(e.Move, l.c.Filing.Class)
	if err != nil || row.Signs == nil {
		if e.Args["approved_by"] != "" {
			l.fail("%s is signed by %s", e.Move, e.Args["approved_by"])
		}
		return
	}
	l.issued++
	heads := a.has(Head) || a.has(ActingHead) || a.has(Supervisor)
	signs := l.c.Unit
	if row.Signs[0].At == atOffice {
		signs = l.law.Office.Unit
	}
	if e.Args["approved_by"] != a.Staff || a.Staff == "" || !heads || a.Unit != signs || e.Args["author"] == "" {
		l.fail("%s is issued by %+v: %+v", e.Move, a, e.Args)
	}
	own := e.Args["author"] == a.Staff
	var of *Draft
	for i, d := range l.c.Drafts {
		if !slices.ContainsFunc(next.Drafts, func(o Draft) bool { return o.ID == d.ID }) {
			of = &l.c.Drafts[i]
		}
	}
	if of != nil {
		own = slices.Contains(of.Writers, a.Staff)
		if of.State != DraftSubmitted || of.Paper.Name != e.Move || of.Paper.Text != e.Text {
			l.fail("%+v is issued as %+v", of, e)
		}
	}
	if (of == nil || own) && (!l.law.alone(a.Unit) || e.Args["self_approved"] == "" && own) {
		l.fail("%s by %+v is signed by who wrote it: %+v", e.Move, a, e.Args)
	}
}

// sweep lets time make its steps.
func (l *life) sweep() {
	for _, r := range l.law.Reminders(l.c, l.now) {
		if (noColour(r.Clock.Rule) && r.Level != "lead") != (r.Move == MoveWindow) || r.Move == MoveOverdue && Day(l.now) <= r.Clock.Due {
			l.fail("%s on %s for %+v", r.Move, Day(l.now), r.Clock)
		}
		next := l.law.reminded(l.c, r, l.now)
		l.checkNotices(l.c, next)
		l.c = next
	}
}

// sweepUnattended lets some minutes pass and time bring up a danger that nobody took in hand.
func (l *life) sweepUnattended() {
	l.now = l.now.Add(time.Duration(l.r.IntN(15)) * time.Minute)
	for _, r := range l.law.unattended(l.c, l.now) {
		if l.c.urgency() == "" || !l.c.attended().IsZero() || l.now.Sub(moment(l.c.fact(factAlarmed))) < 5*time.Minute {
			l.fail("%s of no danger, one in hand or too soon: %+v", r.Move, l.c.Facts)
		}
		next := l.law.reminded(l.c, r, l.now)
		l.checkNotices(l.c, next)
		l.c = next
	}
}

// sweepUnsigned lets time bring up what waits to be signed.
func (l *life) sweepUnsigned() {
	for _, r := range l.law.unsigned(l.c, l.now) {
		if r.Draft.State != DraftSubmitted || Day(r.Draft.Submitted) >= Day(l.now) {
			l.fail("%s of %+v", r.Move, r.Draft)
		}
		next := l.law.reminded(l.c, r, l.now)
		l.checkNotices(l.c, next)
		l.c = next
	}
}

// checkUrgency: what is urgent is what the timeline last said, and nothing but a reason ends it.
func (l *life) checkUrgency() {
	want, taken := l.c.Filing.Urgency, false
	for _, e := range l.c.Timeline {
		switch e.Move {
		case MoveAlarm:
			want, taken = Urgency(e.Args["kind"]), false
		case MoveAttend:
			taken = true
		case MoveEndAlarm:
			if want, taken = "", false; e.Text == "" {
				l.fail("the danger ended without a reason: %+v", e)
			}
		}
	}
	if l.c.urgency() != want || l.c.attended().IsZero() == taken {
		l.fail("urgent for %q, in hand %v; the timeline says %q, %v", l.c.urgency(), !l.c.attended().IsZero(), want, taken)
	}
	if l.c.fact(factDuty) != "" && l.c.Filing.Class == Report {
		l.fail("a report was told to the duty office")
	}
}

// somebody is mostly one who has to do with the case.
func (l *life) somebody() Actor {
	for range 8 {
		a := l.people[l.r.IntN(len(l.people))]
		if a.Unit == l.c.Unit || a.Owner == "me" || a.has(Supervisor) || a.Staff == l.c.fact(factLead) || l.r.IntN(10) == 0 {
			return a
		}
	}
	return l.people[0]
}

// choose prefers moves that bring the case on, and seldom ends a life too soon.
func (l *life) choose(offered []MoveSpec) MoveSpec {
	s := offered[l.r.IntN(len(offered))]
	for range 12 {
		early := slices.Contains([]Status{Withdrawn, Refused, Redirected}, s.To) || s.Name == MoveSeal || s.Name == MoveUnseal || s.Name == MoveReopen
		if (s.To != "" || s.Name == MoveSubmit) && !(early && l.r.IntN(20) > 0) && !(s.To == Waiting && l.r.IntN(3) > 0) {
			break
		}
		s = offered[l.r.IntN(len(offered))]
	}
	return s
}

// fill answers what the row asks.
func (l *life) fill(s MoveSpec, a Actor) Move {
	if s.Name.Drafts() {
		return l.fillDraft(s, a)
	}
	m := Move{Name: s.Name, Args: map[string]string{}}
	for _, f := range s.Fields {
		if f.Optional && l.r.IntN(2) == 0 {
			continue
		}
		switch f.Kind {
		case KindText:
			if f.Key == "text" {
				m.Text = "一句话"
			} else {
				m.Args[f.Key] = "一句话"
			}
		case KindDate:
			m.Date = Day(l.now.AddDate(0, 0, l.r.IntN(50)-15))
			if s.Name == MoveDeliver {
				m.Date = Day(l.now)
			}
		case KindUnit:
			m.Unit = l.law.Office.Units[l.r.IntN(len(l.law.Office.Units))].Code
			if bodies := l.law.reviewBodies(&l.c, s.Name); s.ToBody() && len(bodies) > 0 && l.r.IntN(5) > 0 {
				m.Unit = bodies[l.r.IntN(len(bodies))].Code
			}
		case KindOfficer:
			m.Officer = l.people[3+l.r.IntN(len(l.people)-3)].Staff
			if s.Name == MoveLead { // the service refuses who is no leader
				m.Officer = []string{"govl", "cityl"}[l.r.IntN(2)]
			}
		case KindChoice:
			m.Args[f.Key] = f.Choices[l.r.IntN(len(f.Choices))]
		case KindCase:
			m.Args[f.Key] = FormatNumber("ZS", 2025, l.r.IntN(9999))
		case KindStep:
			m.Args[f.Key] = itoa(1 + l.r.IntN(max(len(l.c.Plan), 1)))
		case KindFiles, KindNumber:
		}
	}
	for _, known := range []struct{ key, value string }{{"subject", "road"}, {"place", "p"}} {
		if m.Args[known.key] != "" && s.Name == MoveClassify {
			m.Args[known.key] = known.value
		}
	}
	return m
}

func answersCitizen(m MoveName) bool {
	return m == MoveReply || m == MoveReviewReply || m == MoveReviewRedo || m == MoveRereviewReply
}

// fillDraft writes a paper, or names a draft: mostly one that fits, as it is now.
func (l *life) fillDraft(s MoveSpec, a Actor) Move {
	m := Move{Name: s.Name, Text: "请写清楚"}
	drafts, papers := l.law.draftsFor(&l.c, a), l.law.Papers(l.c, a, l.now)
	fits := slices.DeleteFunc(slices.Clone(drafts), func(d Draft) bool { return !slices.Contains(d.Can, s.Name) })
	if len(fits) > 0 && l.r.IntN(5) > 0 {
		drafts = fits
	}
	writing := s.Name == MoveDraft || s.Name == MoveSubmit
	if len(drafts) > 0 && (!writing || l.r.IntN(2) == 0) {
		d := drafts[l.r.IntN(len(drafts))]
		m.Draft, m.DraftVersion = d.ID, d.Version-l.r.IntN(30)/29
		if !writing || l.r.IntN(2) == 0 {
			return m
		}
		papers = []MoveName{d.Paper.Name}
	}
	if len(papers) == 0 || l.r.IntN(30) == 0 {
		papers = []MoveName{MoveReply, MoveRefuse, MoveTransfer, MoveSupervise}
	}
	name := papers[l.r.IntN(len(papers))]
	for range 4 { // seldom ends a life too soon
		if row, err := SpecOf(name, l.c.Filing.Class); err == nil && row.To != "" && row.To != Refused {
			break
		}
		name = papers[l.r.IntN(len(papers))]
	}
	if row, err := SpecOf(name, l.c.Filing.Class); err == nil {
		paper := l.fill(row, a)
		m.Text, m.Unit, m.Date, m.Args, m.For = paper.Text, paper.Unit, paper.Date, paper.Args, name
	}
	return m
}

func (l *life) fail(format string, args ...any) {
	l.t.Helper()
	l.t.Errorf("seed %d, %s: %s\n%v", l.seed, l.c.Status, fmt.Sprintf(format, args...), l.moves)
}

// checkEyes: nobody outside the table sees a sealed report, nobody at all a case of
// others.
func (l *life) checkEyes() {
	for _, a := range l.people {
		sees := l.law.sees(&l.c, a)
		own := a.Owner != "" && a.Owner == l.c.Filing.Owner
		named := a.has(Sealed) && slices.Contains(l.c.unitsSeeing(l.law.Office), a.Unit) && a.Unit != l.c.fact(factAbout)
		if l.c.Filing.Class == Report && sees && !own && !named {
			l.fail("%+v sees a report", a)
		}
		if !a.staff() && sees != own {
			l.fail("%+v sees: %v", a, sees)
		}
		if sees {
			continue
		}
		if v := l.law.View(l.c, a, l.now); v.Number != "" || v.Facts != "" || len(v.Timeline) > 0 {
			l.fail("%+v is shown %+v", a, v)
		}
	}
}

// ofLeaders are the moves that a leader makes.
var ofLeaders = []MoveName{MoveProgress, MoveUnlead, MovePlan, MovePlanDone, MovePlanLater, MovePlanDrop, MoveMeeting, MoveStrike}

// checkLeaders: a leader sees what they lead and nothing else, never a report, and makes the moves of
// a leader alone.
func (l *life) checkLeaders() {
	for _, a := range l.people {
		if !a.has(Leader) {
			continue
		}
		leads := l.c.fact(factLead) == a.Staff && l.c.Filing.Class != Report
		if l.law.sees(&l.c, a) != leads {
			l.fail("%s sees it: %v, leads it: %v", a.Staff, !leads, leads)
		}
		for _, m := range l.law.Can(l.c, a, l.now) {
			if !leads || !slices.Contains(ofLeaders, m) {
				l.fail("%s may make %s", a.Staff, m)
			}
		}
	}
}

// checkRights: whoever has an opinion in hand can ask for its review, whoever has an
// end in hand can come back.
func (l *life) checkRights() {
	l.checkLeaders()
	if l.c.Filing.Owner == "" {
		return
	}
	can := l.law.Can(l.c, Actor{Owner: l.c.Filing.Owner}, l.now)
	has := func(m MoveName) bool { return slices.Contains(can, m) }
	answered := l.c.Status == Replied || l.c.Status == Closed
	switch {
	case answered && l.c.fact(factAnswer) == "opinion" && !has(MoveReview):
		l.fail("no way to review, only %v", can)
	case l.c.Status == Reviewed && !has(MoveRereview):
		l.fail("no way to re-review, only %v", can)
	case l.c.Status.Ended() && !has(MoveReopen):
		l.fail("no way back, only %v", can)
	case !l.c.Status.Ended() && !has(MoveWithdraw):
		l.fail("no way to withdraw, only %v", can)
	}
}

func (l *life) check() {
	l.checkOwner()
	l.checkTimeline()
	l.checkClocks()
	l.checkEyes()
	l.checkRights()
	l.checkUrgency()
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
		case kind == "staff" && unit == n.Entry.Args["author"] && n.View.Contact == nil: // who wrote what was signed or sent back
		case kind == "staff" && (unit == after.fact(factLead) || unit == before.fact(factLead)) && n.View.Contact == nil: // who leads it, or did
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
