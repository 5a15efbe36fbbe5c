package logprivacy

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"dengwen/internal/test/faults"
)

// script is what the citizen of one transcript does, line after line: words, or
// "[button]", or "(photo: caption)".
type script []string

// scripts reads the transcripts of the conversation.
func scripts(t *testing.T) (all []script) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(faults.Root(t), "bot/citizen/testdata/transcripts/*.txt"))
	if err != nil || len(files) < 40 {
		t.Fatalf("%d transcripts, want at least 40 (%v)", len(files), err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var s script
		for line := range strings.Lines(string(text)) {
			if said, ok := strings.CutPrefix(line, "> "); ok {
				s = append(s, strings.ReplaceAll(strings.TrimRight(said, "\n"), `\n`, "\n"))
			}
		}
		all = append(all, s)
	}
	return all
}

var (
	caption = regexp.MustCompile(`^\((photo|album \d|forward|edit \d): (.*)\)$`)
	card    = regexp.MustCompile(`^\((contact|card) (\S+) (\d+)\)$`)
	button  = regexp.MustCompile(`^\[(.*)\]$`)
	digits  = regexp.MustCompile(`\d{7,}`)
	code    = regexp.MustCompile(`^[a-z.]+$`) // of a subject or a class, stored as it is
)

// words are what of a line a citizen typed, "" for a button and the like.
func words(line string) string {
	if m := caption.FindStringSubmatch(line); m != nil {
		return m[2]
	}
	if strings.HasPrefix(line, "(") || strings.HasPrefix(line, "[") || strings.HasPrefix(line, "/") || strings.Contains(line, "{") {
		return ""
	}
	return line
}

// secrets are the typed words long enough to be told from the program's own, and
// the phone and identity numbers in them.
func secrets(all []script) (found []string) {
	seen := map[string]bool{"": true}
	add := func(s string) {
		if !seen[s] {
			seen[s] = true
			found = append(found, s)
		}
	}
	for _, s := range all {
		for _, line := range s {
			if w := words(line); utf8.RuneCountInString(w) >= 6 && !code.MatchString(w) {
				add(w)
			}
			if strings.HasPrefix(line, "/start ") { // what a link carries: the place of a poster's code is counted, about nobody
				continue
			}
			for _, n := range digits.FindAllString(line, -1) {
				add(n)
			}
		}
	}
	return found
}
