package extract

import (
	"math/bits"
	"strings"
	"sync"
	"unicode/utf8"
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

// A sieve tells most characters that are not in a set, at once; what it lets through
// may be in it.
type sieve [8]uint64

func (v *sieve) add(r rune) { v[r>>6&7] |= 1 << (r & 63) }

func (v *sieve) has(r rune) bool { return v[r>>6&7]&(1<<(r&63)) != 0 }

func (v *sieve) addAll(w sieve) {
	for i := range v {
		v[i] |= w[i]
	}
}

func (v *sieve) meets(w *sieve) bool {
	for i := range v {
		if v[i]&w[i] != 0 {
			return true
		}
	}
	return false
}

func (v *sieve) size() (n int) {
	for _, part := range v {
		n += bits.OnesCount64(part)
	}
	return n
}

// sieveOf are the characters of s.
func sieveOf(s string) (v sieve) {
	for _, r := range s {
		v.add(r)
	}
	return v
}

// heads tells most places at which no word begins, by two characters.
type heads struct {
	alone sieve // words of one character
	pairs [64]uint64
}

func (h *heads) add(word string) {
	runes := []rune(word)
	if len(runes) == 1 {
		h.alone.add(runes[0])
		return
	}
	i, bit := pair(runes[0], runes[1])
	h.pairs[i] |= bit
}

func (h *heads) may(r, next rune) bool {
	i, bit := pair(r, next)
	return h.pairs[i]&bit != 0 || h.alone.has(r)
}

func pair(r, next rune) (int, uint64) {
	h := r*31 + next
	return int(h >> 6 & 63), 1 << (h & 63)
}
