package triage

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"math/rand/v2"
	"strings"
)

// example is one written text. Those of one Group share a theme or a manner.
type example struct {
	Label string // report, danger or none
	Group string
	Text  string
}

// readExamples reads lines of text under headings "= label group". It fails on an
// unknown label and on text before the first heading.
func readExamples(r io.Reader) ([]example, error) {
	var all []example
	var label, group string
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if head, ok := strings.CutPrefix(line, "= "); ok {
			label, group, _ = strings.Cut(head, " ")
			continue
		}
		if line == "" {
			continue
		}
		if label != "report" && label != "danger" && label != "none" {
			return nil, fmt.Errorf("read examples: line %d stands under %q", n, label)
		}
		all = append(all, example{label, group, line})
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read examples: %w", err)
	}
	return all, nil
}

// bucketCounts is how often each bucket occurs in ordinary letters, a byte a bucket: 15 ×
// the binary logarithm of one more than the count.
type bucketCounts [buckets]byte

// What a training takes.
const (
	epochs        = 12
	drawnLetters  = 1000 // letters made of ordinary buckets, an epoch
	drawnWeight   = 0.3  // of one of them beside an example
	maxDrawn      = 430
	minDrawn      = 60
	rate          = 0.1
	shrink        = 1e-4
	poolSize      = 1 << 20
	trainingSeeds = 1
)

// train fits each class to its examples, beside negatives drawn anew, character by
// character, from the ordinary buckets: nobody's text, but enough to give no weight to what is
// only the way people write. The same examples in the same order give the same bytes on one
// architecture.
func train(reports, dangers []example, o *bucketCounts) *Model {
	m := &Model{weights: make([]byte, buckets*classes)}
	pool := o.pool()
	for class, examples := range [][]example{report: reports, danger: dangers} {
		all, yes := make([]tokens, len(examples)), make([]bool, len(examples))
		for i, l := range examples {
			all[i], yes[i] = tokensOf(l.Text), l.Label == classNames[class]
		}
		m.pack(class, fit(all, yes, pool))
	}
	return m
}

var classNames = [classes]string{report: "report", danger: "danger"}

// pool holds every bucket as often as ordinary letters do.
func (o *bucketCounts) pool() []uint16 {
	sum := 0.0
	counts := make([]float64, buckets)
	for b, v := range o {
		counts[b] = math.Exp2(float64(v)/15) - 1
		sum += counts[b]
	}
	pool := make([]uint16, 0, poolSize)
	upTo := 0.0
	for b, n := range counts {
		upTo += n
		for float64(len(pool)) < upTo/sum*poolSize {
			pool = append(pool, uint16(b))
		}
	}
	return pool
}

// tokens is a text as the model sees it: two buckets a character, 0 for none.
type tokens [][2]uint16

func charactersOf(text string) tokens {
	var e tokens
	var w tokenizer
	w.read(text, func() { e = append(e, [2]uint16{w.seen[0][(w.n-1)%window], w.seen[1][(w.n-1)%window]}) })
	return e
}

func tokensOf(text string) tokens { return charactersOf(text).unrepeated() }

// unrepeated leaves out what was seen in the window before.
func (e tokens) unrepeated() tokens {
	out := make(tokens, len(e))
	for kind := range 2 {
		last := map[uint16]int{}
		for i, c := range e {
			at, seen := last[c[kind]]
			last[c[kind]] = i
			if !seen || i-at > window {
				out[i][kind] = c[kind]
			}
		}
	}
	return out
}

func drawLetter(pool []uint16, rng *rand.Rand) tokens {
	e := make(tokens, minDrawn+rng.IntN(maxDrawn-minDrawn))
	for i := range e {
		e[i] = [2]uint16{pool[rng.IntN(len(pool))], pool[rng.IntN(len(pool))]}
	}
	return e.unrepeated()
}

// fitted is one class in full precision.
type fitted struct {
	w, square []float64 // by bucket; the squares of all steps so far
}

func fit(all []tokens, yes []bool, pool []uint16) *fitted {
	f := &fitted{w: make([]float64, buckets), square: make([]float64, buckets)}
	rng := rand.New(rand.NewPCG(trainingSeeds, 2))
	letters := make([]tokens, drawnLetters)
	for i := range letters {
		letters[i] = drawLetter(pool, rng)
	}
	for range epochs {
		for _, i := range rng.Perm(len(all) + drawnLetters) {
			if i >= len(all) {
				f.step(letters[i-len(all)], 0, drawnWeight)
				continue
			}
			y := 0.0
			if yes[i] {
				y = 1
			}
			f.step(all[i], y, 1)
		}
	}
	return f
}

// bestWindow is the window that says most: its first character and one past its last.
func (f *fitted) bestWindow(e tokens) (i, j int, sum float64) {
	said := make([]float64, len(e))
	wide := min(len(e), window)
	now, at := 0.0, 0
	for k, c := range e {
		for _, b := range c {
			if b != 0 {
				said[k] += f.w[b]
			}
		}
		now += said[k]
		if k >= wide {
			now -= said[k-wide]
		}
		if k < wide || now > sum {
			sum, at = now, k+1-wide
		}
	}
	return at, at + wide, sum
}

// step moves the weights towards y by one example (logistic loss, AdaGrad).
func (f *fitted) step(e tokens, y, weight float64) {
	if len(e) == 0 {
		return
	}
	i, j, sum := f.bestWindow(e)
	part := 1 / width(len(e))
	off := (1/(1+math.Exp(-noEvidence-float64(sum*part))) - y) * weight
	if math.Abs(off) < 1e-4 {
		return
	}
	for _, c := range e[i:j] {
		for _, b := range c {
			if b == 0 {
				continue
			}
			slope := float64(off*part) + float64(shrink*f.w[b])
			f.square[b] += float64(slope * slope)
			f.w[b] -= float64(rate * slope / (math.Sqrt(f.square[b]) + 1e-3))
		}
	}
}

// pack rounds a class to one byte a bucket: the square root of a weight, so that small
// weights keep their differences.
func (m *Model) pack(class int, f *fitted) {
	largest := 1e-9
	for _, w := range f.w {
		largest = max(largest, math.Abs(w))
	}
	m.unit[class] = largest / (127 * 127)
	for b, w := range f.w {
		root := math.Round(127 * math.Sqrt(math.Abs(w)/largest))
		m.weights[b*classes+class] = byte(int8(math.Copysign(root, w)))
	}
}

// bytes is the model file that open reads.
func (m *Model) bytes() []byte {
	file := append([]byte(nil), magic...)
	for j := range classes {
		file = binary.LittleEndian.AppendUint64(file, math.Float64bits(m.unit[j]))
	}
	file = append(file, m.weights...)
	return binary.LittleEndian.AppendUint32(file, crc32.ChecksumIEEE(file))
}
