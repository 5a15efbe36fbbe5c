package petition

import (
	"maps"
	"slices"
	"time"
)

// View shows a case to one actor. A citizen gets what is public and the names of
// units, never those of officers; an officer everything but the contact, which only
// the unit that has the case sees. Whoever may not see the case gets an empty View.
func (l *Law) View(c Case, a Actor, now time.Time) View {
	a = l.normal(a)
	if !l.sees(&c, a) {
		return View{}
	}
	own := isCitizen(&c, a)
	inside := !own // an officer's own petition is theirs as a citizen only (Art 28)
	v := View{
		Number: c.Number, Status: c.Status, Class: c.Filing.Class, Subject: c.Filing.Subject, Place: c.Filing.Place,
		Title: c.Filing.Title, Facts: c.Filing.Facts, Request: c.Filing.Request, RequestOurs: c.Filing.RequestOurs,
		Unit: c.Unit, UnitName: l.Office.UnitName(c.Unit), Since: c.Since, Received: c.Received,
		Clocks: slices.Clone(c.Clocks), Can: l.Can(c, a, now), Timeline: entriesFor(c.Timeline, inside),
		Used: c.Filing.Used, Public: c.Filing.Public, Version: c.Version,
		Late: c.overdue(Day(now)), Reopened: c.fact(factReopened),
		Settled: c.fact(factSettled), RatedOffice: c.fact(factRateOf + "office"), RatedUnit: c.fact(factRateOf + "unit"),
	}
	if c.Status == Registered {
		v.Toward = c.fact(factToward)
	}
	l.due(&v, &c, Day(now))
	v.Files = filesOf(c.Filing.Attachments, v.Timeline)
	if inside {
		v.Officer, v.Route, v.State = c.Officer, c.Route, maps.Clone(c.Facts)
	}
	if seesContact(&c, a) {
		contact := c.Filing.Contact
		v.Contact = &contact
	}
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
	k, ok := c.First()
	if !ok {
		return
	}
	v.Due, v.Rule, v.Article = k.last(), k.Rule, k.Article
	v.Colour = k.Colour(today, l.Office.Settings)
	v.Left = daysBetween(today, v.Due)
	if k.State == clockPaused { // its last day moves with every day of the hearing
		v.Due, v.Paused, v.Left = "", k.PausedAt, daysBetween(k.PausedAt, k.Due)
	}
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

func filesOf(filed []Attachment, timeline []Entry) []Attachment {
	out := slices.Clone(filed)
	for _, e := range timeline {
		for _, f := range e.Files {
			if !slices.ContainsFunc(out, func(have Attachment) bool { return have.ID == f.ID }) {
				out = append(out, f)
			}
		}
	}
	return out
}
