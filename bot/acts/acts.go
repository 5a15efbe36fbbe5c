// Package acts tells what somebody means who writes in front of what was read back to them: a
// correction and of what, a stop, a yes, a question, another matter, or more of the story. A
// linear model over short runs of characters, those of the story taken out, trained on the
// examples in testdata. It does no I/O and never fails.
package acts

import (
	_ "embed"
	"math"
	"strings"
	"unicode"
)

// Act is what a message does.
type Act int

// The acts. Addition is also what a message counts as that could be several.
const (
	Addition Act = iota
	Correction
	Stop
	Yes
	Question
	Other // another matter
	acts  = 6
)

// Field is what a correction is about.
type Field int

// The fields. Story is whatever has no field of its own.
const (
	Story Field = iota
	Place
	Name
	Phone
	Address
	Request
	People
	fields = 7
)

// Sure is how likely the likeliest act is at least when it is taken for what was meant.
const Sure = 0.5

// Message is what was written and what it was written beside.
type Message struct {
	Text  string
	Story string   // told before
	Hints []string // names of the rules that hold for it
}

// Read is the likeliest act of a message and how likely it is, 0 to 1.
func Read(m Message) (Act, float64) {
	act, p := best(scores(model, m.features(), 0, acts))
	return Act(act), p
}

// FieldOf is the likeliest field of a message that is a correction.
func FieldOf(m Message) (Field, float64) {
	field, p := best(scores(model, m.features(), acts, fields))
	return Field(field), p
}

const (
	buckets = 1 << 13
	outputs = acts + fields
	longest = 80 // characters of a message that are looked at, from its beginning
)

//go:embed model.bin
var model []byte // what Train gives

// scale is how much one step of a weight counts.
const scale = 1.0 / 24

func scores(model []byte, list []int, from, n int) []float64 {
	sum := make([]float64, n)
	for _, b := range list {
		for k := range sum {
			sum[k] += float64(int8(model[b*outputs+from+k])) * scale
		}
	}
	return sum
}

// best is the index of the largest score and its share in the softmax.
func best(sum []float64) (int, float64) {
	at, total := 0, 0.0
	for k, s := range sum {
		if s > sum[at] {
			at = k
		}
	}
	for _, s := range sum {
		total += math.Exp(s - sum[at])
	}
	return at, 1 / total
}

// What stands for something in a message: its two ends, and what the story has too.
const (
	begin = "^"
	end   = "$"
	told  = '◆'
)

// features are the buckets of a message: runs of one to three characters or English words as
// they are written and with the story's own words taken out, its length, how much of it the
// story has, the rules that hold, the families of words, by themselves and in pairs.
func (m Message) features() []int {
	plain := shape(m.Text)
	if len(plain) > longest {
		plain = plain[:longest]
	}
	masked, shared := mask(plain, shape(m.Story))
	seen := map[int]bool{}
	var list []int
	add := func(kind, s string) {
		if b := bucketOf(kind, s); !seen[b] {
			seen[b] = true
			list = append(list, b)
		}
	}
	add("bias", "")
	runs(plain, func(s string) { add("plain", s) })
	runs(masked, func(s string) { add("masked", s) })
	add("length", string(rune('a'+min(len(plain)/4, 12))))
	add("shared", string(rune('a'+shared*4/max(1, len(plain)))))
	add("digits", string(rune('a'+min(longestNumber(plain), 12)/4)))
	for _, h := range m.Hints {
		add("hint", h)
	}
	held := familiesIn(strings.ToLower(m.Text))
	for i, f := range held {
		add("family", f)
		for _, g := range held[i+1:] {
			add("families", f+" "+g)
		}
	}
	if len(held) == 0 {
		add("family", "none")
	}
	return list
}

// runs gives every run of one to three characters or English words, ends marked.
func runs(text []rune, each func(string)) {
	r := []string{begin}
	for i, c := range text {
		if latin(c) && i > 0 && latin(text[i-1]) {
			r[len(r)-1] += string(c)
			continue
		}
		r = append(r, string(c))
	}
	r = append(r, end)
	for n := 1; n <= 3; n++ {
		for i := 0; i+n <= len(r); i++ {
			each(strings.Join(r[i:i+n], " "))
		}
	}
}

func latin(r rune) bool { return r >= 'a' && r <= 'z' || r == '\'' }

// shape is a text in small letters and half width, a digit a 0, blanks and marks a comma; a
// question mark stays.
func shape(text string) []rune {
	var out []rune
	for _, r := range strings.ToLower(strings.TrimSpace(text)) {
		if r >= 0xFF01 && r <= 0xFF5E {
			r -= 0xFEE0
		}
		switch {
		case unicode.IsDigit(r):
			r = '0'
		case r == '?' || r == '\'':
		case !unicode.IsLetter(r):
			r = ','
		}
		if r == ',' && (len(out) == 0 || out[len(out)-1] == ',') {
			continue
		}
		out = append(out, r)
	}
	for len(out) > 0 && out[len(out)-1] == ',' {
		out = out[:len(out)-1]
	}
	return out
}

// mask puts one mark in the place of each run of two characters or more that the story has too,
// four of an alphabet, and says how many characters went.
func mask(text, story []rune) (masked []rune, shared int) {
	s := string(story)
	for i := 0; i < len(text); {
		n := 0
		for n = len(text) - i; n > 1; n-- {
			if strings.Contains(s, string(text[i:i+n])) && (text[i] > 0x7F || n >= 4) && text[i] != '0' {
				break
			}
		}
		if n < 2 {
			masked = append(masked, text[i])
			i++
			continue
		}
		masked = append(masked, told)
		shared += n
		i += n
	}
	return masked, shared
}

func longestNumber(text []rune) int {
	most, now := 0, 0
	for _, r := range text {
		if now++; r != '0' {
			now = 0
		}
		most = max(most, now)
	}
	return most
}

func bucketOf(kind, s string) int {
	h := uint32(2166136261) // FNV-1a
	for _, b := range []byte(kind + s) {
		h = (h ^ uint32(b)) * 16777619
	}
	return int((h ^ h>>15) % buckets)
}
