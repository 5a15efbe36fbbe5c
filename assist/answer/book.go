// Package answer answers questions on the petition rules, offline, with the article named.
//
// The knowledge base is a set of YAML files in our own words over the 50 articles of the Regulation
// on Petition Work (信访工作条例, in force since 1 May 2022), the neighbouring routes and the office's
// own data. Retrieval compares character n-grams; what is not near enough to any entry is said not
// to be known. Nothing here leaves the process, and no question is logged.
package answer

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// English is the language tag of the English answers; every other tag is answered in Chinese.
const English = "en"

// beijing is fixed: the Regulation's days are days there, and there is no summer time.
var beijing = time.FixedZone("CST", 8*60*60)

// Book is the knowledge base of one office. It is safe for use by many goroutines.
type Book struct {
	office  Office
	entries []matter
	byID    map[string]int
	words   *vocabulary
	index   func() *index // made at the first question, a fifth of a second
}

// Entry is one matter in one language, with the office's data filled in.
type Entry struct {
	ID       string
	Title    string
	Text     string   // without the line naming the articles
	Articles []int    // of the Regulation, ascending
	Refs     []string // other laws, in Chinese
	Related  []string // ids
}

// New reads the knowledge base that is built in. The error names the file and the entry at fault.
func New(office Office) (*Book, error) {
	entries, err := loadMatters()
	if err != nil {
		return nil, fmt.Errorf("open the knowledge base: %w", err)
	}
	words, err := loadVocabulary()
	if err != nil {
		return nil, fmt.Errorf("open the knowledge base: %w", err)
	}
	beyond, err := loadBeyond()
	if err != nil {
		return nil, fmt.Errorf("open the knowledge base: %w", err)
	}
	b := &Book{office: office, entries: entries, byID: map[string]int{}, words: words}
	b.index = sync.OnceValue(func() *index { return newIndex(words, slices.Concat(entries, beyond)) })
	for i, m := range entries {
		b.byID[m.ID] = i
	}
	return b, nil
}

// Entries lists the ids of all entries in the order of the files.
func (b *Book) Entries() []string {
	ids := make([]string, len(b.entries))
	for i, m := range b.entries {
		ids[i] = m.ID
	}
	return ids
}

// Entry returns one entry; an unknown id is an error.
func (b *Book) Entry(id, lang string) (Entry, error) {
	i, ok := b.byID[id]
	if !ok {
		return Entry{}, fmt.Errorf("entry %q: not in the knowledge base", id)
	}
	return b.entry(i, lang), nil
}

func (b *Book) entry(i int, lang string) Entry {
	m := b.entries[i]
	articles := slices.Clone(m.Articles)
	slices.Sort(articles)
	return Entry{
		ID:       m.ID,
		Title:    m.Title.in(lang),
		Text:     strings.TrimSpace(b.office.fill(m.text(lang), lang)),
		Articles: articles,
		Refs:     m.Refs,
		Related:  m.Related,
	}
}
