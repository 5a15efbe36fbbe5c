package answer

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

//go:embed kb/*.yaml
var shipped embed.FS

// matter is one entry as its file holds it, before the office's data is filled in.
type matter struct {
	ID       string   `yaml:"id"`
	Title    bilingue `yaml:"title"`
	Zh       string   `yaml:"zh"`
	En       string   `yaml:"en"`
	Ask      string   `yaml:"ask"`
	Articles []int    `yaml:"articles"`
	Refs     []string `yaml:"refs"`
	Related  []string `yaml:"related"`
	From     day      `yaml:"valid_from"`
	To       day      `yaml:"valid_to"`
	Quiz     []puzzle `yaml:"quiz"`
}

type bilingue struct {
	Zh string `yaml:"zh"`
	En string `yaml:"en"`
}

func (b bilingue) in(lang string) string {
	if lang == English {
		return b.En
	}
	return b.Zh
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
	wordsName  = "words.yaml"
	beyondName = "beyond.yaml"
)

func loadMatters() ([]matter, error) {
	names, err := shipped.ReadDir("kb")
	if err != nil {
		return nil, fmt.Errorf("list the knowledge base: %w", err)
	}
	var all []matter
	for _, n := range names {
		if n.Name() == wordsName || n.Name() == beyondName {
			continue
		}
		matters, err := readMatters(n.Name())
		if err != nil {
			return nil, err
		}
		all = append(all, matters...)
	}
	return all, validate(all)
}

// loadBeyond reads the topics this book does not answer, each as an entry without text: they take
// part in the ranking and are never said.
func loadBeyond() ([]matter, error) {
	var topics []string
	if err := readYAML(beyondName, &topics); err != nil {
		return nil, err
	}
	out := make([]matter, len(topics))
	for i, t := range topics {
		out[i] = matter{Ask: t}
	}
	return out, nil
}

func readMatters(name string) ([]matter, error) {
	var f kbFile
	if err := readYAML(name, &f); err != nil {
		return nil, err
	}
	for i := range f.Entries {
		if f.Entries[i].From.IsZero() {
			f.Entries[i].From = f.From
		}
	}
	return f.Entries, nil
}

func readYAML(name string, into any) error {
	raw, err := shipped.ReadFile(path.Join("kb", name))
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
	case m.Title.Zh == "" || m.Title.En == "" || m.Zh == "" || m.En == "":
		return fmt.Errorf("title and text are needed in both languages")
	case len(m.phrasings()) < 3:
		return fmt.Errorf("fewer than three phrasings")
	case slices.ContainsFunc(m.Articles, func(n int) bool { return n < 1 || n > lastArticle }):
		return fmt.Errorf("an article outside 1–%d", lastArticle)
	}
	for _, q := range m.Quiz {
		if err := q.faults(); err != nil {
			return err
		}
	}
	return nil
}

// phrasings are the ways people put the question, one a line in the file.
func (m matter) phrasings() []string {
	var out []string
	for line := range strings.Lines(m.Ask) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

func (m matter) text(lang string) string {
	if lang == English {
		return m.En
	}
	return m.Zh
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
