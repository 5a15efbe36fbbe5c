package backlog

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"dengwen/petition"
)

// Fault is why a line is not taken over: a sentence of locales, import.fault.*, about one column.
type Fault struct {
	Field string
	Key   string
	Value string // what stands in the table, cut to 40 characters
}

// Line is one line of a table as it would be taken over, or its faults.
type Line struct {
	Number  int // in the file, from 1
	Filing  petition.Filing
	Backlog petition.Backlog
	Faults  []Fault
	Cells   []string
	Unknown map[string]string // subjects and places that the office's data do not have: they are kept as words
}

// reader reads the lines of one table.
type reader struct {
	office  *petition.Office
	table   *table
	columns Columns
	words   words
	today   string
	units   map[string]string // names, as compared, to codes
	places  map[string]string
	topics  map[string]string
	seen    map[string]int // old numbers, with the line that had each
	width   int
	own     func(field, value string) string // turns another system's code into one of here; nil = there are none
}

func newReader(o *petition.Office, t *table, c Columns, today string) *reader {
	r := &reader{office: o, table: t, columns: c, words: readWords(), today: today, units: map[string]string{}, places: map[string]string{}, topics: map[string]string{}, seen: map[string]int{}}
	for _, u := range o.AllUnits() {
		r.name(r.units, u.Code, u.Code, u.Name, o.UnitNameOn(u.Code, "", ""), strings.TrimPrefix(u.Name, o.County))
		for _, was := range u.Was {
			r.name(r.units, u.Code, was.Name)
		}
	}
	for _, l := range o.Places {
		r.name(r.places, l.Code, l.Code, l.Name)
	}
	for _, c := range o.Categories {
		r.name(r.topics, c.Code, c.Code, c.Name)
	}
	if at := t.heads(); at >= 0 {
		r.width = len(t.rows[at])
	}
	return r
}

func (r *reader) name(list map[string]string, code string, names ...string) {
	for _, n := range names {
		if n = plain(n); n != "" {
			if _, have := list[n]; !have {
				list[n] = code
			}
		}
	}
}

var (
	phones = regexp.MustCompile(`^[\d\-+() 、，,;；/]{7,60}$`)
	digits = regexp.MustCompile(`\d`)
	counts = regexp.MustCompile(`^(\d{1,6})(?:\.0+)?[人名]?$`)
	broad  = regexp.MustCompile(`^\d(?:\.\d+)?[eE]\+\d{1,2}$`)
)

// line reads one row. importID names the import.
func (r *reader) line(i int, importID string) Line {
	row := r.table.rows[i]
	l := Line{Number: r.table.lines[i], Cells: row, Unknown: map[string]string{}}
	l.Backlog.Import, l.Backlog.Line = importID, l.Number
	if strings.ContainsRune(strings.Join(row, ""), utf8.RuneError) {
		l.fault("", "broken", "")
	}
	if !r.table.workbook && r.width > 0 && len(row) > r.width {
		l.fault("", "cells", "")
	}
	r.texts(&l)
	r.days(&l)
	r.choices(&l)
	r.people(&l)
	r.number(&l)
	return l
}

func (l *Line) fault(field, key, value string) {
	if v := []rune(value); len(v) > 40 {
		value = string(v[:40])
	}
	l.Faults = append(l.Faults, Fault{field, "import.fault." + key, value})
}

func (r *reader) cell(l *Line, field string) string {
	i, ok := r.columns[field]
	if !ok || i >= len(l.Cells) {
		return ""
	}
	v := l.Cells[i]
	if r.own != nil {
		v = r.own(field, v)
	}
	if r.table.workbook && broad.MatchString(v) { // a telephone number that the workbook kept as a number
		if f, err := strconv.ParseFloat(v, 64); err == nil {
			return strconv.FormatFloat(f, 'f', -1, 64)
		}
	}
	return v
}

// maxFacts and the others are what petition takes, in characters.
const (
	maxFacts   = 20_000
	maxRequest = 5_000
	maxLine    = 200
	maxOutcome = 2_000
)

