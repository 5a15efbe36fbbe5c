package related

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
)

// RunEval reads messages (as Run does) and groups (JSON lines {"group","ids","ignore"}) and reports Eval on out.
func RunEval(messages, groups io.Reader, out io.Writer) error {
	var docs []Doc
	var known []Group
	err := errors.Join(
		eachLine(messages, func(_ int, line []byte) error {
			m, err := parse(line)
			docs = append(docs, m.doc())
			return err
		}),
		eachLine(groups, func(_ int, line []byte) error {
			var g Group
			err := json.Unmarshal(line, &g)
			known = append(known, g)
			return err
		}))
	if err != nil {
		return fmt.Errorf("measure related petitions: %w", err)
	}
	return Eval(docs, known, out)
}

// Eval measures on groups of petitions known to be related: for every group, weights are fitted on the other
// groups, and each of its petitions asks for its ten most related ones.
func Eval(messages []Doc, groups []Group, out io.Writer) error {
	x, docs := NewIndex(), map[string]Doc{}
	for _, d := range messages {
		x.Add(d)
		docs[d.ID] = d
	}
	all := make([][]sample, len(groups))
	for i, g := range groups {
		all[i] = x.samples(g, docs)
	}
	var sums [4]float64
	for i, g := range groups {
		var rest []sample
		for j, s := range all {
			if j != i {
				rest = append(rest, s...)
			}
		}
		r, p := x.measure(g, docs, fit(rest))
		sr, sp := x.measure(g, docs, fitted)
		fmt.Fprintf(out, "%s (%d): recall %.3f precision %.3f; with the shipped weights %.3f %.3f\n", g.Name, len(g.IDs), r, p, sr, sp)
		for k, v := range []float64{r, p, sr, sp} {
			sums[k] += v / float64(len(groups))
		}
	}
	fmt.Fprintf(out, "mean of %d groups: recall %.3f precision %.3f; with the shipped weights %.3f %.3f\n", len(groups), sums[0], sums[1], sums[2], sums[3])
	var whole []sample
	for _, s := range all {
		whole = append(whole, s...)
	}
	w := fit(whole)
	fmt.Fprintf(out, "weights fitted on all groups: bias %.2f, %.2f\n", w.bias, w.of)
	return nil
}

// measure returns the mean recall among ten (of at most ten) and the mean precision over the group's petitions.
func (x *Index) measure(g Group, docs map[string]Doc, w weights) (recall, precision float64) {
	in, ignored := setOf(g.IDs), setOf(g.Ignore)
	asked := 0.0
	for _, id := range g.IDs {
		right, shown := 0.0, 0.0
		for _, h := range x.query(docs[id], 40, w) {
			if ignored[h.ID] || shown == 10 {
				continue
			}
			shown++
			if in[h.ID] {
				right++
			}
		}
		recall += right / float64(max(min(10, len(g.IDs)-1), 1)) / float64(len(g.IDs))
		if shown > 0 {
			precision += right / shown
			asked++
		}
	}
	return recall, precision / max(asked, 1)
}

// A Group is petitions known to be about one matter. Ignored ones are neither related nor not.
type Group struct {
	Name   string   `json:"group"`
	IDs    []string `json:"ids"`
	Ignore []string `json:"ignore"`
}

// sample is one pair and whether a person put the two into one group.
type sample struct {
	pair    pair
	related bool
	weight  float64
}

// samples compares every petition of a group with its shortlist. Each group weighs the same.
func (x *Index) samples(g Group, docs map[string]Doc) []sample {
	in, ignored := setOf(g.IDs), setOf(g.Ignore)
	var out []sample
	for _, id := range g.IDs {
		q := x.ask(docs[id])
		for _, n := range x.shortlist(q.features) {
			other := x.ids[n]
			if other == id || ignored[other] {
				continue
			}
			p := x.compare(q, x.docs[n])
			out = append(out, sample{p, in[other], 1 / float64(len(g.IDs))})
		}
	}
	return out
}

func setOf(ids []string) map[string]bool {
	s := map[string]bool{}
	for _, id := range ids {
		s[id] = true
	}
	return s
}

// fit finds the weights under which the samples are likeliest: logistic regression by Newton's method with a light
// pull towards zero.
func fit(all []sample) weights {
	const rounds, shrink = 12, 0.02
	var w [parts + 1]float64 // bias last
	for range rounds {
		var slope [parts + 1]float64
		var curve [parts + 1][parts + 2]float64
		for i := range w {
			slope[i] = -shrink * w[i]
			curve[i][i] = shrink
		}
		for _, s := range all {
			gather(&slope, &curve, s, unpack(w).score(s.pair))
		}
		for i := range slope {
			curve[i][parts+1] = slope[i]
		}
		for i, step := range solve(curve) {
			w[i] += step
		}
	}
	return unpack(w)
}

func unpack(w [parts + 1]float64) weights { return weights{w[parts], pair(w[:parts])} }

func gather(slope *[parts + 1]float64, curve *[parts + 1][parts + 2]float64, s sample, score float64) {
	var v [parts + 1]float64
	copy(v[:], s.pair[:])
	v[parts] = 1
	off := -score
	if s.related {
		off++
	}
	for i := range v {
		slope[i] += s.weight * off * v[i]
		for j := range v {
			curve[i][j] += s.weight * score * (1 - score) * v[i] * v[j]
		}
	}
}

// solve solves the linear equations whose right side is the last column, by elimination with pivots.
func solve(m [parts + 1][parts + 2]float64) [parts + 1]float64 {
	for i := range m {
		pivot := i
		for r := i; r < len(m); r++ {
			if math.Abs(m[r][i]) > math.Abs(m[pivot][i]) {
				pivot = r
			}
		}
		m[i], m[pivot] = m[pivot], m[i]
		for r := range m {
			if r == i {
				continue
			}
			f := m[r][i] / m[i][i]
			for c := i; c < len(m[r]); c++ {
				m[r][c] -= f * m[i][c]
			}
		}
	}
	var x [parts + 1]float64
	for i := range m {
		x[i] = m[i][parts+1] / m[i][i]
	}
	return x
}
