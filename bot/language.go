package bot

import (
	"strings"
	"unicode"

	"dengwen/locales"
)

// LangOf is the language of an event: the client's, else that of the letters typed, else
// Chinese.
func LangOf(e Event) string {
	switch l := strings.ToLower(e.Lang); {
	case strings.HasPrefix(l, "zh"):
		return locales.Chinese
	case strings.HasPrefix(l, "en"):
		return locales.English
	}
	if Latin(e.Text) {
		return locales.English
	}
	return locales.Chinese
}

// Latin reports whether a text has at least three words and letters of the Latin script only.
func Latin(s string) bool {
	written := false
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Latin, r) || unicode.IsDigit(r) || unicode.IsMark(r):
			written = true
		case unicode.IsLetter(r):
			return false
		}
	}
	return written && len(strings.Fields(s)) >= 3
}
