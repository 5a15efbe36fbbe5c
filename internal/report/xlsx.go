package report

import (
	"fmt"
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// Rows are a report below one another as rows of a file: title, for whom it is, how it was counted, and
// each table with its title.
func (p Printer) Rows(k Kind) [][]string {
	rows := [][]string{{p.Title(k)}, {p.Note()}, {p.How()}}
	for _, t := range p.Tables(k) {
		rows = append(append(rows, []string{}, []string{t.Title}), t.Rows...)
	}
	return rows
}

// WriteXLSX writes rows as a workbook; whole numbers are numbers there.
func WriteXLSX(to io.Writer, rows [][]string) error {
	book := excelize.NewFile()
	defer book.Close()
	const sheet = "Sheet1"
	if err := book.SetColWidth(sheet, "A", "H", 22); err != nil {
		return fmt.Errorf("set widths: %w", err)
	}
	for i, row := range rows {
		cells := make([]any, len(row))
		for j, c := range row {
			cells[j] = c
			if n, err := strconv.Atoi(c); err == nil {
				cells[j] = n
			}
		}
		if err := book.SetSheetRow(sheet, "A"+strconv.Itoa(i+1), &cells); err != nil {
			return fmt.Errorf("write report: %w", err)
		}
	}
	return book.Write(to)
}
