package cli

import (
	"strings"

	"dengwen/assist/answer"
	"dengwen/internal/app"
	"dengwen/internal/config"
)

type askCmd struct {
	Question []string `arg:"" help:"the question, in Chinese or English"`
	JSON     bool     `help:"print answer, articles, confidence and entry as JSON"`
	Lang     string   `default:"" enum:",zh-CN,en" help:"language of the answer (default: that of the question)"`
}

func (c askCmd) Run(s *config.Settings, std streams) error {
	office, err := app.LoadOffice(s.Office)
	if err != nil {
		return err
	}
	book, err := app.NewBook(office)
	if err != nil {
		return err
	}
	question := strings.Join(c.Question, " ")
	return answer.RunAsk(book, question, langOf(c.Lang, question), c.JSON, std.out)
}

// langOf guesses by the letters: a question without one Chinese character is English.
func langOf(said, text string) string {
	if said != "" {
		return said
	}
	if strings.ContainsFunc(text, func(r rune) bool { return r >= 0x3400 }) {
		return "zh-CN"
	}
	return "en"
}
