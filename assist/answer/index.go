package answer

import (
	"maps"
	"math"
	"slices"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

type posting struct {
	doc    int32
	weight float64
}

// field is an inverted index over documents of unit length.
type field struct {
	postings map[string][]posting
	owner    []int32 // document to entry
}

// index compares a question with every phrasing and every text of the knowledge base.
type index struct {
	words    *vocabulary
	idf      map[string]float64
	unseen   float64 // idf of a feature that no entry has
	phrases  field
	texts    field
	allWords []map[string]bool // by entry: every feature its phrasings, title and text have
}

func newIndex(words *vocabulary, entries []matter) *index {
	x := &index{words: words}
	x.weigh(entries)
	x.phrases = x.build(entries, func(m matter) []string { return append(m.phrasings(), m.Title.Zh, m.Title.En) })
	x.texts = x.build(entries, func(m matter) []string {
		return []string{m.Title.Zh + "\n" + m.Zh, m.Title.En + "\n" + m.En}
	})
	return x
}

// weigh counts in how many entries each feature occurs.
func (x *index) weigh(entries []matter) {
	df := map[string]int{}
	for _, m := range entries {
		has := map[string]bool{}
		for _, t := range append(m.phrasings(), m.Title.Zh, m.Title.En, m.Zh, m.En) {
			for f := range x.words.features(t) {
				has[f] = true
			}
		}
		for f := range has {
			df[f]++
		}
		x.allWords = append(x.allWords, has)
	}
	n := float64(len(entries))
	x.idf = make(map[string]float64, len(df))
	for f, d := range df {
		x.idf[f] = math.Log((n + 1) / (float64(d) + 0.5))
	}
	x.unseen = math.Log((n + 1) / 1.5)
}

func (x *index) build(entries []matter, docs func(matter) []string) field {
	f := field{postings: map[string][]posting{}}
	for e, m := range entries {
		for _, text := range docs(m) {
			doc := int32(len(f.owner))
			f.owner = append(f.owner, int32(e))
			vec := x.vector(text)
			for _, w := range sortedKeys(vec) {
				f.postings[w] = append(f.postings[w], posting{doc, vec[w]})
			}
		}
	}
	return f
}

// vector is the tf-idf vector of a text, of unit length. Repeats count little: a long text must
// not win by saying a word often.
func (x *index) vector(text string) map[string]float64 {
	vec := x.words.features(text)
	sum := 0.0
	for w, n := range vec {
		v := math.Sqrt(n*weightOf(w)) * x.idfOf(w)
		vec[w] = v
		sum += v * v
	}
	if sum > 0 {
		inv := 1 / math.Sqrt(sum)
		for w := range vec {
			vec[w] *= inv
		}
	}
	return vec
}

// weightOf makes sqrt(n·weight) equal the feature's own weight when it occurs once.
func weightOf(w string) float64 {
	r := []rune(w)
	switch {
	case r[0] == '≈':
		return conceptWeight
	case kindOf(r[0]) != 'h' || len(r) == 2:
		return 1
	case len(r) == 1:
		return unigramWeight
	}
	return trigramWeight
}

func (x *index) idfOf(w string) float64 {
	if v, ok := x.idf[w]; ok {
		return v
	}
	return x.unseen
}

// nearness adds up the cosine of a question with every document of the field.
func (f *field) nearness(vec map[string]float64) []float64 {
	sums := make([]float64, len(f.owner))
	for w, v := range vec {
		for _, p := range f.postings[w] {
			sums[p.doc] += v * p.weight
		}
	}
	return sums
}

// covered is the share of a question's weight that the entry has words for.
func (x *index) covered(vec map[string]float64, entry int) float64 {
	var has, all float64
	for w, v := range vec {
		all += v * v
		if x.allWords[entry][w] {
			has += v * v
		}
	}
	if all == 0 {
		return 0
	}
	return has / all
}
