package classify

import (
	"math"
	"slices"
	"unicode"

	"dengwen/assist/plain"
)

// Limits that keep one text's cost bounded whatever a stranger sends.
const (
	maxTextRunes  = 3000
	maxTitleRunes = 60
)

// A term is one hashed n-gram of a text and its weight in it.
type term struct {
	bucket uint32
	weight float32
}

// A block is one part of a message whose n-grams are kept apart from the others'.
type block struct {
	prefix uint32
	weight float64 // length of the block's vector beside the others
	orders []int   // lengths of its n-grams
}

var (
	titleBlock = block{prefix: 't', weight: 0.5, orders: []int{1, 2}}
	textBlock  = block{prefix: 'x', weight: 1, orders: []int{1, 2}}
)

// tokens returns the characters the n-grams are made of: plain form, spaces dropped, every number one '0'.
func tokens(text string, limit int) []rune {
	out := make([]rune, 0, min(len(text)/3+8, limit))
	for _, r := range text {
		r = plain.Rune(r)
		switch {
		case unicode.IsSpace(r):
			continue
		case r >= '0' && r <= '9':
			r = '0'
			if len(out) > 0 && out[len(out)-1] == '0' {
				continue
			}
		}
		if len(out) == limit {
			break
		}
		out = append(out, r)
	}
	return out
}

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// grams appends the bucket of every n-gram of the block, repeated as often as it occurs.
func (b block) grams(buckets []uint32, chars []rune, size uint32) []uint32 {
	for i := range chars {
		for _, n := range b.orders {
			if i+n > len(chars) {
				break
			}
			h := uint64(fnvOffset)
			h = (h ^ uint64(b.prefix)) * fnvPrime
			for _, r := range chars[i : i+n] {
				h = (h ^ uint64(r)) * fnvPrime
			}
			h ^= h >> 32
			buckets = append(buckets, uint32(h%uint64(size)))
		}
	}
	return buckets
}

// count turns repeated buckets into terms of weight 1+ln(count), sorted by bucket.
func count(buckets []uint32) []term {
	slices.Sort(buckets)
	var terms []term
	for i := 0; i < len(buckets); {
		j := i
		for j < len(buckets) && buckets[j] == buckets[i] {
			j++
		}
		terms = append(terms, term{buckets[i], float32(1 + math.Log(float64(j-i)))})
		i = j
	}
	return terms
}

// scale multiplies every term by its rarity and gives the block its length; terms of rarity 0 are dropped.
func (b block) scale(terms []term, rarity []float32) []term {
	kept, sum := terms[:0], 0.0
	for _, t := range terms {
		if r := rarity[t.bucket]; r > 0 {
			t.weight *= r
			sum += float64(t.weight) * float64(t.weight)
			kept = append(kept, t)
		}
	}
	if sum > 0 {
		f := float32(b.weight / math.Sqrt(sum))
		for i := range kept {
			kept[i].weight *= f
		}
	}
	return kept
}
