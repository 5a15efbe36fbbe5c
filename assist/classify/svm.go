package classify

import "math/rand/v2"

// svm fits a linear support vector machine with squared hinge loss to rows labelled +1 or -1 by dual coordinate
// descent (Hsieh et al., ICML 2008, the method of LIBLINEAR). The last weight is the bias.
func svm(rows [][]term, positive []bool, size int, cost float64, seed uint64) []float32 {
	const epochs, tolerance = 60, 0.02
	w := make([]float32, size+1)
	alpha := make([]float64, len(rows))
	square := squares(rows)
	order := rand.New(rand.NewPCG(seed, 1))
	for range epochs {
		worst := 0.0
		for _, i := range order.Perm(len(rows)) {
			y := sign(positive[i])
			gradient := y*dot(w, rows[i]) - 1 + alpha[i]/(2*cost)
			if alpha[i] == 0 && gradient >= 0 {
				continue
			}
			worst = max(worst, abs(gradient))
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

func sign(positive bool) float64 {
	if positive {
		return 1
	}
	return -1
}

func abs(x float64) float64 { return max(x, -x) }

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
