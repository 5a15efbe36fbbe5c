package cli

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	"dengwen/internal/app"
	"dengwen/internal/config"
	"dengwen/internal/office"
	"dengwen/locales"
	"dengwen/petition"
)

type reportCmd struct {
	Week  bool   `xor:"what" required:""`
	Year  bool   `xor:"what" required:""`
	Day   string `placeholder:"2026-08-03"`
	MD    bool   `name:"md" xor:"as"`
	CSV   bool   `name:"csv" xor:"as"`
	Inner bool
	Lang  string
}

// Run prints a report made from every case of the store.
func (c reportCmd) Run(ctx context.Context, s *config.Settings, std streams, sp *speech) error {
	lang, err := sp.choose(c.Lang)
	if err != nil {
		return err
	}
	from, to, err := c.span(time.Now())
	if err != nil {
		return err
	}
	return app.WithStore(ctx, s, app.NewLog(s, std.err), func(a *app.App) error {
		cal, err := office.LoadCalendar(s.DataDir)
		if err != nil {
			return err
		}
		service := petition.NewService(a.Store, a.Office, cal, a.Box.Hash, time.Now, app.NewID, nil)
		year, units, err := service.Figures(ctx, from, to)
		if err != nil {
			return err
		}
		p := reportPrinter{words: sp.words, lang: lang, office: a.Office, inner: c.Inner, from: from, to: to}
		tables := []table{p.compare("report.units", units)}
		if c.Year {
			tables = p.year(year, units)
		}
		if c.CSV {
			w := csv.NewWriter(std.out)
			return errors.Join(w.WriteAll(flat(tables)), w.Error())
		}
		_, err = fmt.Fprint(std.out, p.page(p.title(c.Week, from, to), tables))
		return err
	})
}

// span is the first and the last day meant.
func (c reportCmd) span(now time.Time) (from, to string, err error) {
	day, err := time.Parse(time.DateOnly, petition.Day(now))
	if err == nil && c.Week {
		day = day.AddDate(0, 0, -7)
	}
	if err == nil && c.Day != "" {
		day, err = time.Parse(time.DateOnly, c.Day)
	}
	if err != nil {
		return "", "", fault("cli.report.day", nil, "day", c.Day)
	}
	if c.Year {
		return fmt.Sprintf("%d-01-01", day.Year()), fmt.Sprintf("%d-12-31", day.Year()), nil
	}
	monday := day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
	return monday.Format(time.DateOnly), monday.AddDate(0, 0, 6).Format(time.DateOnly), nil
}

// table is one table of a report, the first row its heads.
type table struct {
	title string
	rows  [][]string
}

func (p reportPrinter) page(title string, tables []table) string {
	var b strings.Builder
	note := "report.public"
	if p.inner {
		note = "report.inner"
	}
	fmt.Fprintf(&b, "# %s\n\n%s\n%s\n", title, p.w(note), p.w("report.how"))
	for _, s := range tables {
		fmt.Fprintf(&b, "\n## %s\n\n", s.title)
		if len(s.rows) < 2 {
			fmt.Fprintln(&b, p.w("report.none"))
			continue
		}
		for i, row := range s.rows {
			fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
			if i == 0 {
				fmt.Fprintf(&b, "|%s\n", strings.Repeat("---|", len(row)))
			}
		}
	}
	return b.String()
}

// flat is all tables below one another, each row with its table's title before it.
func flat(tables []table) [][]string {
	var rows [][]string
	for _, s := range tables {
		for _, r := range s.rows {
			rows = append(rows, append([]string{s.title}, r...))
		}
	}
	return rows
}

// reportPrinter puts figures into tables, in one language and for the office or the public.
type reportPrinter struct {
	words  *locales.Catalog
	lang   string
	office *petition.Office
	inner  bool

	from, to string // the days reported
}

func (p reportPrinter) w(key string, args ...any) string { return p.words.Say(p.lang, key, args...) }

func (p reportPrinter) title(week bool, from, to string) string {
	if week {
		return p.w("report.week", "County", p.office.County, "From", from, "To", to)
	}
	return p.w("report.year", "County", p.office.County, "Year", from[:4])
}

// compare is the table of units under a title: only what they owe and what people said
// of them.
func (p reportPrinter) compare(title string, units []petition.UnitFigures) table {
	s := table{title: p.w(title), rows: [][]string{p.all("report.unit", "report.notice", "report.answer",
		"report.reopened", "report.changed", "report.rated", "report.satisfied", "report.entered")}}
	for _, u := range units {
		s.rows = append(s.rows, []string{p.unit(u.Unit), p.share(u.Notice), p.share(u.Answer), p.share(u.Reopened),
			p.share(u.Changed), p.share(u.Rated), p.share(u.Satisfied), p.numbers([]int{u.Entered})[0]})
	}
	return s
}

func (p reportPrinter) all(keys ...string) []string {
	out := make([]string, 0, len(keys))
	for _, k := range keys {
		out = append(out, p.w(k))
	}
	return out
}

