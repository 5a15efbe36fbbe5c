package extract

import (
	"strings"
	"unicode/utf8"
)

// A search goes through a text from match to match.
type search struct {
	*parts
	past   func(s string, i int) int
	s      string
	i      int     // the byte where to look on
	others [][]int // matches of what is not listed
	have   sieve   // the characters of s, once they are asked for
}

// found is a match at bytes [start, end); groups are as regexp gives them, nil where the expression has none.
type found struct {
	start, end int
	groups     []int
}

func (f found) indexes() []int {
	if f.groups != nil {
		return f.groups
	}
	return []int{f.start, f.end}
}

// search begins to look for up to n matches, n < 0 is for all.
func (m *matcher) search(s string, n int) search {
	f := search{parts: m.prepare(), past: m.past, s: s}
	if f.rest != nil && !f.lacks(f.needs) {
		f.others = f.rest.FindAllStringSubmatchIndex(s, n)
	}
	return f
}

// lacks says that the text has none of what a match holds.
func (f *search) lacks(n needs) bool {
	if f.have == (sieve{}) {
		f.have = sieveOf(f.s)
	}
	return n.lack(&f.have)
}

// next is the next match; ok is false when there is none.
func (f *search) next() (m found, ok bool) {
	if len(f.by) == 0 {
		return f.other()
	}
	for r, size := utf8.DecodeRuneInString(f.s[f.i:]); size > 0 && (f.i == 0 || !f.first); {
		after, sizeAfter := utf8.DecodeRuneInString(f.s[f.i+size:])
		listed := false
		if f.heads.may(r, after) {
			m, ok, listed = f.at(r)
		}
		for len(f.others) > 0 && f.others[0][0] < f.i {
			f.others = f.others[1:]
		}
		if !ok && len(f.others) > 0 && f.others[0][0] == f.i {
			m, _ = f.other()
		}
		if m.end > f.i {
			f.i = m.end
			return m, true
		}
		if listed && f.past != nil {
			f.i = f.past(f.s, f.i)
			r, size = utf8.DecodeRuneInString(f.s[f.i:])
			continue
		}
		f.i, r, size = f.i+size, after, sizeAfter
	}
	return found{}, false
}

// other takes the next of the others.
func (f *search) other() (m found, ok bool) {
	if len(f.others) == 0 {
		return m, false
	}
	groups := f.others[0]
	f.others = f.others[1:]
	return found{groups[0], groups[1], groups}, true
}

// at is the match of a listed alternative at f.i, where r stands; listed says whether any begins with r.
func (f *search) at(r rune) (m found, ok, listed bool) {
	s := f.s[f.i:]
	starts, listed := f.by[r]
	var failed *alternative
	for _, st := range starts {
		if st.of != nil && st.of == failed || !strings.HasPrefix(s, st.word) {
			continue
		}
		if st.of == nil {
			return found{start: f.i, end: f.i + len(st.word)}, true, true
		}
		if !f.lacks(st.of.needs) {
			if groups := st.of.find().FindStringSubmatchIndex(s); groups != nil {
				move(groups, f.i)
				return found{groups[0], groups[1], groups}, true, true
			}
		}
		failed = st.of
	}
	return m, false, listed
}

func move(groups []int, by int) {
	for k := range groups {
		if groups[k] >= 0 {
			groups[k] += by
		}
	}
}
