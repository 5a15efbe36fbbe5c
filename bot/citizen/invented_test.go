package citizen

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"dengwen/bot"
	"dengwen/internal/office"
	"dengwen/internal/test/invented"
	"dengwen/petition/telling"
)

// A language that was added by a folder is spoken whatever a person does: nothing they see is in
// another, but for their own words, what the office's data say and the names of languages.
func TestAnAddedLanguageIsSpokenEverywhere(t *testing.T) {
	t.Parallel()
	words := invented.Catalog(t)
	b := New(office.Example(), words, Settings{PublicURL: "https://xf.example.cn", Ways: []string{telling.SMS, telling.Mail}})
	allowed := append(invented.OfficeData(b.office), walkTexts...)
	allowed = append(allowed, "中文", "English", "王小兰", "老桥头", "已经派人去看了", "看这张照片", "答案", "很长的答案。", "沙坪村", "石瓮村", "很长的话 很", "加开班车的建议", "反映干部贪污", "村组道路损坏，下雨过不去车", "把路修好", "很长的话", "长", "路塌了。", "门口天天放炮开山", "不是沙坪村，是沙坪村",
		"讲定每亩三万六", "讲定每亩三万八", "合同上却是两万六", "合同上却是三万八", "占了我家林地", "六和八搞混了", "说好的是三万八", "三万六", "三万八", "两万六", "合…")
	r := rand.New(rand.NewPCG(7, 7))
	w := &randomWalk{t: t, b: b, roll: r.IntN, now: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC), visited: map[bot.State]int{}}
	w.s = bot.Session{Lang: invented.Tag, Data: map[string]string{"chosen": "yes"}}
	seen, left := 0, map[string]string{}
	look := func(text string) {
		seen++
		for _, l := range invented.Left(text, allowed...) {
			if strings.Contains(text, "很长的答案。") || strings.Contains(text, "很长的话 很长的话") || strings.Contains(text, "路塌了。路塌了。") { // split in the middle of a word
				continue
			}
			left[l] = text
		}
	}
	for range 20_000 {
		w.now = w.now.Add(time.Duration(r.IntN(3600)) * time.Second)
		queue := []bot.Event{w.event()}
		if r.IntN(20) == 0 {
			queue = []bot.Event{w.notice()}
		}
		for n := 0; len(queue) > 0 && n < 20; n++ {
			e := queue[0]
			queue = queue[1:]
			e.Lang = invented.Tag
			if words.Named(e.Text) != "" || e.Press != nil && strings.HasPrefix(e.Press.Data, "0:lang:") {
				continue // leaves the language
			}
			var effects []bot.Effect
			w.s, effects = b.Step(w.s, e, w.now)
			if w.s.Lang == "" { // forgotten
				w.s.Lang = invented.Tag
			}
			for _, f := range effects {
				if f.Say == nil {
					if o := w.outcomeOf(f); o != nil {
						queue = append(queue, bot.Event{ID: "o", Outcome: o})
					}
					continue
				}
				if f.Say.Lang != invented.Tag {
					t.Fatalf("said in %q: %q", f.Say.Lang, f.Say.Text)
				}
				look(f.Say.Text)
				for _, row := range f.Say.Rows {
					w.shown = append(w.shown, row...)
					for _, button := range row {
						look(button.Text)
					}
				}
				if p := f.Say.Receipt; p != nil {
					look(p.Office + "\n" + p.Title + "\n" + strings.Join(p.Lines, "\n"))
				}
			}
		}
		w.s.Data = with(w.s.Data, "chosen", "yes")
	}
	for l, text := range left {
		t.Errorf("%q in %q", l, text)
	}
	if seen < 10_000 {
		t.Errorf("only %d texts seen", seen)
	}
}

func with(m map[string]string, key, value string) map[string]string {
	out := map[string]string{key: value}
	for k, v := range m {
		out[k] = v
	}
	return out
}
