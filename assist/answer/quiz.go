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
	Staff bool `yaml:"staff"`
	Zh    side `yaml:"zh"`
	En    side `yaml:"en"`
}

type side struct {
	Q       string   `yaml:"q"`
	Options []string `yaml:"options"`
	Why     string   `yaml:"why"`
}

func (p puzzle) in(lang string) side {
	if lang == English {
		return p.En
	}
	return p.Zh
}

func (p puzzle) faults() error {
	for _, s := range []side{p.Zh, p.En} {
		switch {
		case s.Q == "" || utf8.RuneCountInString(s.Q) > 300:
			return fmt.Errorf("quiz question %q: 1–300 characters", s.Q)
		case len(s.Options) < 2 || len(s.Options) > 10:
			return fmt.Errorf("quiz question %q: 2–10 options", s.Q)
		case slices.ContainsFunc(s.Options, func(o string) bool { return o == "" || utf8.RuneCountInString(o) > 100 }):
			return fmt.Errorf("quiz question %q: an option is empty or over 100 characters", s.Q)
		case s.Why == "" || utf8.RuneCountInString(s.Why) > 200:
			return fmt.Errorf("quiz question %q: explanation 1–200 characters", s.Q)
		}
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
		for _, p := range m.Quiz {
			if p.Staff == staff {
				all = append(all, p.shuffled(m, lang, rng))
			}
		}
	}
	rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:min(max(n, 0), len(all))]
}

func (p puzzle) shuffled(m matter, lang string, rng *rand.Rand) QuizQuestion {
	s := p.in(lang)
	q := QuizQuestion{Entry: m.ID, Question: s.Q, Explanation: s.Why, Articles: slices.Clone(m.Articles)}
	for i, from := range rng.Perm(len(s.Options)) {
		q.Options = append(q.Options, s.Options[from])
		if from == 0 {
			q.Right = i
		}
	}
	return q
}
