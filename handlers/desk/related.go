package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"dengwen/internal/naming"
	"dengwen/petition"
)

// Proposal is a petition that may be about the same matter as another one.
type Proposal struct {
	Number string
	Common naming.Common
}

// relatedCase is a petition that belongs to another, or may.
type relatedCase struct {
	Row    row
	Href   string // of both side by side
	Linked bool
	Why    string // what they have in common, "" of one that is linked
}

// relatedWait is how long a page waits for what may be related: the first question of a process
// has every petition read.
const relatedWait = 50 * time.Millisecond

// related are the petitions linked to a case, and those that may belong to it; only such as this
// officer may see.
func (d *Door) related(v *visit, p *casePage) {
	linked := strings.Fields(p.V.State["linked"])
	for _, number := range linked {
		p.addRelated(d, v, number, true, "")
	}
	if d.Related == nil || p.V.Class == petition.Report {
		return
	}
	ctx, stop := context.WithTimeout(v.ctx(), relatedWait)
	defer stop()
	found, err := d.Related(ctx, p.V)
	if err != nil {
		return // a hint alone, and it is being read
	}
	for _, r := range found {
		if len(p.Related) < maxRelated && !slices.Contains(linked, r.Number) {
			p.addRelated(d, v, r.Number, false, v.names.InCommon(r.Common))
		}
	}
}

const maxRelated = 5

// addRelated adds a petition if the officer sees it: it is looked for in a list, which says of it what
// a list says.
func (p *casePage) addRelated(d *Door, v *visit, number string, linked bool, why string) {
	page, err := d.Cases.List(v.ctx(), v.actor, petition.Query{Words: number, Limit: 1})
	if err != nil || len(page.Items) == 0 || page.Items[0].Number != number {
		return
	}
	p.Related = append(p.Related, relatedCase{
		Row: d.rows(v, p.frame, page.Items)[0], Linked: linked, Why: why, Href: "/desk/cases/" + p.V.Number + "/beside/" + number,
	})
}

type besidePage struct {
	frame
	Cases  [2]besideCase
	Linked bool
	May    bool // link them, or part them
	Key    string
	Kinds  []choice
}

type besideCase struct {
	V    petition.View
	Row  row
	Said []entryLine // what was said by and to the petitioner
}

// beside shows two petitions side by side, to be linked or parted.
func (d *Door) beside(v *visit) error {
	p := besidePage{frame: d.inFrame(v, "ledger"), Key: d.NewID()}
	for i, number := range []string{v.r.PathValue("number"), v.r.PathValue("other")} {
		a := v.actor
		a.Reason = v.session.ReasonFor(number, d.reasonsSince(v.r))
		c, err := d.Cases.Look(v.ctx(), a, number, "")
		if err != nil {
			v.r.SetPathValue("number", number) // it is this one that a reason is asked for
			return petition.Wrap(err, "look at case")
		}
		p.Cases[i] = besideCase{V: c, Row: row{Item: c.Item(), frame: p.frame, Officer: d.Roster.Name(v.ctx(), c.Officer)}}
		for _, e := range c.Timeline {
			if e.Public && e.Text != "" {
				p.Cases[i].Said = append(p.Cases[i].Said, d.entryLine(v, p.frame, c, e))
			}
		}
	}
	c := p.Cases[0].V
	p.Linked = slices.Contains(strings.Fields(c.State["linked"]), p.Cases[1].V.Number)
	move := petition.MoveLink
	if p.Linked {
		move = petition.MoveUnlink
	}
	p.May = slices.Contains(c.Can, move)
	spec, err := petition.SpecOf(petition.MoveLink, c.Class)
	if err != nil {
		return err
	}
	for _, f := range spec.Fields {
		for _, value := range f.Choices {
			p.Kinds = append(p.Kinds, choice{Value: value, Label: v.names.Choice(spec.Name, f, value)})
		}
	}
	return d.render(v, "beside", "body", p)
}
