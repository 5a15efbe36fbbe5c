package telegram

import (
	"strings"
	"unicode/utf8"
)

// units is the length of a text as Telegram counts it, in UTF-16 units.
func units(s string) int {
	if len(s) <= 1 {
		return len(s)
	}
	n := 0
	for _, r := range s {
		n += unitsOf(r)
	}
	return n
}

// split cuts a text into parts of at most limit UTF-16 units, at the end of a line
// where there is one in the second half of a part, never inside a character.
func split(text string, limit int) []string {
	if len(text) <= limit { // UTF-16 never counts more than UTF-8
		return []string{text}
	}
	var parts []string
	for units(text) > limit {
		at := cut(text, limit)
		parts = append(parts, strings.TrimRight(text[:at], "\n"))
		text = strings.TrimLeft(text[at:], "\n")
	}
	if text != "" {
		parts = append(parts, text)
	}
	return parts
}

func cut(text string, limit int) int {
	at, n := 0, 0
	for at < len(text) {
		r, size := utf8.DecodeRuneInString(text[at:])
		if n += unitsOf(r); n > limit {
			break
		}
		at += size
	}
	if line := strings.LastIndexByte(text[:at], '\n'); line > at/2 {
		return line + 1
	}
	return at
}
