package answer

import (
	"math"
	"slices"
)

// hit is one entry's nearness to a question.
type hit struct {
	entry int
	score float64
}

// How much the nearest phrasing, the second nearest and the text itself count.
const (
	nearestShare = 0.62
	secondShare  = 0.18
	textShare    = 0.20
)

// rank orders the entries by nearness. skip leaves one phrasing out of the comparison (−1: none),
// which is how the weights are measured without a second set of questions.
func (x *index) rank(vec map[string]float64, skip int, ok func(entry int) bool) []hit {
	first, second := make([]float64, len(x.allWords)), make([]float64, len(x.allWords))
	for doc, s := range x.phrases.nearness(vec) {
		e := x.phrases.owner[doc]
		switch {
		case doc == skip:
		case s > first[e]:
			first[e], second[e] = s, first[e]
		case s > second[e]:
			second[e] = s
		}
	}
	text := make([]float64, len(x.allWords))
	for doc, s := range x.texts.nearness(vec) {
		e := x.texts.owner[doc]
		text[e] = max(text[e], s)
	}
	var hits []hit
	for e := range x.allWords {
		s := nearestShare*first[e] + secondShare*second[e] + textShare*text[e]
		if s > 0 && ok(e) {
			hits = append(hits, hit{e, s})
		}
	}
	slices.SortFunc(hits, func(a, b hit) int {
		if a.score != b.score {
			if a.score > b.score {
				return -1
			}
			return 1
		}
		return a.entry - b.entry
	})
	return hits
}

// evidence is what the confidence is computed from.
type evidence struct {
	score  float64 // of the best entry
	margin float64 // to the best entry that rests on other articles
	cover  float64 // share of the question the best entry has words for
}

// Weights of the logistic function, fitted on the tuning half of the question set (docs/answers.md).
const (
	confBias   = -5.2
	confScore  = 9.0
	confMargin = 5.0
	confCover  = 4.0
)

func (e evidence) confidence() float64 {
	z := confBias + confScore*e.score + confMargin*e.margin + confCover*e.cover
	return 1 / (1 + math.Exp(-z))
}
