package classify

import (
	"cmp"
	"math"
	"slices"
)

// Scores say how well a model did on messages it had not seen.
type Scores struct {
	Messages         int
	Accuracy         float64
	MacroF1          float64 // mean over the labels of the harmonic mean of precision and recall
	TopTwo           float64 // share with the true label among the two likeliest
	CalibrationError float64 // expected calibration error over 15 bins of equal width
	PerLabel         []LabelScore
	Certain          []Certain // precision at thresholds of confidence
}

// LabelScore is one label's precision and recall.
type LabelScore struct {
	Label             string
	Precision, Recall float64
	Messages          int
}

// Certain says what one gets by trusting only results of at least Threshold: the share right and the share covered.
type Certain struct {
	Threshold, Precision, Coverage float64
}

// outcome is one held-out message after the model's answer.
type outcome struct {
	label, best, second int
	confidence          float64
}

func outcomeOf(label int, probabilities []float64) outcome {
	order := make([]int, len(probabilities))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(probabilities[b], probabilities[a]) })
	return outcome{label, order[0], order[1], probabilities[order[0]]}
}

func score(all []outcome, labels []string) Scores {
	s := Scores{Messages: len(all), CalibrationError: calibrationError(all), PerLabel: perLabel(all, labels)}
	for _, o := range all {
		if o.best == o.label {
			s.Accuracy++
		}
		if o.best == o.label || o.second == o.label {
			s.TopTwo++
		}
	}
	n := float64(max(len(all), 1))
	s.Accuracy, s.TopTwo = s.Accuracy/n, s.TopTwo/n
	for _, l := range s.PerLabel {
		if l.Precision+l.Recall > 0 {
			s.MacroF1 += 2 * l.Precision * l.Recall / (l.Precision + l.Recall) / float64(len(labels))
		}
	}
	for _, threshold := range []float64{0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.98} {
		s.Certain = append(s.Certain, certain(all, threshold))
	}
	return s
}

func perLabel(all []outcome, labels []string) []LabelScore {
	out := make([]LabelScore, len(labels))
	given := make([]float64, len(labels))
	for i, l := range labels {
		out[i].Label = l
	}
	for _, o := range all {
		given[o.best]++
		out[o.label].Messages++
		if o.best == o.label {
			out[o.label].Precision++
			out[o.label].Recall++
		}
	}
	for i := range out {
		out[i].Precision /= max(given[i], 1)
		out[i].Recall /= max(float64(out[i].Messages), 1)
	}
	return out
}

func certain(all []outcome, threshold float64) Certain {
	c := Certain{Threshold: threshold}
	sure, right := 0.0, 0.0
	for _, o := range all {
		if o.confidence >= threshold {
			sure++
			if o.best == o.label {
				right++
			}
		}
	}
	c.Precision, c.Coverage = right/max(sure, 1), sure/float64(max(len(all), 1))
	return c
}

func calibrationError(all []outcome) float64 {
	const bins = 15
	var n, confidence, right [bins]float64
	for _, o := range all {
		b := min(int(o.confidence*bins), bins-1)
		n[b]++
		confidence[b] += o.confidence
		if o.best == o.label {
			right[b]++
		}
	}
	sum := 0.0
	for b := range bins {
		sum += math.Abs(confidence[b] - right[b])
	}
	return sum / float64(max(len(all), 1))
}

// crossScores scores every fold under a calibration found on the other folds.
func crossScores(held []heldOut, folds []int, n int, labels []string) Scores {
	var all []outcome
	sizes := make([]int, n)
	for _, f := range folds {
		sizes[f]++
	}
	for start, fold := 0, 0; fold < n; fold++ {
		end := start + sizes[fold]
		c := calibrate(slices.Concat(held[:start], held[end:]), len(labels))
		for _, j := range held[start:end] {
			all = append(all, outcomeOf(j.label, c.probabilities(j.scores)))
		}
		start = end
	}
	return score(all, labels)
}

// Evaluate trains on four fifths of the examples (split by group, each category alike) and scores the packed model
// on the last fifth as Classify answers: with only the trained labels to choose from.
func Evaluate(examples []Example, o Options) (Scores, error) {
	examples = canonical(examples)
	folds := split(examples, 5, o.Seed+1)
	model, _, err := Train(except(examples, folds, 0), o)
	if err != nil {
		return Scores{}, err
	}
	return model.Score(only(examples, folds, 0)), nil
}

// Score asks the model about every example, among the labels it was trained on; examples of other categories are left out.
func (m *Model) Score(examples []Example) Scores {
	labels := m.head.Labels
	var all []outcome
	for _, e := range examples {
		label := slices.Index(labels, e.Category)
		if label < 0 {
			continue
		}
		all = append(all, outcomeOf(label, m.head.Calibration.probabilities(m.scores(e.Title, e.Text))))
	}
	return score(all, labels)
}
