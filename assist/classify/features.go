package classify

import (
	"math"
	"slices"
	"unicode"
	"unicode/utf8"

	"dengwen/assist/normalize"
)

// Limits that keep one text's cost bounded whatever a stranger sends.
const (
	maxTextRunes  = 3000
	maxTitleRunes = 60
	openingRunes  = 30 // stands in for a title that is missing
)

// A term is one hashed n-gram of a text and its weight in it.
type term struct {
	bucket uint32
	weight float32
}

// A block is one part of a message whose n-grams are kept apart from the others'.
type block struct {
	prefix uint64
	weight float64 // length of the block's vector beside the others
}

// Lengths chosen by five-fold cross-validation, with the cost and the ratio power in Options.
var (
	titleBlock = block{prefix: 't', weight: 0.7}
	textBlock  = block{prefix: 'x', weight: 1}
)

// chars returns the characters the n-grams are made of: normal form, spaces dropped, every number one '0'.
func chars(out []rune, text string, limit int) []rune {
	limit += len(out)
	out = slices.Grow(out, min(utf8.RuneCountInString(text), limit))
	for _, r := range text {
		r = normalize.Rune(r)
		if unicode.IsSpace(r) {
			continue
		}
		if '0' <= r && r <= '9' {
			r = '0'
			if len(out) > 0 && out[len(out)-1] == '0' {
				continue
			}
		}
		if len(out) >= limit {
			break
		}
		out = append(out, r)
	}
	return out
}

// blocks cuts a message into the characters of its title and those of title and text together.
func blocks(title, text string) (head, whole []rune) {
	head = chars(nil, title, maxTitleRunes)
	whole = chars(slices.Clone(head), text, maxTextRunes)
	if len(head) == 0 {
		head = whole[:min(len(whole), openingRunes)]
	}
	return head, whole
}

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

func bucketOf(h uint64, size uint32) uint32 { return uint32((h ^ h>>32) % uint64(size)) }

// grams returns the block's hashed one- and two-character terms, weight 1+ln(count), sorted by bucket.
func (b block) grams(text []rune, size uint32) []term {
	buckets := make([]uint32, 0, 2*len(text))
	start := (uint64(fnvOffset) ^ b.prefix) * fnvPrime
	for i, r := range text {
		one := (start ^ uint64(r)) * fnvPrime
		buckets = append(buckets, bucketOf(one, size))
		if i+1 < len(text) {
			buckets = append(buckets, bucketOf((one^uint64(text[i+1]))*fnvPrime, size))
		}
	}
	return count(buckets)
}

func count(buckets []uint32) []term {
	slices.Sort(buckets)
	terms := make([]term, 0, len(buckets))
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
func (b block) scale(terms []term, rarity func(bucket uint32) float32) []term {
	kept, sum := terms[:0], 0.0
	for _, t := range terms {
		if r := rarity(t.bucket); r > 0 {
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

// vector is what the model sees of a message, its title and its text.
func vector(title, text string, size uint32, rarity func(bucket uint32) float32) []term {
	return slices.Concat(vectors(title, text, size, rarity))
}

func vectors(title, text string, size uint32, rarity func(bucket uint32) float32) (ofTitle, ofText []term) {
	head, whole := blocks(title, text)
	return titleBlock.scale(titleBlock.grams(head, size), rarity), textBlock.scale(textBlock.grams(whole, size), rarity)
}
