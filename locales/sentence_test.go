package locales

import (
	"strings"
	"testing"
	"text/template"
)

// Every sentence says without a template what its template says.
func TestSentencesAsTemplates(t *testing.T) {
	t.Parallel()
	args := map[string]any{}
	for _, lang := range []string{Chinese, English} {
		for key, text := range read(t, lang) {
			for _, m := range named.FindAllStringSubmatch(text, -1) {
				args[m[1]] = len(m[1]) // <no value> for what a later sentence names
			}
			s := parse(text)
			if (s == nil) != strings.Contains(named.ReplaceAllString(text, ""), "{{") {
				t.Errorf("%s %s is taken apart: %v", lang, key, s != nil)
			}
			if s == nil {
				continue
			}
			var want strings.Builder
			if err := template.Must(template.New(key).Parse(text)).Execute(&want, args); err != nil {
				t.Fatal(err)
			}
			if got := s.fill([]any{args}); got != want.String() {
				t.Errorf("%s %s: %q, the template says %q", lang, key, got, want.String())
			}
		}
	}
}

func TestFillTakesPairsAndMaps(t *testing.T) {
	t.Parallel()
	s := parse("{{.Count}} of {{.Max}}")
	for _, args := range [][]any{
		{"Count", 3, "Max", "5"}, {"Count", 1, "Max", "5", "Count", 3}, {map[string]string{"Count": "3", "Max": "5"}}, {map[string]any{"Count": 3, "Max": 5}},
	} {
		if got := s.fill(args); got != "3 of 5" {
			t.Errorf("%v: %q", args, got)
		}
	}
	if got := s.fill([]any{"Max", 5, "odd"}); got != "<no value> of 5" {
		t.Errorf("a name too few: %q", got)
	}
	for _, args := range [][]any{nil, {map[string]string{}}, {struct{ Count, Max int }{3, 5}}} {
		if got := s.fill(args); got != "<no value> of <no value>" {
			t.Errorf("%v: %q", args, got)
		}
	}
}
