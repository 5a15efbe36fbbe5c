package desk

import (
	"slices"
	"strconv"
	"strings"
)

// column is one of the list of cases, for its page.
type column struct {
	Key, Label string
	Chosen     bool
	Wide       bool // left out on a narrow screen
}

// columnSpec is a column of the list, on the page and in its files.
type columnSpec struct {
	key, label string // label: of its sentence
	usual      bool   // shown where nothing was chosen
	file       bool   // in files where nothing was chosen
	wide       bool
	cell       func(r row) string
}

// columns are all, in the order in which they stand. Never written to.
var columns = []columnSpec{
	{"number", "col.number", true, true, false, func(r row) string { return r.Number }},
	{"matter", "col.matter", true, true, false, func(r row) string { return r.N.Title(r.Item) }},
	{"old", "col.old", false, false, true, func(r row) string { return r.Old }},
	{"class", "class", false, true, true, func(r row) string { return r.N.Class(r.Class) }},
	{"place", "place", true, true, true, row.Where},
	{"subject", "subject", true, true, true, row.What},
	{"unit", "unit", true, true, false, func(r row) string { return r.N.Unit(r.Unit) }},
	{"officer", "officer", false, true, true, func(r row) string { return r.Officer }},
	{"status", "status", true, true, true, func(r row) string { return r.N.Status(r.Status) }},
	{"channel", "channel", false, true, true, func(r row) string { return r.T("channel." + r.Channel) }},
	{"origin", "origin.number", false, true, true, func(r row) string { return r.OriginNumber }},
	{"due", "col.due", true, true, false, row.Last},
	{"rule", "col.rule", false, true, false, func(r row) string { return r.rule() }},
	{"article", "col.article", false, true, false, func(r row) string { return r.article() }},
	{"left", "col.left", false, true, true, func(r row) string { return r.left() }},
	{"received", "received", true, true, true, row.Came},
}

func (r row) rule() string {
	if r.Rule == "" {
		return ""
	}
	return r.N.Rule(r.Rule)
}

func (r row) article() string {
	if r.Article == "" {
		return ""
	}
	return r.N.Article(r.Article)
}

func (r row) left() string {
	if r.Due == "" {
		return ""
	}
	return strconv.Itoa(r.Left)
}

// Cell is what a case has in a column of the page.
func (r row) Cell(key string) string {
	if key == "unit" && r.Officer != "" {
		return r.N.Unit(r.Unit) + " · " + r.Officer
	}
	for _, c := range columns {
		if c.key == key {
			return c.cell(r)
		}
	}
	return ""
}

// chosenColumnsOf are the columns that an address names, and those of every list; where it names none, those that fit.
func chosenColumnsOf(values []string, fits func(columnSpec) bool) (all []columnSpec) {
	named := strings.Join(values, ",")
	for _, c := range columns {
		always := c.key == "number" || c.key == "matter"
		chosen := slices.Contains(strings.Split(named, ","), c.key)
		if always || chosen || named == "" && fits(c) {
			all = append(all, c)
		}
	}
	return all
}
