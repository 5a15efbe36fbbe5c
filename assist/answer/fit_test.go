//go:build measure

package answer

import (
	"math"
	"testing"
)

type sample struct {
	x      [7]float64
	right  bool
	weight float64
}

// Weights of a left-out phrasing that found a wrong entry (often a sister of the right one), and of a
// question beyond the rules: there are few of these, and answering one is the worse mistake.
const (
	strayWeight  = 1
	beyondWeight = 4
)

// TestFitConfidence prints the weights of the logistic function; run it with -tags measure after the
// knowledge base has changed much, and copy them to rank.go. It fits on phrasings and topics left out
// of the index a tenth at a time; the tuning questions would flatter it, their words are in the index.
func TestFitConfidence(t *testing.T) {
	b := openBook(t)
	every := b.every
	var samples []sample
	for fold := range 10 {
		folded := newIndex(b.words, without(every, fold), builtIn, modelWithout(t, b, fold))
		book := &Book{entries: b.entries, words: b.words, index: func() *index { return folded }}
		for e, m := range every {
			for i, q := range m.phrasings(builtIn) {
				if (i+e)%10 == fold {
					samples = append(samples, book.sampleOf(q, e < len(b.entries), func(got int) bool { return containsAll(b.entries[got].Articles, m.Articles) })...)
				}
			}
		}
	}
	for _, l := range readLines(t, "unknown.jsonl") {
		samples = append(samples, b.sampleOf(l.Q, false, nil)...)
	}
	w := fit(samples)
	t.Logf("%d samples, weights bias, score, near, margin, home, cover, rules, chance: %.3f", len(samples), w)
	if math.IsNaN(w[0]) {
		t.Errorf("the fit did not converge: %v", w)
	}
}

func (b *Book) sampleOf(q string, within bool, right func(entry int) bool) []sample {
	vec := b.index().vector(q)
	hits, foreign := b.split(b.index().rank(vec))
	if len(hits) == 0 {
		return nil
	}
	ev := b.evidence(b.index(), q, vec, hits, foreign)
	s := sample{[7]float64{ev.score, ev.near, ev.margin, ev.home, ev.cover, ev.rules, ev.chance}, within && right(hits[0].entry), 1}
	switch {
	case !within:
		s.weight = beyondWeight
	case !s.right:
		s.weight = strayWeight
	}
	return []sample{s}
}

// scores brings the features to like size, without which the descent does not arrive.
var scores = [7]float64{10, 1, 10, 10, 1, 1, 1}

// fit is logistic regression by plain gradient descent with a little shrinking.
func fit(samples []sample) [8]float64 {
	var w [8]float64
	for range 20000 {
		var g [8]float64
		for _, s := range samples {
			z := w[0]
			for i, v := range s.x {
				z += w[i+1] * v / scores[i]
			}
			d := 1 / (1 + math.Exp(-z))
			if s.right {
				d--
			}
			d *= s.weight
			g[0] += d
			for i, v := range s.x {
				g[i+1] += d * v / scores[i]
			}
		}
		for i := range w {
			w[i] -= 0.2 * (g[i]/float64(len(samples)) + 0.001*w[i]*min(1, float64(i)))
		}
	}
	for i, by := range scores {
		w[i+1] /= by
	}
	return w
}