// share shows numerator and denominator beside the percentage.
func (p reportPrinter) share(s petition.Share) string {
	percent, ok := s.Percent()
	if !ok {
		return "—"
	}
	if text := petition.PublicShare(s); !p.inner && text != fmt.Sprintf("%d/%d", s.N, s.Of) {
		return text
	}
	return fmt.Sprintf("%d/%d (%.1f%%)", s.N, s.Of, percent)
}

// year is the report of Art 41.
func (p reportPrinter) year(y petition.YearFigures, units []petition.UnitFigures) []table {
	filed, classes := y.Filed, y.Classes
	if n := classes["report"]; !p.inner && petition.TooFew(n) {
		// The other tables leave reports out: a total with them would give them away.
		classes = maps.Clone(classes)
		delete(classes, "report")
		filed -= n
	}
	return []table{
		p.counts(p.w("report.filed", "Count", filed)+" · "+p.w("report.classes"), classes, order("claim", "suggestion", "report"), func(k string) string { return p.w("class." + k) }),
		p.counts(p.w("report.channels"), y.Channels, order("telegram", "web", "terminal", "api", "letter", "visit", "call"), func(k string) string { return p.w("report.channel." + k) }),
		p.counts(p.w("report.fields"), y.Fields, petition.InOrder(p.office, petition.FieldCodes, y.Fields), p.field),
		p.counts(p.w("report.places"), y.Places, petition.InOrder(p.office, petition.PlaceCodes, y.Places), p.place),
		p.sent(y),
		p.done(y),
		p.counts(p.w("report.proposals"), y.Proposals, order("letter", "improve", "policy", "accountability"), func(k string) string { return p.w("report.kind." + k) }),
		p.counts(p.w("report.adopted"), y.Adopted, order("yes", "partly", "no"), func(k string) string { return p.w("report.adopted." + k) }),
		p.compare("report.compare", units),
	}
}

func order(keys ...string) []string { return keys }

// counts is a table of counts that add up to its last row. It keeps the order given,
// never that of the numbers.
func (p reportPrinter) counts(title string, have map[string]int, keys []string, name func(string) string) table {
	s := table{title: title, rows: [][]string{{"", p.w("report.count")}}}
	var names []string
	var n []int
	total := 0
	for _, k := range append(keys, "") {
		if have[k] == 0 {
			continue
		}
		label := p.w("report.unknown")
		if k != "" {
			label = name(k)
		}
		names, n, total = append(names, label), append(n, have[k]), total+have[k]
	}
	shown := p.numbers(n)
	for i := range names {
		s.rows = append(s.rows, []string{names[i], shown[i]})
	}
	if len(names) > 0 {
		s.rows = append(s.rows, []string{p.w("report.total"), p.numbers([]int{total})[0]})
	}
	return s
}

func (p reportPrinter) numbers(n []int) []string {
	if !p.inner {
		return petition.PublicCounts(n)
	}
	out := make([]string, len(n))
	for i := range n {
		out[i] = strconv.Itoa(n[i])
	}
	return out
}

// sent is which units petitions were about, as far as that shows in what was sent to
// them, in the order of the office's data.
func (p reportPrinter) sent(y petition.YearFigures) table {
	s := table{title: p.w("report.sent"), rows: [][]string{p.all("report.unit", "report.sent.transfer", "report.sent.assign", "report.sent.supervise")}}
	all := maps.Clone(y.Sent)
	maps.Copy(all, y.Assigned)
	maps.Copy(all, y.Supervised)
	for _, code := range petition.InOrder(p.office, petition.UnitCodes, all) {
		row := []string{p.unit(code)}
		for _, n := range []int{y.Sent[code], y.Assigned[code], y.Supervised[code]} {
			row = append(row, p.numbers([]int{n})[0])
		}
		s.rows = append(s.rows, row)
	}
	return s
}

func (p reportPrinter) done(y petition.YearFigures) table {
	s := table{title: p.w("report.done"), rows: [][]string{{"", p.w("report.count")}}}
	for _, row := range []struct {
		key string
		n   int
	}{
		{"accepted", y.Accepted}, {"refused", y.Refused}, {"guided", y.Guided}, {"extended", y.Extended}, {"answered", y.Answered},
		{"agreed", y.Agreed}, {"reviews", y.Reviews}, {"reopened", y.Reopened}, {"withdrawn", y.Withdrawn},
	} {
		s.rows = append(s.rows, []string{p.w("report.done." + row.key), p.numbers([]int{row.n})[0]})
	}
	return s
}

// unit, field and place are names at the end of the time reported, with the one before where
// it changed within.

func (p reportPrinter) unit(code string) string {
	u, ok := p.office.Find(code)
	return p.name(ok, code, u.NameOn)
}

func (p reportPrinter) field(code string) string {
	c, ok := p.office.Category(code)
	return p.name(ok, code, c.NameOn)
}

func (p reportPrinter) place(code string) string {
	l, ok := p.office.Locality(code)
	return p.name(ok, code, l.NameOn)
}

func (p reportPrinter) name(known bool, code string, on func(lang, day string) string) string {
	if !known {
		return code
	}
	name, before := on(p.lang, p.to), on(p.lang, p.from)
	if name == before {
		return name
	}
	return p.w("report.renamed", "Name", name, "Before", before)
}
