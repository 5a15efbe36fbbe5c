package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"dengwen/internal/websession"
	"dengwen/petition"
)

// Who has a case open is told by the store of sessions, which every process reads: a page that shows
// a case is a row of its own there for as long as its connection lives, and a minute longer at most.

// readers names the colleagues who have a case open now, each once.
func (d *Door) readers(ctx context.Context, number, me string) ([]string, error) {
	all, err := d.Sessions.List(ctx, websession.OwnerOfCase(number))
	if err != nil {
		return nil, petition.Wrap(err, "list who has a case open")
	}
	var names []string
	for _, s := range all {
		if name := d.Roster.Name(ctx, s.Staff); s.Staff != me && name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// presence is one open page of a case; nil shows none.
type presence struct {
	d       *Door
	session websession.Session
	others  []string // as it was told last
}

// arrive notes that somebody has a case open, and tells the pages of this process that show it.
func (d *Door) arrive(v *visit, number string) (*presence, error) {
	if number == "" {
		return nil, nil
	}
	if _, err := d.Cases.Look(v.ctx(), v.actor, number, ""); err != nil { // who may not see it has not got it open
		return nil, petition.Wrap(err, "look at case")
	}
	_, s, err := d.Sessions.Start(v.ctx(), websession.Session{Kind: websession.Reading, Staff: v.person.ID, Case: number})
	if err != nil {
		return nil, petition.Wrap(err, "note who has a case open")
	}
	d.news.changed([]string{number})
	p := &presence{d: d, session: s}
	p.others, err = d.readers(v.ctx(), number, v.person.ID)
	return p, err
}

// changed keeps the row, and reports whether other colleagues have the case open than when it was
// asked last.
func (p *presence) changed(ctx context.Context) bool {
	if p == nil {
		return false
	}
	p.session.Used = p.d.Now()
	err := p.d.Sessions.Change(ctx, p.session)
	others, err2 := p.d.readers(ctx, p.session.Case, p.session.Staff)
	if err != nil || err2 != nil || slices.Equal(others, p.others) {
		return false
	}
	p.others = others
	return true
}

func (p *presence) leave() {
	if p == nil {
		return
	}
	ctx, stop := context.WithTimeout(context.Background(), 5*time.Second) // whoever asked has gone
	defer stop()
	if err := p.d.Sessions.End(ctx, p.session); err != nil {
		p.d.Log.Warn("desk: somebody seems to have a case open for a minute longer", "err", err)
	}
	p.d.news.changed([]string{strings.ToUpper(p.session.Case)})
}
