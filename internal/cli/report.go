package cli

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"strings"
	"time"

	"dengwen/internal/app"
	"dengwen/internal/config"
	"dengwen/internal/office"
	"dengwen/internal/report"
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
		p := report.Printer{Words: sp.words, Lang: lang, Office: a.Office, Inner: c.Inner, Periods: []petition.PeriodFigures{{Year: year, Units: units}}}
		kind := c.kind()
		tables := p.Tables(kind)
		if c.CSV {
			w := csv.NewWriter(std.out)
			return errors.Join(w.WriteAll(report.Flat(tables)), w.Error())
		}
		_, err = fmt.Fprint(std.out, markdown(p, kind, tables))
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
	span := c.kind().Span(day)
	return span.From, span.To, nil
}

func (c reportCmd) kind() report.Kind {
	if c.Year {
		return report.Year
	}
	return report.Week
}

func markdown(p report.Printer, kind report.Kind, tables []report.Table) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n%s\n", p.Title(kind), p.Note(), p.How())
	for _, t := range tables {
		fmt.Fprintf(&b, "\n## %s\n\n", t.Title)
		if len(t.Rows) < 2 {
			fmt.Fprintln(&b, p.None())
			continue
		}
		for i, row := range t.Rows {
			fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
			if i == 0 {
				fmt.Fprintf(&b, "|%s\n", strings.Repeat("---|", len(row)))
			}
		}
	}
	return b.String()
}
