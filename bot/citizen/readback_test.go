package citizen

import (
	"testing"

	"dengwen/bot"
	"dengwen/petition"
)

// What is said in front of the card, by kind.
func TestWordsInFrontOfTheCard(t *testing.T) {
	t.Parallel()
	for kind, words := range map[string][]string{
		"stop": {
			"不交了", "不要提交", "撤回", "算了不提交了", "我不想反映了", "算了", "先不交了", "还是算了吧", "不告了", "别交", "不用了不交了", "取消", "那就不反映了吧",
			"暂时不提交", "never mind", "Don't submit it",
		},
		"yes": {"对", "没错", "就这样", "嗯 可以", "嗯，就这样吧", "对的对的", "没问题", "好的就这样", "可以了", "是这样", "looks good", "That's right."},
		"wrong": {
			"不是石瓮村，是沙坪村", "地点错了，应该是小岭镇罗庄村", "说错了，是沙坪村的路", "地点改成沙坪村", "应该是沙坪村", "写错了，是沙坪村", "不好意思，地点是沙坪村，写错了",
			"把石瓮村改成沙坪村", "是沙坪村，不是石瓮村", "我的电话写错了，是13900005678", "电话改成13900005678", "名字错了，叫王小兰", "要求改成：把路修好",
			"not Shiweng, it's Shaping", "change Shiweng to Shaping", "The place is wrong, it should be Shaping", "不是三组，是五组",
		},
		"more": {
			"去年就这样了", "不是我一家，我们组都这样", "他们说不是他们的事", "村上说没钱", "请尽快处理", "这条路是去年修的", "不交电费他们就停电", "我不想让村里知道", "镇上的人说地点不归他们管",
			"It has been like this since May", "对面那家也裂了", "可以派人来看看", "他们不管，说不是他们修的",
		},
	} {
		for _, w := range words {
			_, wrong := findCorrection(w)
			got := "more"
			switch {
			case saysStop(w):
				got = "stop"
			case saysYes(w):
				got = "yes"
			case wrong:
				got = "wrong"
			}
			if got != kind {
				t.Errorf("%q is taken for %s, want %s", w, got, kind)
			}
		}
	}
}

// A matter at another place on another subject is asked about; more of the same is not.
func TestOtherMatter(t *testing.T) {
	t.Parallel()
	b := testBot(t)
	road := bot.Draft{Known: map[string]string{}, Reading: &bot.Reading{}, Filing: petition.Filing{Subject: "transport.roads", Place: petition.Place{Code: "611026102"}}}
	at := func(place, subject, request string, derived bool) *bot.Reading {
		return &bot.Reading{Kind: "story", Place: bot.Guess{Value: place, Conf: 0.9}, Subject: bot.Guess{Value: subject, Conf: 0.8}, Request: bot.Guess{Value: request}, Derived: derived}
	}
	for _, c := range []struct {
		text string
		r    *bot.Reading
		want bool
	}{
		{"金米村停水三天，请恢复供水", at("611026101", "urban", "请恢复供水", false), true},
		{"还有一件事，路灯不亮", nil, true},
		{"营盘镇那边也一样", at("611026101", "transport.roads", "", false), false},
		{"去年修过一次", at("", "transport.roads", "", false), false},
		{"老板还欠我工资，请帮我要回来", at("", "labour.wages", "请帮我要回来", false), true},
		{"拖拉机翻过一次", at("", "labour.wages", "把工资发了", true), false},
		{"读不出来的", nil, false},
	} {
		s := bot.Session{Draft: &road, Data: map[string]string{}}
		step := &step{conv: b, s: &s}
		if got := step.otherMatter(c.text, c.r); got != c.want {
			t.Errorf("%q: another matter %v, want %v", c.text, got, c.want)
		}
	}
}
