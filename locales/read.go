package locales

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/BurntSushi/toml"
	"golang.org/x/text/language"
)

// about is the file of a folder that holds no sentences.
const about = "language.toml"

// New reads the languages built into the program and, over them, those of folders of one's own:
// a language more, or a sentence said otherwise. Every fault of those is in the error.
func New(own ...fs.FS) (*Catalog, error) { return parse(append([]fs.FS{files}, own...)...) }

// parse reads layers of folders, the later over the earlier: a folder for each language, named by
// its BCP 47 tag, with language.toml and any number of TOML files of key = "sentence". The first
// layer must hold Default, with all there is to say.
func parse(layers ...fs.FS) (*Catalog, error) {
	c := &Catalog{byTag: map[string]*Language{}}
	for i, from := range layers {
		folders, err := fs.ReadDir(from, ".")
		if err != nil {
			return nil, fmt.Errorf("list languages: %w", err)
		}
		for _, f := range folders {
			if !f.IsDir() || strings.HasPrefix(f.Name(), ".") {
				continue
			}
			if err := c.read(from, f.Name()); err != nil {
				return nil, fmt.Errorf("read the sentences of %s: %w", f.Name(), err)
			}
		}
		if c.byTag[Default] == nil {
			return nil, fmt.Errorf("no sentences in %s, which stands in where another language has none", Default)
		}
		if i == 0 {
			continue
		}
		if err := c.check(); err != nil {
			return nil, err
		}
	}
	return c, c.complete()
}

func (c *Catalog) read(from fs.FS, tag string) error {
	if _, err := language.Parse(tag); err != nil {
		return fmt.Errorf("%q is no language tag: %w", tag, err)
	}
	l := c.byTag[tag]
	if l == nil {
		l = &Language{Tag: tag, own: map[string]*sentence{}}
		c.byTag[tag] = l
	}
	names, err := fs.Glob(from, path.Join(tag, "*.toml"))
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, name := range names {
		if path.Base(name) == about {
			meta, err := toml.DecodeFS(from, name, l)
			if err == nil && len(meta.Undecoded()) > 0 {
				err = fmt.Errorf("there is nothing called %s", meta.Undecoded()[0])
			}
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			continue
		}
		var all map[string]string
		if _, err := toml.DecodeFS(from, name, &all); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		for key, text := range all {
			if seen[key] {
				return fmt.Errorf("%s: %s stands in another file too", name, key)
			}
			seen[key], l.own[key] = true, &sentence{text: text}
		}
	}
	return nil
}

// complete checks what the languages say of themselves and gives each the sentences and dates of
// its fallbacks.
func (c *Catalog) complete() error {
	for tag, l := range c.byTag {
		if l.Name == "" {
			return fmt.Errorf("%s/%s: name is missing, what the language calls itself", tag, about)
		}
		if l.Fallback != "" && c.byTag[l.Fallback] == nil {
			return fmt.Errorf("%s/%s: fallback: there is no language %q", tag, about, l.Fallback)
		}
		if l.Letters != "" && unicode.Scripts[l.Letters] == nil {
			return fmt.Errorf("%s/%s: letters: %q is no script of Unicode", tag, about, l.Letters)
		}
		c.languages = append(c.languages, l)
	}
	slices.SortFunc(c.languages, func(a, b *Language) int { // Default first
		switch {
		case a.Tag == Default:
			return -1
		case b.Tag == Default:
			return 1
		}
		return strings.Compare(a.Tag, b.Tag)
	})
	for _, l := range c.languages {
		l.sentences = map[string]*sentence{}
		for key := range c.byTag[Default].own {
			for _, from := range c.chain(l) {
				if s := from.own[key]; s != nil {
					l.sentences[key] = s
					break
				}
			}
		}
		for _, from := range c.chain(l)[1:] {
			l.Dates.fill(from.Dates)
		}
		if d := l.Dates; len(d.Weekdays) != 7 || len(d.Months) != 12 || d.Day == "" || d.NextYear == "" || d.OtherYear == "" || d.Moment == "" {
			return fmt.Errorf("%s/%s: dates: seven weekdays, twelve months and four formats are needed", l.Tag, about)
		}
		l.day, l.nextYear = &sentence{text: l.Dates.Day}, &sentence{text: l.Dates.NextYear}
		l.otherYear, l.moment = &sentence{text: l.Dates.OtherYear}, &sentence{text: l.Dates.Moment}
	}
	return nil
}

// chain is who speaks for a language: itself, its fallbacks, Default.
func (c *Catalog) chain(l *Language) []*Language {
	chain := []*Language{l}
	for at := l; at.Fallback != "" && !slices.Contains(chain, c.byTag[at.Fallback]); {
		at = c.byTag[at.Fallback]
		chain = append(chain, at)
	}
	return append(chain, c.byTag[Default])
}

func (d *Dates) fill(from Dates) {
	if d.Weekdays == nil {
		d.Weekdays = from.Weekdays
	}
	if d.Months == nil {
		d.Months = from.Months
	}
	if d.Day == "" { // they go together
		d.Day, d.NextYear, d.OtherYear, d.Moment, d.Close = from.Day, from.NextYear, from.OtherYear, from.Moment, from.Close
	}
}

// check refuses sentences that nobody says, that are no template, or that name what is not
// filled in.
func (c *Catalog) check() error {
	var faults []error
	for tag, l := range c.byTag {
		for key, s := range l.own {
			first := c.byTag[Default].own[key]
			if first == nil {
				faults = append(faults, fmt.Errorf("%s: %q is no sentence of this program", tag, key))
				continue
			}
			if _, err := s.template(); err != nil {
				faults = append(faults, fmt.Errorf("%s: %s: %w", tag, key, err))
			}
			if more := without(holes(s.text), holes(first.text)); len(more) > 0 {
				faults = append(faults, fmt.Errorf("%s: %s: nothing fills %s in", tag, key, strings.Join(more, ", ")))
			}
		}
	}
	return errors.Join(faults...)
}

// Gap is a sentence that a language does not have, or that leaves out what Default's names.
type Gap struct {
	Key  string
	Lost []string // the placeholders left out; nil = the sentence is missing
}

// Gaps lists what a language lacks, by key.
func (c *Catalog) Gaps(lang string) (gaps []Gap) {
	for _, key := range c.Keys() {
		s := c.in(lang).own[key]
		if s == nil || strings.TrimSpace(s.text) == "" {
			gaps = append(gaps, Gap{Key: key})
		} else if lost := without(holes(c.byTag[Default].own[key].text), holes(s.text)); len(lost) > 0 {
			gaps = append(gaps, Gap{key, lost})
		}
	}
	return gaps
}

var placeholder = regexp.MustCompile(`\.[A-Za-z_]+`)

// holes are the names of a sentence's placeholders, sorted.
func holes(text string) []string {
	var names []string
	for _, part := range strings.Split(text, "{{")[1:] {
		inside, _, _ := strings.Cut(part, "}}")
		names = append(names, placeholder.FindAllString(inside, -1)...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func without(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
}
