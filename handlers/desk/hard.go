package desk

import (
	"bytes"
	"net/url"
	"time"

	"dengwen/petition"
)

// Hard cases at the desk: those that somebody sees, by leader, and the weekly sheet of a leader.

// hardPage lists hard cases by who leads them, in the order in which their first case is due: nobody is ranked.
type hardPage struct {
	frame
	Leaders []leaderPart
	More    bool
}

// leaderPart are the cases of one leader. PDF and DOCX are their weekly sheet, "" for whom it is not for.
type leaderPart struct {
	Name      string
	Rows      []row
	PDF, DOCX string
}

// MayHard reports whether who is in leads hard cases, or heads a unit that may have some.
func (f frame) MayHard() bool {
	return f.Me != nil && (f.Me.person.Has(petition.Leader) || f.Me.actor.Leads())
}

// ledWeekDays is how many days a sheet looks back, today included.
const ledWeekDays = 7

// hard lists the hard cases that are on the list and that somebody sees.
func (d *Door) hard(v *visit) error {
	list, err := d.Cases.List(v.ctx(), v.actor, petition.Query{Hard: true, Order: "due", Limit: todayMost})
	if err != nil {
		return petition.Wrap(err, "list hard cases")
	}
	p := hardPage{frame: d.inFrame(v, "hard"), More: list.After != ""}
	place, by := map[string]int{}, map[string][]petition.Item{}
	for _, i := range list.Items {
		if i.Lead == "" {
			continue
		}
		if _, ok := place[i.Lead]; !ok {
			place[i.Lead] = len(p.Leaders)
			p.Leaders = append(p.Leaders, d.leaderPart(v, i.Lead))
		}
		by[i.Lead] = append(by[i.Lead], i)
	}
	for lead, n := range place {
		p.Leaders[n].Rows = d.rows(v, p.frame, by[lead])
	}
	return d.render(v, "hard", "body", p)
}

func (d *Door) leaderPart(v *visit, lead string) leaderPart {
	part := leaderPart{Name: d.Roster.Name(v.ctx(), lead)}
	if d.Office.ReadsLedWeek(v.actor, lead) {
		of := "?" + url.Values{"leader": {lead}}.Encode()
		part.PDF, part.DOCX = "/desk/hard/week.pdf"+of, "/desk/hard/week.docx"+of
	}
	return part
}

// ledWeek hands out the weekly sheet of a leader, without one named their own.
func (d *Door) ledWeek(form, kind string) page {
	return func(v *visit) error {
		if d.Figures == nil || d.Paper == nil {
			return d.missing(v)
		}
		leader := or(v.r.FormValue("leader"), v.person.ID)
		today := petition.Day(v.names.Now)
		from := petition.Day(v.names.Now.Add(-(ledWeekDays - 1) * 24 * time.Hour))
		w, err := d.Figures.LedWeek(v.ctx(), v.actor, leader, from, today)
		if err != nil {
			return petition.Wrap(err, "read the week of a leader")
		}
		var b bytes.Buffer
		if err := d.Paper(v.ctx(), &b, form, w.Paper(d.Office, d.Roster.Name(v.ctx(), leader), today)); err != nil {
			return petition.Wrap(err, "write the week of a leader")
		}
		d.download(v, kind, "leader-week-"+today+"."+form)
		_, err = v.w.Write(b.Bytes())
		return petition.Wrap(err, "send the week of a leader")
	}
}
