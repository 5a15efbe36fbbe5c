package related

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
