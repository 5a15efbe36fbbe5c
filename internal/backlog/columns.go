package backlog

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

//go:embed words.toml
var wordsFile []byte

// words are what columns and their values are called.
type words struct {
	Columns, Channel, Class, Status map[string][]string
}

// readWords reads the file that the program was built with; the test of the package reads it too.
func readWords() words {
	var w words
	if err := toml.Unmarshal(wordsFile, &w); err != nil {
		panic("internal/backlog/words.toml: " + err.Error())
	}
	return w
}

// Fields are what a column can be, in the order of the form.
func Fields() []string {
	return []string{"old", "received", "channel", "class", "name", "phone", "address", "people", "place", "where", "subject", "title", "facts", "request", "unit", "status", "day", "outcome"}
}

// Needed are those without which no line can be taken over.
func Needed() []string { return []string{"received", "facts"} }

// Columns says which column has a field, from 0. A field that no column has is not in it.
type Columns map[string]int

var brackets = regexp.MustCompile(`[(（【\[].*?[)）】\]]`)

// plain is a name as it is compared.
func plain(s string) string {
	s = brackets.ReplaceAllString(s, "")
	return strings.ToLower(strings.Join(strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" \t\r\n\u3000　*：:/、", r) }), ""))
}

// find is the field that a column's name stands for, "" for none.
func (w words) find(list map[string][]string, name string) string {
	name = plain(name)
	if name == "" {
		return ""
	}
	for key, names := range list {
		if slices.ContainsFunc(names, func(n string) bool { return plain(n) == name }) {
			return key
		}
	}
	return ""
}

// headsWithin is among how many rows that of the names is looked for: above it stands the table's title.
const headsWithin = 20

// heads is the row that has the most names of fields, -1 when none has two.
func (t *table) heads() int {
	w, best, most := readWords(), -1, 1
	for i, row := range t.rows[:min(len(t.rows), headsWithin)] {
		if n := len(w.columns(row)); n > most {
			best, most = i, n
		}
	}
	return best
}

// columns finds the fields of a row of names. Of two columns for one field the first counts.
func (w words) columns(row []string) Columns {
	found := Columns{}
	for i, name := range row {
		if field := w.find(w.Columns, name); field != "" {
			if _, have := found[field]; !have {
				found[field] = i
			}
		}
	}
	return found
}
