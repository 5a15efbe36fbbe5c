// Package normalize gives a text one normal form for comparing: half-width, lower case, simplified characters.
// It never changes what a citizen wrote; it is what the readers look at beside it. One rune always becomes one rune,
// so a place found in the normal form is the same rune place in the original.
package normalize

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Traditional to simplified characters, from OpenCC's data (Apache-2.0; the file keeps its notice).
//
//go:embed TSCharacters.txt
var tsCharacters string

const planeSize = 1 << 16

var simplified = sync.OnceValue(func() *[planeSize]uint16 {
	var table [planeSize]uint16
	for line := range strings.Lines(tsCharacters) {
		from, rest, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		f, _ := utf8.DecodeRuneInString(from)
		t, _ := utf8.DecodeRuneInString(rest)
		if f < planeSize && t < planeSize {
			table[f] = uint16(t)
		}
	}
	return &table
})

// Rune returns the normal form of one character.
func Rune(r rune) rune {
	switch {
	case r < 0x80:
		if 'A' <= r && r <= 'Z' {
			return r + ('a' - 'A')
		}
		return r
	case r >= 0xFF01 && r <= 0xFF5E:
		return Rune(r - 0xFEE0)
	case r == '\u3000' || r == '\u00A0':
		return ' '
	case r < planeSize:
		if s := simplified()[r]; s != 0 {
			return rune(s)
		}
	}
	return unicode.ToLower(r)
}

// Text returns the normal form of s; invalid UTF-8 becomes U+FFFD, one a byte.
func Text(s string) string { return strings.Map(Rune, s) }
