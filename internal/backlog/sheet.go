package backlog

import "dengwen/petition"

// Sheet is a table whose columns have agreed names.
type Sheet struct {
	Heads   []string
	Lines   []Line
	columns map[string]int
}

// ReadSheet reads a table by the names that its columns have, given by field; fields beyond Fields are
// answered by Sheet.Cell. own turns a code that stands in a cell into one of this office, or answers it as it
// is. Errors are those of Importer.Take.
func ReadSheet(o *petition.Office, data []byte, named map[string]string, own func(field, value string) string, today string) (*Sheet, error) {
	t, err := readTable(data)
	if err != nil {
		return nil, err
	}
	at, columns := -1, map[string]int{}
	for i, row := range t.rows[:min(len(t.rows), headsWithin)] {
		if found := columnsNamed(row, named); len(found) > len(columns) {
			at, columns = i, found
		}
	}
	if len(columns) < 2 || len(t.rows) == at+1 {
		return nil, petition.Fail(petition.Invalid, "exchange.heads")
	}
	r := newReader(o, t, columns, today)
	r.own, r.width = own, len(t.rows[at])
	s := &Sheet{Heads: t.rows[at], columns: columns}
	for i := at + 1; i < len(t.rows); i++ {
		s.Lines = append(s.Lines, r.line(i, ""))
	}
	return s, nil
}

func columnsNamed(row []string, named map[string]string) map[string]int {
	found := map[string]int{}
	for i, head := range row {
		for field, name := range named {
			if _, have := found[field]; !have && plain(head) == plain(name) && plain(name) != "" {
				found[field] = i
			}
		}
	}
	return found
}

// Cell is what stands in a line under a field, "" where no column has it.
func (s *Sheet) Cell(l Line, field string) string {
	if i, ok := s.columns[field]; ok && i < len(l.Cells) {
		return l.Cells[i]
	}
	return ""
}

// Day reads a day as tables have it, see Importer; "" for none.
func Day(text string) string {
	day, _ := new(table).day(text)
	return day
}

// Word is what tables call a value of status, channel or class: the first of the words that are read as it.
// "" for a value that no word is read as.
func Word(list, value string) string {
	w := readWords()
	all := map[string]map[string][]string{"status": w.Status, "channel": w.Channel, "class": w.Class}[list][value]
	if len(all) == 0 {
		return ""
	}
	return all[0]
}
