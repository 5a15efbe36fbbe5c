// Package spans finds in a message what is a place and what is a person's name, and weighs whose a name, a number or
// a place is: the writer's, or somebody else's. It proposes, with probabilities; nothing is taken from it unasked.
// Its weights were trained on letters and messages that readers marked (train_test.go); they are numbers alone.
package spans

import (
	_ "embed"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode"

	"dengwen/assist/linear"
	"dengwen/assist/names"
)

// A Span is runes [Start, End) of a text.
type Span struct{ Start, End int }

// Kind is what a span is.
type Kind byte

// The kinds of span.
const (
	Place Kind = iota
	Name
	Phone
	kinds
)

// A Found span and how likely it is the writer's own: of a place, that the matter is there. Home is how likely the
// writer lives there, of places alone.
type Found struct {
	Span
	Kind      Kind
	Own, Home float64
}

// Tags of a character: outside, or the beginning, inside or end of a place or a name.
const (
	outside = iota
	placeBegins
	placeGoesOn
	placeEnds
	nameBegins
	nameGoesOn
	nameEnds
	tags
)

const (
	maxRunes = 3000 // of a text are read
	maxSpans = 300  // of it are weighed
)

//go:embed tags.bin
var tagFile []byte

//go:embed places.bin
var placeFile []byte

//go:embed homes.bin
var homeFile []byte

//go:embed names.bin
var nameFile []byte

//go:embed phones.bin
var phoneFile []byte

// Model is the weights of the tagger and of the roles. It is read-only and safe for concurrent use.
type Model struct {
	tags, home *linear.Model
	own        [kinds]*linear.Model
}

var opened = sync.OnceValues(func() (*Model, error) {
	m := &Model{}
	for _, f := range []struct {
		file []byte
		into **linear.Model
	}{{tagFile, &m.tags}, {placeFile, &m.own[Place]}, {homeFile, &m.home}, {nameFile, &m.own[Name]}, {phoneFile, &m.own[Phone]}} {
		opened, err := linear.Open(f.file)
		if err != nil {
			return nil, fmt.Errorf("read the spans' weights in the binary: %w", err)
		}
		*f.into = opened
	}
	return m, nil
})

// Default is the model in the binary, whose bytes are checked at the first call.
func Default() (*Model, error) { return opened() }

// Text is what is read: characters in normal form, the names that end as places do, where a place of the office is
// named, and the telephone numbers.
type Text struct {
	Runes  []rune
	Ended  []names.Name
	Known  []Span
	Phones []Span
	Extra  []Found // found by other means; they come before what the tagger finds in their place
}

// Find returns the places, the names and the numbers of a text, each kind in its order, and whose they are.
func (m *Model) Find(t Text) []Found {
	if len(t.Runes) > maxRunes {
		t.Runes = t.Runes[:maxRunes]
	}
	var all []Found
	for _, f := range m.tagged(t) {
		if !slices.ContainsFunc(t.Extra, func(e Found) bool { return e.Start < f.End && f.Start < e.End }) {
			all = append(all, f)
		}
	}
	for _, e := range t.Extra {
		if e.End <= len(t.Runes) {
			all = append(all, e)
		}
	}
	for _, p := range t.Phones {
		if p.End <= len(t.Runes) {
			all = append(all, Found{Span: p, Kind: Phone})
		}
	}
	w := newSurroundings(t.Runes, all[:min(len(all), maxSpans)])
	for _, kind := range []Kind{Place, Name, Phone} { // a number's owner is told by the name beside it
		for i := range w.all {
			if w.all[i].Kind == kind {
				m.weigh(w, i)
			}
		}
	}
	return w.all
}

func (m *Model) weigh(w *surroundings, i int) {
	s, features := &w.all[i], w.features(i)
	var chances [2]float64
	m.own[s.Kind].Chances(features, chances[:])
	s.Own = chances[1]
	if s.Kind == Place {
		m.home.Chances(features, chances[:])
		s.Home = chances[1]
	}
}

// oneWord reports a span of nothing but letters of one word that the office has no place called.
func (c *characters) oneWord(f Found) bool {
	for i := f.Start; i < f.End; i++ {
		if shape(c.runes[i]) != 'a' || c.mark[i] != 0 {
			return false
		}
	}
	return true
}

