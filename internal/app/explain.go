package app

import (
	"errors"
	"maps"
	"strings"

	"dengwen/locales"
	"dengwen/petition"
)

// Explain says a failure to the person at the keyboard: every failure that has a sentence in the
// catalog in their language, one a line, and its cause where the sentence names it (.why). What has
// none is what the machine says of it.
func Explain(words *locales.Catalog, lang string, err error) string {
	for at := err; at != nil; at = errors.Unwrap(at) {
		switch e := at.(type) {
		case *petition.Error:
			if words.Has(e.Key) {
				return sentence(words, lang, e)
			}
		case interface{ Unwrap() []error }:
			var lines []string
			for _, one := range e.Unwrap() {
				lines = append(lines, Explain(words, lang, one))
			}
			return strings.Join(lines, "\n")
		}
	}
	return err.Error()
}

func sentence(words *locales.Catalog, lang string, e *petition.Error) string {
	args := maps.Clone(e.Args)
	if args == nil {
		args = map[string]string{}
	}
	if e.Err != nil {
		args["why"] = Explain(words, lang, e.Err)
	}
	return words.Say(lang, e.Key, args)
}

// fault is a failure that has a sentence; args are name, value pairs.
func fault(key string, err error, args ...string) error {
	e := petition.Fail(petition.Unavailable, key, args...)
	e.Err = err
	return e
}
