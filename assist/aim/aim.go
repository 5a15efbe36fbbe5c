// Package aim tells what a message is for: a question, a suggestion, a complaint or a call for help, thanks, or a
// report on people in office. It is a proposal: the conversation asks where it is not sure.
package aim

import (
	_ "embed"
	"fmt"
	"sync"
	"unicode"

	"dengwen/assist/linear"
	"dengwen/assist/normalize"
)

// The aims of a message.
const (
	Question   = "question"
	Suggestion = "suggestion"
	Complaint  = "complaint" // or a call for help
	Thanks     = "thanks"
	Report     = "report"
)

// aims are the classes, in the order of the model's numbers.
var aims = []string{Complaint, Question, Suggestion, Thanks, Report}

//go:embed model.bin
var embedded []byte

// Model tells the aims apart. It is read-only and safe for concurrent use.
type Model struct{ linear *linear.Model }

var opened = sync.OnceValues(func() (*linear.Model, error) { return linear.Open(embedded) })

// Default is the model in the binary, whose bytes are checked at the first call.
func Default() (Model, error) {
	m, err := opened()
	if err != nil {
		return Model{}, fmt.Errorf("read the aims' weights in the binary: %w", err)
	}
	return Model{m}, nil
}

// Of is the likeliest aim of a text and its probability.
func (m Model) Of(text string) (aim string, chance float64) {
	var chances [5]float64
	m.linear.Chances(features(text), chances[:])
	best := 0
	for i, c := range chances {
		if c > chances[best] {
			best = i
		}
	}
	return aims[best], chances[best]
}

const (
	opening = 60   // characters that say most
	closing = 60   // and those at the end
	longest = 1000 // characters read
)

// features are the characters and pairs of a text, each once; those of its beginning and end again, for people say
// there what they want; and how long it is.
func features(text string) []uint32 {
	runes := make([]rune, 0, longest)
	for _, r := range text {
		if r = normalize.Rune(r); unicode.IsSpace(r) {
			continue
		}
		if unicode.IsDigit(r) {
			r = '0'
		}
		if runes = append(runes, r); len(runes) == longest {
			break
		}
	}
	out := []uint32{linear.Feature('0', 0, 0), linear.Feature('l', rune(min(len(runes)/12, 30)), 0)}
	seen := map[uint32]bool{}
	add := func(f uint32) {
		if !seen[f] {
			seen[f] = true
			out = append(out, f)
		}
	}
	for i := range runes {
		add(linear.Feature('u', runes[i], 0))
		if i+1 < len(runes) {
			add(linear.Feature('b', runes[i], runes[i+1]))
		}
		if i < opening && i+1 < len(runes) {
			add(linear.Feature('o', runes[i], runes[i+1]))
		}
		if i >= len(runes)-closing && i+1 < len(runes) {
			add(linear.Feature('c', runes[i], runes[i+1]))
		}
	}
	return out
}
