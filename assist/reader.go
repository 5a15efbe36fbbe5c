// Package assist reads a citizen's words without any help from outside: what kind of
// message it is, its class, subject, place and request, and answers to questions on
// the rules. Everything it says is a proposal.
package assist

import (
	"time"

	"dengwen/assist/answer"
	"dengwen/bot"
	"dengwen/petition"
)

var _ = petition.Claim
var _ time.Time

// Answers gives the knowledge base's answers as the conversation takes them.
func Answers(book *answer.Book) func(question, lang string, now time.Time) bot.Answer {
	return func(question, lang string, now time.Time) bot.Answer {
		a := book.Answer(question, lang, now)
		return bot.Answer{Text: a.Text, Articles: a.Articles, Confidence: a.Confidence, Entry: a.Entry, Known: a.Known, More: a.Alternatives}
	}
}
