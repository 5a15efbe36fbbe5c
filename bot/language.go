package bot

import (
	"cmp"

	"dengwen/locales"
)

// LangOf is the language of an event: the client's, else that of the letters typed, else
// locales.Default.
func LangOf(words *locales.Catalog, e Event) string {
	return cmp.Or(words.Match(e.Lang), words.Written(e.Text), locales.Default)
}
