// Package report puts figures of cases into the tables that offices publish: the week, the month,
// the half-year, the year (Art 41). It counts nothing itself.
package report

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"dengwen/locales"
	"dengwen/petition"
)

// Kind is the time a report is about.
type Kind string

// The kinds of reports.
const (
	Week  Kind = "week"
	Month Kind = "month"
	Half  Kind = "half"
	Year  Kind = "year"
)

// Kinds are all, the shortest first.
func Kinds() []Kind { return []Kind{Week, Month, Half, Year} }

// Span are the days of the time of a kind that a day is in.
func (k Kind) Span(day time.Time) petition.Span {
	first, months := time.Date(day.Year(), day.Month(), 1, 0, 0, 0, 0, time.UTC), 1
	switch k {
	case Week:
		monday := day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
		return petition.Span{From: monday.Format(time.DateOnly), To: monday.AddDate(0, 0, 6).Format(time.DateOnly)}
	case Half:
		months = 6
		first = first.AddDate(0, -(int(day.Month())-1)%6, 0)
	case Year:
		months = 12
		first = first.AddDate(0, 1-int(day.Month()), 0)
	}
	return petition.Span{From: first.Format(time.DateOnly), To: first.AddDate(0, months, -1).Format(time.DateOnly)}
}

// Beside are the time of a kind that a day is in, the one before it, and the same one of the
// year before; of a year only the one before.
func (k Kind) Beside(day time.Time) []petition.Span {
	this := k.Span(day)
	first, _ := time.Parse(time.DateOnly, this.From) // Span wrote it
	all := []petition.Span{this, k.Span(first.AddDate(0, 0, -1))}
	switch k {
	case Year:
		return all
	case Week:
		return append(all, k.Span(first.AddDate(0, 0, -52*7)))
	}
	return append(all, k.Span(first.AddDate(-1, 0, 0)))
}

// Table is one table of a report, the first row its heads.
type Table struct {
	Title string     `json:"title"`
	Rows  [][]string `json:"rows"`
}

// Flat is all tables below one another, each row with its table's title before it.
func Flat(tables []Table) [][]string {
	var rows [][]string
	for _, s := range tables {
		for _, r := range s.Rows {
			rows = append(rows, append([]string{s.Title}, r...))
		}
	}
	return rows
}

// Printer puts figures into tables, in one language and for the office or the public.
type Printer struct {
	Words  *locales.Catalog
	Lang   string
	Office *petition.Office
	Inner  bool // for the office: small numbers are shown

	Periods []petition.PeriodFigures // at least one: that of the report, then those beside it
}

func (p Printer) w(key string, args ...any) string { return p.Words.Say(p.Lang, key, args...) }

// Title is what a report of a kind is called.
func (p Printer) Title(k Kind) string {
	y := p.Periods[0].Year
	return p.w("report."+string(k), "County", p.Office.County, "From", y.From, "To", y.To, "Year", y.From[:4])
}

// Note says for whom it is.
func (p Printer) Note() string {
	if p.Inner {
		return p.w("report.inner")
	}
	return p.w("report.public")
}

// How says how it was counted.
func (p Printer) How() string { return p.w("report.how") }

// Sheet is all that a report says, as it is printed.
type Sheet struct {
	Title      string   `json:"title"`
	Note       string   `json:"note"`
	DraftTitle string   `json:"draft_title,omitempty"` // of Draft, a commentary to be looked through
	Draft      []string `json:"draft,omitempty"`
	Tables     []Table  `json:"tables"`
	None       string   `json:"none"`
	How        string   `json:"how"`

	Unsigned string    `json:"unsigned"` // stands on it until it is signed
	Signs    [2]string `json:"signs"`    // names of the two lines: who signs it and who made it
	Hands    [2]string `json:"-"`        // who did, "" = nobody yet
	Day      string    `json:"day"`      // when it was counted, 2026-12-01
}

// Sheet is the report of a kind, counted on a day.
func (p Printer) Sheet(k Kind, day string) Sheet {
	return Sheet{
		Title: p.Title(k), Note: p.Note(), DraftTitle: p.DraftTitle(), Draft: p.Commentary(), Tables: p.Tables(k), None: p.None(), How: p.How(), Day: day,
		Unsigned: p.w("report.unsigned"), Signs: [2]string{p.w("report.signs"), p.w("report.made")},
	}
}

