package web

import (
	"net/http"
	"slices"

	"dengwen/locales"
)

// words are the page's sentences in one language.
type words struct {
	Lang    string
	catalog *locales.Catalog
}

// Say is a sentence of the page, web.key.
func (w words) Say(key string, args ...any) string { return w.catalog.Say(w.Lang, "web."+key, args...) }

// Others are the languages that the page can change to.
func (w words) Others() []*locales.Language {
	return slices.DeleteFunc(w.catalog.Languages(), func(l *locales.Language) bool { return l.Tag == w.Lang })
}

// Commands are what the menu offers.
func (words) Commands() []string {
	return []string{"my", "rights", "privacy", "mydata", "notices", "help", "language"}
}

// command is what a command is shown as: the words that were pressed.
func (w words) command(name string) string {
	if name == "start" {
		return w.Say("start")
	}
	if slices.Contains(w.Commands(), name) {
		return w.Say("command." + name)
	}
	return "/" + name
}

func (w words) kind(k string) string {
	switch k {
	case "photo", "video":
		return w.Say(k)
	case "audio", "voice":
		return w.Say("voiced")
	}
	return w.Say("document")
}

// wordsIn are those of a language, of locales.Default where there is no such.
func (d *Door) wordsIn(lang string) words {
	if !d.Locales.Speaks(lang) {
		lang = locales.Default
	}
	return words{lang, d.Locales}
}

// wordsFor are those of the browser's wish.
func (d *Door) wordsFor(r *http.Request) words {
	return d.wordsIn(d.Locales.Accept(r.Header.Get("Accept-Language")))
}
