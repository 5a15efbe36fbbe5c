package citizen

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"

	"dengwen/bot"
	"dengwen/petition/outreach"
)

// quizLength is how many questions one round has.
const quizLength = 5

// quizPosition is a position in a round; buttons carry it, so that they never go stale and
// nothing is kept of how anybody did: no points, no ranking.
type quizPosition struct {
	seed  uint64
	staff bool
	at    int
}

func (q quizPosition) String() string {
	staff := 0
	if q.staff {
		staff = 1
	}
	return fmt.Sprintf("%d.%d.%d", q.seed, staff, q.at)
}

// quiz begins a round: another one each time it is asked for.
func (t *step) quiz() {
	h := fnv.New32a()
	h.Write([]byte(t.e.ID))
	t.quizAsk(quizPosition{seed: uint64(h.Sum32()), staff: t.e.Officer != nil})
}

func (t *step) quizQuestions(q quizPosition) []bot.QuizQuestion {
	if t.conv.set.Quiz == nil {
		return nil
	}
	return t.conv.set.Quiz(t.s.Lang, quizLength, q.seed, q.staff)
}

func (t *step) quizAsk(q quizPosition) {
	all := t.quizQuestions(q)
	if q.at >= len(all) {
		if len(all) > 0 {
			t.countQuiz(outreach.QuizRounds)
		}
		t.say(t.text("quiz.over"), []bot.Button{t.link("quiz.again", "quiz"), t.link("home.rights", "rights:0")})
		t.again()
		return
	}
	text := t.text("quiz.ask", "Number", q.at+1, "Of", len(all), "Text", all[q.at].Question)
	var rows [][]bot.Button
	for i, o := range all[q.at].Options {
		text += fmt.Sprintf("\n%c. %s", 'A'+i, o)
		rows = append(rows, []bot.Button{{Text: clip(fmt.Sprintf("%c. %s", 'A'+i, o), 40), Data: fmt.Sprintf("0:quiz:%s.%d", q, i)}})
	}
	t.say(text, rows...)
	next := q
	next.at++
	t.out[len(t.out)-1].Say.Poll = &bot.Poll{
		Question: t.text("quiz.ask", "Number", q.at+1, "Of", len(all), "Text", all[q.at].Question), Options: all[q.at].Options,
		Right: all[q.at].Right, Why: all[q.at].Why, Rows: [][]bot.Button{{t.link("quiz.next", "quiz:"+next.String())}},
	}
}

// pressQuiz takes a press: a new round, an option, or the next question.
func (t *step) pressQuiz(arg string) bool {
	if arg == "" {
		t.quiz()
		return true
	}
	parts := strings.Split(arg, ".")
	if len(parts) < 3 {
		return false
	}
	seed, err := strconv.ParseUint(parts[0], 10, 32)
	if err != nil {
		return false
	}
	q := quizPosition{seed: seed, staff: parts[1] == "1" && t.e.Officer != nil, at: atoi(parts[2])}
	if len(parts) == 3 {
		t.quizAsk(q)
		return true
	}
	return t.quizTell(q, atoi(parts[3]))
}

// quizTell says whether an option is right, and why.
func (t *step) quizTell(q quizPosition, option int) bool {
	all := t.quizQuestions(q)
	if q.at < 0 || q.at >= len(all) || option < 0 || option >= len(all[q.at].Options) {
		return false
	}
	one, key := all[q.at], "quiz.right"
	t.countQuiz(outreach.QuizAsked)
	if option != one.Right {
		key = "quiz.wrong"
	} else {
		t.countQuiz(outreach.QuizRight)
	}
	q.at++
	t.say(t.text(key, "Right", one.Options[one.Right], "Why", one.Why), []bot.Button{t.link("quiz.next", "quiz:"+q.String())})
	return true
}

// countQuiz counts by the village of the code that led here, a citizen's round alone. Who answered is
// nowhere, and nobody's answers are put together.
func (t *step) countQuiz(what string) {
	if t.e.Officer != nil {
		return
	}
	var at outreach.Spot
	if opened := t.at(); opened != nil {
		at = opened.Spot
	}
	t.do("count", bot.Effect{Count: &bot.Count{At: at, What: what}})
}
