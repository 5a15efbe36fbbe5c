package assist

import (
	"dengwen/assist/answer"
	"dengwen/bot"
)

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
