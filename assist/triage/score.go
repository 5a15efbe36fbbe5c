package triage

import (
	"unicode"

	"dengwen/assist/normalize"
)

// tokenizer reads a text one character at a time and gives each its two hash buckets: that
// of the character, that of the pair it ends. Marks and blanks are one blank, a
// number is one 0; a bucket counts once within a window, so that repeating a word does not
// raise the score.
type tokenizer struct {
	n     int // characters so far
	last  rune
	seen  [2][window]uint16 // the latest buckets; 0 = none
	fresh [2]uint16         // of this character: 0 = nothing to count
}

// next takes one character; false means that it is merged with the one before.
func (w *tokenizer) next(r rune) bool {
	r = normalize.Rune(r)
	switch {
	case '0' <= r && r <= '9':
		r = '0'
	case r < 0x80 && !('a' <= r && r <= 'z'), r >= 0x80 && !unicode.IsLetter(r):
		r = ' '
	}
	if r == w.last && (r == '0' || r == ' ') || r == ' ' && w.n == 0 {
		return false
	}
	single := uint16(0)
	if r != ' ' {
		single = bucketOf(0, r)
	}
	w.note(0, single)
	w.note(1, bucketOf(w.last, r))
	w.last = r
	w.n++
	return true
}

func (w *tokenizer) note(kind int, bucket uint16) {
	w.fresh[kind] = bucket
	for _, b := range w.seen[kind] {
		if b == bucket {
			w.fresh[kind] = 0
			break
		}
	}
	w.seen[kind][w.n%window] = bucket
}

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// bucketOf is never 0, which stands for none.
func bucketOf(a, b rune) uint16 {
	h := (uint64(fnvOffset) ^ uint64(a)) * fnvPrime
	h = (h ^ uint64(b)) * fnvPrime
	return max(uint16(h>>29^h>>47), 1)
}

// bestWindow sums the weights of each class over a sliding window and keeps the largest
// sum: a long letter is scored by its most telling two clauses.
type bestWindow struct {
	n    int
	sum  [classes]int64
	best [classes]int64
	ring [window][classes]int64
}

func (h *bestWindow) read(m *Model, text string) {
	var w tokenizer
	for _, r := range text {
		if h.n == maxRunes {
			break
		}
		if !w.next(r) {
			continue
		}
		slot := &h.ring[h.n%window]
		for j := range classes {
			said := int64(0)
			for _, b := range w.fresh {
				if b != 0 {
					said += m.weight(b, j)
				}
			}
			h.sum[j] += said - slot[j]
			slot[j] = said
			if h.n < window || h.sum[j] > h.best[j] {
				h.best[j] = h.sum[j]
			}
		}
		h.n++
	}
}
