package answer

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"dengwen/assist/linear"
	"dengwen/locales"
)

//go:embed kb/beyond.yaml kb/sounds.txt kb/words.yaml kb/en kb/zh-CN
var shipped embed.FS

//go:embed kb/model.bin
var model []byte

// wording is what one language says of an entry. The files of the first language hold the rest of
// it too.
type wording struct {
	ID    string   `yaml:"id"`
	Title string   `yaml:"title"`
	Text  string   `yaml:"text"` // before the office's data is filled in
	Ask   string   `yaml:"ask"`
	Quiz  []puzzle `yaml:"quiz"`
}

// matter is one entry.
type matter struct {
	wording  `yaml:",inline"`
	Articles []int    `yaml:"articles"`
	Refs     []string `yaml:"refs"`
	Related  []string `yaml:"related"`
	From     day      `yaml:"valid_from"`
	To       day      `yaml:"valid_to"`

	said map[string]wording // by language tag, the first language's among them
}

// in is the wording of the first of some languages that has one.
func (m matter) in(chain []string) wording {
	for _, tag := range chain {
		if w, ok := m.said[tag]; ok {
			return w
		}
	}
	return m.wording
}

// day is a calendar day written 2022-05-01 in the files; absent means no bound.
type day struct{ time.Time }

func (d *day) UnmarshalYAML(node *yaml.Node) error {
	t, err := time.Parse(time.DateOnly, node.Value)
	if err != nil {
		return fmt.Errorf("line %d: %w", node.Line, err)
	}
	d.Time = t
	return nil
}

type kbFile struct {
	From    day      `yaml:"valid_from"`
	Entries []matter `yaml:"entries"`
}

type wordsFile struct {
	Rewrite  map[string]string   `yaml:"rewrite"`
	Concepts map[string][]string `yaml:"concepts"`
	Strip    []string            `yaml:"strip"`
	Marks    marks               `yaml:"marks"`
}

const (
	wordsName  = "kb/words.yaml"
	beyondName = "kb/beyond.yaml"
	modelName  = "kb/model.bin"
)

// folder is where a language's files are: a language's folder of one's own holds its sentences
// (see locales) and, in this folder, its wordings.
const folder = "answers"

// loadMatters reads the entries from the files of the first language and what the others say of
// them, and over those what folders of one's own say. built are the languages that are built in.
func loadMatters(own ...fs.FS) (all []matter, built []string, err error) {
	kb, err := fs.Sub(shipped, "kb")
	if err != nil {
		return nil, nil, fmt.Errorf("open the knowledge base: %w", err)
	}
	names, err := fs.Glob(kb, locales.Default+"/*.yaml")
	if err != nil {
		return nil, nil, fmt.Errorf("list the knowledge base: %w", err)
	}
	for _, name := range names {
		var f kbFile
		if err := readYAML(kb, name, &f); err != nil {
			return nil, nil, err
		}
		for _, m := range f.Entries {
			if m.From.IsZero() {
				m.From = f.From
			}
			m.said = map[string]wording{locales.Default: m.wording}
			all = append(all, m)
		}
	}
	if err := validate(all); err != nil {
		return nil, nil, err
	}
	built, err = readWordings(all, kb, "*/*.yaml", locales.Default)
	if err != nil {
		return nil, nil, err
	}
	for _, f := range own {
		if _, err := readWordings(all, f, "*/"+folder+"/*.yaml"); err != nil {
			return nil, nil, err
		}
	}
	return all, append(built, locales.Default), nil
}

