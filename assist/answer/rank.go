package answer

import (
	"math"
	"slices"
)

// hit is one entry's nearness to a question.
type hit struct {
	entry int
	score float64 // cosine × cosineShare + how much likelier the entry makes the question's words
	near  float64 // the cosine alone
}

const (
	cosineShare = 20
	noScore     = -30.0 // below every score a question can get
)

// rank orders the entries by nearness: the log-likelihood ratio of the question under the entry's
// smoothed words against the whole knowledge base, and the cosine with the entry's bag.
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
	hits := make([]hit, 0, n)
	for e := range n {
		if cosine[e] == 0 {
			continue
		}
		near := cosine[e] / x.length[e]
		ratio := likelier[e] - mass*math.Log1p(x.weight[e]/smoothing)
		hits = append(hits, hit{e, cosineShare*near + ratio, near})
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
}

// Weights of the logistic function, fitted on the tuning half of the question set (docs/answers.md).
const (
	confBias   = -2.750
	confScore  = -0.081
	confNear   = -0.176
	confMargin = 0.210
	confHome   = 0.251
	confCover  = 1.812
	confRules  = 0.475
)

func (e evidence) confidence() float64 {
	z := confBias + confScore*e.score + confNear*e.near + confMargin*e.margin + confHome*e.home + confCover*e.cover + confRules*e.rules
	return 1 / (1 + math.Exp(-z))
}
