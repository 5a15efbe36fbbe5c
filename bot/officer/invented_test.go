package officer_test

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"

	"dengwen/bot"
	"dengwen/bot/officer"
	"dengwen/internal/office"
	"dengwen/internal/test/invented"
	"dengwen/petition"
)

// Officers read an added language in every list, card, dialogue, notice and digest.
func TestAnAddedLanguageIsSpokenToOfficers(t *testing.T) {
	t.Parallel()
	o := office.Example()
	left, seen := map[string]string{}, 0
	for i := range 2 {
		w := &randomWalk{t: t, r: rand.New(rand.NewPCG(uint64(i), 3)), now: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC), moves: petition.Moves(), group: i%2 == 1}
		w.c = officer.New(o, invented.Catalog(t), func(token string, _ bool) string { return "https://t.me/b?start=join_" + token })
		w.s.Lang = invented.Tag
		w.look = func(say *bot.Say) {
			texts := []string{say.Text}
			for _, row := range say.Rows {
				for _, b := range row {
					texts = append(texts, b.Text)
				}
			}
			for _, text := range texts {
				seen++
				for _, l := range invented.Left(repeated.ReplaceAllString(text, ""), append(append(invented.OfficeData(o), "桥面塌了"), walkWords()...)...) {
					left[l] = text
				}
			}
		}
		for range 4_000 {
			w.now = w.now.Add(time.Duration(w.r.IntN(3600)) * time.Second)
			w.take(w.event(), 0)
			w.s.Lang = invented.Tag
		}
		week := digestOf(0)
		week.Sealed = i%2 == 1
		for _, d := range []petition.Digest{digestOf(12), week} {
			w.look(&bot.Say{Text: w.c.Digest(invented.Tag, d, w.now)})
		}
	}
	for l, text := range left {
		t.Errorf("%q in %q", l, text)
	}
	if seen < 3_000 {
		t.Errorf("only %d texts seen", seen)
	}
}

var repeated = regexp.MustCompile(`长+|名+`)

// walkWords are the words that the random walk puts into mouths and cases.
func walkWords() []string {
	return append(strings.Fields("三组 交通运输局 县交通运输局 周 12月8日 15天 支持 改一下 明天去现场 李军 核实 没有 王芳 路塌了 路"), "/invite transport officer")
}
