package app

import (
	"strings"
	"testing"
)

// A file of checkpoints is taken apart without losing a signed line.
func FuzzSplitCheckpoints(f *testing.F) {
	f.Add("dengwen\n7\nhash\n\n— dengwen sig\n\ndengwen\n8\nhash\n\n— dengwen sig\n")
	f.Add("— \n— \n\n— ")
	f.Fuzz(func(t *testing.T, text string) {
		all := strings.Join(SplitCheckpoints(text), "")
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, "— ") && !strings.Contains(all, line) {
				t.Errorf("%q is lost of %q", line, text)
			}
		}
	})
}
