//go:build measure

package aim

import (
	"bufio"
	"os"
	"slices"
	"strings"
	"testing"

	"dengwen/assist/linear"
)

// TestTrain fits the model to the lines of AIMS, an aim and a text with a tab between, and measures those of HELD;
// WRITE=1 writes model.bin.
func TestTrain(t *testing.T) {
	file := linear.Training{Classes: len(aims), Buckets: 1 << 15, Epochs: 3, Shrink: 1e-3, Rate: 0.03}.Fit(examples(t, os.Getenv("AIMS")))
	m, err := linear.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	if os.Getenv("WRITE") != "" {
		if err := os.WriteFile("model.bin", file, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var table [5][5]int
	right, held := 0, examples(t, os.Getenv("HELD"))
	sure, sureRight := 0, 0
	for _, e := range held {
		var chances [5]float64
		m.Chances(e.Features, chances[:])
		said := 0
		for i, c := range chances {
			if c > chances[said] {
				said = i
			}
		}
		table[e.Class][said]++
		if said == e.Class {
			right++
		}
		if chances[said] >= 0.8 {
			sure++
			if said == e.Class {
				sureRight++
			}
		}
	}
	t.Logf("right %d of %d; sure %d, right %d; said by column: %v", right, len(held), sure, sureRight, aims)
	for i, row := range table {
		t.Log(aims[i], row)
	}
}

func examples(t *testing.T, file string) []linear.Example {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []linear.Example
	lines := bufio.NewScanner(strings.NewReader(string(data)))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		aim, text, _ := strings.Cut(lines.Text(), "\t")
		out = append(out, linear.Example{Features: features(text), Class: slices.Index(aims, aim), Weight: 1})
	}
	return out
}
