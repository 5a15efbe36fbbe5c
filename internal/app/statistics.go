package app

import (
	"context"
	"sync"
	"time"

	"dengwen/handlers/web"
	"dengwen/internal/report"
	"dengwen/petition"
	"dengwen/petition/mediation"
	"dengwen/petition/outreach"
)

// publicFor is how long figures for everybody stand before they are counted again: anybody may ask.
const publicFor = 10 * time.Minute

// publicTables are those that were counted last, by language.
type publicTables struct {
	mu  sync.Mutex
	all map[string]countedTables
}

type countedTables struct {
	at     time.Time
	tables []web.Table
}

// statistics are the figures for everybody, at most ten minutes old; false while they are being counted.
func (a *App) statistics(ctx context.Context, lang string) ([]web.Table, bool, error) {
	p := &a.public
	p.mu.Lock()
	defer p.mu.Unlock()
	if last, ok := p.all[lang]; ok && time.Since(last.at) < publicFor {
		return last.tables, true, nil
	}
	tables, ready, err := a.countStatistics(ctx, lang)
	if err == nil && ready {
		if p.all == nil {
			p.all = map[string]countedTables{}
		}
		p.all[lang] = countedTables{time.Now(), tables}
	}
	return tables, ready, err
}

// countStatistics are the report of this year beside the last (Art 41), disputes by village, and
// what came by codes. Numbers below five are hidden.
func (a *App) countStatistics(ctx context.Context, lang string) ([]web.Table, bool, error) {
	now := time.Now()
	r, err := a.service.PublicReport(ctx, report.Year.Beside(now)...)
	if err != nil || r.At.IsZero() {
		return nil, false, err
	}
	say := func(key string) string { return a.Locales.Say(lang, "public."+key) }
	p := report.Printer{Words: a.Locales, Lang: lang, Office: a.Office, Periods: r.Periods}
	var all []web.Table
	for _, t := range p.Tables(report.Year) {
		all = append(all, web.Table{Title: t.Title, None: p.None(), Rows: t.Rows})
	}
	head := petition.Actor{Unit: a.Office.Unit, Roles: []petition.Role{petition.Head}}
	f, err := a.disputes.Figures(ctx, head, petition.Day(now.AddDate(-1, 0, 1)), petition.Day(now))
	if err != nil {
		return nil, false, err
	}
	name := func(at outreach.Spot) string {
		if n := at.Name(a.Office, lang); n != "" {
			return n
		}
		return say("whole")
	}
	disputes := mediation.Public(f.Villages, func(l mediation.Line) string { return name(outreach.Spot{Place: l.Place, Village: l.Code}) })
	codes, err := a.outreach.Public(ctx, name)
	return append(all,
		web.Table{Title: say("disputes"), None: say("none"), Rows: append([][]string{{say("village"), say("found"), say("settled")}}, disputes...)},
		web.Table{Title: say("outreach"), None: say("none"), Rows: append([][]string{{say("place"), say("begun"), say("rounds")}}, codes...)},
	), err == nil, err
}
