package answer

import (
	"hash/fnv"
	"maps"
	"math"
	"slices"
	"strings"

	"dengwen/assist/linear"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// How much a sentence of an entry's own text counts beside a phrasing, and how strongly an entry's
// words are smoothed with the words of the whole knowledge base.
const (
	sentenceShare = 0.8
	smoothing     = 5.0
)

// share is how much of an entry a feature makes up.
type share struct {
	entry  int32
	weight float64
}

// feature is the statistics of one feature over the knowledge base.
type feature struct {
	idf      float64
	common   float64 // its part of the whole knowledge base
	from, to int32   // its shares
}

// index holds every entry as one bag of weighted features, summed over its phrasings and sentences.
type index struct {
	words    *vocabulary
	features map[string]feature
	shares   []share       // one feature's after another's
	unseen   float64       // idf of a feature that no entry has
	weight   []float64     // by entry: sum of its shares
	length   []float64     // by entry: Euclidean length of its bag
	learnt   *linear.Model // one class an entry; nil = there is none
}

// newIndex holds what entries say in some languages. learnt is a classifier of the same entries in the same order.
func newIndex(words *vocabulary, entries []matter, tags []string, learnt *linear.Model) *index {
	x := &index{words: words, features: map[string]feature{}, learnt: learnt}
	parts := make([][]part, len(entries))
	for e, m := range entries {
		parts[e] = words.partsOf(m, tags)
	}
	x.weigh(parts)
	total, shares := 0.0, map[string][]share{}
	for e := range entries {
		total += x.add(int32(e), parts[e], shares)
	}
	for w, all := range shares {
		f := x.features[w]
		f.from = int32(len(x.shares))
		for _, s := range all {
			f.common += s.weight
		}
		f.common /= total
		x.shares = append(x.shares, all...)
		f.to = int32(len(x.shares))
		x.features[w] = f
	}
	x.shares = slices.Clip(x.shares)
	return x
}

func (x *index) sharesOf(f feature) []share { return x.shares[f.from:f.to] }

// hashes are features as the classifier knows them.
func hashes(bag map[string]float64) []uint32 {
	out := make([]uint32, 0, len(bag))
	for _, w := range sortedKeys(bag) {
		h := fnv.New32a()
		_, _ = h.Write([]byte(w)) // never fails
		out = append(out, h.Sum32())
	}
	return out
}

// part is one phrasing, sentence or title of an entry, and how much it counts.
type part struct {
	bag   map[string]float64
	times float64
}

func (v *vocabulary) partsOf(m matter, tags []string) []part {
	var out []part
	for _, tag := range tags {
		w := m.said[tag]
		for _, p := range w.phrasings() {
			out = append(out, part{v.features(p), 1})
		}
		for _, s := range append(sentences(w.Text), w.Title) {
			out = append(out, part{v.features(s), sentenceShare})
		}
	}
	return out
}

// weigh counts in how many entries each feature occurs.
func (x *index) weigh(entries [][]part) {
	df := map[string]int{}
	for _, parts := range entries {
		has := map[string]bool{}
		for _, p := range parts {
			for f := range p.bag {
				has[f] = true
			}
		}
		for f := range has {
			df[f]++
		}
	}
	n := float64(len(entries))
	for f, d := range df {
		x.features[f] = feature{idf: math.Log((n + 1) / (float64(d) + 0.5))}
	}
	x.unseen = math.Log((n + 1) / 1.5)
}

// add puts an entry's parts into the index, its shares beside it, and returns their whole weight.
func (x *index) add(entry int32, parts []part, shares map[string][]share) float64 {
	bag := map[string]float64{}
	for _, p := range parts {
		for w, v := range x.unit(p.bag) {
			bag[w] += p.times * v
		}
	}
	sum, square := 0.0, 0.0
	for _, w := range sortedKeys(bag) {
		v := bag[w]
		shares[w] = append(shares[w], share{entry, v})
		sum += v
		square += v * v
	}
	x.weight, x.length = append(x.weight, sum), append(x.length, math.Sqrt(square))
	return sum
}

func sentences(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("。；\n.;", r) })
}

