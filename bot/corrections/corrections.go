// Package corrections aligns what somebody says to set a petition right with what was told before: which words of
// it were wrong and what belongs there instead. Numbers, days, telephone numbers, names, places and requests are told
// by their kind, the old one from the new one by the words around them and by which of them was told before. Where
// that is not plain it says what it could be, or nothing. It does no I/O.
package corrections

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Field is what a change is of.
type Field int

// The fields; Story is whatever has none of its own.
const (
	Story Field = iota
	Place
	Name
	Phone
	Request
)

// Told is what was told before: the story and what stands on the card.
type Told struct {
	Story, Name, Phone, Request string
}

// A Change puts Then where Wrong stands. Wrong is "" where a field held nothing.
type Change struct {
	Field       Field
	Wrong, Then string
	Plain       bool // the words themselves say that something was wrong: nobody else need be asked what they are
}

// longest is how many characters of a message are looked at.
const longest = 120

// Find is the change that words ask for, likely one of the field. More than one are the two it could be, to be asked
// between; none is nothing that is sure enough to change.
func Find(text string, told Told, likely Field) []Change {
	text = fold(text)
	if utf8.RuneCountInString(text) > longest || ofTitle.MatchString(text) {
		return nil
	}
	order := []func(string, Told) []Change{ofPhone, ofName, ofValue, ofWords, ofRequest}
	if likely == Request {
		order = []func(string, Told) []Change{ofRequest, ofPhone, ofName, ofValue, ofWords}
	}
	for _, find := range order {
		if c := find(text, told); len(c) > 0 {
			return c
		}
	}
	return nil
}

// ofTitle are words on the line above the matter, which is no part of what was told.
var ofTitle = regexp.MustCompile(`标题|题目|(?i:\btitle\b)`)

// fold is a text in half width without blanks at its ends.
func fold(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r >= 0xFF01 && r <= 0xFF5E {
			return r - 0xFEE0
		}
		return r
	}, text))
}

// wrongness are words that say that something was wrong.
var wrongness = regexp.MustCompile(`(?i)错|岔|颠倒|掉转|反了|打反|写反|不对|有误|不是|唔系|不系|并非|哪[有来才够止用]|何止|不止|才对|应该?是|应为|因该|实际|其实|更正|改[成为到]|改改|换成|为准|[多少]写|[多少]说|写[多少早]|说[多少]|言过其实|早就不|明明|不[属归姓在]|咋[会给是]?|[写打说听看算记按搞]成|[听看记]差|弄错|上头少了|漏|wrong|\bchange|should|not |n't |actually|make that|\btry\b|instead|\bspell|mistake|typo|\bmeant\b`)

// edge is how many bytes around a value are looked at for words on it.
const edge = 30

func before(text string, at int) string { return text[backTo(text, max(0, at-edge)):at] }

func after(text string, at int) string {
	end := min(len(text), at+edge)
	for end < len(text) && !utf8.RuneStart(text[end]) {
		end++
	}
	return text[at:end]
}

func backTo(text string, at int) int {
	for at > 0 && !utf8.RuneStart(text[at]) {
		at--
	}
	return at
}

var (
	// deniesNext ends before what was wrong, deniesLast begins after it.
	deniesNext = regexp.MustCompile(`(?i)(?:不是|唔系|不系|并非|哪里?[有来才止够是]|何止|不止|啥子?|[写打说听看算记按搞弄填]成了?|按到|别写|不[属归姓在]|咋[会给]?是?|instead of|\bnot(?: in| at)?|n't)[了的]?[ ]?$`)
	deniesLast = regexp.MustCompile(`(?i)^[的了个人]?(?:字|那[会时]候?)?[ ]?(?:[\p{Han}]{0,3}(?:[写打说听记搞弄]?(?:错|岔|反|混|颠倒|掉转|早|晚)|不对|有误)|[写说][多少早晚]|哪[够才止里有]|言过|那?是我|还|是(?:隔壁|以前|上|个|楼上|别|他|她|我|试|验)|都没|[?？]|呀|就[写说]|也?不[是对]|is wrong|was wrong|\?)`)
	// assertsNext ends before what is right.
	assertsNext = regexp.MustCompile(`(?i)(?:[^不]是|^是|系|应该?|应为|应该有|一共|总共|共|实际(?:去|上|有)?了?|其实|都|足足|改成|改为|换成|写|少说|[^不]止|前后|前后住了|总共是|make that|\btry\b|it'?s|it was|was|is|actually|should be|to)[有了是的过快 ]?$`)
	// asideLast begins after a number that explains another one.
	asideLast = regexp.MustCompile(`^[^,]{0,4}(?:是后来|那?是我|是别|是隔壁)|^[的]?(?:时候|那会)`)
	asideNext = regexp.MustCompile(`(?:另外?|有|里面|其中|at)[ ]?$`)
	// adds are words of a clause that tells more, not otherwise.
	adds = regexp.MustCompile(`也|又|另外|还[有要扣欠]|再|隔壁|别[的人家]|(?i:\balso\b|another)`)
)

// between parts clauses.
var between = regexp.MustCompile(`[,，。；;！!?？、…\n]+|\. | +`)
