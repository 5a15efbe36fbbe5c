package acts

import (
	"math"
	"math/rand/v2"
)

// Example is a message and what was meant by it.
type Example struct {
	Message
	Act   Act
	Field Field // of a correction
}

const (
	epochs = 30
	rate   = 0.2
	shrink = 1e-3
)

// Train fits the model to examples: a softmax of the acts and one of the fields, AdaGrad. The
// same examples in the same order give the same bytes on one architecture.
func Train(all []Example) []byte {
	f := &fitted{w: make([]float64, buckets*outputs), square: make([]float64, buckets*outputs)}
	rng := rand.New(rand.NewPCG(1, 2))
	for range epochs {
		for _, i := range rng.Perm(len(all)) {
			list := all[i].features()
			f.step(list, 0, acts, int(all[i].Act))
			if all[i].Act == Correction {
				f.step(list, acts, fields, int(all[i].Field))
			}
		}
	}
	out := make([]byte, len(f.w))
	for i, v := range f.w {
		out[i] = byte(int8(max(-127, min(127, math.Round(v/scale)))))
	}
	return out
}

// fitted is the model in full precision.
type fitted struct {
	w, square []float64 // the weights; the squares of all steps so far
}

// step moves the weights of one softmax towards the right output.
func (f *fitted) step(list []int, from, n, right int) {
	sum := make([]float64, n)
	for _, b := range list {
		for k := range sum {
			sum[k] += f.w[b*outputs+from+k]
		}
	}
	at, p := best(sum)
	for k, s := range sum {
		off := p * math.Exp(s-sum[at])
		if k == right {
			off--
		}
		for _, b := range list {
			i := b*outputs + from + k
			slope := off + shrink*f.w[i]
			f.square[i] += slope * slope
			f.w[i] -= rate * slope / (math.Sqrt(f.square[i]) + 1)
		}
	}
}

// ReadWith is Read and FieldOf with another model.
func ReadWith(model []byte, m Message) (Act, float64, Field) {
	list := m.features()
	act, p := best(scores(model, list, 0, acts))
	field, _ := best(scores(model, list, acts, fields))
	return Act(act), p, Field(field)
}
