package desk

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"dengwen/petition"

	"github.com/xuri/excelize/v2"
)

// exportMost is how many cases one file holds at most; whoever needs more narrows the list.
const exportMost = 20_000

// each goes through the list that the address selects, a page at a time; of it through the cases that the address names, where it
// names some.
func (d *Door) each(v *visit, do func(row) error) error {
	q, a, err := d.query(v)
	if err != nil {
		return err
	}
	q.Limit = 100
	f := d.inFrame(v, "")
	marked := v.r.Form["number"]
	most := exportMost
	if len(marked) > 0 {
		most = min(most, len(marked))
	}
	for n := 0; n < most; {
		page, err := d.Cases.List(v.ctx(), a, q)
		if err != nil {
			return petition.Wrap(err, "list cases to export")
		}
		for _, r := range d.rows(v, f, page.Items) {
			if len(marked) > 0 && !slices.Contains(marked, r.Number) {
				continue
			}
			if err := do(r); err != nil {
				return err
			}
			n++
		}
		if page.After == "" {
			break
		}
		q.After = page.After
	}
	return nil
}

// exportMarked leads to the file of marked cases of a list, nil = of all of it: a page that asked by its script can't take a file itself.
func (d *Door) exportMarked(v *visit, ending string, numbers []string, of string) error {
	address, err := url.ParseQuery(of)
	if err != nil {
		return petition.Fail(petition.Invalid, "desk.page.bulk.nothing")
	}
	address = addressOf(address)
	if len(numbers) > 0 {
		address["number"] = numbers
	}
	to := "/desk/cases." + ending + "?" + address.Encode()
	if v.r.Header.Get("HX-Request") == "true" {
		v.w.Header().Set("HX-Redirect", to)
		v.w.WriteHeader(http.StatusNoContent)
		return nil
	}
	http.Redirect(v.w, v.r, to, http.StatusSeeOther)
	return nil
}

// fileColumns are those of a file: what the address names, else all that files have.
func fileColumns(v *visit) []columnSpec {
	_ = v.r.ParseForm() // what of an address can't be read names nothing
	return chosenColumnsOf(v.r.Form["col"], func(c columnSpec) bool { return c.file })
}

func (d *Door) headings(v *visit) []string {
	f := d.frame(v.names)
	var all []string
	for _, c := range fileColumns(v) {
		all = append(all, f.T(c.label))
	}
	return all
}

// cells are a case in a file.
func (r row) cells(of []columnSpec) (all []string) {
	for _, c := range of {
		all = append(all, c.cell(r))
	}
	return all
}

// exportCSV hands out the list as CSV (RFC 4180) with the mark by which spreadsheets know UTF-8.
func (d *Door) exportCSV(v *visit) error {
	var b strings.Builder
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	_ = w.Write(d.headings(v)) // into memory: cannot fail
	err := d.each(v, func(r row) error {
		cells := r.cells(fileColumns(v))
		for i, c := range cells {
			cells[i] = inert(c)
		}
		return w.Write(cells)
	})
	if err != nil {
		return err
	}
	w.Flush()
	d.download(v, "text/csv; charset=utf-8", d.listName("csv"))
	_, err = v.w.Write([]byte(b.String()))
	return err
}

// inert keeps a spreadsheet from taking what a citizen wrote for a formula (OWASP, CSV injection).
func inert(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		if _, err := strconv.Atoi(cell); err != nil {
			return "'" + cell
		}
	}
	return cell
}

// exportXLSX hands out the list as a workbook.
func (d *Door) exportXLSX(v *visit) error {
	book := excelize.NewFile()
	defer book.Close()
	const sheet = "Sheet1"
	w, err := book.NewStreamWriter(sheet)
	if err != nil {
		return fmt.Errorf("begin workbook: %w", err)
	}
	line := 0
	write := func(cells []string) error {
		line++
		values := make([]any, len(cells))
		for i, c := range cells {
			values[i] = c
			if n, err := strconv.Atoi(c); err == nil && line > 1 {
				values[i] = n
			}
		}
		return w.SetRow("A"+strconv.Itoa(line), values)
	}
	if err := w.SetColWidth(1, len(columns), 16); err != nil {
		return fmt.Errorf("set widths: %w", err)
	}
	if err := write(d.headings(v)); err != nil {
		return fmt.Errorf("write headings: %w", err)
	}
	if err := d.each(v, func(r row) error { return write(r.cells(fileColumns(v))) }); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("end workbook: %w", err)
	}
	d.download(v, xlsx, d.listName("xlsx"))
	return book.Write(v.w)
}

// xlsx is the media type of a workbook.
const xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

func (d *Door) listName(ending string) string { return "cases-" + petition.Day(d.Now()) + "." + ending }

// download says what file follows.
func (d *Door) download(v *visit, kind, name string) {
	h := v.w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	v.w.WriteHeader(http.StatusOK)
}
