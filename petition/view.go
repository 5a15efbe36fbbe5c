package petition

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// View is a case as one actor may see it: what is not theirs to see is empty.
type View struct {
	Number      string       `json:"number"`
	Old         string       `json:"old,omitempty"` // see Filing.Old
	Status      Status       `json:"status"`
	Class       Class        `json:"class"`
	Urgency     Urgency      `json:"urgency,omitempty"` // of now; see Filing.Urgency
	Taken       time.Time    `json:"taken,omitzero"`    // when somebody took what makes it urgent in hand; zero = nobody yet
	About       string       `json:"about,omitempty"`   // whom a report is about, as its petitioner said it
	Channel     string       `json:"channel,omitempty"` // by which it came; staff only
	Origin      *Origin      `json:"origin,omitempty"`  // who passed it on; staff only
	Subject     string       `json:"subject,omitempty"`
	Place       Place        `json:"place"`
	Title       string       `json:"title,omitempty"`
	Facts       string       `json:"facts,omitempty"`
	Request     string       `json:"request,omitempty"`
	RequestOurs bool         `json:"request_ours,omitempty"` // Request was written by the program, see Filing.RequestOurs
	Unit        string       `json:"unit"`
	UnitName    string       `json:"unit_name"`
	Officer     string       `json:"officer,omitempty"`
	Since       time.Time    `json:"since"`
	Received    time.Time    `json:"received"`
	Due         string       `json:"due,omitempty"`  // date of the running clock that comes first
	Rule        string       `json:"rule,omitempty"` // its rule
	Article     string       `json:"article,omitempty"`
	Colour      string       `json:"colour,omitempty"`      // green, yellow, red; "" when nothing runs
	Paused      string       `json:"paused,omitempty"`      // day since which its clock stands still for a hearing (Art 36); Due is then empty
	Provisional bool         `json:"provisional,omitempty"` // Due rests on a year whose holidays are not published
	Left        int          `json:"left"`                  // calendar days to Due, or that will be left when a paused clock goes on; negative = overdue
	Clocks      []Clock      `json:"clocks,omitempty"`
	Can         []MoveName   `json:"can,omitempty"`    // moves this actor may make now
	Papers      []MoveName   `json:"papers,omitempty"` // papers this actor may write now, for another to sign: Move.For
	Drafts      []Draft      `json:"drafts,omitempty"` // papers that are not issued yet
	Plan        []PlanStep   `json:"plan,omitempty"`   // of a hard case; staff only
	Steps       []PlanStep   `json:"steps,omitempty"`  // of it, that this actor may note something about
	Timeline    []Entry      `json:"timeline,omitempty"`
	Files       []Attachment `json:"files,omitempty"`
	Contact     *Contact     `json:"contact,omitempty"`
	Covered     bool         `json:"covered,omitempty"` // there is a contact, which is shown for a reason, see Actor.Asks
	ByCode      bool         `json:"by_code,omitempty"` // seen by number and query code alone, not from the chat that filed it
	Used        Used         `json:"used,omitempty"`
	Public      bool         `json:"public,omitempty"`
	Version     int64        `json:"version"`

	// Bodies are those that may be asked for review or re-review while Can has one of the two, the
	// usual one first. Of several the petitioner chooses: the move then names its unit.
	Bodies []Body `json:"bodies,omitempty"`

	Toward      string            `json:"toward,omitempty"`       // unit it should go to by the office's data, before it is sent
	Route       int               `json:"route,omitempty"`        // Art 31 route of a claim; staff only
	Late        bool              `json:"late,omitempty"`         // a period of the office is over
	Reopened    string            `json:"reopened,omitempty"`     // how often, "" = never
	Settled     string            `json:"settled,omitempty"`      // resolved, partly, not: the citizen's own word
	RatedOffice string            `json:"rated_office,omitempty"` // good, fair, bad; "" is not rated and counts as nothing
	RatedUnit   string            `json:"rated_unit,omitempty"`
	State       map[string]string `json:"state,omitempty"` // Case.Facts; staff only
	Seen        []Viewers         `json:"seen,omitempty"`  // who has seen it, by unit; only where the citizen looks it up
}

