package answer

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"unicode/utf8"
)

// QuizQuestion fits Telegram's quiz polls: question ≤ 300, options ≤ 100, explanation ≤ 200 characters.
type QuizQuestion struct {
	Entry       string
	Question    string
	Options     []string
	Right       int // index into Options
	Explanation string
	Articles    []int
}

// puzzle is a quiz question as its file holds it; the first option is the right one.
type puzzle struct {
	Staff   bool     `yaml:"staff"` // in the files of the first language
	Q       string   `yaml:"q"`
	Options []string `yaml:"options"`
	Why     string   `yaml:"why"`
}

func (p puzzle) faults() error {
	switch {
	case p.Q == "" || utf8.RuneCountInString(p.Q) > 300:
		return fmt.Errorf("quiz question %q: 1–300 characters", p.Q)
	case len(p.Options) < 2 || len(p.Options) > 10:
		return fmt.Errorf("quiz question %q: 2–10 options", p.Q)
	case slices.ContainsFunc(p.Options, func(o string) bool { return o == "" || utf8.RuneCountInString(o) > 100 }):
		return fmt.Errorf("quiz question %q: an option is empty or over 100 characters", p.Q)
	case p.Why == "" || utf8.RuneCountInString(p.Why) > 200:
		return fmt.Errorf("quiz question %q: explanation 1–200 characters", p.Q)
	}
	return nil
}

// Quiz draws up to n questions for citizens. The same seed draws the same questions in the same order.
func (b *Book) Quiz(lang string, n int, seed uint64) []QuizQuestion {
	return b.draw(lang, n, seed, false)
}

// StaffQuiz draws up to n questions for people new to the office.
func (b *Book) StaffQuiz(lang string, n int, seed uint64) []QuizQuestion {
	return b.draw(lang, n, seed, true)
}

func (b *Book) draw(lang string, n int, seed uint64, staff bool) []QuizQuestion {
	rng := rand.New(rand.NewPCG(seed, 0))
	var all []QuizQuestion
	for _, m := range b.entries {
		for i, p := range m.Quiz {
			if p.Staff != staff {
				continue
			}
			if said := m.in(b.locales.Chain(lang)).Quiz; i < len(said) {
				p = said[i]
			}
			all = append(all, p.shuffled(m, rng))
		}
	}
	rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:min(max(n, 0), len(all))]
}

func (p puzzle) shuffled(m matter, rng *rand.Rand) QuizQuestion {
	q := QuizQuestion{Entry: m.ID, Question: p.Q, Explanation: p.Why, Articles: slices.Clone(m.Articles)}
	for i, from := range rng.Perm(len(p.Options)) {
		q.Options = append(q.Options, p.Options[from])
		if from == 0 {
			q.Right = i
		}
	}
	return q
}
