// Package answer answers questions on the petition rules, offline, with the article named.
//
// The knowledge base is a folder a language of YAML files in our own words over the 50 articles of the Regulation
// on Petition Work (信访工作条例, in force since 1 May 2022), the neighbouring routes and the office's
// own data. Retrieval compares character n-grams; what is not near enough to any entry is said not
// to be known. Nothing here leaves the process, and no question is logged.
package answer

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

	"dengwen/locales"
	"dengwen/petition"
)

// beijing is fixed: the Regulation's days are days there, and there is no summer time.
var beijing = time.FixedZone("CST", 8*60*60)

// Book is the knowledge base of one office. It is safe for use by many goroutines.
type Book struct {
	office  *petition.Office
	locales *locales.Catalog
	entries []matter
	every   []matter // the entries, then the topics that this book does not answer
	byID    map[string]int
	words   *vocabulary
	index   func() *index // of the languages built in; made at the first question, a fifth of a second
	added   map[string]func() *index
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

// New reads the knowledge base that is built in and, over it, what folders of one's own say in a
// language more or otherwise (<tag>/answers/*.yaml). words has the languages and the sentences around
// an answer. The error names the file and the entry at fault.
//
// A language that was added is searched in an index of its own beside the ones built in: it changes
// nothing of how those are answered.
func New(office *petition.Office, words *locales.Catalog, own ...fs.FS) (*Book, error) {
	entries, built, err := loadMatters(own...)
	if err != nil {
		return nil, fmt.Errorf("open the knowledge base: %w", err)
	}
	vocabulary, err := loadVocabulary()
	if err != nil {
		return nil, fmt.Errorf("open the knowledge base: %w", err)
	}
	beyond, err := loadBeyond()
	if err != nil {
		return nil, fmt.Errorf("open the knowledge base: %w", err)
	}
	every := slices.Concat(entries, beyond)
	learnt, err := loadModel(len(every))
	if err != nil {
		return nil, fmt.Errorf("open the knowledge base: %w", err)
	}
	b := &Book{office: office, locales: words, entries: entries, every: every, byID: map[string]int{}, words: vocabulary, added: map[string]func() *index{}}
	b.index = sync.OnceValue(func() *index { return newIndex(vocabulary, every, built, learnt) })
	for i, m := range entries {
		b.byID[m.ID] = i
		for tag := range m.said {
			if b.added[tag] == nil && !slices.Contains(built, tag) {
				b.added[tag] = sync.OnceValue(func() *index { return newIndex(vocabulary, every, append(slices.Clone(built), tag), nil) })
			}
		}
	}
	return b, nil
}

func (b *Book) indexFor(lang string) *index {
	if index := b.added[lang]; index != nil {
		return index()
	}
	return b.index()
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
	said := m.in(b.locales.Chain(lang))
	articles := slices.Clone(m.Articles)
	slices.Sort(articles)
	return Entry{
		ID:       m.ID,
		Title:    said.Title,
		Text:     strings.TrimSpace(b.fill(said.Text, lang)),
		Articles: articles,
		Refs:     m.Refs,
		Related:  m.Related,
	}
}
