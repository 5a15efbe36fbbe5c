//go:build measure

package misconduct

import (
	"bufio"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"

	"dengwen/assist/linear"
	"dengwen/assist/normalize"
)

// TestTrain fits the model to the lines of TALES: "yes" or "no", a tab, a text, and where only a part of a letter
// tells of misconduct, a tab and that part. Those of HELD are measured; WRITE=1 writes model.bin.
func TestTrain(t *testing.T) {
	var all []linear.Example
	for _, l := range linesOf(t, os.Getenv("TALES")) {
		all = append(all, l.examples()...)
	}
	file := linear.Training{Classes: 2, Buckets: 1 << 16, Epochs: 4, Shrink: 3e-5, Rate: 0.05}.Fit(all)
	opened, err := linear.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	m := Model{opened}
	if os.Getenv("WRITE") != "" {
		if err := os.WriteFile("model.bin", file, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var yes, no []float64
	for _, l := range linesOf(t, os.Getenv("HELD")) {
		if c := m.Chance(l.text); l.yes {
			yes = append(yes, c)
		} else {
			no = append(no, c)
		}
	}
	slices.Sort(no)
	t.Logf("%d windows; held: %d that tell, %d that do not", len(all), len(yes), len(no))
	for _, share := range []float64{0.005, 0.01, 0.02, 0.03, 0.05} {
		at := no[len(no)-1-int(share*float64(len(no)))]
		found := 0
		for _, c := range yes {
			if c > at {
				found++
			}
		}
		t.Logf("asked of %.1f %% of ordinary letters, from %.3f on: %d of %d that tell are asked", 100*share, at, found, len(yes))
	}
}

type tale struct {
	yes        bool
	text, part string
}

func linesOf(t *testing.T, file string) []tale {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []tale
	lines := bufio.NewScanner(strings.NewReader(string(data)))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		f := append(strings.Split(lines.Text(), "\t"), "")
		out = append(out, tale{f[0] == "yes", f[1], f[2]})
	}
	return out
}

// examples are the windows of a text: of a letter that tells somewhere, those that hold the part that does or stand in
// it, and none of the others.
func (l tale) examples() []linear.Example {
	var out []linear.Example
	class := 0
	if l.yes {
		class = 1
	}
	part := normal(l.part)
	for _, w := range windows(l.text) {
		if s := string(w); l.part == "" || strings.Contains(s, part) || strings.Contains(part, strings.Trim(s, commas)) {
			out = append(out, linear.Example{Features: features(nil, w), Class: class, Weight: 1})
		}
	}
	return out
}

func normal(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return '0'
		}
		return r
	}, normalize.Text(s))
}
