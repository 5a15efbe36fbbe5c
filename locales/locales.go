// Package locales holds every sentence the program says to people: one folder a language, Default
// the last fallback of every other. A sentence has a key and named placeholders. Which sentence is
// said when is for others to know.
package locales

import (
	"cmp"
	"embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"text/template"
)

// Default is the language of everybody who has said nothing of theirs, and the one that stands in
// where another has no sentence.
const Default = "zh-CN"

//go:embed */*.toml
var files embed.FS

// Catalog answers with sentences. It is read-only and safe for concurrent use.
type Catalog struct {
	languages []*Language // Default first, the others by their tags
	byTag     map[string]*Language
}

// Say answers with the sentence of key in a language; in the language's fallback where it has
// none, and in Default for a language that is not there. args fill its placeholders: one map, or
// name, value pairs. A key that does not exist comes back as itself, so that a slip is seen and
// nothing is silent.
func (c *Catalog) Say(lang, key string, args ...any) string {
	l := c.in(lang)
	s := l.sentences[key]
	if s == nil {
		return key
	}
	return cmp.Or(l.closeUp(s.fill(args), args), key)
}

func (c *Catalog) in(lang string) *Language {
	if l := c.byTag[lang]; l != nil {
		return l
	}
	return c.byTag[Default]
}

// Languages lists the languages there are, Default first.
func (c *Catalog) Languages() []*Language { return slices.Clone(c.languages) }

// Has reports whether there is a sentence of that key.
func (c *Catalog) Has(key string) bool { return c.byTag[Default].own[key] != nil }

// Speaks reports whether there is a language of that tag.
func (c *Catalog) Speaks(lang string) bool { return c.byTag[lang] != nil }

// Keys lists all keys, sorted.
func (c *Catalog) Keys() []string { return slices.Sorted(maps.Keys(c.byTag[Default].own)) }

// sentence is one sentence. Its template is parsed when it is first said: a command says a dozen
// of more than a thousand.
type sentence struct {
	text   string
	once   sync.Once
	parsed *template.Template
	err    error
}

// functions are what sentences may call: {{han .Number}} writes 23 as 二十三.
var functions = template.FuncMap{"han": han}

func (s *sentence) template() (*template.Template, error) {
	s.once.Do(func() { s.parsed, s.err = template.New("").Funcs(functions).Parse(s.text) })
	return s.parsed, s.err
}

// fill is the sentence with its placeholders filled; "" where the template fails.
func (s *sentence) fill(args []any) string {
	if !strings.Contains(s.text, "{{") {
		return s.text
	}
	t, err := s.template()
	if err != nil {
		return ""
	}
	var b strings.Builder
	if t.Execute(&b, data(args)) != nil {
		return ""
	}
	return b.String()
}

func data(args []any) any {
	if len(args) == 1 {
		return args[0]
	}
	if len(args) == 0 {
		return nil
	}
	m := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		m[fmt.Sprint(args[i])] = args[i+1]
	}
	return m
}

// Texts are the sentences of a language's own folders as they stand there, by key.
func (c *Catalog) Texts(lang string) map[string]string {
	all := map[string]string{}
	for key, s := range c.in(lang).own {
		all[key] = s.text
	}
	return all
}
