package answer

import (
	"strings"
	"unicode/utf8"
)

// The lists of words by which kinds of messages are told apart.
const (
	asking = iota
	process
	trouble
	telling
	ownCase
	whereNow
	yesOrNo // the question form 担不担, 管不管
	lists
)

var yesOrNoWords = strings.Fields(`担不担 算不算 管不管 收不收 接不接 给不给 认不认 要不要 让不让 准不准 听不听 查不查 用不用 合不合 归不归 受不受 有没有`)

// signs are those words by their first character, so that a text is walked once for all of them.
type signs struct {
	words []sign
	first map[rune][]int // places in words
}

type sign struct {
	word string
	list int
}

func newSigns(m marks) *signs {
	s := &signs{first: map[rune][]int{}}
	for list, words := range [lists][]string{m.Asking, m.Process, m.Trouble, m.Telling, m.OwnCase, m.WhereNow, yesOrNoWords} {
		for _, w := range words {
			r, _ := utf8.DecodeRuneInString(w)
			s.first[r] = append(s.first[r], len(s.words))
			s.words = append(s.words, sign{w, list})
		}
	}
	return s
}

// heard is which signs a text holds.
type heard struct {
	signs *signs
	has   []bool
	n     [lists]int // how many of each list
}

func (s *signs) in(text string) heard {
	h := heard{signs: s, has: make([]bool, len(s.words))}
	for i, r := range text {
		for _, w := range s.first[r] {
			if !h.has[w] && strings.HasPrefix(text[i:], s.words[w].word) {
				h.has[w] = true
				h.n[s.words[w].list]++
			}
		}
	}
	return h
}

// any reports whether a text holds a word of a list.
func (s *signs) any(list int, text string) bool {
	for i, r := range text {
		for _, w := range s.first[r] {
			if s.words[w].list == list && strings.HasPrefix(text[i:], s.words[w].word) {
				return true
			}
		}
	}
	return false
}

// without replaces the words of a list in the text that they were heard in by blanks, one after the other. One with a
// blank in it may come about by that.
func (h heard) without(list int, text string) string {
	for i, w := range h.signs.words {
		if w.list == list && (h.has[i] || strings.Contains(w.word, " ")) {
			text = strings.ReplaceAll(text, w.word, " ")
		}
	}
	return text
}
