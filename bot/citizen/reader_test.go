package citizen

import (
	"strings"

	"dengwen/bot"
)

// fakeReading is a reader by keywords.
func fakeReading(text string) *bot.Reading {
	lower := strings.ToLower(text)
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(lower, w) {
				return true
			}
		}
		return false
	}
	r := &bot.Reading{Kind: "story", KindConf: 0.9, Class: bot.Guess{Value: "claim", Conf: 0.8}, Summary: []string{text}}
	switch {
	case has("我的编号", "我那件"):
		r.Kind = "own_case"
	case has("会不会知道", "多久", "收费", "how long"):
		r.Kind = "question"
	case has("合理吗"):
		r.Kind, r.KindConf = "question", 0.5
	case has("嘟嘟"):
		r.Kind = "unclear"
	}
	switch {
	case has("路", "road"):
		r.Subject = bot.Guess{Value: "transport.roads", Conf: 0.96}
		r.Title, r.Request, r.Derived = "村组道路损坏，下雨过不去车", bot.Guess{Value: "把路修好"}, true
		if has("road") {
			r.Title, r.Request = "road damaged, impassable in rain", bot.Guess{Value: "repair the road"}
		}
	case has("工资", "wages"):
		r.Subject = bot.Guess{Value: "labour.wages", Conf: 0.96}
		r.Title, r.Request = "拖欠工资", bot.Guess{Value: "把工资发了"}
	case has("征地"):
		r.Subject, r.Decision, r.Title = bot.Guess{Value: "land.taking", Conf: 0.96}, true, "征地补偿有争议"
	}
	for _, p := range [][2]string{{"611026102", "下梁"}, {"611026001", "乾佑"}, {"611026101", "营盘"}} {
		if has(p[1]) {
			r.Place = bot.Guess{Value: p[0], Conf: 0.9}
		}
	}
	if has("xialiang") {
		r.Place = bot.Guess{Value: "611026102", Conf: 0.9}
	}
	if has("找村上说没钱") {
		r.Tried = "村委会，答复没有钱"
	}
	if has("贪污", "举报") {
		r.Class, r.Title, r.Request = bot.Guess{Value: "report", Conf: 0.9}, "反映干部贪污", bot.Guess{}
	}
	if has("收红包", "拿了钱") {
		r.Class = bot.Guess{Value: "report", Conf: 0.5}
	}
	if has("建议") {
		r.Class, r.Title = bot.Guess{Value: "suggestion", Conf: 0.9}, "加开班车的建议"
	}
	if m := mobile.FindStringSubmatch(text); m != nil {
		r.Phone = m[1]
	} else if has("139") {
		r.Phone = "13900001234"
	}
	if has("我们十二户") {
		r.People = 12
	}
	r.Danger = has("冒煤气")
	r.Minor = has("我今年12岁", "上小学")
	return r
}

func fakeAnswer(q string) *bot.Answer {
	switch {
	case strings.Contains(q, "会不会知道"):
		return &bot.Answer{Known: true, Confidence: 0.9, Entry: "secret", Articles: []int{18, 30},
			Text: "您的情况只给办这件事的人看；举报类的材料不得交给被举报的人或单位（条例第 30 条）。任何人不得因此打击报复您（第 18 条）。"}
	case strings.Contains(q, "多久"):
		return &bot.Answer{Known: true, Confidence: 0.9, Entry: "days", Text: "15 日内告诉您收到了、走什么程序（条例第 23 条），受理后 60 日内答复（第 34 条）。"}
	case strings.Contains(strings.ToLower(q), "how long"):
		return &bot.Answer{Known: true, Confidence: 0.9, Entry: "days", Text: "Within 15 days you are told which procedure it takes (Art 23); an answer within 60 days of acceptance (Art 34)."}
	}
	return &bot.Answer{}
}
