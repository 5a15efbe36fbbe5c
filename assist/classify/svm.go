package classify

import (
	"math"
	"math/rand/v2"
)

// svm fits a linear support vector machine with squared hinge loss to rows labelled yes or no by dual coordinate
// descent (Hsieh et al., ICML 2008, the method of LIBLINEAR). The last weight is the bias.
func svm(rows [][]term, yes []bool, size uint32, cost float64, seed uint64) []float32 {
	const epochs, tolerance = 60, 0.02
	w := make([]float32, size+1)
	alpha := make([]float64, len(rows))
	square := squares(rows)
	order := rand.New(rand.NewPCG(seed, 1))
	for range epochs {
		worst := 0.0
		for _, i := range order.Perm(len(rows)) {
			y := sign(yes[i])
			gradient := y*dot(w, rows[i]) - 1 + alpha[i]/(2*cost)
			if alpha[i] == 0 && gradient >= 0 {
				continue
			}
			worst = max(worst, math.Abs(gradient))
			next := max(alpha[i]-gradient/(square[i]+1/(2*cost)), 0)
			add(w, rows[i], float32((next-alpha[i])*y))
			alpha[i] = next
		}
		if worst < tolerance {
			break
		}
	}
	return w
}

func squares(rows [][]term) []float64 {
	out := make([]float64, len(rows))
	for i, row := range rows {
		out[i] = 1 // the bias term
		for _, t := range row {
			out[i] += float64(t.weight) * float64(t.weight)
		}
	}
	return out
}

func sign(yes bool) float64 {
	if yes {
		return 1
	}
	return -1
}

func dot(w []float32, row []term) float64 {
	sum := w[len(w)-1]
	for _, t := range row {
		sum += w[t.bucket] * t.weight
	}
	return float64(sum)
}

func add(w []float32, row []term, by float32) {
	if by == 0 {
		return
	}
	w[len(w)-1] += by
	for _, t := range row {
		w[t.bucket] += by * t.weight
	}
}

// logRatios says for every bucket how much likelier it is among the yes rows than among the others (Wang and
// Manning, ACL 2012), as |ln ratio|^power: what a term is scaled by before and after the fit for one label.
func logRatios(rows [][]term, yes []bool, size uint32, power float64) []float32 {
	const prior = 0.01
	in, out := make([]float64, size), make([]float64, size)
	inSum, outSum := prior*float64(size), prior*float64(size)
	for i, row := range rows {
		side, sum := out, &outSum
		if yes[i] {
			side, sum = in, &inSum
		}
		for _, t := range row {
			side[t.bucket] += float64(t.weight)
			*sum += float64(t.weight)
		}
	}
	ratios := make([]float32, size)
	for b := range ratios {
		r := math.Log((in[b] + prior) / inSum * outSum / (out[b] + prior))
		ratios[b] = float32(math.Pow(math.Abs(r), power))
	}
	return ratios
}

// fitLabel returns one label's weights, bias last.
func fitLabel(rows [][]term, yes []bool, size uint32, o Options) []float32 {
	ratios := logRatios(rows, yes, size, o.RatioPower)
	scaled := make([][]term, len(rows))
	for i, row := range rows {
		scaled[i] = make([]term, len(row))
		for j, t := range row {
			scaled[i][j] = term{t.bucket, t.weight * ratios[t.bucket]}
		}
	}
	w := svm(scaled, yes, size, o.Cost, o.Seed)
	for b, r := range ratios {
		w[b] *= r
	}
	return w
}