// Body is a body that may be asked for review or re-review (Art 35, 36).
type Body struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// bodies are those for the request that the moves allow; nil where they allow none.
func (l *Law) bodies(c *Case, can []MoveName) (all []Body) {
	for _, m := range []MoveName{MoveReview, MoveRereview} {
		if !slices.Contains(can, m) {
			continue
		}
		for _, u := range l.reviewBodies(c, m) {
			all = append(all, Body{u.Code, u.Name})
		}
	}
	return all
}

// View shows a case to one actor. A citizen gets what is public and the names of
// units, never those of officers; an officer everything but the contact, which only
// the unit that has the case sees. Whoever may not see the case gets an empty View.
func (l *Law) View(c Case, a Actor, now time.Time) View {
	a = l.normal(a)
	if !l.sees(&c, a) {
		return View{}
	}
	own := isCitizen(&c, a)
	byCode := own && !isFiler(&c, a)
	inside := !own // an officer's own petition is theirs as a citizen only (Art 28)
	v := View{
		Number: c.Number, Old: c.Filing.Old, Status: c.Status, Class: c.Filing.Class, About: l.aboutWords(c.Filing), Urgency: c.urgency(), Taken: c.attended(), Subject: c.Filing.Subject, Place: c.Filing.Place,
		Title: c.Filing.Title, Facts: c.Filing.Facts, Request: c.Filing.Request, RequestOurs: c.Filing.RequestOurs,
		Unit: c.Unit, UnitName: l.Office.UnitName(c.Unit), Since: c.Since, Received: c.Received,
		Clocks: slices.Clone(c.Clocks), Can: l.Can(c, a, now), Timeline: entriesFor(c.Timeline, inside),
		Used: c.Filing.Used, Public: c.Filing.Public, Version: c.Version, ByCode: byCode,
		Late: c.overdue(Day(now)), Reopened: c.fact(factReopened),
		Settled: c.fact(factSettled), RatedOffice: c.fact(factRateOf + "office"), RatedUnit: c.fact(factRateOf + "unit"),
	}
	v.Bodies = l.bodies(&c, v.Can)
	if c.Status == Registered {
		v.Toward = c.fact(factToward)
	}
	l.due(&v, &c, Day(now))
	v.Files = filesOf(c.Filing.Attachments, v.Timeline)
	if inside {
		v.Officer, v.Route, v.State = c.Officer, c.Route, maps.Clone(c.Facts)
		v.Channel = c.Filing.Channel
		if origin := c.Filing.Origin; origin != (Origin{}) {
			v.Origin = &origin
		}
		v.Papers, v.Drafts = l.Papers(c, a, now), l.draftsFor(&c, a)
		v.Plan, v.Steps = slices.Clone(c.Plan), l.steps(&c, a)
		v.Files = filesOf(v.Files, nil, draftFiles(v.Drafts)...)
	}
	if seesContact(&c, a) {
		contact := c.Filing.Contact
		v.Contact = &contact
	}
	return v
}

// summary leaves out of a notice what can be read at the case itself.
func summary(v View) View {
	v.Papers, v.Drafts, v.Plan, v.Steps = nil, nil, nil, nil
	v.Origin = nil
	v.About, v.RequestOurs, v.Facts, v.Request, v.Timeline, v.Clocks, v.Files, v.Contact, v.State = "", false, "", "", nil, nil, nil, nil, nil
	return v
}

// seesContact: the petitioner in their own chat and the unit that has the case.
func seesContact(c *Case, a Actor) bool {
	if isCitizen(c, a) {
		return a.Owner != "" && a.Owner == c.Filing.Owner
	}
	return a.Unit == c.Unit
}

func (l *Law) due(v *View, c *Case, today string) {
	i := l.item(c, today)
	v.Due, v.Rule, v.Article, v.Colour, v.Paused, v.Left, v.Provisional = i.Due, i.Rule, i.Article, i.Colour, i.Paused, i.Left, i.Provisional
}

