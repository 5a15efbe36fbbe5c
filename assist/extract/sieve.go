package extract

import "math/bits"

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
