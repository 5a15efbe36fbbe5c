package extract

import (
	"strings"
	"sync"
)

// A matcher finds what a regular expression finds, faster in running text: expressions
// here are long lists of words, so it compares the words that a match can begin with, and
// asks regexp only for what is more than words. Alternatives that can begin with anything
// are searched for as usual; where one of them and a listed one begin at the same place,
// the listed one is taken.
type matcher struct {
	expr    string
	prepare func() *parts
	past    func(s string, i int) int // where to look on when nothing begins at i; nil = at the next character
}

// matching is for expressions in the program; like regexp.MustCompile it panics over a
// faulty one, at the first use: all of them together take longer to compile than
// anything else takes at the start of the program.
func matching(expr string) *matcher {
	return &matcher{expr: expr, prepare: sync.OnceValue(func() *parts { return takeApart(expr) })}
}

// counting is matching for expressions that begin with a numeral. Figures in a row are looked through once and not
// anew from each of them: ten thousand took a minute.
func counting(after string) *matcher {
	m := matching(`(` + numeral + `)` + after)
	m.past = pastNumeral
	return m
}

// FindAllStringSubmatchIndex is the method of regexp.Regexp.
func (m *matcher) FindAllStringSubmatchIndex(s string, n int) (out [][]int) {
	f := m.search(s, n)
	for n < 0 || len(out) < n {
		found, ok := f.next()
		if !ok {
			break
		}
		out = append(out, found.indexes())
	}
	return out
}

// FindAllStringIndex is the method of regexp.Regexp.
func (m *matcher) FindAllStringIndex(s string, n int) [][]int {
	found := m.FindAllStringSubmatchIndex(s, n)
	for i := range found {
		found[i] = found[i][:2]
	}
	return found
}

// FindStringSubmatchIndex is the method of regexp.Regexp.
func (m *matcher) FindStringSubmatchIndex(s string) []int {
	f := m.search(s, 1)
	if found, ok := f.next(); ok {
		return found.indexes()
	}
	return nil
}

// FindStringIndex is the method of regexp.Regexp.
func (m *matcher) FindStringIndex(s string) []int {
	if found := m.FindStringSubmatchIndex(s); found != nil {
		return found[:2]
	}
	return nil
}

// MatchString is the method of regexp.Regexp.
func (m *matcher) MatchString(s string) bool {
	f := m.search(s, 1)
	_, ok := f.next()
	return ok
}

// ReplaceAllString puts with, as it stands, where the expression matches.
func (m *matcher) ReplaceAllString(s, with string) string {
	var b strings.Builder
	from := 0
	f := m.search(s, -1)
	for found, ok := f.next(); ok; found, ok = f.next() {
		b.WriteString(s[from:found.start])
		b.WriteString(with)
		from = found.end
	}
	b.WriteString(s[from:])
	return b.String()
}