// None stands in the place of a table without rows.
func (p Printer) None() string { return p.w("report.none") }

// Tables are those of a report of a kind: of a week how units kept their periods and what was
// done, of any other time all that Art 41 asks for.
func (p Printer) Tables(k Kind) []Table {
	if k == Week {
		return []Table{p.compare("report.units"), p.done("report.done.week")}
	}
	return p.year()
}

// compare is the table of units: only what they owe and what people said of them.
func (p Printer) compare(title string) Table {
	s := Table{Title: p.w(title), Rows: [][]string{p.all("report.unit", "report.notice", "report.answer",
		"report.reopened", "report.changed", "report.rated", "report.satisfied", "report.entered")}}
	for _, u := range p.Periods[0].Units {
		s.Rows = append(s.Rows, []string{p.unit(u.Unit), p.share(u.Notice), p.share(u.Answer), p.share(u.Reopened),
			p.share(u.Changed), p.share(u.Rated), p.share(u.Satisfied), p.numbers([]int{u.Entered})[0]})
	}
	return s
}

func (p Printer) all(keys ...string) []string {
	out := make([]string, 0, len(keys))
	for _, k := range keys {
		out = append(out, p.w(k))
	}
	return out
}

// share shows numerator and denominator beside the percentage.
func (p Printer) share(s petition.Share) string {
	percent, ok := s.Percent()
	if !ok {
		return "—"
	}
	if text := petition.PublicShare(s); !p.Inner && text != fmt.Sprintf("%d/%d", s.N, s.Of) {
		return text
	}
	return fmt.Sprintf("%d/%d (%.1f%%)", s.N, s.Of, percent)
}

// year is the report of Art 41.
func (p Printer) year() []Table {
	periods := p.filed()
	return []Table{
		p.counts(p.w("report.filed", "Count", periods[0].Filed)+" · "+p.w("report.classes"), pick(periods, func(y petition.YearFigures) map[string]int { return y.Classes }), order("claim", "suggestion", "report"), func(k string) string { return p.w("class." + k) }),
		p.counts(p.w("report.channels"), p.pick(func(y petition.YearFigures) map[string]int { return y.Channels }), petition.Channels(), func(k string) string { return p.w("report.channel." + k) }),
		p.coded("report.fields", petition.FieldCodes, func(y petition.YearFigures) map[string]int { return y.Fields }, p.field),
		p.coded("report.places", petition.PlaceCodes, func(y petition.YearFigures) map[string]int { return y.Places }, p.place),
		p.sent(),
		p.done("report.done"),
		p.counts(p.w("report.proposals"), p.pick(func(y petition.YearFigures) map[string]int { return y.Proposals }), order("letter", "improve", "policy", "accountability"), func(k string) string { return p.w("report.kind." + k) }),
		p.counts(p.w("report.adopted"), p.pick(func(y petition.YearFigures) map[string]int { return y.Adopted }), order("yes", "partly", "no"), func(k string) string { return p.w("report.adopted." + k) }),
		p.compare("report.compare"),
	}
}

// filed are the figures of the periods as they may be shown. The other tables leave reports on
// misconduct out: a total with few of them would give them away.
func (p Printer) filed() []petition.YearFigures {
	var all []petition.YearFigures
	for _, f := range p.Periods {
		y := f.Year
		if n := y.Classes["report"]; !p.Inner && petition.TooFew(n) {
			y.Classes = maps.Clone(y.Classes)
			delete(y.Classes, "report")
			y.Filed -= n
		}
		all = append(all, y)
	}
	return all
}

func pick(years []petition.YearFigures, of func(petition.YearFigures) map[string]int) []map[string]int {
	var all []map[string]int
	for _, y := range years {
		all = append(all, of(y))
	}
	return all
}

func (p Printer) pick(of func(petition.YearFigures) map[string]int) []map[string]int {
	var all []petition.YearFigures
	for _, f := range p.Periods {
		all = append(all, f.Year)
	}
	return pick(all, of)
}

func order(keys ...string) []string { return keys }

// coded is a table of counts by codes of the office's data.
func (p Printer) coded(title string, codes petition.Codes, of func(petition.YearFigures) map[string]int, name func(string) string) Table {
	have := p.pick(of)
	return p.counts(p.w(title), have, petition.InOrder(p.Office, codes, union(have)), name)
}

func union(have []map[string]int) map[string]int {
	all := map[string]int{}
	for _, h := range have {
		maps.Copy(all, h)
	}
	return all
}

