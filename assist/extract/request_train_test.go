//go:build measure

package extract

import (
	"bufio"
	"os"
	"strings"
	"testing"

	"dengwen/assist/linear"
)

// TestTrainRequest fits request.bin to the lines of REQUESTS, in which the writer's own request stands in {r:…};
// those of HELD are measured. In a line that begins with ~ only one request is marked: what asks beside it is left out. WRITE=1 writes request.bin.
func TestTrainRequest(t *testing.T) {
	var all []linear.Example
	for _, line := range linesOf(t, os.Getenv("REQUESTS")) {
		all = append(all, askingExamples(line)...)
	}
	file := linear.Training{Classes: 2, Buckets: 1 << 15, Epochs: 6, Shrink: 3e-5, Rate: 0.1}.Fit(all)
	m, err := linear.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	if os.Getenv("WRITE") != "" {
		if err := os.WriteFile("request.bin", file, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var right [2][2]int
	var chances [2]float64
	for _, line := range linesOf(t, os.Getenv("HELD")) {
		for _, e := range askingExamples(line) {
			m.Chances(e.Features, chances[:])
			said := 0
			if chances[1] >= asks {
				said = 1
			}
			right[e.Class][said]++
		}
	}
	t.Logf("%d clauses; held: of those that ask %d found, %d missed; of the others %d taken, %d not", len(all), right[1][1], right[1][0], right[0][1], right[0][0])
}

func linesOf(t *testing.T, file string) []string {
	if file == "" {
		return nil
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []string
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		out = append(out, strings.ReplaceAll(lines.Text(), `\n`, "\n"))
	}
	return out
}

func askingExamples(line string) []linear.Example {
	one := strings.HasPrefix(line, "~")
	line = strings.TrimPrefix(line, "~")
	var plain strings.Builder
	type span struct{ from, to int }
	var marked []span
	for line != "" {
		before, rest, ok := strings.Cut(line, "{r:")
		plain.WriteString(before)
		if !ok {
			break
		}
		inside, after, _ := strings.Cut(rest, "}")
		marked = append(marked, span{plain.Len(), plain.Len() + len(inside)})
		plain.WriteString(inside)
		line = after
	}
	t := newText(plain.String())
	clauses := t.askingClauses()
	var out []linear.Example
	t.eachAsking(clauses, func(i int, features []uint32) {
		class := 0
		for _, m := range marked {
			w := t.words(clauses[i].start, clauses[i].end)
			if 2*(min(w.End, m.to)-max(w.Start, m.from)) > w.End-w.Start || w.Start <= m.from && m.to <= w.End {
				class = 1
			}
		}
		if one && class == 0 && asked.MatchString(t.of(clauses[i])) {
			return
		}
		out = append(out, linear.Example{Features: append([]uint32(nil), features...), Class: class, Weight: 1})
	})
	return out
}
