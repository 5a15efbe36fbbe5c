package classify

import (
	"cmp"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"strconv"

	"golang.org/x/sync/errgroup"
)

// An Example is one labelled message. Messages of one Group are copies of each other and never straddle a split;
// an empty Group stands for the message's own text.
type Example struct {
	ID, Title, Text, Category, Group string
}

// Options tune a training. The zero value means the defaults, which were chosen by cross-validation.
type Options struct {
	Buckets    uint32  // hashed terms kept; default: as many as fit 3.9 MB
	Cost       float64 // of a message on the wrong side; default 0.7
	RatioPower float64 // how far a term's log-count ratio scales it; default 0.6
	MinCount   int     // messages a term must occur in; default 2
	Folds      int     // for calibration, at least 2; default 5
	Seed       uint64
	Progress   func(done, total int) // called from one goroutine at a time; may be nil
}

const (
	modelBytes = 3_900_000
	maxLabels  = 64
)

func (o Options) withDefaults(labels int) Options {
	o.Buckets = cmp.Or(o.Buckets, uint32(modelBytes/(labels+1)/8*8), 8)
	o.Buckets = min(o.Buckets, 480_000)
	o.Cost = cmp.Or(o.Cost, 0.7)
	o.RatioPower = cmp.Or(o.RatioPower, 0.6)
	o.MinCount = cmp.Or(o.MinCount, 2)
	o.Folds = max(cmp.Or(o.Folds, 5), 2)
	if o.Progress == nil {
		o.Progress = func(int, int) {}
	}
	return o
}

// A Report says how a training went. Its scores are of messages that the judging weights had not seen.
type Report struct {
	Messages, Groups int
	Labels           []string // in the model's order
	Scores           Scores   // over all folds, before any message was used to calibrate
}

// Train fits a model to the examples. The same examples (in any order) and options yield the same bytes on one
// architecture. It fails on fewer than two labels, or more than 64, and on a label with fewer than two groups.
func Train(examples []Example, o Options) (*Model, Report, error) {
	examples = canonical(examples)
	labels, err := labelsOf(examples)
	if err != nil {
		return nil, Report{}, err
	}
	o = o.withDefaults(len(labels))
	folds := split(examples, o.Folds, o.Seed)
	steps := 0
	step := func() { steps++; o.Progress(steps, o.Folds+1) }
	var held []heldOut
	for fold := range o.Folds {
		known := except(examples, folds, fold)
		weights := fit(known, labels, o)
		held = append(held, weights.score(only(examples, folds, fold), labels)...)
		step()
	}
	whole := fit(examples, labels, o)
	model := whole.pack(labels, calibrate(held, len(labels)))
	step()
	report := Report{Messages: len(examples), Groups: groups(examples), Labels: labels, Scores: crossScores(held, folds, o.Folds, labels)}
	return model, report, nil
}

// canonical puts the examples into an order that does not depend on how they came, and gives each its group.
func canonical(examples []Example) []Example {
	examples = slices.Clone(examples)
	for i, e := range examples {
		if e.Group == "" {
			examples[i].Group = "=" + string(chars(nil, e.Title+e.Text, maxTextRunes))
		}
	}
	slices.SortFunc(examples, func(a, b Example) int {
		return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Category, b.Category),
			cmp.Compare(a.Title, b.Title), cmp.Compare(a.Text, b.Text))
	})
	return examples
}

func labelsOf(examples []Example) ([]string, error) {
	seen := map[string]map[string]bool{}
	for _, e := range examples {
		if e.Category == "" {
			return nil, fmt.Errorf("train: message %s has no category", strconv.Quote(e.ID))
		}
		if seen[e.Category] == nil {
			seen[e.Category] = map[string]bool{}
		}
		seen[e.Category][e.Group] = true
	}
	if len(seen) < 2 || len(seen) > maxLabels {
		return nil, fmt.Errorf("train: %d categories in the examples, need 2 to %d", len(seen), maxLabels)
	}
	labels := make([]string, 0, len(seen))
	var errs []error
	for label, groups := range seen {
		labels = append(labels, label)
		if len(groups) < 2 {
			errs = append(errs, fmt.Errorf("train: category %s has one message only", label))
		}
	}
	slices.Sort(labels)
	return labels, errors.Join(errs...)
}

