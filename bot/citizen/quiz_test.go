package citizen

import (
	"maps"
	"strings"
	"testing"

	"dengwen/bot"
	"dengwen/petition/outreach"
	"dengwen/petition/roster"
)

func quizOf(lang string, n int, seed uint64, staff bool) []bot.QuizQuestion {
	who := "群众"
	if staff {
		who = "工作人员"
	}
	return []bot.QuizQuestion{
		{Question: who + "：多久答复？", Options: []string{"60 日", "1 年"}, Right: 0, Why: "第 34 条。"},
		{Question: "能不能匿名？", Options: []string{"不能", "能"}, Right: 1, Why: "能说清事情就行。"},
	}[:min(n, 2)]
}

func TestQuiz(t *testing.T) {
	t.Parallel()
	w := newHarness(t)
	b := *w.b
	b.set.Quiz = quizOf
	s, counted := bot.Session{}, map[string]int{}
	step := func(e bot.Event) string {
		var effects []bot.Effect
		e.ID, e.Lang = "tg:1", "zh-hans"
		s, effects = b.Step(s, e, w.now)
		var text []string
		for _, f := range effects {
			if f.Count != nil {
				counted[f.Count.What+" "+f.Count.At.Village]++
				continue
			}
			text = append(text, f.Say.Text)
			for _, row := range f.Say.Rows {
				for _, k := range row {
					text = append(text, "["+k.Text+" "+k.Data+"]")
					if len(k.Data) > bot.MaxData {
						t.Errorf("%s: %d bytes", k.Data, len(k.Data))
					}
				}
			}
		}
		return strings.Join(text, "\n")
	}
	data := func(said, label string) bot.Event {
		_, rest, ok := strings.Cut(said, "["+label+" ")
		if !ok {
			t.Fatalf("no [%s] in %s", label, said)
		}
		d, _, _ := strings.Cut(rest, "]")
		return bot.Event{Press: &bot.Press{Data: d}}
	}
	said := step(bot.Event{Command: "start", Args: outreach.Spot{Place: "611026102", Village: "石瓮"}.Param(outreach.Quiz)})
	if !strings.Contains(said, "第 1 题，共 2 题") || !strings.Contains(said, "群众") {
		t.Fatal(said)
	}
	if right := step(data(said, "A. 60 日")); !strings.HasPrefix(right, "对。") || !strings.Contains(right, "第 34 条") {
		t.Error(right)
	}
	wrong := step(data(said, "B. 1 年")) // the same button again: nothing is kept
	if !strings.HasPrefix(wrong, "不是这个") || !strings.Contains(wrong, "60 日") {
		t.Error(wrong)
	}
	said = step(data(wrong, "下一题"))
	said = step(data(step(data(said, "B. 能")), "下一题"))
	if !strings.Contains(said, "答完了") {
		t.Error(said)
	}
	if s.State != bot.Home && s.State != "" {
		t.Errorf("left at %s", s.State)
	}
	if want := map[string]int{"quiz.asked 石瓮": 3, "quiz.right 石瓮": 2, "quiz.rounds 石瓮": 1}; !maps.Equal(counted, want) {
		t.Errorf("counted %v, want %v", counted, want)
	}
	if said = step(bot.Event{Text: "/quiz", Officer: &roster.Person{ID: "p1"}}); !strings.Contains(said, "工作人员") {
		t.Error(said)
	}
	for _, bad := range []string{"0:quiz:x.0.0.1", "0:quiz:1.0.9.1", "0:quiz:1.0.0.7", "0:quiz:1.0", "0:quiz:1.0.-1.0"} {
		if said := step(bot.Event{Press: &bot.Press{Data: bad}}); said == "" || strings.Contains(said, "对。") {
			t.Errorf("%s: %q", bad, said)
		}
	}
}