// vector is the tf-idf vector of a text, of unit length.
func (x *index) vector(text string) map[string]float64 { return x.unit(x.words.features(text)) }

// unit weighs a bag in place and brings it to unit length. Repeats count little: a long text must not
// win by saying a word often. The sum runs in order, so that equal texts get equal scores.
func (x *index) unit(bag map[string]float64) map[string]float64 {
	sum := 0.0
	for _, w := range sortedKeys(bag) {
		v := math.Sqrt(bag[w]) * weightOf(w) * x.idfOf(w)
		bag[w] = v
		sum += v * v
	}
	if sum > 0 {
		inv := 1 / math.Sqrt(sum)
		for w := range bag {
			bag[w] *= inv
		}
	}
	return bag
}

func (x *index) idfOf(w string) float64 {
	if f, ok := x.features[w]; ok {
		return f.idf
	}
	return x.unseen
}

// covered is the share of a question's weight that the entry has words for.
func (x *index) covered(vec map[string]float64, entry int) float64 {
	var has, all float64
	for w, v := range vec {
		all += v * v
		if slices.ContainsFunc(x.sharesOf(x.features[w]), func(s share) bool { return int(s.entry) == entry }) {
			has += v * v
		}
	}
	if all == 0 {
		return 0
	}
	return has / all
}

// hit is one entry's nearness to a question.
type hit struct {
	entry  int
	score  float64 // cosine × cosineShare + how much likelier the entry makes the question's words + the classifier's odds
	near   float64 // the cosine alone
	chance float64 // the classifier's alone
}

const (
	cosineShare = 20
	noScore     = -30.0 // below every score a question can get
)

// rank orders the entries by nearness: the log-likelihood ratio of the question under the entry's
// smoothed words against the whole knowledge base, the cosine with the entry's bag, and the odds of the classifier,
// which learnt what tells sister entries apart.
func (x *index) rank(vec map[string]float64) []hit {
	n := len(x.weight)
	likelier, cosine := make([]float64, n), make([]float64, n)
	mass := 0.0
	for _, w := range sortedKeys(vec) {
		v := vec[w]
		mass += v
		f := x.features[w]
		for _, s := range x.sharesOf(f) {
			likelier[s.entry] += v * math.Log1p(s.weight/(smoothing*f.common))
			cosine[s.entry] += v * s.weight
		}
	}
	odds := make([]float64, n)
	if x.learnt != nil {
		x.learnt.Odds(hashes(vec), odds)
	}
	chances := slices.Clone(odds)
	linear.Softmax(chances)
	hits := make([]hit, 0, n)
	for e := range n {
		if cosine[e] == 0 {
			continue
		}
		near := cosine[e] / x.length[e]
		ratio := likelier[e] - mass*math.Log1p(x.weight[e]/smoothing)
		hits = append(hits, hit{e, cosineShare*near + ratio + odds[e], near, chances[e]})
	}
	slices.SortStableFunc(hits, func(a, b hit) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return 0
	})
	return hits
}

// evidence is what the confidence is computed from.
type evidence struct {
	score  float64 // of the best entry, a feature of the question
	near   float64
	margin float64 // to the best entry that rests on other articles
	home   float64 // lead over the topics this book does not answer
	cover  float64 // share of the question the best entry has words for
	rules  float64 // how many words of the petition procedure it has, at most two
	chance float64 // of the best entry, by the classifier
}

// Weights of the logistic function, fitted on the tuning half of the question set (docs/answers.md).
const (
	confBias   = -3.299
	confScore  = -0.058
	confNear   = -0.211
	confMargin = 0.132
	confHome   = 0.220
	confCover  = 1.969
	confRules  = 0.054
	confChance = 1.846
)

func (e evidence) confidence() float64 {
	z := confBias + confScore*e.score + confNear*e.near + confMargin*e.margin + confHome*e.home + confCover*e.cover + confRules*e.rules +
		confChance*e.chance
	return 1 / (1 + math.Exp(-z))
}
