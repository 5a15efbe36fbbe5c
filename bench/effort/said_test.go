package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"dengwen/bot"
)

var update = flag.Bool("update", false, "rewrite what is said")

// What the citizen's side says to words of every kind, with the reader and the answers of the
// program. A line "> words" is typed, "> [words]" pressed, "---" begins anew; read the diff of
// -update aloud.
func TestSaid(t *testing.T) {
	t.Parallel()
	const file = "testdata/said.txt"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	k, err := newTalker()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	now := k.begin()
	for line := range strings.Lines(string(data)) {
		line = strings.TrimRight(line, "\n")
		typed, ok := strings.CutPrefix(line, "> ")
		switch {
		case strings.HasPrefix(line, "#") || line == "":
			out = append(out, line)
			continue
		case line == "---":
			now = k.begin()
			out = append(out, line)
			continue
		case !ok:
			continue // what was said
		}
		out = append(out, line)
		if label, ok := strings.CutPrefix(typed, "["); ok {
			if !now.press(strings.TrimSuffix(label, "]")) {
				t.Fatalf("no button %s was shown:\n%s", typed, strings.Join(out[max(0, len(out)-20):], "\n"))
			}
		} else {
			now.say(typed)
		}
		out = append(out, shown(now.said)...)
	}
	got := strings.Join(out, "\n") + "\n"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != string(data) {
		a, b := strings.Split(string(data), "\n"), strings.Split(got, "\n")
		for i := range min(len(a), len(b)) {
			if a[i] != b[i] {
				t.Fatalf("line %d: want %s\ngot %s", i+1, a[i], b[i])
			}
		}
		t.Error("something is missing at the end")
	}
}

// press presses the button of a label among those shown last.
func (t *talk) press(label string) bool {
	for _, s := range t.said {
		for _, row := range s.Rows {
			for _, b := range row {
				if b.Text == label {
					t.n++
					t.said, t.asks = nil, 0
					t.step(bot.Event{ID: fmt.Sprintf("t:%d", t.n), Press: &bot.Press{Data: b.Data}})
					return true
				}
			}
		}
	}
	return false
}

func shown(said []*bot.Say) (lines []string) {
	for _, s := range said {
		for i, l := range strings.Split(s.Text, "\n") {
			lines = append(lines, []string{"< ", "  "}[min(i, 1)]+l)
		}
		for _, row := range s.Rows {
			labels := "  "
			for _, b := range row {
				labels += "[" + b.Text + "] "
			}
			lines = append(lines, strings.TrimRight(labels, " "))
		}
	}
	return lines
}
