package web

import (
	"bytes"
	"context"
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"

	"dengwen/petition"
)

// The page /guide says to everybody how to petition, what rights there are and by when things must happen, when leaders
// receive people, and what became of it all in figures that are about nobody. It needs no session.

// Table is one table of figures, its heads first; one without other rows says None.
type Table struct {
	Title, None string
	Rows        [][]string
}

type guidePage struct {
	W            words
	Name, Assets string
	Example      bool
	Ways, Steps  []string
	Rights       []string
	Deadlines    [][]string
	Receives     bool
	Days         []dayLine
	Verifies     bool
	Counted      bool // the figures are there
	Tables       []Table
}

// rightsPages is how many pieces the rights have in the conversation's sentences, rights.0 …
const rightsPages = 4

// guide shows the page.
func (d *Door) guide(w http.ResponseWriter, r *http.Request) {
	if !d.limits.addr.Allow(d.Proxies.Of(r), d.Now(), 1) {
		d.unavailable(w, r, http.StatusTooManyRequests, d.wordsFor(r).Say("crowd"))
		return
	}
	wd := d.words(r, &thread{})
	o := d.Office
	p := guidePage{
		W: wd, Name: o.NameIn(wd.Lang), Assets: d.page.assets.Prefix, Example: d.Example, Receives: d.Receptions != nil, Verifies: d.Prove != nil,
		Ways:  lines(wd.Say("guide.ways", "Office", o.NameIn(wd.Lang), "Address", o.Address, "Hours", o.HoursIn(wd.Lang), "Phone", o.Phone)),
		Steps: lines(wd.Say("guide.steps")), Deadlines: d.deadlines(wd),
	}
	for n := range rightsPages {
		p.Rights = append(p.Rights, lines(wd.catalog.Say(wd.Lang, "rights."+strconv.Itoa(n)))[1:]...) // the first line counts the pieces
	}
	if d.Receptions != nil {
		days, err := d.Receptions.Timetable(r.Context())
		if err != nil {
			d.Log.Error("web: timetable not read", "err", err) // the rest is said all the same
		}
		for _, day := range days[:min(len(days), 5)] {
			p.Days = append(p.Days, d.dayLine(wd, day))
		}
	}
	p.Tables, p.Counted = d.statistics(r.Context(), wd.Lang)
	d.write(w, "guide", http.StatusOK, wd, p)
}

// statistics are the figures for everybody; false where they are still being counted, or can't be.
func (d *Door) statistics(ctx context.Context, lang string) ([]Table, bool) {
	if d.Statistics == nil {
		return nil, false
	}
	tables, ready, err := d.Statistics(ctx, lang)
	if err != nil {
		d.Log.Error("web: figures not counted", "err", err)
	}
	return tables, ready && err == nil
}

// guideCSV is the figures of the page as CSV (RFC 4180), in UTF-8 with a byte order mark: each row begins with its table's title.
func (d *Door) guideCSV(w http.ResponseWriter, r *http.Request) {
	if !d.limits.addr.Allow(d.Proxies.Of(r), d.Now(), 1) {
		http.Error(w, d.wordsFor(r).Say("crowd"), http.StatusTooManyRequests)
		return
	}
	wd := d.words(r, &thread{})
	tables, ready := d.statistics(r.Context(), wd.Lang)
	if !ready {
		w.Header().Set("Retry-After", "15")
		http.Error(w, wd.Say("guide.counting"), http.StatusServiceUnavailable)
		return
	}
	var b bytes.Buffer
	b.WriteString("\ufeff")
	out := csv.NewWriter(&b)
	for _, t := range tables {
		for _, row := range t.Rows {
			_ = out.Write(append([]string{t.Title}, row...)) // a buffer takes it
		}
	}
	out.Flush()
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="figures.csv"`)
	_, _ = w.Write(b.Bytes())
}

// deadlines are the periods of the Regulation: what, from when, how long, where it stands.
func (d *Door) deadlines(wd words) (rows [][]string) {
	say := func(key string, args ...any) string { return wd.catalog.Say(wd.Lang, key, args...) }
	for _, rule := range petition.Rules() {
		if rule.Source != "" || rule.Set {
			continue
		}
		unit := "guide.days"
		if rule.Working {
			unit = "guide.workdays"
		}
		rows = append(rows, []string{say("rule." + rule.ID), say("rule." + rule.ID + ".start"), wd.Say(unit, "Count", rule.Length(d.Office.Settings)), wd.Say("guide.article", "Article", rule.Article)})
	}
	return rows
}

func lines(text string) []string { return strings.Split(strings.TrimSpace(text), "\n") }

// write renders a template as a page.
func (d *Door) write(w http.ResponseWriter, template string, status int, wd words, page any) {
	var b bytes.Buffer
	if err := d.page.tmpl.ExecuteTemplate(&b, template, page); err != nil {
		d.Log.Error("web: page not rendered", "err", err)
		http.Error(w, wd.Say("trouble"), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes())
}