// heads are those of the columns of counts, after the first, which names the row.
func (p Printer) heads() []string {
	if len(p.Periods) == 1 {
		return []string{"", p.w("report.count")}
	}
	row := []string{""}
	for _, f := range p.Periods {
		row = append(row, p.w("report.span", "From", f.Year.From, "To", f.Year.To))
	}
	return row
}

// counts is a table of counts that add up to its last row, a column for each period. It keeps
// the order given, never that of the numbers.
func (p Printer) counts(title string, have []map[string]int, keys []string, name func(string) string) Table {
	s := Table{Title: title, Rows: [][]string{p.heads()}}
	any := union(have)
	var shown []string
	for _, k := range append(slices.Clone(keys), "") {
		if any[k] == 0 {
			continue
		}
		label := p.w("report.unknown")
		if k != "" {
			label = name(k)
		}
		shown = append(shown, k)
		s.Rows = append(s.Rows, []string{label})
	}
	if len(shown) == 0 {
		return s
	}
	total := []string{p.w("report.total")}
	for _, h := range have {
		n, sum := make([]int, len(shown)), 0
		for i, k := range shown {
			n[i] = h[k]
			sum += h[k]
		}
		for i, text := range p.numbers(n) {
			s.Rows[i+1] = append(s.Rows[i+1], text)
		}
		total = append(total, p.numbers([]int{sum})[0])
	}
	s.Rows = append(s.Rows, total)
	return s
}

func (p Printer) numbers(n []int) []string {
	if !p.Inner {
		return petition.PublicCounts(n)
	}
	out := make([]string, len(n))
	for i := range n {
		out[i] = strconv.Itoa(n[i])
	}
	return out
}

// sent is which units petitions were about, as far as that shows in what was sent to
// them, in the order of the office's data: of the first period alone.
func (p Printer) sent() Table {
	y := p.Periods[0].Year
	s := Table{Title: p.w("report.sent"), Rows: [][]string{p.all("report.unit", "report.sent.transfer", "report.sent.assign", "report.sent.supervise")}}
	for _, code := range petition.InOrder(p.Office, petition.UnitCodes, union([]map[string]int{y.Sent, y.Assigned, y.Supervised})) {
		row := []string{p.unit(code)}
		for _, n := range []int{y.Sent[code], y.Assigned[code], y.Supervised[code]} {
			row = append(row, p.numbers([]int{n})[0])
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

func (p Printer) done(title string) Table {
	s := Table{Title: p.w(title), Rows: [][]string{p.heads()}}
	for _, row := range []struct {
		key string
		n   func(petition.YearFigures) int
	}{
		{"accepted", func(y petition.YearFigures) int { return y.Accepted }}, {"refused", func(y petition.YearFigures) int { return y.Refused }},
		{"guided", func(y petition.YearFigures) int { return y.Guided }}, {"extended", func(y petition.YearFigures) int { return y.Extended }},
		{"answered", func(y petition.YearFigures) int { return y.Answered }}, {"agreed", func(y petition.YearFigures) int { return y.Agreed }},
		{"reviews", func(y petition.YearFigures) int { return y.Reviews }}, {"reopened", func(y petition.YearFigures) int { return y.Reopened }},
		{"withdrawn", func(y petition.YearFigures) int { return y.Withdrawn }},
	} {
		cells := []string{p.w("report.done." + row.key)}
		for _, f := range p.Periods {
			cells = append(cells, p.numbers([]int{row.n(f.Year)})[0])
		}
		s.Rows = append(s.Rows, cells)
	}
	return s
}

// unit, field and place are names at the end of the time reported, with the one before where
// it changed within.

func (p Printer) unit(code string) string {
	u, ok := p.Office.Find(code)
	return p.name(ok, code, u.NameOn)
}

func (p Printer) field(code string) string {
	c, ok := p.Office.Category(code)
	return p.name(ok, code, c.NameOn)
}

func (p Printer) place(code string) string {
	l, ok := p.Office.Locality(code)
	return p.name(ok, code, l.NameOn)
}

func (p Printer) name(known bool, code string, on func(lang, day string) string) string {
	if !known {
		return code
	}
	name, before := on(p.Lang, p.Periods[0].Year.To), on(p.Lang, p.Periods[0].Year.From)
	if name == before {
		return name
	}
	return p.w("report.renamed", "Name", name, "Before", before)
}
