//go:build measure

package extract

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"unicode"
)

// A titled letter: JSON lines with text and title, and span where a reader marked the
// clause that names the matter. Part is what a letter is held out by.
type titled struct{ Text, Title, Span, Part string }

// TestTrainMatter fits matter.bin to the letters in TITLED; those whose part is HOLD are
// held out and measured. WRITE=1 writes matter.bin. The letters stay where they are.
func TestTrainMatter(t *testing.T) {
	var train, held [][]candidate
	hold := os.Getenv("HOLD")
	for _, l := range titledLetters(t, os.Getenv("TITLED")) {
		if c := candidates(l); len(c) > 1 && l.Part == hold {
			held = append(held, c)
		} else if len(c) > 1 {
			for range cmp.Or(min(len(l.Span), 1)*4, 1) { // marked ones count four times
				train = append(train, c)
			}
		}
	}
	w := fitMatter(train)
	t.Logf("%d letters, held out %d", len(train), len(held))
	before, after, best := 0.0, 0.0, 0.0
	for _, l := range held {
		before += pick(l, unpacked(matterWeights)).fit
		after += pick(l, w).fit
		best += slices.MaxFunc(l, func(a, b candidate) int { return cmp.Compare(a.fit, b.fit) }).fit
	}
	n := float64(max(len(held), 1))
	t.Logf("share of the title's pairs: shipped %.3f, trained %.3f, best there is %.3f", before/n, after/n, best/n)
	if os.Getenv("WRITE") != "" {
		if err := os.WriteFile("matter.bin", packed(w), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func titledLetters(t *testing.T, file string) []titled {
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []titled
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var l titled
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		all = append(all, l)
	}
	return all
}

// candidate is a clause: its features and how well it fits the title, 0 to 1.
type candidate struct {
	features []uint32
	fit      float64
}

func candidates(l titled) []candidate {
	t := newText(l.Text)
	var out []candidate
	t.eachMatter(func(c clause, features []uint32) {
		fit := shared(t.of(c), l.Title)
		if l.Span != "" {
			fit = 0.4*fit + 0.6*shared(t.of(c), l.Span)
		}
		out = append(out, candidate{slices.Clone(features), fit})
	})
	return out
}

// shared is the F1 of the pairs of characters of two texts.
func shared(a, b string) float64 {
	pairs := func(s string) (map[[2]rune]int, int) {
		m, n, last := map[[2]rune]int{}, 0, rune(0)
		for _, r := range s {
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
				continue
			}
			if last != 0 {
				m[[2]rune{last, r}]++
				n++
			}
			last = r
		}
		return m, n
	}
	x, n := pairs(a)
	y, m := pairs(b)
	both := 0
	for p, k := range x {
		both += min(k, y[p])
	}
	if both == 0 {
		return 0
	}
	return 2 * float64(both) / float64(n+m)
}

// fitMatter ranks the clauses of each letter: softmax against their fit, AdaGrad.
func fitMatter(letters [][]candidate) []float64 {
	w, square := make([]float64, matterBuckets), make([]float64, matterBuckets)
	rng := rand.New(rand.NewPCG(1, 2))
	for range 2 {
		for _, i := range rng.Perm(len(letters)) {
			said, want := soft(letters[i], func(c candidate) float64 { return score(c, w) }), soft(letters[i], func(c candidate) float64 { return 8 * c.fit })
			for k, c := range letters[i] {
				off := said[k] - want[k]
				for _, f := range c.features {
					g := off + 1e-5*w[f]
					square[f] += g * g
					w[f] -= 0.08 * g / math.Sqrt(square[f]+1e-2)
				}
			}
		}
	}
	return w
}

func soft(l []candidate, of func(candidate) float64) []float64 {
	out, sum := make([]float64, len(l)), 0.0
	for i, c := range l {
		out[i] = math.Exp(min(of(c), 50))
		sum += out[i]
	}
	for i := range out {
		out[i] /= sum
	}
	return out
}

func score(c candidate, w []float64) float64 {
	sum := 0.0
	for _, f := range c.features {
		sum += w[f]
	}
	return sum
}

func pick(l []candidate, w []float64) candidate {
	return slices.MaxFunc(l, func(a, b candidate) int { return cmp.Compare(score(a, w), score(b, w)) })
}

func packed(w []float64) []byte {
	largest := 0.0
	for _, x := range w {
		largest = max(largest, math.Abs(x))
	}
	unit := largest / 127
	out := binary.LittleEndian.AppendUint32(nil, math.Float32bits(float32(unit)))
	for _, x := range w {
		out = append(out, byte(int8(math.Round(x/unit))))
	}
	return out
}

func unpacked(file []byte) []float64 {
	unit := float64(math.Float32frombits(binary.LittleEndian.Uint32(file)))
	w := make([]float64, matterBuckets)
	for i := range w {
		w[i] = float64(int8(file[4+i])) * unit
	}
	return w
}
