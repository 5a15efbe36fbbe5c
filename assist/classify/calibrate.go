package classify

import (
	"math"
	"slices"
)

// judged is one held-out message: its true label and what the labels' weights said of it.
type judged struct {
	label  int
	scores []float64
}

// judge scores every message as it stands and, where it has one, without its title.
func (f fitted) judge(examples []Example, labels []string) []judged {
	lookup := func(b uint32) float32 { return f.rarity[b] }
	out := make([]judged, len(examples))
	for i, e := range examples {
		row := vector(e.Title, e.Text, f.size, lookup)
		out[i] = judged{label: slices.Index(labels, e.Category), scores: make([]float64, len(labels))}
		for l, w := range f.weights {
			out[i].scores[l] = dot(w, row)
		}
	}
	return out
}

// A calibration turns scores into probabilities: softmax(Sharpness × score + Offsets[label]).
type calibration struct {
	Sharpness float64   `json:"sharpness"`
	Offsets   []float64 `json:"offsets"`
}

// calibrate finds the calibration under which the held-out labels are likeliest, by gradient descent on the mean
// negative log-likelihood (convex, so the start does not matter).
func calibrate(held []judged, labels int) calibration {
	c := calibration{Sharpness: 3, Offsets: make([]float64, labels)}
	const rounds, rate, shrink = 800, 0.8, 1e-3
	for range rounds {
		slope, offsets := 0.0, make([]float64, labels)
		for _, j := range held {
			for l, p := range c.probabilities(j.scores) {
				off := p
				if l == j.label {
					off--
				}
				slope += off * j.scores[l]
				offsets[l] += off
			}
		}
		n := float64(max(len(held), 1))
		c.Sharpness = max(c.Sharpness-rate*4*slope/n, 0.1)
		for l := range c.Offsets {
			c.Offsets[l] -= rate * (offsets[l]/n + shrink*c.Offsets[l])
		}
	}
	return c
}

func (c calibration) probabilities(scores []float64) []float64 {
	out, top := make([]float64, len(scores)), math.Inf(-1)
	for l, s := range scores {
		out[l] = c.Sharpness*s + c.Offsets[l]
		top = max(top, out[l])
	}
	sum := 0.0
	for l := range out {
		out[l] = math.Exp(out[l] - top)
		sum += out[l]
	}
	for l := range out {
		out[l] /= sum
	}
	return out
}
