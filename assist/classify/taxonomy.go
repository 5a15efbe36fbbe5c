package classify

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
	"sync"
)

// labels.json holds the first-level labels of petition offices with their other names, and for each its
// second-level subjects with the words that speak for them: strong ones nearly alone, others together.
//
//go:embed labels.json
var labelsJSON []byte

// A label is a first-level category.
type label struct {
	Name     string    `json:"name"`
	Aliases  []string  `json:"aliases"` // earlier and neighbouring names; a model trained with one of them serves this label
	Shares   string    `json:"shares"`  // the label whose messages a model without this one puts it among
	Subjects []subject `json:"subjects"`
}

// A subject is a second-level category.
type subject struct {
	Name   string   `json:"name"`
	Strong []string `json:"strong"`
	Words  []string `json:"words"`
}

const (
	strongWord = 3.0
	plainWord  = 1.0
	titleBonus = 1.5 // a word in the title counts that much
)

// taxonomy is the labels with an index of their words. Read-only.
type taxonomy struct {
	labels   []label
	subjects int                 // of all labels
	words    map[[2]rune][]entry // by a word's first two characters
}

type entry struct {
	word           []rune
	label, subject int
	weight         float64
}

var defaultTaxonomy = sync.OnceValue(func() *taxonomy {
	var labels []label
	if err := json.Unmarshal(labelsJSON, &labels); err != nil {
		panic("classify: labels.json in the binary: " + err.Error()) // a test reads it; it cannot change afterwards
	}
	return index(labels)
})

func index(labels []label) *taxonomy {
	t := &taxonomy{labels: labels, words: map[[2]rune][]entry{}}
	for l, lab := range labels {
		t.subjects += len(lab.Subjects)
		for s, sub := range lab.Subjects {
			t.enter(l, s, strongWord, append([]string{sub.Name}, sub.Strong...))
			t.enter(l, s, plainWord, sub.Words)
		}
	}
	return t
}

func (t *taxonomy) enter(label, subject int, weight float64, words []string) {
	for _, w := range words {
		r := chars(nil, w, 16)
		if len(r) < 2 {
			continue
		}
		key := [2]rune{r[0], r[1]}
		t.words[key] = append(t.words[key], entry{r, label, subject, weight})
	}
}

// with returns the taxonomy with a label for every name it does not know; the words for it come from the name.
func (t *taxonomy) with(names []string) *taxonomy {
	labels := slices.Clone(t.labels)
	for _, name := range names {
		if t.find(name) < 0 {
			labels = append(labels, label{Name: name, Subjects: []subject{{Name: name, Strong: nameWords(name)}}})
		}
	}
	if len(labels) == len(t.labels) {
		return t
	}
	return index(labels)
}

func nameWords(name string) []string {
	return strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune("与和及、/ ", r) })
}

// find returns the label's place, by name or alias; -1 where there is none.
func (t *taxonomy) find(name string) int {
	if i := slices.IndexFunc(t.labels, func(l label) bool { return l.Name == name }); i >= 0 {
		return i
	}
	return slices.IndexFunc(t.labels, func(l label) bool { return slices.Contains(l.Aliases, name) })
}

// evidence is what the words of a message say, by label and subject.
type evidence [][]float64

func (e evidence) label(l int) float64 {
	sum := 0.0
	for _, s := range e[l] {
		sum += s
	}
	return sum
}

// read finds the labels' words in the message; its first titleLen characters are the title.
func (t *taxonomy) read(whole []rune, titleLen int) evidence {
	found, all := make(evidence, len(t.labels)), make([]float64, t.subjects)
	for l, lab := range t.labels {
		found[l], all = all[:len(lab.Subjects)], all[len(lab.Subjects):]
	}
	seen := map[*rune]bool{}
	for i := 0; i+1 < len(whole); i++ {
		for _, e := range t.words[[2]rune{whole[i], whole[i+1]}] {
			if len(e.word) > len(whole)-i || !slices.Equal(e.word, whole[i:i+len(e.word)]) || seen[&e.word[0]] {
				continue
			}
			seen[&e.word[0]] = true
			weight := e.weight
			if i < titleLen {
				weight *= titleBonus
			}
			found[e.label][e.subject] += weight
		}
	}
	return found
}
