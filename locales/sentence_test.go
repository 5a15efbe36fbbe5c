package locales

import (
	"strings"
	"testing"

	"github.com/nicksnyder/go-i18n/v2/i18n"
)

// Every sentence says without a template what its template says.
func TestSentencesAsTemplates(t *testing.T) {
	t.Parallel()
	c, err := New()
	if err != nil {
		t.Fatal(err)
	}
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
			want, err := c.speak[lang].Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: args})
			if got, ok := s.fill([]any{args}); err != nil || !ok || got != want {
				t.Errorf("%s %s: %q, the template says %q (%v)", lang, key, got, want, err)
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
		if got, ok := s.fill(args); got != "3 of 5" || !ok {
			t.Errorf("%v: %q, %v", args, got, ok)
		}
	}
	if got, _ := s.fill([]any{"Max", 5, "odd"}); got != "<no value> of 5" {
		t.Errorf("a name too few: %q", got)
	}
	for _, args := range [][]any{nil, {struct{ Count, Max int }{3, 5}}} {
		if got, ok := s.fill(args); ok {
			t.Errorf("%v filled it: %q", args, got)
		}
	}
}
