package app

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"time"

	"dengwen/documents"
	"dengwen/internal/report"
	"dengwen/locales"
	"dengwen/petition"
	"dengwen/petition/batch"
)

// reportBatch is the kind of batch that makes a report when its time is over.
const reportBatch = "report"

// wantedReport is what such a batch works on.
type wantedReport struct {
	Kind report.Kind `json:"kind"`
	Day  string      `json:"day"` // of the time it is about
}

// printReport writes a report as the office publishes it.
func (a *App) printReport(ctx context.Context, w io.Writer, form string, s report.Sheet) error {
	r := documents.Report{Title: s.Title, Notes: []string{s.Note}, Office: a.Office.Name, Day: a.Locales.Day(locales.Default, s.Day, "")}
	for i, label := range s.Signs {
		r.Signs = append(r.Signs, documents.Sign{Label: label, Name: s.Hands[i]})
	}
	r.Draft = documents.Draft{Title: s.DraftTitle, Lines: s.Draft}
	for _, t := range s.Tables {
		r.Tables = append(r.Tables, documents.Table{Title: t.Title, Rows: t.Rows, None: s.None})
	}
	if s.Hands[0] == "" {
		r.Notes = append(r.Notes, s.Unsigned)
	}
	r.Notes = append(r.Notes, s.How)
	return a.papers.Report(ctx, w, form, r)
}

// scheduleReports begins the reports of every time that ended before today, on the first working day after it, from opening time
// on: the week's, the month's, the half-year's and the year's. Asked every minute, by every replica, it begins each once.
func (a *App) scheduleReports(ctx context.Context) (int, error) {
	return a.beginReports(ctx, time.Now())
}

// beginReports is scheduleReports at a moment.
func (a *App) beginReports(ctx context.Context, now time.Time) (int, error) {
	if daily, _ := a.law.DigestsDue(now); !daily {
		return 0, nil
	}
	today, _ := time.Parse(time.DateOnly, petition.Day(now)) // Day wrote it
	begun := 0
	for _, k := range report.Kinds() {
		first, _ := time.Parse(time.DateOnly, k.Span(today).From) // Span wrote it
		if today.Sub(first) > lateReport {
			continue
		}
		want := wantedReport{k, k.Span(first.AddDate(0, 0, -1)).From}
		id := "report-" + string(k) + "-" + want.Day
		if _, err := a.Store.Batch(ctx, id); petition.CodeOf(err) != petition.NotFound {
			if err != nil {
				return begun, err
			}
			continue
		}
		input, err := json.Marshal(want)
		if err != nil {
			return begun, err
		}
		b := batch.Batch{ID: id, Kind: reportBatch, Staff: petition.System().Staff, Name: a.reportTitle(want), At: now, State: batch.Waiting, Total: 1, Input: input}
		fresh, err := a.Store.NewBatch(ctx, b) // another replica may have found none either
		if err != nil {
			return begun, err
		}
		if fresh {
			begun++
		}
	}
	return begun, nil
}

// lateReport is how long after the end of its time a report is still begun by itself: the program may have been away.
const lateReport = 14 * 24 * time.Hour

func (a *App) reportTitle(w wantedReport) string {
	day, _ := time.Parse(time.DateOnly, w.Day) // Span wrote it
	span := w.Kind.Span(day)
	p := report.Printer{Words: a.Locales, Lang: locales.Default, Office: a.Office, Periods: []petition.PeriodFigures{{Year: petition.YearFigures{From: span.From, To: span.To}}}}
	return p.Title(w.Kind)
}

// beginReport makes a report: for the office and for the public, as PDF, Word and workbook in one file.
func (a *App) beginReport(_ context.Context, b *batch.Batch) (batch.Next, error) {
	var want wantedReport
	if err := json.Unmarshal(b.Input, &want); err != nil {
		return nil, err
	}
	day, err := time.Parse(time.DateOnly, want.Day)
	if err != nil {
		return nil, err
	}
	head := petition.Actor{Staff: petition.System().Staff, Unit: a.Office.Unit, Roles: []petition.Role{petition.Supervisor}}
	return func(ctx context.Context, b *batch.Batch) ([]batch.Refusal, bool, error) {
		figures, err := a.service.Report(ctx, head, want.Kind.Beside(day)...)
		if err != nil {
			return nil, false, err
		}
		if figures.At.IsZero() { // they are being counted
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
			return nil, false, ctx.Err()
		}
		var file bytes.Buffer
		if err := a.reportFiles(ctx, &file, want, figures); err != nil {
			return nil, false, err
		}
		b.Result = b.ID
		_, _, err = a.blobs.Put(ctx, b.Result, &file, 64<<20)
		b.Done, b.Made = 1, 1
		return nil, true, err
	}, nil
}

func (a *App) reportFiles(ctx context.Context, to io.Writer, want wantedReport, figures petition.ReportFigures) error {
	z := zip.NewWriter(to)
	for _, inner := range []bool{true, false} {
		p := report.Printer{Words: a.Locales, Lang: locales.Default, Office: a.Office, Inner: inner, Periods: figures.Periods}
		name := string(want.Kind) + "-" + want.Day
		if !inner {
			name += "-public"
		}
		for form, write := range map[string]func(io.Writer) error{
			"pdf": func(w io.Writer) error {
				return a.printReport(ctx, w, "pdf", p.Sheet(want.Kind, petition.Day(figures.At)))
			},
			"docx": func(w io.Writer) error {
				return a.printReport(ctx, w, "docx", p.Sheet(want.Kind, petition.Day(figures.At)))
			},
			"xlsx": func(w io.Writer) error { return report.WriteXLSX(w, p.Rows(want.Kind)) },
		} {
			f, err := z.Create(name + "." + form)
			if err := errors.Join(err, write(f)); err != nil {
				return err
			}
		}
	}
	return z.Close()
}
