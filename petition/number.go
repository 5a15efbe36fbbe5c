package petition

import (
	"fmt"
	"strings"
	"unicode"
)

// letters are what people copy by hand without mistaking one for another: no 0, 1,
// I, O. Numbers end in two of them, query codes are eight.
const letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

const (
	minSerial = 4 // digits
	maxSerial = 8
	codeLen   = 8 // 32^8: about 10^12
)

// FormatNumber writes the number of the serial-th case of a year: prefix, two digits
// of the year, the serial with at least four digits, two check characters, as
// ZS26-0417-3K. The check finds every single wrong character and every two swapped
// neighbours.
func FormatNumber(prefix string, year, serial int) string {
	head := fmt.Sprintf("%s%02d", strings.ToUpper(prefix), year%100)
	tail := fmt.Sprintf("%0*d", minSerial, serial)
	return head + "-" + tail + "-" + check(head+tail)
}

// check is a remainder by a prime larger than any difference one slip can make
// (35 × 10^k for a wrong character, 9 × 35 × 10^k for swapped ones), so no slip
// keeps it. Factor and offset spread neighbours apart and mean nothing else.
func check(s string) string {
	const prime, factor, offset = 1021, 389, 665
	n := 0
	for i := range len(s) {
		n = (n*10 + charValue(s[i])) % prime
	}
	n = (n*factor + offset) % prime
	return string([]byte{letters[n/32], letters[n%32]})
}

func charValue(c byte) int {
	if c >= 'A' {
		return int(c-'A') + 10
	}
	return int(c - '0')
}

// ParseNumber reads a number as people type it: lower case, full width, digits in Chinese,
// marks, blanks and words around it or missing, O for 0 and I or L for 1 among the
// digits. False when it is not a number or its check characters do not fit.
func ParseNumber(s string) (string, bool) {
	return splitNumber(compact(fold(s)))
}

// splitNumber reads the compact form, all of it.
func splitNumber(s string) (string, bool) {
	n := len(s) - 6
	if n < minSerial || n > maxSerial || !isLetter(s[0]) || !isLetter(s[1]) {
		return "", false
	}
	digits, ok := digitsOf(s[2 : 4+n])
	if !ok {
		return "", false
	}
	if check(s[:2]+digits) != s[4+n:] {
		return "", false
	}
	return s[:2] + digits[:2] + "-" + digits[2:] + "-" + s[4+n:], true
}

func digitsOf(s string) (string, bool) {
	b := []byte(s)
	for i, c := range b {
		switch {
		case c == 'O':
			b[i] = '0'
		case c == 'I' || c == 'L':
			b[i] = '1'
		case c < '0' || c > '9':
			return "", false
		}
	}
	return string(b), true
}

// FindNumber finds the first number in a sentence, however it is written there.
func FindNumber(text string) (string, bool) {
	number, _, _ := cutNumber(fold(text))
	return number, number != ""
}

// FindCode finds a query code in a sentence that may hold a number too. What follows the
// words for it counts in any spelling; elsewhere eight letters without a digit count only with
// the hyphen in the middle, and no 0, 1, I or O is taken for another, so that plain words and
// dates are no codes. The answer is as NormaliseCode gives it.
func FindCode(text string) (string, bool) {
	for _, label := range codeLabels {
		if _, after, ok := strings.Cut(strings.ToLower(text), label); ok {
			s := strings.TrimLeft(fold(after), " -"+other)
			if raw, n := gather(s, codeLen); len(raw) == codeLen && (n == len(s) || !isAlnum(s[n])) {
				return NormaliseCode(raw)
			}
		}
	}
	s := fold(text)
	if _, from, to := cutNumber(s); to > 0 {
		s = s[:from] + other + s[to:]
	}
	for i := range len(s) {
		if !isAlnum(s[i]) || i > 0 && isAlnum(s[i-1]) {
			continue
		}
		if c, ok := codeAt(s[i:]); ok {
			return c, true
		}
	}
	return "", false
}

