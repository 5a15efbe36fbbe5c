package triage

import (
	"unicode"

	"dengwen/assist/normalize"
)

// tokenizer reads a text one token at a time and gives each its two hash buckets: that of the
// token, that of the pair it ends. A token is a character, or a word in Latin letters, which
// takes the place of two. Marks and blanks are one blank, a number is one 0; a bucket counts
// once within a window, so that repeating a word does not raise the score.
type tokenizer struct {
	n     int               // tokens so far
	last  rune              // the last character
	word  uint32            // hash of the Latin word that is being read; 0 = none
	said  uint32            // of the token before
	seen  [2][window]uint16 // the latest buckets; 0 = none
	fresh [2]uint16         // of this token: 0 = nothing to count
}

// read calls each after each token of a text, at most maxRunes of them.
func (w *tokenizer) read(text string, each func()) {
	for _, r := range text {
		r = normalize.Rune(r)
		switch {
		case 'a' <= r && r <= 'z':
			w.word = (max(w.word, wordBase) ^ uint32(r)) * wordPrime
			continue
		case w.word != 0 && (r == '\'' || r == '’'):
			continue
		case '0' <= r && r <= '9':
			r = '0'
		case !unicode.IsLetter(r):
			r = ' '
		}
		w.endWord(each)
		if r == w.last && (r == '0' || r == ' ') || r == ' ' && (w.n == 0 || w.last == latin) {
			continue
		}
		single := uint16(0)
		if r != ' ' {
			single = bucketOf(0, r)
		}
		w.token(single, bucketOf(w.last, r), each)
		w.last, w.said = r, 0
	}
	w.endWord(each)
}

const (
	wordBase  = 2166136261 // FNV-1a
	wordPrime = 16777619
	latin     = 'a' // stands for a word in Latin letters in a pair
)

// endWord gives the word that is being read, if one is, its two tokens: the word, and what it
// follows.
func (w *tokenizer) endWord(each func()) {
	if w.word == 0 {
		return
	}
	word := w.word
	w.word = 0
	w.token(bucketOf(1, rune(word)), 0, each)
	pair := bucketOf(w.last, latin)
	if w.said != 0 {
		pair = bucketOf(2, rune(w.said*31^word))
	}
	w.token(0, pair, each)
	w.last, w.said = latin, word
}

func (w *tokenizer) token(single, pair uint16, each func()) {
	if w.n == maxRunes {
		return
	}
	w.note(0, single)
	w.note(1, pair)
	w.n++
	each()
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
	w.read(text, func() {
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
	})
}