func (r *reader) texts(l *Line) {
	f := &l.Filing
	for _, t := range []struct {
		field string
		to    *string
		max   int
	}{
		{"old", &f.Old, 60}, {"facts", &f.Facts, maxFacts}, {"request", &f.Request, maxRequest}, {"title", &f.Title, maxLine},
		{"name", &f.Contact.Name, 100}, {"address", &f.Contact.Address, maxLine}, {"where", &f.Place.Text, maxLine}, {"outcome", &l.Backlog.Outcome, maxOutcome},
	} {
		*t.to = r.cell(l, t.field)
		if utf8.RuneCountInString(*t.to) > t.max {
			l.fault(t.field, "long", *t.to)
		}
	}
	if f.Facts == "" {
		l.fault("facts", "facts", "")
	}
}

func (r *reader) days(l *Line) {
	received := r.cell(l, "received")
	day, ok := r.table.day(received)
	switch {
	case received == "":
		l.fault("received", "received", "")
		return
	case !ok:
		l.fault("received", "day", received)
		return
	case day > r.today:
		l.fault("received", "future", received)
	case day < "1950-01-01":
		l.fault("received", "past", received)
	}
	l.Filing.Received = day
	since := r.cell(l, "day")
	if since == "" {
		return
	}
	later, ok := r.table.day(since)
	switch {
	case !ok:
		l.fault("day", "day", since)
	case later > r.today:
		l.fault("day", "future", since)
	case later < day:
		l.fault("day", "order", since)
	}
	l.Backlog.Day = later
}

func (r *reader) choices(l *Line) {
	f := &l.Filing
	for _, c := range []struct {
		field, without string
		list           map[string][]string
		set            func(string)
	}{
		{"class", string(petition.Claim), r.words.Class, func(v string) { f.Class = petition.Class(v) }},
		{"channel", "letter", r.words.Channel, func(v string) { f.Channel = v }},
		{"status", string(petition.Registered), r.words.Status, func(v string) { l.Backlog.Status = petition.Status(v) }},
	} {
		said := r.cell(l, c.field)
		value := r.words.find(c.list, said)
		if said == "" {
			value = c.without
		}
		if value == "" {
			l.fault(c.field, c.field, said)
		}
		c.set(value)
	}
	if said := r.cell(l, "unit"); said != "" {
		if l.Backlog.Unit = r.units[plain(said)]; l.Backlog.Unit == "" {
			l.fault("unit", "unit", said)
		}
	}
	if said := r.cell(l, "place"); said != "" {
		if f.Place.Code = r.places[plain(said)]; f.Place.Code == "" {
			l.Unknown["place"] = said
			f.Place.Text = strings.TrimSpace(said + " " + f.Place.Text)
		}
	}
	if said := r.cell(l, "subject"); said != "" {
		if f.Subject = r.topics[plain(said)]; f.Subject == "" {
			l.Unknown["subject"], l.Backlog.Subject = said, said
		}
	}
	if l.Backlog.Status == petition.Transferred && l.Backlog.Unit == "" && f.Class != petition.Report {
		l.fault("unit", "unit_missing", "")
	}
}

func (r *reader) people(l *Line) {
	f := &l.Filing
	if said := r.cell(l, "phone"); said != "" {
		f.Contact.Phone = said
		if !phones.MatchString(said) || len(digits.FindAllString(said, 16)) < 7 || utf8.RuneCountInString(said) > 40 {
			l.fault("phone", "phone", said)
		}
	}
	said := r.cell(l, "people")
	if said == "" {
		return
	}
	m := counts.FindStringSubmatch(said)
	n := 0
	if m != nil {
		n, _ = strconv.Atoi(m[1]) // at most six digits
	}
	if n < 1 || n > 100_000 {
		l.fault("people", "people", said)
	}
	f.People = n
}

func (r *reader) number(l *Line) {
	old := l.Filing.Old
	if old == "" {
		return
	}
	if before, have := r.seen[old]; have {
		l.fault("old", "repeated", strconv.Itoa(before))
		return
	}
	r.seen[old] = l.Number
}