var codeLabels = []string{"查询码", "query code", "code"}

func codeAt(s string) (string, bool) {
	raw, n := gather(s, codeLen)
	if n < len(s) && isAlnum(s[n]) || strings.ContainsAny(raw, "01IO") {
		return "", false
	}
	c, ok := NormaliseCode(raw)
	hyphen := len(s) > 4 && s[4] == '-'
	return c, ok && (hyphen || strings.ContainsAny(c, "23456789"))
}

// cutNumber finds the first number in folded text and where it stands.
func cutNumber(s string) (number string, from, to int) {
	for i := range len(s) {
		if !isLetter(s[i]) || i > 0 && isAlnum(s[i-1]) {
			continue
		}
		for n := 6 + maxSerial; n >= 6+minSerial; n-- {
			raw, used := gather(s[i:], n)
			if len(raw) != n || i+used < len(s) && isAlnum(s[i+used]) {
				continue
			}
			if number, ok := splitNumber(raw); ok {
				return number, i, i + used
			}
		}
	}
	return "", 0, 0
}

// gather reads n letters and digits from the head of s across hyphens and blanks
// and says how far it read.
func gather(s string, n int) (string, int) {
	var b []byte
	for i := range len(s) {
		switch {
		case len(b) == n:
			return string(b), i
		case isAlnum(s[i]):
			b = append(b, s[i])
		case s[i] != '-' && s[i] != ' ':
			return string(b), i
		}
	}
	return string(b), len(s)
}

// other is what fold makes of a character that is no part of a number: it ends one.
const other = "|"

// fold brings full-width forms and Chinese digits to plain ones, every kind of dash to one, blanks and
// marks to blanks, and small letters to capitals. What has no width is left out.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 0xFF01 && r <= 0xFF5E {
			r -= 0xFEE0
		}
		switch i := strings.IndexRune(chineseDigits, r); {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r < 127 && isAlnum(byte(r)):
			return r
		case i >= 0:
			return rune('0' + i/len("零")%10)
		case strings.ContainsRune("-‐‑‒–—―−﹣ー_", r):
			return '-'
		case unicode.In(r, unicode.Cf, unicode.Mn):
			return -1
		case unicode.IsSpace(r) || unicode.IsPunct(r):
			return ' '
		}
		return rune(other[0])
	}, s)
}

// chineseDigits are those of 0 to 9 as they are written, then others said for the same.
const chineseDigits = "零一二三四五六七八九〇幺"

// compact keeps letters and digits of folded text.
func compact(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 127 && isAlnum(byte(r)) {
			return r
		}
		return -1
	}, s)
}

func isLetter(c byte) bool { return c >= 'A' && c <= 'Z' }
func isAlnum(c byte) bool  { return isLetter(c) || c >= '0' && c <= '9' }

// misread are characters that no code has, and what they were copied from.
var misread = strings.NewReplacer("1", "L", "I", "L", "0", "Q", "O", "Q")

// NormaliseCode brings a typed query code to the form that is hashed: eight capital
// characters without a hyphen. False when it cannot be a code.
func NormaliseCode(s string) (string, bool) {
	c := misread.Replace(compact(fold(s)))
	if len(c) != codeLen {
		return c, false
	}
	for i := range len(c) {
		if !strings.Contains(letters, c[i:i+1]) {
			return c, false
		}
	}
	return c, true
}

// formatCode writes a code as it is shown, 7Q4M-29XD.
func formatCode(code string) string {
	if len(code) != codeLen {
		return code
	}
	return code[:4] + "-" + code[4:]
}

// codeFrom makes a query code of a keyed hash: forty bits of it, five a character.
func codeFrom(hash []byte) string {
	var bits uint64
	for _, b := range hash[:5] {
		bits = bits<<8 | uint64(b)
	}
	c := make([]byte, codeLen)
	for i := range c {
		c[i] = letters[bits>>(5*(codeLen-1-i))&31]
	}
	return string(c)
}