// fitted is a model in full precision.
type fitted struct {
	size    uint32
	rarity  []float32
	weights [][]float32 // by label, bias last
}

func fit(examples []Example, labels []string, o Options) fitted {
	rarity := rarities(examples, o)
	lookup := func(b uint32) float32 { return rarity[b] }
	rows := make([][]term, 0, 2*len(examples))
	of := make([]string, 0, 2*len(examples))
	for _, e := range examples {
		rows = append(rows, vector(e.Title, e.Text, o.Buckets, lookup))
		of = append(of, e.Category)
		if e.Title != "" && e.Text != "" { // once more as a message without a title, as many citizens write
			rows = append(rows, vector("", e.Text, o.Buckets, lookup))
			of = append(of, e.Category)
		}
	}
	f := fitted{size: o.Buckets, rarity: rarity, weights: make([][]float32, len(labels))}
	var group errgroup.Group
	group.SetLimit(4)
	for i, label := range labels {
		group.Go(func() error {
			yes := make([]bool, len(rows))
			for r := range rows {
				yes[r] = of[r] == label
			}
			f.weights[i] = fitLabel(rows, yes, o.Buckets, o)
			return nil
		})
	}
	_ = group.Wait() // no label's fit can fail
	return f
}

// rarities is ln((1+n)/(1+messages with the term))+1, or 0 for a term too rare to learn from.
func rarities(examples []Example, o Options) []float32 {
	seen := make([]int, o.Buckets)
	for _, e := range examples {
		head, whole := blocks(e.Title, e.Text)
		for _, t := range titleBlock.grams(head, o.Buckets) {
			seen[t.bucket]++
		}
		for _, t := range textBlock.grams(whole, o.Buckets) {
			seen[t.bucket]++
		}
	}
	rarity := make([]float32, o.Buckets)
	for b, n := range seen {
		if n >= o.MinCount {
			rarity[b] = float32(math.Log(float64(1+len(examples))/float64(1+n)) + 1)
		}
	}
	return rarity
}

// split deals the examples into folds: whole groups, each category spread evenly over the folds, in an order that
// the seed alone decides. The examples must be canonical.
func split(examples []Example, folds int, seed uint64) []int {
	type dealt struct {
		group, category string
		key             uint64
	}
	first := map[string]int{}
	var all []dealt
	for i, e := range examples {
		if _, ok := first[e.Group]; !ok {
			first[e.Group] = i
			all = append(all, dealt{e.Group, e.Category, hash(strconv.FormatUint(seed, 10) + "/" + e.Group)})
		}
	}
	slices.SortFunc(all, func(a, b dealt) int {
		return cmp.Or(cmp.Compare(a.category, b.category), cmp.Compare(a.key, b.key), cmp.Compare(a.group, b.group))
	})
	foldOf := map[string]int{}
	for i, d := range all {
		foldOf[d.group] = i % folds
	}
	out := make([]int, len(examples))
	for i, e := range examples {
		out[i] = foldOf[e.Group]
	}
	return out
}

func hash(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s))
	sum := h.Sum64()
	sum ^= sum >> 33
	sum *= 0xff51afd7ed558ccd
	return sum ^ sum>>33
}

func only(examples []Example, folds []int, fold int) []Example {
	var out []Example
	for i, e := range examples {
		if folds[i] == fold {
			out = append(out, e)
		}
	}
	return out
}

func except(examples []Example, folds []int, fold int) []Example {
	var out []Example
	for i, e := range examples {
		if folds[i] != fold {
			out = append(out, e)
		}
	}
	return out
}

func groups(examples []Example) int {
	seen := map[string]bool{}
	for _, e := range examples {
		seen[e.Group] = true
	}
	return len(seen)
}

// heldOut is one held-out message: its true label and what the labels' weights said of it.
type heldOut struct {
	label  int
	scores []float64
}

// score gives the labels' scores of every message as it stands and, where it has one, without its title.
func (f fitted) score(examples []Example, labels []string) []heldOut {
	lookup := func(b uint32) float32 { return f.rarity[b] }
	out := make([]heldOut, len(examples))
	for i, e := range examples {
		row := vector(e.Title, e.Text, f.size, lookup)
		out[i] = heldOut{label: slices.Index(labels, e.Category), scores: make([]float64, len(labels))}
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
func calibrate(held []heldOut, labels int) calibration {
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
