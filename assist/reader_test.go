package assist_test

import (
	"testing"
	"time"

	"dengwen/assist"
	"dengwen/assist/answer"
	"dengwen/bot"
	"dengwen/internal/office"
	"dengwen/locales"
	"dengwen/petition"
)

func reader(t testing.TB) *assist.Reader {
	t.Helper()
	o, _, err := office.Load("")
	if err != nil {
		t.Fatal(err)
	}
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	book, err := answer.New(o, words)
	if err != nil {
		t.Fatal(err)
	}
	r, err := assist.NewReader(o, book)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func read(t *testing.T, r *assist.Reader, text string) bot.Reading {
	t.Helper()
	got, err := r.Read(t.Context(), text, "zh-CN", time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestReaderSpeaksTheOfficesCodes(t *testing.T) {
	t.Parallel()
	r := reader(t)
	for _, c := range []struct {
		text, class, subject, place string
	}{
		{"下梁镇那边三组的路去年才修今年一下雨就塌拖拉机过不去，找村上说没钱，你们管不管", "claim", "transport.roads", "611026102"},
		{"老板欠我三个月工资一万二不给，我在小岭镇金米村的工地干活", "claim", "labour.wages", "611026104"},
		{"我举报营盘镇朱家湾村支书把低保都给了他亲戚，还收红包", "report", "", "611026101"},
		{"建议在乾佑街道河边多装几个路灯，晚上散步太黑", "suggestion", "", "611026001"},
	} {
		got := read(t, r, c.text)
		if got.Kind != "story" || got.KindConf < 0.7 {
			t.Errorf("%s: kind %s %.2f", c.text, got.Kind, got.KindConf)
		}
		if got.Class.Value != c.class || c.subject != "" && got.Subject.Value != c.subject || got.Place.Value != c.place {
			t.Errorf("%s: class %q, subject %q, place %q", c.text, got.Class.Value, got.Subject.Value, got.Place.Value)
		}
		if got.Used == petition.UsedNo && got.Used != "" {
			t.Errorf("%s: silence about other procedures was read as a no", c.text)
		}
	}
}

func TestReaderTellsQuestionsFromStories(t *testing.T) {
	t.Parallel()
	r := reader(t)
	for text, want := range map[string]string{
		"几天之内要给我答复":                         "question",
		"村干部会不会知道是我举报的？":                    "question",
		"能不能匿名":                             "question",
		"老板欠我三个月工资一万二不给":                    "story",
		"低保怎么被取消了，凭什么":                      "story",
		"我的件到哪一步了":                          "own_case",
		"ZS26-0001-KN 办得怎么样了":               "own_case",
		"ZS26-417263-GH 办得怎么样了":             "own_case",
		"嗯":                                 "unclear",
		"how long may they take to answer?": "question",
	} {
		if got := read(t, r, text); got.Kind != want {
			t.Errorf("%s: %s (%.2f), want %s", text, got.Kind, got.KindConf, want)
		}
	}
}
