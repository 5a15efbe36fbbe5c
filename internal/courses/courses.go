// Package courses are short courses for officers: questions with their article and the reason, as data, one file a language.
package courses

import (
	"embed"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/BurntSushi/toml"
)

//go:embed *.toml
var files embed.FS

// Course is a course. ID is the same in every language.
type Course struct {
	ID        string     `toml:"id"`
	Title     string     `toml:"title"`
	Questions []Question `toml:"question"`
}

// Question is a question of it. Right counts Options from 1; Article is of the Regulation.
type Question struct {
	Ask     string   `toml:"ask"`
	Options []string `toml:"options"`
	Right   int      `toml:"right"`
	Article string   `toml:"article"`
	Why     string   `toml:"why"`
}

// Book are the courses of each language.
type Book struct {
	byLang   map[string][]Course
	fallback string
}

// Read reads the courses that come with the program. A language that has none gets those of fallback.
func Read(fallback string) (*Book, error) {
	b := &Book{byLang: map[string][]Course{}, fallback: fallback}
	entries, err := files.ReadDir(".")
	if err != nil {
		return nil, fmt.Errorf("read courses: %w", err)
	}
	for _, e := range entries {
		var file struct {
			Courses []Course `toml:"course"`
		}
		if _, err := toml.DecodeFS(files, e.Name(), &file); err != nil {
			return nil, fmt.Errorf("read courses of %s: %w", e.Name(), err)
		}
		for _, c := range file.Courses {
			if err := c.check(); err != nil {
				return nil, fmt.Errorf("course %s of %s: %w", c.ID, e.Name(), err)
			}
		}
		b.byLang[strings.TrimSuffix(e.Name(), path.Ext(e.Name()))] = file.Courses
	}
	if b.byLang[fallback] == nil {
		return nil, fmt.Errorf("no courses in %s", fallback)
	}
	return b, nil
}

func (c Course) check() error {
	if c.ID == "" || c.Title == "" || len(c.Questions) == 0 {
		return errors.New("it lacks an id, a title or questions")
	}
	for _, q := range c.Questions {
		if q.Ask == "" || q.Why == "" || q.Article == "" || len(q.Options) < 2 || q.Right < 1 || q.Right > len(q.Options) {
			return fmt.Errorf("the question %q is not whole", q.Ask)
		}
	}
	return nil
}

// In are the courses in a language.
func (b *Book) In(lang string) []Course {
	if all := b.byLang[lang]; all != nil {
		return all
	}
	return b.byLang[b.fallback]
}

// Find is a course by its id.
func (b *Book) Find(lang, id string) (Course, bool) {
	for _, c := range b.In(lang) {
		if c.ID == id {
			return c, true
		}
	}
	return Course{}, false
}
