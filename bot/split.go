package bot

import (
	"strings"
	"unicode/utf16"
)

// Split cuts a text into messages of at most MaxText UTF-16 units, at a line end where there
// is one in the second half of a part.
func Split(text string) []string {
	var parts []string
	for Units(text) > MaxText {
		cut := prefix(text, MaxText)
		if nl := strings.LastIndexByte(text[:cut], '\n'); nl > cut/2 {
			cut = nl
		}
		parts = append(parts, text[:cut])
		text = strings.TrimPrefix(text[cut:], "\n")
	}
	return append(parts, text)
}

// Units is the length of s in UTF-16 code units, as the Bot API counts.
func Units(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// prefix is the length in bytes of the longest prefix of s with at most max units.
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
