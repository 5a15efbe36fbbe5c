package assist

import (
	"context"
	"strings"
	"time"

	"dengwen/assist/answer"
	"dengwen/bot"
)

// Answers is the knowledge base as the conversation asks it.
func Answers(book *answer.Book) func(question, lang string, now time.Time) bot.Answer {
	return func(question, lang string, now time.Time) bot.Answer {
		return botAnswer(book.Answer(question, lang, now))
	}
}

func botAnswer(a answer.Answer) bot.Answer {
	return bot.Answer{Text: a.Text, Articles: a.Articles, Confidence: a.Confidence, Entry: a.Entry, Known: a.Known, More: a.Alternatives}
}

// Rephraser says passages shorter, in a question's words; "" means that it cannot, or
// not in time.
type Rephraser interface {
	Rephrase(ctx context.Context, question string, passages []string) string
}

// rephrasedFrom is the confidence from which an answer may be rephrased; one below it goes out
// as the entry has it.
const rephrasedFrom = 0.65

// Rephrased is Answers with a language model that may say entries in other words, within
// its own time limit. What it says is told only where every number and article of it
// stands in the entries and nothing is promised; else the entries are told as they are.
func Rephrased(book *answer.Book, by Rephraser) func(question, lang string, now time.Time) bot.Answer {
	return func(question, lang string, now time.Time) bot.Answer {
		a := book.Answer(question, lang, now)
		if !a.Known || a.Confidence < rephrasedFrom {
			return botAnswer(a)
		}
		text := by.Rephrase(context.Background(), question, passages(book, a.Used, a.Lang))
		if text == "" || promises(text) || book.Check(text, a.Used) != nil {
			return botAnswer(a)
		}
		if basis := book.Basis(a.Articles, a.Lang); basis != "" {
			text += "\n" + basis
		}
		a.Text = text
		return botAnswer(a)
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

// Quiz draws the knowledge base's quiz as the conversation takes it.
func Quiz(book *answer.Book) bot.Quiz {
	return func(lang string, n int, seed uint64, staff bool) []bot.QuizQuestion {
		draw := book.Quiz
		if staff {
			draw = book.StaffQuiz
		}
		var out []bot.QuizQuestion
		for _, q := range draw(lang, n, seed) {
			out = append(out, bot.QuizQuestion{Question: q.Question, Options: q.Options, Right: q.Right, Why: q.Explanation})
		}
		return out
	}
}
