package cli

import (
	"cmp"
	"strings"
	"unicode"

	"dengwen/assist/answer"
	"dengwen/internal/app"
	"dengwen/internal/config"
	"dengwen/locales"
)

type askCmd struct {
	Question []string `arg:""`
	JSON     bool
	Lang     string
}

func (c askCmd) Run(s *config.Settings, std streams, sp *speech) error {
	office, err := app.LoadOffice(s.Office)
	if err != nil {
		return err
	}
	book, err := app.NewBook(s, office, sp.words)
	if err != nil {
		return err
	}
	question := strings.Join(c.Question, " ")
	lang, err := sp.choose(cmp.Or(c.Lang, sp.languageOf(question)))
	if err != nil {
		return err
	}
	return answer.RunAsk(book, question, lang, c.JSON, std.out)
}

// languageOf guesses by the letters.
func (s *speech) languageOf(text string) string {
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		return locales.Default
	}
	return s.words.Written(text)
}
