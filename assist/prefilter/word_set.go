package prefilter

import (
	"strings"
	"unicode/utf8"
)

// wordSet is the words one of which each match of an expression holds.
type wordSet struct {
	all   bool              // the expression matches these words and nothing else
	by    map[rune][]string // by their first character, those preferred first
	marks [128]uint64       // a bit for each word of one character, and for the first two of each other
}

func newWordSet(words []string, all bool) *wordSet {
	w := &wordSet{all: all, by: map[rune][]string{}}
	for _, word := range words {
		first, size := utf8.DecodeRuneInString(word)
		w.by[first] = append(w.by[first], word)
		second, _ := utf8.DecodeRuneInString(word[size:])
		if size == len(word) {
			first, second = 0, first
		}
		i := mark(first, second)
		w.marks[i>>6] |= 1 << (i & 63)
	}
	return w
}

// complete reports whether the words are all that the expression matches.
func (w *wordSet) complete() bool { return w != nil && w.all }

// find is the first word in s from byte from on, as its bytes [start, end); of several that
// begin at one place the preferred one.
func (w *wordSet) find(s string, from int) (start, end int, ok bool) {
	before, at := rune(0), from
	for i, c := range s[from:] {
		i += from
		if w.marked(before, c) {
			if n := w.beginning(before, s[at:]); n > 0 {
				return at, at + n, true
			}
			if n := w.beginning(c, s[i:]); n > 0 {
				return i, i + n, true
			}
		}
		before, at = c, i
	}
	return 0, 0, false
}

// findAll is the words in s that do not overlap, at most n where n >= 0, as regexp's.
func (w *wordSet) findAll(s string, n int) (all [][]int) {
	for from := 0; n < 0 || len(all) < n; {
		start, end, ok := w.find(s, from)
		if !ok {
			break
		}
		all = append(all, []int{start, end})
		from = end
	}
	return all
}

// beginning is the length of the word that s, which begins with first, begins with; 0 = none.
func (w *wordSet) beginning(first rune, s string) int {
	for _, word := range w.by[first] {
		if strings.HasPrefix(s, word) {
			return len(word)
		}
	}
	return 0
}

// marked is false where no longer word begins with first and second and none is second alone:
// at most places, at the cost of two comparisons.
func (w *wordSet) marked(first, second rune) bool {
	both, alone := mark(first, second), mark(0, second)
	return (w.marks[both>>6]>>(both&63)|w.marks[alone>>6]>>(alone&63))&1 != 0
}

func mark(first, second rune) uint32 { return (uint32(first)*31 + uint32(second)) & 8191 }
