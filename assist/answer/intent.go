package answer

import (
	"regexp"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Kind says what a message wants.
type Kind string

const (
	RulesQuestion Kind = "rules"  // answer it
	CaseQuestion  Kind = "case"   // look the writer's own case up
	Story         Kind = "story"  // a matter to lodge
	Either        Kind = "either" // a complaint in the form of a question: offer both
)

// marks are the words by which kinds of messages are told apart.
type marks struct {
	Asking   []string `yaml:"asking"`
	Process  []string `yaml:"process"`
	Trouble  []string `yaml:"trouble"`
	Telling  []string `yaml:"telling"`
	OwnCase  []string `yaml:"own_case"`
	WhereNow []string `yaml:"where_now"`
}

// ticket is a case number as printed on a receipt (two letters, year, serial, check), with or without hyphens.
var ticket = regexp.MustCompile(`(?i)(?:^|[^a-z0-9])[a-z]{2}\d{2}[-–— ]?\d{4,8}[-–— ]?[0-9a-z]{2}(?:$|[^a-z0-9])`)

// howToLook shows that somebody asks where to look, and not for the case itself.
var howToLook = regexp.MustCompile(`怎么查|怎样查|如何查|上哪|在哪|哪里查|哪里看|公布|能不能查|可以查`)

// howLong asks for a time limit, also without naming what for: 多久有结果.
var howLong = regexp.MustCompile(`多久|几天|多少|几日|期限|多长|什么时候|啥时候|最晚|最迟`)

// traits is what is counted in a message.
type traits struct {
	asking                    bool
	process, trouble, telling int
	length                    int            // see lengthOf
	sure                      func() float64 // of the best answer; looked for where it decides
}

// IsQuestion tells what a message wants, with a confidence of 0–1. Below about 0.7 the bot should ask
// which of the two was meant.
func (b *Book) IsQuestion(text string) (Kind, float64) {
	// Not the vocabulary's clean: rewriting 两个月 to 60日 would hide that somebody tells a story.
	folded := strings.ToLower(norm.NFKC.String(text))
	if strings.ContainsFunc(folded, latin) && ticket.MatchString(folded) {
		return CaseQuestion, 0.97
	}
	h := b.words.signs.in(folded)
	if h.n[ownCase] > 0 && h.n[whereNow] > 0 && !howToLook.MatchString(folded) &&
		utf8.RuneCountInString(folded) <= longMessage {
		return CaseQuestion, 0.9
	}
	if n := utf8.RuneCountInString(strings.TrimSpace(folded)); n <= shortMessage/2 && h.n[whereNow] > 0 &&
		h.n[process] == 0 && !howToLook.MatchString(folded) && !howLong.MatchString(folded) {
		return CaseQuestion, 0.8
	}
	length := lengthOf(text)
	if length > 2*longMessage {
		return Story, 0.95
	}
	return traits{
		asking:  b.words.asks(folded, h),
		process: h.n[process],
		trouble: h.n[trouble],
		telling: h.n[telling],
		length:  length,
		sure:    sync.OnceValue(func() float64 { return b.Sure(text) }),
	}.kind()
}

// Sure is the chance, 0 to 1, that an entry answers what a text asks.
func (b *Book) Sure(text string) float64 { return b.match(text, "", time.Time{}).confidence }

func latin(r rune) bool { return r >= 'a' && r <= 'z' }

// asks reports whether a folded text has the form of a question. What belongs to telling is cut first:
// 前几天 and 谁都不管 ask nothing.
func (v *vocabulary) asks(folded string, h signCounts) bool {
	plain := strings.TrimRight(h.without(telling, folded), " 。.!,，")
	for _, end := range []string{"不", "没", "嘛"} {
		if strings.HasSuffix(plain, end) {
			return true
		}
	}
	return turnsOnItself(plain) || v.signs.any(yesOrNo, plain) || v.signs.any(asking, v.clean(plain))
}

// turnsOnItself reports the question form 上不上, 晓不晓得.
func turnsOnItself(text string) bool {
	r := []rune(text)
	for i := 1; i+1 < len(r); i++ {
		if r[i] == '不' && r[i-1] == r[i+1] && !strings.ContainsRune("动时", r[i-1]) { // 动不动, 时不时
			return true
		}
	}
	return false
}

// A question is short; whoever needs more is telling something, whatever it ends with.
const (
	shortMessage = 24
	longMessage  = 45
)

func (t traits) kind() (Kind, float64) {
	told := t.trouble + t.telling
	switch {
	case !t.asking && t.process > 0 && t.telling == 0 && t.length <= shortMessage && t.sure() >= surely:
		return RulesQuestion, 0.8
	case !t.asking && t.process > 0 && t.length <= shortMessage/2 && t.trouble == 0 && t.sure() >= surely:
		return RulesQuestion, 0.75
	case !t.asking && t.process > 0 && t.length <= longMessage && t.sure() >= surely:
		return Either, 0.6
	case !t.asking:
		return Story, grade(told, 0.65)
	case t.length > longMessage && told >= 2 && told > t.process:
		return Story, 0.75
	case told > t.process && t.trouble > 0:
		return Either, grade(told-t.process, 0.5)
	case (t.process > 0 || t.length <= shortMessage) && t.sure() >= surely:
		return RulesQuestion, max(0.7, t.sure())
	case t.process > 0 && t.length <= longMessage:
		return RulesQuestion, 0.6
	case told == 0 && t.length <= longMessage && t.sure() >= surely:
		return RulesQuestion, 0.7
	case t.length > longMessage:
		return Story, 0.6
	}
	return Either, 0.5
}

// lengthOf counts runes; two for a word of other scripts, which says about as much.
func lengthOf(text string) int {
	if !strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		return 2 * len(strings.Fields(text))
	}
	return utf8.RuneCountInString(strings.TrimSpace(text))
}

// grade raises a confidence by how many marks speak for it.
func grade(n int, from float64) float64 { return min(0.95, from+0.1*float64(n)) }

// The lists of words by which kinds of messages are told apart.
const (
	asking = iota
	process
	trouble
	telling
	ownCase
	whereNow
	yesOrNo // 有没有, and forms that turn on themselves: 担不担
	lists
)

var yesOrNoWords = []string{"有没有"}

// signs are those words by their first character, so that one pass over a text finds them all.
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

// signCounts is which signs a text holds.
type signCounts struct {
	signs *signs
	has   []bool
	n     [lists]int // how many of each list
}

func (s *signs) in(text string) signCounts {
	h := signCounts{signs: s, has: make([]bool, len(s.words))}
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

// without replaces the words of a list in the text that they were found in by blanks, one after the other. One with a
// blank in it may come about by that.
func (h signCounts) without(list int, text string) string {
	for i, w := range h.signs.words {
		if w.list == list && (h.has[i] || strings.Contains(w.word, " ")) {
			text = strings.ReplaceAll(text, w.word, " ")
		}
	}
	return text
}
