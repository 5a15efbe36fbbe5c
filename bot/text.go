package bot

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Limits on what a stranger can send.
const (
	maxFacts  = 20000 // characters of a story
	maxParts  = 200   // messages of a story that can be edited one by one
	maxAnswer = 2000  // characters of any other answer
	maxField  = 100   // characters of a name or address
	maxPhone  = 40
)

// split cuts text into messages of at most max UTF-16 units, at line ends where it
// can.
func split(text string, max int) []string {
	var parts []string
	for units(text) > max {
		cut := prefix(text, max)
		if nl := strings.LastIndexByte(text[:cut], '\n'); nl > cut/2 {
			cut = nl
		}
		parts = append(parts, text[:cut])
		text = strings.TrimPrefix(text[cut:], "\n")
	}
	return append(parts, text)
}

// units counts as the Bot API counts: UTF-16 code units.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// prefix is the byte length of the longest head of s with at most max units.
func prefix(s string, max int) int {
	n := 0
	for i, r := range s {
		n += utf16Len(r)
		if n > max {
			return i
		}
	}
	return len(s)
}

func utf16Len(r rune) int {
	if n := utf16.RuneLen(r); n > 0 {
		return n
	}
	return 1
}

// clip shortens s to n characters, marked by an ellipsis.
func clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	r := []rune(s)
	return string(r[:n-1]) + "…"
}

// head keeps the first n characters and says whether anything was cut off.
func head(s string, n int) (string, bool) {
	if utf8.RuneCountInString(s) <= n {
		return s, false
	}
	return string([]rune(s)[:n]), true
}

// runes counts the letters and digits of a text: what is left when dots, blanks and
// pictures are gone.
func runes(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			n++
		}
	}
	return n
}

// latin reports a text of at least three words in Latin letters and no other.
func latin(s string) bool {
	for _, r := range s {
		if unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) {
			return false
		}
	}
	return runes(s) > 0 && len(strings.Fields(s)) >= 3
}

// han reports Chinese characters.
func han(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

var identity = regexp.MustCompile(`[0-9０-９]{17}[0-9０-９XxＸｘ]|(?:^|[^0-9])[0-9]{15}(?:$|[^0-9])`)

// withoutIdentity takes identity card numbers out of an answer.
func withoutIdentity(s string) (string, bool) {
	if !identity.MatchString(s) {
		return s, false
	}
	return strings.TrimSpace(identity.ReplaceAllString(s, "")), true
}

var questionWords = []string{
	"吗", "呢", "怎么", "怎样", "如何", "什么时候", "多久", "多长时间", "为什么", "为啥", "会不会", "能不能",
	"可不可以", "是不是", "要不要", "收费", "要钱", "在哪", "找谁", "问谁", "几点", "多少钱", "是多少", "咋办", "咋弄", "什么时间",
	"how ", "when ", "who ", "why ", "what ", "where ", "can i", "do i", "will ", "is it", "should i",
}

// asking reports whether a text reads like a question: the mark, or a question's
// words in a short sentence.
func asking(text string) bool {
	s := strings.ToLower(strings.TrimSpace(text))
	if strings.HasSuffix(s, "?") || strings.HasSuffix(s, "？") {
		return true
	}
	if utf8.RuneCountInString(s) > 80 {
		return false
	}
	s += " "
	for _, w := range questionWords {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

var dangerWords = []string{
	"不想活", "想死", "自杀", "跳楼", "喝农药", "割腕", "着火", "起火了", "要杀人", "砍人", "持刀", "快没命", "救命",
	"被困", "煤气泄漏", "kill myself", "suicide", "on fire", "want to die",
}

// endangered reports words of danger to life. It only puts the emergency numbers
// ahead of the answer and is never stored.
func endangered(text string) bool {
	s := strings.ToLower(text)
	for _, w := range dangerWords {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// warn puts the emergency numbers first.
func (t *talk) warn(text string) {
	if endangered(text) {
		t.say(t.w("danger"))
	}
}
