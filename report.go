package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"strings"
	"time"

	"dengwen/internal/config"
	"dengwen/locales"
	"dengwen/petition"
)

type reportCmd struct {
	Week  bool   `xor:"what" required:"" help:"the week before this one, or the week of --day: how units kept their periods"`
	Year  bool   `xor:"what" required:"" help:"the year's report (Art 41), this year or that of --day"`
	Day   string `placeholder:"2026-08-03" help:"a day of the week or year meant"`
	MD    bool   `name:"md" xor:"as" help:"as Markdown (default)"`
	CSV   bool   `name:"csv" xor:"as" help:"as CSV"`
	Inner bool   `help:"for the office only: small numbers are not hidden"`
	Lang  string `default:"zh-CN" enum:"zh-CN,en" help:"language of the report"`
}

// Run prints a report made from every case of the store.
func (c reportCmd) Run(ctx context.Context, s *config.Settings, std streams) error {
	from, to, err := c.span(time.Now())
	if err != nil {
		return err
	}
	return withStore(ctx, s, std, func(h *house) error {
		words, err := locales.New()
		if err != nil {
			return fmt.Errorf("read the sentences: %w", err)
		}
		cal, err := petition.LoadCalendar(s.DataDir)
		if err != nil {
			return err
		}
		service := petition.NewService(h.store, h.office, cal, h.box.Hash, time.Now, newID, nil)
		year, units, err := service.Figures(ctx, from, to)
		if err != nil {
			return said(err)
		}
		p := press{words: words, lang: c.Lang, office: h.office, inner: c.Inner}
		sheets := []sheet{p.compare("report.units", units)}
		if c.Year {
			sheets = p.year(year, units)
		}
		if c.CSV {
			w := csv.NewWriter(std.out)
			return errors.Join(w.WriteAll(flat(sheets)), w.Error())
		}
		_, err = fmt.Fprint(std.out, p.page(p.title(c.Week, from, to), sheets))
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
		return "", "", fmt.Errorf("--day: %q is not a date like 2026-08-03", c.Day)
	}
	if c.Year {
		return fmt.Sprintf("%d-01-01", day.Year()), fmt.Sprintf("%d-12-31", day.Year()), nil
	}
	monday := day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
	return monday.Format(time.DateOnly), monday.AddDate(0, 0, 6).Format(time.DateOnly), nil
}

// sheet is one table of a report, the first row its heads.
type sheet struct {
	title string
	rows  [][]string
}

func (p press) page(title string, sheets []sheet) string {
	var b strings.Builder
	note := "report.public"
	if p.inner {
		note = "report.inner"
	}
	fmt.Fprintf(&b, "# %s\n\n%s\n%s\n", title, p.w(note), p.w("report.how"))
	for _, s := range sheets {
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
func flat(sheets []sheet) [][]string {
	var rows [][]string
	for _, s := range sheets {
		for _, r := range s.rows {
			rows = append(rows, append([]string{s.title}, r...))
		}
	}
	return rows
}