// Item is a case as a line of a list of one who sees it: the office's people are named
// to colleagues only.
func (l *Law) Item(c Case, a Actor, now time.Time) Item {
	i := l.item(&c, Day(now))
	if isCitizen(&c, l.normal(a)) {
		i.Officer, i.Channel, i.OriginNumber, i.Lead, i.Plan = "", "", "", "", nil
		return i
	}
	i.Drafts = l.draftsFor(&c, l.normal(a))
	for n := range i.Drafts {
		d := &i.Drafts[n]
		d.Paper, d.Words = Move{Name: d.Paper.Name}, ""
	}
	return i
}

func (l *Law) item(c *Case, today string) Item {
	f := c.Filing
	i := Item{
		Number: c.Number, Old: f.Old, Status: c.Status, Class: f.Class, Subject: f.Subject, Place: f.Place.Code, Title: or(f.Title, begin(f.Facts)),
		Unit: c.Unit, UnitName: l.Office.UnitName(c.Unit), Officer: c.Officer, Received: c.Received, Late: c.overdue(today), Version: c.Version,
		Urgency: c.urgency(), Taken: c.attended(), Channel: f.Channel, OriginNumber: f.Origin.Number, Plan: c.openSteps(),
	}
	if c.led() {
		i.Lead = c.fact(factLead)
	}
	k, ok := c.First()
	if !ok {
		return i
	}
	i.Due, i.Rule, i.Article, i.Provisional = k.last(), k.Rule, k.Article, k.Provisional
	i.Colour = k.Colour(today, l.Office.Settings)
	i.Left = daysBetween(today, i.Due)
	if k.State == clockPaused { // its last day moves with every day of the hearing
		i.Due, i.Paused, i.Left = "", k.PausedAt, daysBetween(k.PausedAt, k.Due)
	}
	return i
}

// Item is what a list says of the case.
func (v *View) Item() Item {
	i := Item{
		Number: v.Number, Status: v.Status, Class: v.Class, Subject: v.Subject, Place: v.Place.Code, Title: or(v.Title, begin(v.Facts)),
		Unit: v.Unit, UnitName: v.UnitName, Officer: v.Officer, Received: v.Received, Late: v.Late, Version: v.Version,
		Due: v.Due, Rule: v.Rule, Article: v.Article, Colour: v.Colour, Paused: v.Paused, Left: v.Left, Provisional: v.Provisional,
		Urgency: v.Urgency, Taken: v.Taken, Channel: v.Channel,
	}
	if v.State[factLead] != "" && v.State[factStruck] == "" {
		c := Case{Facts: v.State, Plan: v.Plan}
		i.Lead, i.Plan = v.State[factLead], c.openSteps()
	}
	if v.Origin != nil {
		i.OriginNumber = v.Origin.Number
	}
	return i
}

// begin is the first 30 characters of a text in one line.
func begin(text string) string {
	r := []rune(strings.Join(strings.Fields(text), " "))
	if len(r) > 30 {
		return string(r[:29]) + "…"
	}
	return string(r)
}

// overdue says whether a period of the office is over, whoever has the case now:
// passing it on does not hide that.
func (c *Case) overdue(today string) bool {
	return slices.ContainsFunc(c.Clocks, func(k Clock) bool { return k.State == ClockRunning && today > k.last() && !noColour(k.Rule) })
}

func entriesFor(entries []Entry, inside bool) []Entry {
	var out []Entry
	for _, e := range entries {
		if !inside {
			if !e.Public {
				continue
			}
			e = e.outside()
		}
		e.Files = slices.Clone(e.Files)
		out = append(out, e)
	}
	return out
}

// outside is an entry as the citizen sees it: no officer, no inner fields.
func (e Entry) outside() Entry {
	args := map[string]string{}
	for k, v := range e.Args {
		if !slices.Contains(e.Inner, k) {
			args[k] = v
		}
	}
	if slices.Contains(e.Inner, "text") {
		e.Text = ""
	}
	e.Args, e.Staff, e.Inner = args, "", nil
	return e
}

func filesOf(filed []Attachment, timeline []Entry, more ...Attachment) []Attachment {
	out := slices.Clone(filed)
	for _, e := range append(slices.Clip(timeline), Entry{Files: more}) {
		for _, f := range e.Files {
			if !slices.ContainsFunc(out, func(have Attachment) bool { return have.ID == f.ID }) {
				out = append(out, f)
			}
		}
	}
	return out
}
