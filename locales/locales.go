// Package locales holds every sentence the program says to people, in Chinese first
// and in English as completely. A sentence has a key and named placeholders.
package locales

import (
	"cmp"
	"embed"
	"fmt"
	"sort"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// The languages there are. Chinese is the fallback for every other.
const (
	Chinese = "zh-CN"
	English = "en"
)

//go:embed *.toml
var files embed.FS

// Catalog answers with sentences. It is read-only and safe for concurrent use.
type Catalog struct {
	speak map[string]*i18n.Localizer
	parts map[string]map[string]sentence // language → key → sentence; nil = for a template
	keys  map[string]map[string]bool     // language → keys
}

// New reads the catalogs built into the program.
func New() (*Catalog, error) {
	bundle := i18n.NewBundle(language.MustParse(Chinese))
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	c := &Catalog{speak: map[string]*i18n.Localizer{}, keys: map[string]map[string]bool{}, parts: map[string]map[string]sentence{}}
	for _, lang := range []string{Chinese, English} {
		c.keys[lang], c.parts[lang] = map[string]bool{}, map[string]sentence{}
		c.speak[lang] = i18n.NewLocalizer(bundle, lang)
	}
	parts, err := files.ReadDir(".")
	if err != nil {
		return nil, fmt.Errorf("list catalogs: %w", err)
	}
	for _, p := range parts {
		if err := c.read(bundle, p.Name()); err != nil {
			return nil, fmt.Errorf("read catalog %s: %w", p.Name(), err)
		}
	}
	return c, nil
}

// read takes in a file of sentences, zh-CN.toml or desk.zh-CN.toml. The bundle is given
// those that need a template: a tenth of them, which hold half the memory of all.
func (c *Catalog) read(bundle *i18n.Bundle, name string) error {
	var all map[string]string
	if _, err := toml.DecodeFS(files, name, &all); err != nil {
		return err
	}
	parts := strings.Split(name, ".")
	lang := parts[len(parts)-2]
	for key, text := range all {
		c.keys[lang][key], c.parts[lang][key] = true, parse(text)
		if c.parts[lang][key] != nil {
			continue
		}
		if err := bundle.AddMessages(language.MustParse(lang), &i18n.Message{ID: key, Other: text}); err != nil {
			return err
		}
	}
	return nil
}

// Has reports whether there is a sentence of that key.
func (c *Catalog) Has(key string) bool { return c.keys[Chinese][key] }

// Keys lists all keys, sorted.
func (c *Catalog) Keys() []string {
	keys := make([]string, 0, len(c.keys[Chinese]))
	for k := range c.keys[Chinese] {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// Say answers with the sentence of key in lang ("zh-CN" or "en"; anything else is
// Chinese). args fill its placeholders: one map, or name, value pairs. A key that
// does not exist comes back as itself, so that a slip is seen and nothing is silent.
func (c *Catalog) Say(lang, key string, args ...any) string {
	speak := c.speak[lang]
	if speak == nil {
		lang, speak = Chinese, c.speak[Chinese]
	}
	if s := c.parts[lang][key]; s != nil {
		return cmp.Or(s.fill(args), key)
	}
	text, err := speak.Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: data(args)})
	if err != nil || text == "" {
		return key
	}
	return text
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