// inWord reports whether characters i-1 and i are letters of one word.
func (c *characters) inWord(i int) bool {
	return i > 0 && i < len(c.runes) && shape(c.runes[i-1]) == 'a' && shape(c.runes[i]) == 'a'
}

// follows says which tag may come after which: a span has a beginning and an end.
var follows = [tags][tags]bool{
	outside:     {outside: true, placeBegins: true, nameBegins: true},
	placeBegins: {placeGoesOn: true, placeEnds: true},
	placeGoesOn: {placeGoesOn: true, placeEnds: true},
	placeEnds:   {outside: true, placeBegins: true, nameBegins: true},
	nameBegins:  {nameGoesOn: true, nameEnds: true},
	nameGoesOn:  {nameGoesOn: true, nameEnds: true},
	nameEnds:    {outside: true, placeBegins: true, nameBegins: true},
}

// tagged is the likeliest tags of the text (Viterbi), as spans.
func (m *Model) tagged(t Text) []Found {
	n := len(t.Runes)
	if n == 0 {
		return nil
	}
	c := newCharacters(t)
	from := make([][tags]int8, n)
	best := [tags]float64{}
	for tag := range tags {
		if !follows[outside][tag] {
			best[tag] = math.Inf(-1)
		}
	}
	var odds [tags]float64
	features := make([]uint32, 0, perCharacter)
	for i := range n {
		features = c.features(features[:0], i)
		m.tags.Odds(features, odds[:])
		next := [tags]float64{}
		for tag := range tags {
			next[tag] = math.Inf(-1)
			for last := range tags {
				if (i == 0 || follows[last][tag]) && best[last] > next[tag] {
					next[tag], from[i][tag] = best[last], int8(last)
				}
			}
			next[tag] += odds[tag]
		}
		best = next
	}
	return c.tidied(spansOf(from, best))
}

// tidied moves the ends of places that stand a character beside a word: 咱 belongs to none, and 照料中 goes on to 中心.
// A place that is cut out of a word of letters is none, nor is one such word, or a facility's word without a name before it.
func (c *characters) tidied(all []Found) []Found {
	all = slices.DeleteFunc(all, func(f Found) bool {
		return f.Kind == Place && (c.inWord(f.Start) || c.inWord(f.End) || c.oneWord(f) || int(c.ends[f.End-1]) >= max(f.End-f.Start, 2))
	})
	for i := range all {
		f := &all[i]
		if f.Kind != Place {
			continue
		}
		for f.End-f.Start > 2 && strings.ContainsRune("咱俺我们在", c.runes[f.Start]) {
			f.Start++
		}
		if next := f.End; next < len(c.runes) && int(c.ends[next]) > 1 && c.ends[f.End-1] == 0 && (i+1 == len(all) || all[i+1].Start > next) {
			f.End++
		}
	}
	return all
}

func spansOf(from [][tags]int8, last [tags]float64) []Found {
	n := len(from)
	tag := outside
	for _, end := range []int{placeEnds, nameEnds} {
		if last[end] > last[tag] {
			tag = end
		}
	}
	var back []Found
	for i := n - 1; i >= 0; i-- {
		switch tag {
		case placeEnds:
			back = append(back, Found{Span: Span{0, i + 1}, Kind: Place})
		case nameEnds:
			back = append(back, Found{Span: Span{0, i + 1}, Kind: Name})
		case placeBegins, nameBegins:
			back[len(back)-1].Start = i
		}
		tag = int(from[i][tag])
	}
	out := make([]Found, 0, len(back))
	for i := len(back) - 1; i >= 0; i-- {
		out = append(out, back[i])
	}
	return out
}

// shape is what sort of character it is.
func shape(r rune) rune {
	switch {
	case r >= '0' && r <= '9':
		return '0'
	case r < 0x80 && unicode.IsLetter(r):
		return 'a'
	case r == ' ' || r == '\n':
		return ' '
	case unicode.Is(unicode.Han, r):
		return '汉'
	}
	return ','
}
