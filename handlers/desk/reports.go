package desk

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"dengwen/internal/report"
	"dengwen/locales"
	"dengwen/petition"
)

type reportPage struct {
	frame
	Sheet report.Sheet
	At    time.Time // when it was counted, or submitted; zero = it is being counted
	Whose string
	Kinds []choice   // Value is the address
	Issue *issueForm // how it is signed; nil = it is not, or not by this officer
	wanted
	Before   string // address of the time before
	After    string
	Audience choice // the other reader it can be made for; Value is the address
	Poll     bool
}

// wanted is what the address of a report asks for.
type wanted struct {
	kind   report.Kind
	day    time.Time
	public bool
}

// reportOf reads the address; without a day it is the last time that is over.
func (d *Door) reportOf(v *visit) (wanted, error) {
	w := wanted{kind: report.Kind(v.r.FormValue("kind")), public: v.r.FormValue("public") == "1"}
	if !slices.Contains(report.Kinds(), w.kind) {
		w.kind = report.Month
	}
	day := v.r.FormValue("day")
	if day == "" {
		today, _ := time.Parse(time.DateOnly, petition.Day(d.Now())) // Day wrote it
		w.day = first(w.kind, today).AddDate(0, 0, -1)
		return w, nil
	}
	var err error
	if w.day, err = time.Parse(time.DateOnly, day); err != nil || w.day.Year() < 1950 || w.day.Year() > 2200 {
		return w, petition.Fail(petition.Invalid, "list.day", "day", petition.FileName(day))
	}
	return w, nil
}

func first(k report.Kind, day time.Time) time.Time {
	t, _ := time.Parse(time.DateOnly, k.Span(day).From) // Span wrote it
	return t
}

func (w wanted) query() string {
	q := url.Values{"kind": {string(w.kind)}, "day": {w.kind.Span(w.day).From}}
	if w.public {
		q.Set("public", "1")
	}
	return q.Encode()
}

// File is the address of the report itself, "" = the page, or as a file of an ending.
func (w wanted) File(ending string) string { return "/desk/reports" + ending + "?" + w.query() }

func (w wanted) on(day time.Time) string {
	w.day = day
	return w.File("")
}

// printed is the report as tables; false while it is being counted.
func (d *Door) printed(v *visit, w wanted) (report.Printer, petition.ReportFigures, bool, error) {
	if d.Figures == nil {
		return report.Printer{}, petition.ReportFigures{}, false, d.missing(v)
	}
	r, err := d.Figures.Report(v.ctx(), v.actor, w.kind.Beside(w.day)...)
	p := report.Printer{Words: d.Locales, Lang: v.names.Lang, Office: d.Office, Inner: !w.public, Periods: r.Periods}
	return p, r, !r.At.IsZero(), petition.Wrap(err, "read report")
}

// report shows a report with the time before and that of the year before beside it.
func (d *Door) report(v *visit) error {
	w, err := d.reportOf(v)
	if err != nil {
		return err
	}
	paper, issue, err := d.issuePaper(v, w)
	if err != nil {
		return err
	}
	p := reportPage{frame: d.inFrame(v, "reports"), wanted: w, Issue: issue}
	ready := paper.Fixed()
	if ready {
		p.Sheet, err = d.sheet(v, paper)
		p.At = submitted(paper)
	} else {
		ready, err = d.counted(v, &p)
	}
	if err != nil {
		return err
	}
	for _, k := range report.Kinds() {
		p.Kinds = append(p.Kinds, choice{"/desk/reports?" + url.Values{"kind": {string(k)}}.Encode(), p.T("reports." + string(k)), k == w.kind})
	}
	start := first(w.kind, w.day)
	end, _ := time.Parse(time.DateOnly, w.kind.Span(w.day).To)
	p.Before = w.on(start.AddDate(0, 0, -1))
	if petition.Day(d.Now()) > w.kind.Span(w.day).To {
		p.After = w.on(end.AddDate(0, 0, 1))
	}
	other := w
	other.public = !w.public
	p.Audience = choice{Value: other.File(""), Label: p.T("reports.public")}
	if w.public {
		p.Audience.Label = p.T("reports.inner")
	}
	if !ready {
		p.Poll = againLater(v)
		return d.render(v, "reports", "report", p)
	}
	return d.render(v, "reports", "report", p)
}

// counted fills a page with the report as it is counted now; false while it is being counted.
func (d *Door) counted(v *visit, p *reportPage) (bool, error) {
	printer, r, ready, err := d.printed(v, p.wanted)
	if err != nil {
		return false, err
	}
	if r.Unit != "" {
		p.Whose = v.names.Unit(r.Unit)
	}
	if p.At = r.At; ready {
		p.Sheet = printer.Sheet(p.kind, petition.Day(r.At))
	}
	return ready, nil
}

// lines are a report as rows of a file.
func (d *Door) reportLines(v *visit) (w wanted, rows [][]string, ready bool, err error) {
	if w, err = d.reportOf(v); err != nil {
		return w, nil, false, err
	}
	p, _, ready, err := d.printed(v, w)
	if err != nil || !ready {
		return w, nil, false, err
	}
	return w, p.Rows(w.kind), true, nil
}

// reportCSV hands out a report as CSV (RFC 4180) with the mark by which spreadsheets know UTF-8.
func (d *Door) reportCSV(v *visit) error {
	w, rows, ready, err := d.reportLines(v)
	if err != nil {
		return err
	}
	if !ready {
		return notYet(v)
	}
	var b strings.Builder
	b.WriteString("\ufeff")
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	d.download(v, "text/csv; charset=utf-8", w.file("csv"))
	_, err = v.w.Write([]byte(b.String()))
	return err
}

func (w wanted) file(ending string) string {
	return "report-" + string(w.kind) + "-" + w.kind.Span(w.day).From + "." + ending
}

// reportXLSX hands out a report as a workbook.
func (d *Door) reportXLSX(v *visit) error {
	w, rows, ready, err := d.reportLines(v)
	if err != nil {
		return err
	}
	if !ready {
		return notYet(v)
	}
	d.download(v, xlsx, w.file("xlsx"))
	return report.WriteXLSX(v.w, rows)
}

// reportPaper hands out a report as offices publish it, to be read or edited.
func (d *Door) reportPaper(form, kind string) page {
	return func(v *visit) error {
		w, err := d.reportOf(v)
		if err != nil {
			return err
		}
		s, ready, err := d.reportSheet(v, w)
		switch {
		case err != nil:
			return err
		case !ready:
			return notYet(v)
		case d.PrintReport == nil:
			return d.missing(v)
		}
		var b bytes.Buffer
		if err := d.PrintReport(v.ctx(), &b, form, s); err != nil {
			return petition.Wrap(err, "print report")
		}
		d.download(v, kind, w.file(form))
		_, err = v.w.Write(b.Bytes())
		return err
	}
}

// reportSheet is a report to be printed: as it was submitted where it was, else as it is counted now; false while it is
// being counted.
func (d *Door) reportSheet(v *visit, w wanted) (report.Sheet, bool, error) {
	paper, _, err := d.issuePaper(v, w)
	if err == nil && paper.Fixed() {
		s, err := d.sheet(v, paper)
		return s, true, err
	}
	if err != nil {
		return report.Sheet{}, false, err
	}
	p, r, ready, err := d.printed(v, w)
	if err != nil || !ready {
		return report.Sheet{}, false, err
	}
	p.Lang = locales.Default // what an office publishes is in Chinese by law, as its documents are
	return p.Sheet(w.kind, petition.Day(r.At)), true, nil
}
