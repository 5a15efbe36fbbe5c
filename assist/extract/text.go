package extract

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dengwen/assist/normalize"
	"dengwen/assist/prefilter"
)

// Words are where in the citizen's text something was read: bytes [Start, End), and those bytes.
type Words struct {
	Start, End int
	Text       string
}

// A Slot is one proposed value. Confidence is 0 to 1; a slot without a value is empty and has confidence 0.
type Slot struct {
	Value      string
	Confidence float64
	From       Words
}

// Found says whether the slot has a value.
func (s Slot) Found() bool { return s.Value != "" }

// maxRunes is how much of a message is read; what lies behind stays unread, not cut.
const maxRunes = 20_000

// text is a message in normal form with the way back to the citizen's bytes.
type text struct {
	orig   string
	normal string
	runes  []rune  // of plain
	at     []int32 // by rune: its byte in plain
	back   []int32 // by rune: its byte in orig

	clauses   []clause // between commas too
	sentences []clause // between full stops and line ends; a long stretch without any is cut at longestSentence
}

func newText(s string) *text {
	n := min(utf8.RuneCountInString(s), maxRunes)
	t := &text{orig: s, runes: make([]rune, 0, n), at: make([]int32, 0, n+1), back: make([]int32, 0, n+1)}
	var b strings.Builder
	b.Grow(len(s))
	for i, r := range s {
		if len(t.runes) == maxRunes {
			break
		}
		p := normalize.Rune(r)
		t.runes = append(t.runes, p)
		t.at = append(t.at, int32(b.Len()))
		t.back = append(t.back, int32(i))
		b.WriteRune(p)
	}
	t.normal = b.String()
	end := len(s)
	if len(t.runes) == maxRunes {
		end = cutoff(s, maxRunes)
	}
	t.back = append(t.back, int32(end))
	t.at = append(t.at, int32(b.Len()))
	t.clauses, t.sentences = t.cut(commas, longestClause), t.cut(stops, longestSentence)
	return t
}

// cutoff is the byte where the n-th character of s begins.
func cutoff(s string, n int) int {
	for i := range s {
		if n == 0 {
			return i
		}
		n--
	}
	return len(s)
}

// words returns the citizen's words for bytes [i, j) of the normal form.
func (t *text) words(i, j int) Words {
	from, to := t.origin(i), t.origin(j)
	return Words{from, to, t.orig[from:to]}
}

// origin is where in the citizen's text the character begins that holds byte i of the normal form.
func (t *text) origin(i int) int {
	rune, begins := slices.BinarySearch(t.at, int32(i))
	if !begins {
		rune--
	}
	return int(t.back[rune])
}

// rune is the number of the character that begins at byte i of the normal form.
func (t *text) rune(i int) int {
	n, _ := slices.BinarySearch(t.at, int32(i))
	return n
}

// runeOf is the number of the character that begins at byte i of the citizen's text.
func (t *text) runeOf(i int) int {
	n, _ := slices.BinarySearch(t.back, int32(i))
	return n
}

// runeWords is words for runes [i, j).
func (t *text) runeWords(i, j int) Words { return t.words(int(t.at[i]), int(t.at[j])) }

// slot is a value as the citizen wrote it, in bytes [i, j) of the normal form.
func (t *text) slot(i, j int, confidence float64) Slot {
	w := t.words(i, j)
	return Slot{strings.TrimSpace(w.Text), confidence, w}
}

// before returns up to n bytes of normal form before byte i, cut at a character.
func (t *text) before(i, n int) string {
	from := max(i-n, 0)
	for from < i && !utf8.RuneStart(t.normal[from]) {
		from++
	}
	return t.normal[from:i]
}

// after returns up to n bytes of normal form from byte i on, cut at a character.
func (t *text) after(i, n int) string {
	to := min(i+n, len(t.normal))
	for to < len(t.normal) && to > i && !utf8.RuneStart(t.normal[to]) {
		to--
	}
	return t.normal[i:to]
}

// A clause is bytes [start, end) of the normal form between two marks of punctuation.
type clause struct{ start, end int }

func (t *text) of(c clause) string { return t.normal[c.start:c.end] }

const stops = "。！？!?；;\n\r"

const commas = stops + "，,、：:（）()\t…"

const (
	longestSentence = 200 // characters
	longestClause   = 40
)

func (t *text) cut(marks string, longest int) []clause {
	var out []clause

	start, from := 0, 0
	flush := func(rune int) {
		end := int(t.at[rune])
		if strings.TrimSpace(t.normal[start:end]) != "" {
			out = append(out, clause{start, end})
		}
	}
	for i, r := range t.runes {
		stop := strings.ContainsRune(marks, r) || r == '.' && t.fullStop(i) || r == ' ' && longest == longestClause && t.comma(i)
		if stop || i-from >= longest || longest == longestClause && i-from >= turning && t.turns(i) {
			flush(i)
			start, from = int(t.at[i]), i
			if stop {
				start, from = int(t.at[i+1]), i+1
			}
		}
	}
	flush(len(t.runes))
	return out
}

// fullStop says whether the point at rune i ends an English sentence rather than stands in a number or address.
func (t *text) fullStop(i int) bool {
	return i+1 == len(t.runes) || t.runes[i+1] == ' ' || t.runes[i+1] == '\n'
}

// comma says whether the space at rune i stands for a comma, as some put it between Chinese characters, and does not
// only set figures apart from what they count (下梁镇 5 号门口).
func (t *text) comma(i int) bool {
	before, after := t.han(i-1), t.han(i+1)
	if before == after {
		return before
	}
	figures, end := i+1, i+1
	if after {
		figures, end = i, i
	}
	for end < len(t.runes) && figure(t.runes[end]) {
		end++
	}
	for after && figures > 0 && figure(t.runes[figures-1]) {
		figures--
	}
	counts := end+1 < len(t.runes) && t.runes[end] == ' ' && strings.ContainsRune(counters, t.runes[end+1])
	return !counts || end-figures > longestFigures || end == figures
}

// counters are the first characters of what is counted. Those that begin many clauses after a number of a list (1 路)
// are not among them.
const counters = "号栋幢座楼层单室组队期届个名位户人口年月日天周元块万千百亿亩平米公度吨斤点分岁次趟遍台辆条根棵张份级的"

const longestFigures = 7 // characters; a telephone number counts nothing

func figure(r rune) bool {
	return r < 0x80 && (unicode.IsDigit(r) || unicode.IsLetter(r) || r == '.' || r == '-')
}

// chinese reports whether there is a Chinese character in the text.
func (t *text) chinese() bool {
	return slices.ContainsFunc(t.runes, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

func (t *text) han(i int) bool {
	return i >= 0 && i < len(t.runes) && unicode.Is(unicode.Han, t.runes[i])
}

const turning = 12 // characters after which a clause without punctuation ends where a new one seems to begin

var turnWords = map[string]bool{"找过": true, "要求": true, "希望": true, "请求": true, "恳请": true, "现在": true, "后来": true, "但是": true, "结果": true,
	"至今": true, "一直": true, "都说": true, "我们": true, "我家": true, "他们": true, "去年": true, "今年": true, "多次": true, "求求": true, "麻烦": true, "打过": true, "报过": true}

func (t *text) turns(i int) bool {
	return i+1 < len(t.runes) && turnWords[t.normal[t.at[i]:t.at[i+2]]]
}

// first returns the first match of any of the patterns, in their order.
func first(s string, patterns ...*prefilter.Regexp) []int {
	for _, p := range patterns {
		if m := p.FindStringSubmatchIndex(s); m != nil {
			return m
		}
	}
	return nil
}