// readWordings puts what files say of entries into them and lists their languages; the first part
// of a file's path is its language.
func readWordings(all []matter, from fs.FS, pattern string, but ...string) (tags []string, err error) {
	names, err := fs.Glob(from, pattern)
	if err != nil {
		return nil, fmt.Errorf("list wordings of the knowledge base: %w", err)
	}
	byID := map[string]matter{}
	for _, m := range all {
		byID[m.ID] = m
	}
	for _, name := range names {
		tag, _, _ := strings.Cut(name, "/")
		if slices.Contains(but, tag) {
			continue
		}
		var f struct {
			Entries []wording `yaml:"entries"`
		}
		if err := readYAML(from, name, &f); err != nil {
			return nil, err
		}
		for _, w := range f.Entries {
			m, ok := byID[w.ID]
			if !ok {
				return nil, fmt.Errorf("read %s: there is no entry %q", name, w.ID)
			}
			if err := w.faults(len(m.Quiz)); err != nil {
				return nil, fmt.Errorf("read %s: entry %s: %w", name, w.ID, err)
			}
			m.said[tag] = w
		}
		if !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	return tags, nil
}

// loadBeyond reads the topics this book does not answer, each as an entry without text: they take
// part in the ranking and are never said.
func loadBeyond() ([]matter, error) {
	var topics []string
	if err := readYAML(shipped, beyondName, &topics); err != nil {
		return nil, err
	}
	out := make([]matter, len(topics))
	for i, t := range topics {
		out[i] = matter{said: map[string]wording{locales.Default: {Ask: t}}}
	}
	return out, nil
}

// loadModel reads the classifier of so many entries.
func loadModel(entries int) (*linear.Model, error) {
	m, err := linear.Open(model)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", modelName, err)
	}
	if m.Classes() != entries {
		return nil, fmt.Errorf("read %s: it knows %d entries, not %d", modelName, m.Classes(), entries)
	}
	return m, nil
}

func readYAML(from fs.FS, name string, into any) error {
	raw, err := fs.ReadFile(from, name)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	dec := yaml.NewDecoder(strings.NewReader(string(raw)))
	dec.KnownFields(true)
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return nil
}

func validate(all []matter) error {
	seen := map[string]bool{}
	for _, m := range all {
		if seen[m.ID] {
			return fmt.Errorf("entry %s: written twice", m.ID)
		}
		seen[m.ID] = true
		if err := m.faults(); err != nil {
			return fmt.Errorf("entry %s: %w", m.ID, err)
		}
	}
	for _, m := range all {
		for _, id := range m.Related {
			if !seen[id] {
				return fmt.Errorf("entry %s: related entry %s does not exist", m.ID, id)
			}
		}
	}
	return nil
}

func (m matter) faults() error {
	switch {
	case m.ID == "":
		return fmt.Errorf("no id")
	case slices.ContainsFunc(m.Articles, func(n int) bool { return n < 1 || n > lastArticle }):
		return fmt.Errorf("an article outside 1–%d", lastArticle)
	}
	return m.wording.faults(len(m.Quiz))
}

// faults is what is wrong with a wording; each language has all quiz questions or none.
func (w wording) faults(quiz int) error {
	switch {
	case w.Title == "" || w.Text == "":
		return fmt.Errorf("title and text are needed")
	case len(w.Quiz) > 0 && len(w.Quiz) != quiz:
		return fmt.Errorf("%d quiz questions, where there are %d", len(w.Quiz), quiz)
	}
	for _, q := range w.Quiz {
		if err := q.faults(); err != nil {
			return err
		}
	}
	return nil
}

// phrasings are the ways people put the question in some languages.
func (m matter) phrasings(tags []string) (out []string) {
	for _, tag := range tags {
		out = append(out, m.said[tag].phrasings()...)
	}
	return out
}

// phrasings are the ways people put the question, one a line in the file.
func (w wording) phrasings() []string {
	var out []string
	for line := range strings.Lines(w.Ask) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// valid reports whether the entry holds on the day of at; a zero at asks for no check.
func (m matter) valid(at time.Time) bool {
	if at.IsZero() {
		return true
	}
	d := at.In(beijing).Format(time.DateOnly)
	afterStart := m.From.IsZero() || d >= m.From.Format(time.DateOnly)
	beforeEnd := m.To.IsZero() || d <= m.To.Format(time.DateOnly)
	return afterStart && beforeEnd
}
