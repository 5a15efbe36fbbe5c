package assist

import (
	"context"
	"strings"
	"time"

	"dengwen/assist/answer"
	"dengwen/bot"
)

// Answers gives the knowledge base's answers as the conversation takes them.
func Answers(book *answer.Book) func(question, lang string, now time.Time) bot.Answer {
	return func(question, lang string, now time.Time) bot.Answer {
		return told(book.Answer(question, lang, now))
	}
}

func told(a answer.Answer) bot.Answer {
	return bot.Answer{Text: a.Text, Articles: a.Articles, Confidence: a.Confidence, Entry: a.Entry, Known: a.Known, More: a.Alternatives}
}

// Rephraser says passages shorter, in a question's words; "" means that it cannot, or
// not in time.
type Rephraser interface {
	Rephrase(ctx context.Context, question string, passages []string) string
}

// rephrasedFrom is the confidence from which an answer is sure enough to be said in other
// words; a doubtful one is told as it stands.
const rephrasedFrom = 0.65

// Rephrased is Answers with a language model that may say entries in other words, within
// its own time limit. What it says is told only where every number and article of it
// stands in the entries and nothing is promised; else the entries are told as they are.
func Rephrased(book *answer.Book, by Rephraser) func(question, lang string, now time.Time) bot.Answer {
	return func(question, lang string, now time.Time) bot.Answer {
		a := book.Answer(question, lang, now)
		if !a.Known || a.Confidence < rephrasedFrom {
			return told(a)
		}
		if lang == "" && !strings.ContainsFunc(question, func(r rune) bool { return r >= 0x3400 }) {
			lang = answer.English
		}
		text := by.Rephrase(context.Background(), question, passages(book, a.Used, lang))
		if text == "" || promises(text) || book.Check(text, a.Used) != nil {
			return told(a)
		}
		if basis := answer.Basis(a.Articles, lang); basis != "" {
			text += "\n" + basis
		}
		a.Text = text
		return told(a)
	}
}

func passages(book *answer.Book, ids []string, lang string) []string {
	var out []string
	for _, id := range ids {
		if e, err := book.Entry(id, lang); err == nil {
			out = append(out, e.Text)
		}
	}
	return out
}

// promised are words of an outcome that nobody here can give.
var promised = []string{"保证", "一定能", "一定会", "肯定能", "肯定会", "包您", "绝对", "guarantee", "certainly will", "definitely", "promise"}

func promises(text string) bool {
	text = strings.ToLower(text)
	for _, w := range promised {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}
