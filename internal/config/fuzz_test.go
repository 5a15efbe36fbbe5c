package config_test

import (
	"strings"
	"testing"

	"dengwen/internal/config"

	"github.com/alecthomas/kong"
)

// A settings file is refused or read, and never sets what the settings do not allow.
func FuzzFile(f *testing.F) {
	for _, s := range []string{"", "addr: 127.0.0.1:1", "addr: [1, 2]", "addr: {a: b}", "a: &a [*a]", "addr: !!binary AA==", "? [a]\n: b", "filings-per-day: 1e400", "public-url: https://[::1", "- a", "addr: *x", "1: 2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 64<<10 {
			t.Skip()
		}
		r, err := config.File(strings.NewReader(text))
		if err != nil {
			return
		}
		var s config.Settings
		parser, err := kong.New(&s, kong.Resolvers(r), kong.Exit(func(int) {}))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parser.Parse(nil); err != nil {
			return
		}
		_ = s.Validate()
	})
}
