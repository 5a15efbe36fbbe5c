// Package locales holds every sentence the program says to people: one folder a
// language, Chinese the fallback for every other. A sentence has a key and named
// placeholders. Which sentence is said when is for others to know.
package locales

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// Languages that the program itself names: the fallback, and the one that texts in Latin
// letters are taken for.
const (
	Chinese = "zh-CN"
	English = "en"
)

//go:embed */*.toml
var files embed.FS

// Catalog answers with sentences. It is read-only and safe for concurrent use.
type Catalog struct {
	languages []string // Chinese first
	speak     map[string]*i18n.Localizer
	keys      map[string]map[string]bool // language → keys
}

// New reads the catalogs built into the program.
func New() (*Catalog, error) { return parse(files) }

// parse reads catalogs: a folder for each language, named by its BCP 47 tag, with TOML
// files of key = "sentence". Chinese must be there.
func parse(from fs.FS) (*Catalog, error) {
	bundle := i18n.NewBundle(language.MustParse(Chinese))
	c := &Catalog{speak: map[string]*i18n.Localizer{}, keys: map[string]map[string]bool{}}
	folders, err := fs.ReadDir(from, ".")
	if err != nil {
		return nil, fmt.Errorf("list languages: %w", err)
	}
	for _, f := range folders {
		if !f.IsDir() {
			continue
		}
		if err := c.read(bundle, from, f.Name()); err != nil {
			return nil, fmt.Errorf("read the sentences of %s: %w", f.Name(), err)
		}
	}
	if c.keys[Chinese] == nil {
		return nil, fmt.Errorf("no sentences in %s, which stands in where another language has none", Chinese)
	}
	c.languages = slices.SortedFunc(maps.Keys(c.keys), func(a, b string) int {
		switch {
		case a == Chinese:
			return -1
		case b == Chinese:
			return 1
		case a < b:
			return -1
		}
		return 1
	})
	return c, nil
}

func (c *Catalog) read(bundle *i18n.Bundle, from fs.FS, lang string) error {
	tag, err := language.Parse(lang)
	if err != nil {
		return fmt.Errorf("%q is no language tag: %w", lang, err)
	}
	names, err := fs.Glob(from, path.Join(lang, "*.toml"))
	if err != nil {
		return err
	}
	c.keys[lang] = map[string]bool{}
	for _, name := range names {
		var all map[string]string
		if _, err := toml.DecodeFS(from, name, &all); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		for key, text := range all {
			if c.keys[lang][key] {
				return fmt.Errorf("%s: %s stands in another file too", name, key)
			}
			c.keys[lang][key] = true
			if err := bundle.AddMessages(tag, &i18n.Message{ID: key, Other: text}); err != nil {
				return fmt.Errorf("%s: %s: %w", name, key, err)
			}
		}
	}
	c.speak[lang] = i18n.NewLocalizer(bundle, lang)
	return nil
}

// Languages lists the tags of the languages there are, Chinese first.
func (c *Catalog) Languages() []string { return slices.Clone(c.languages) }

// Has reports whether there is a sentence of that key.
func (c *Catalog) Has(key string) bool { return c.keys[Chinese][key] }

// Keys lists all keys, sorted.
func (c *Catalog) Keys() []string { return slices.Sorted(maps.Keys(c.keys[Chinese])) }

// Say answers with the sentence of key in a language; in Chinese where the language or
// its sentence is not there. args fill its placeholders: one map, or name, value pairs.
// A key that does not exist comes back as itself, so that a slip is seen and nothing is
// silent.
func (c *Catalog) Say(lang, key string, args ...any) string {
	speak := c.speak[lang]
	if speak == nil {
		speak = c.speak[Chinese]
	}
	text, _ := speak.Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: data(args)}) // its error tells of the fallback too
	return cmp.Or(text, key)
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
