package answer

import (
	"bufio"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// asked is one line of testdata/questions.jsonl: what the answer must say, and from which articles.
type asked struct {
	ID       string     `json:"id"`
	Q        string     `json:"q"`
	Articles []int      `json:"articles"`
	Must     []string   `json:"must"`
	AnyOf    [][]string `json:"any_of"`
	MustNot  []string   `json:"must_not"`
	Kind     string     `json:"kind"`
}

func readLines(t testing.TB, name string) []asked {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatalf("open the question set: %v", err)
	}
	defer f.Close()
	var out []asked
	for sc := bufio.NewScanner(f); sc.Scan(); {
		var a asked
		if err := json.Unmarshal(sc.Bytes(), &a); err != nil {
			t.Fatalf("%s line %d: %v", name, len(out)+1, err)
		}
		out = append(out, a)
	}
	return out
}

// half 0 is for tuning, half 1 is held out.
func half(lines []asked, h int) []asked {
	var out []asked
	for i, l := range lines {
		if i%2 == h {
			out = append(out, l)
		}
	}
	return out
}

type sample struct {
	x     [5]float64
	right bool
}

// TestFitConfidence prints the weights of the logistic function; run it with FIT=1 after the
// knowledge base has changed much, and copy them to rank.go.
func TestFitConfidence(t *testing.T) {
	if os.Getenv("FIT") == "" {
		t.Skip("set FIT=1 to fit the confidence on the tuning half")
	}
	b := openBook(t)
	var samples []sample
	gather := func(x *index, q string, right func(entry int) bool) {
		vec := x.vector(q)
		hits, foreign := b.split(x.rank(vec))
		if len(hits) == 0 {
			return
		}
		ev := b.evidence(vec, hits, foreign)
		samples = append(samples, sample{[5]float64{ev.score, ev.near, ev.margin, ev.home, ev.cover}, right(hits[0].entry)})
	}
	for _, l := range half(readLines(t, "questions.jsonl"), 0) {
		gather(b.index, l.Q, func(e int) bool { return containsAll(b.entries[e].Articles, l.Articles) })
	}
	for _, l := range half(readLines(t, "unknown.jsonl"), 0) {
		for range 2 {
			gather(b.index, l.Q, func(int) bool { return false })
		}
	}
	for _, l := range half(readLines(t, "messages.jsonl"), 0) {
		if l.Kind == "story" {
			gather(b.index, l.Q, func(int) bool { return false })
		}
	}
	w := fit(samples)
	t.Logf("%d samples, weights bias, score, near, margin, home, cover: %.3f", len(samples), w)
	if math.IsNaN(w[0]) {
		t.Errorf("the fit did not converge: %v", w)
	}
}

// fit is logistic regression by plain gradient descent with a little shrinking.
func fit(samples []sample) [6]float64 {
	var w [6]float64
	for range 60000 {
		var g [6]float64
		for _, s := range samples {
			z := w[0]
			for i, v := range s.x {
				z += w[i+1] * v
			}
			d := 1 / (1 + math.Exp(-z))
			if s.right {
				d--
			}
			g[0] += d
			for i, v := range s.x {
				g[i+1] += d * v
			}
		}
		for i := range w {
			w[i] -= 0.2 * (g[i]/float64(len(samples)) + 0.001*w[i]*min(1, float64(i)))
		}
	}
	return w
}
