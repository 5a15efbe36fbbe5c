package triage

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strings"
)

// A Lesson is one written example. Lessons of one Group share a theme or a manner.
type Lesson struct {
	Label string // report, danger or none
	Group string
	Text  string
}

// ReadLessons reads lines of text under headings "= label group". It fails on an
// unknown label and on text before the first heading.
func ReadLessons(r io.Reader) ([]Lesson, error) {
	var all []Lesson
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
			return nil, fmt.Errorf("read lessons: line %d stands under %q", n, label)
		}
		all = append(all, Lesson{label, group, line})
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read lessons: %w", err)
	}
	return all, nil
}

// Ordinary is how often each bucket occurs in ordinary letters, a byte a bucket: 15 ×
// the binary logarithm of one more than the count.
type Ordinary [buckets]byte

// Count makes the table from ordinary letters.
func Count(letters []string) *Ordinary {
	counts := make([]float64, buckets)
	for _, text := range letters {
		for _, c := range charactersOf(text) {
			counts[c[0]]++
			counts[c[1]]++
		}
	}
	counts[0] = 0
	var o Ordinary
	for b, n := range counts {
		o[b] = byte(min(math.Round(15*math.Log2(1+n)), 255))
	}
	return &o
}

// What a training takes.
const (
	epochs        = 12
	made          = 1000 // letters made of ordinary buckets, an epoch
	madeWeight    = 0.3  // of one of them beside a lesson
	longestMade   = 430
	shortestMade  = 60
	rate          = 0.1
	shrink        = 1e-4
	drawn         = 1 << 20
	trainingSeeds = 1
)

// Train fits both judges to the lessons. Beside them it learns from letters drawn
// anew, character by character, from the ordinary buckets: nobody's text, but enough to
// unlearn what is only the way people write. The same lessons in the same order give
// the same bytes on one architecture.
func Train(lessons []Lesson, o *Ordinary) *Model {
	m := &Model{weights: make([]byte, buckets*judges)}
	all := make([]example, len(lessons))
	for i, l := range lessons {
		all[i] = exampleOf(l.Text)
	}
	pot := o.pot()
	for j, label := range []string{"report", "danger"} {
		yes := make([]bool, len(lessons))
		for i, l := range lessons {
			yes[i] = l.Label == label
		}
		m.pack(j, fit(all, yes, pot))
	}
	return m
}

// pot holds every bucket as often as ordinary letters do.
func (o *Ordinary) pot() []uint16 {
	sum := 0.0
	counts := make([]float64, buckets)
	for b, v := range o {
		counts[b] = math.Exp2(float64(v)/15) - 1
		sum += counts[b]
	}
	pot := make([]uint16, 0, drawn)
	upTo := 0.0
	for b, n := range counts {
		upTo += n
		for float64(len(pot)) < upTo/sum*drawn {
			pot = append(pot, uint16(b))
		}
	}
	return pot
}

// example is a text as the judges see it: two buckets a character, 0 for none.
type example [][2]uint16

func charactersOf(text string) example {
	var e example
	var w walk
	for _, r := range text {
		if len(e) < maxRead && w.next(r) {
			e = append(e, [2]uint16{w.seen[0][(w.n-1)%window], w.seen[1][(w.n-1)%window]})
		}
	}
	return e
}

func exampleOf(text string) example { return charactersOf(text).once() }

// once leaves out what was seen in the window before.
func (e example) once() example {
	out := make(example, len(e))
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

func drawOne(pot []uint16, rng *rand.Rand) example {
	e := make(example, shortestMade+rng.IntN(longestMade-shortestMade))
	for i := range e {
		e[i] = [2]uint16{pot[rng.IntN(len(pot))], pot[rng.IntN(len(pot))]}
	}
	return e.once()
}

// fitted is one judge in full precision.
type fitted struct {
	w, square []float64 // by bucket; the squares of all steps so far
}

func fit(all []example, yes []bool, pot []uint16) *fitted {
	f := &fitted{w: make([]float64, buckets), square: make([]float64, buckets)}
	rng := rand.New(rand.NewPCG(trainingSeeds, 2))
	letters := make([]example, made)
	for i := range letters {
		letters[i] = drawOne(pot, rng)
	}
	for range epochs {
		for _, i := range rng.Perm(len(all) + made) {
			if i >= len(all) {
				f.step(letters[i-len(all)], 0, madeWeight)
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

// loudest is the window that says most: its first character and one past its last.
func (f *fitted) loudest(e example) (i, j int, sum float64) {
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
func (f *fitted) step(e example, y, weight float64) {
	if len(e) == 0 {
		return
	}
	i, j, sum := f.loudest(e)
	part := 1 / width(len(e))
	off := (1/(1+math.Exp(-silence-float64(sum*part))) - y) * weight
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

// pack rounds a judge to one byte a bucket: the square root of a weight, so that small
// weights keep their differences.
func (m *Model) pack(judge int, f *fitted) {
	largest := 1e-9
	for _, w := range f.w {
		largest = max(largest, math.Abs(w))
	}
	m.unit[judge] = largest / (127 * 127)
	for b, w := range f.w {
		root := math.Round(127 * math.Sqrt(math.Abs(w)/largest))
		m.weights[b*judges+judge] = byte(int8(math.Copysign(root, w)))
	}
}
