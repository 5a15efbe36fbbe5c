package citizen

import (
	"strings"
	"testing"
	"time"

	"dengwen/bot"
	"dengwen/bot/corrections"
	"dengwen/internal/officials"
	"dengwen/petition"
)

// told brings a story to its card with what the reader made of it.
func told(t *testing.T, b *Conversation, s bot.Session, text string, request bot.Guess, derived bool) (bot.Session, string) {
	t.Helper()
	s, out := b.Step(s, bot.Event{ID: "tg:" + text, At: monday, Text: text}, monday)
	reading := &bot.Reading{
		Kind: "story", KindConf: 0.9, Class: bot.Guess{Value: string(petition.Claim), Conf: 0.9},
		Subject: bot.Guess{Value: "transport.roads", Conf: 0.9}, Place: bot.Guess{Value: "611026102", Conf: 0.9},
		Title: "路塌了", Request: request, Derived: derived,
	}
	s, out = b.Step(s, bot.Event{ID: "o:" + text, Outcome: &bot.Outcome{Effect: out[len(out)-1].Tag, Reading: reading}}, monday)
	if s.State != Card {
		t.Fatalf("state %s", s.State)
	}
	return s, out[len(out)-1].Say.Text
}

// pressed presses the button of the open question that does this.
func pressed(b *Conversation, s bot.Session, action string) (bot.Session, []bot.Effect) {
	return b.Step(s, bot.Event{ID: "tg:" + action, At: monday, Press: &bot.Press{Data: itoa(s.Step) + ":" + action}}, monday)
}

const oursOnTheCard = "我替您写的"

// A request the person did not write is marked as ours on the card and in what is
// filed; one they wrote, even in the same words, is theirs.
func TestWhoseRequest(t *testing.T) {
	t.Parallel()
	b := testBot(t)
	repair := bot.Guess{Value: "把路修好", Conf: 0.4}

	s, card := told(t, b, bot.Session{}, "下梁镇三组的路塌了", repair, true)
	if !strings.Contains(card, oursOnTheCard) {
		t.Errorf("the card does not say that the request is ours: %q", card)
	}
	if _, out := pressed(b, s, "send"); out[0].File == nil || out[0].File.Request != "把路修好" || !out[0].File.RequestOurs {
		t.Errorf("a request that is ours is filed as %+v", out[0].File)
	}

	edited, _ := pressed(b, s, "edit")
	edited, _ = pressed(b, edited, "field:"+string(stateRequest))
	edited, out := b.Step(edited, bot.Event{ID: "tg:own", At: monday, Text: "把路修好"}, monday)
	if card := out[len(out)-1].Say.Text; strings.Contains(card, oursOnTheCard) || !strings.Contains(card, "把路修好") {
		t.Errorf("what the person wrote is called ours: %q", card)
	}
	if _, out := pressed(b, edited, "send"); out[0].File == nil || out[0].File.Request != "把路修好" || out[0].File.RequestOurs {
		t.Errorf("the person's own request is filed as %+v", out[0].File)
	}

	s, card = told(t, b, bot.Session{}, "下梁镇三组的路塌了，请修路", bot.Guess{Value: "请修路", Conf: 0.9}, false)
	if strings.Contains(card, oursOnTheCard) {
		t.Errorf("the person's clause is called ours: %q", card)
	}
	if _, out := pressed(b, s, "send"); out[0].File.RequestOurs {
		t.Error("the person's clause is filed as ours")
	}
}

// A story told on is read anew: a request left over from the reading before would be
// nobody's.
func TestRequestOfAnOlderReading(t *testing.T) {
	t.Parallel()
	b := testBot(t)
	s, _ := told(t, b, bot.Session{}, "下梁镇三组的路塌了", bot.Guess{Value: "把路修好", Conf: 0.4}, true)
	s, card := told(t, b, s, "是我家门前的", bot.Guess{}, false)
	if s.Draft.Filing.Request != "" || strings.Contains(card, "把路修好") {
		t.Errorf("the older request is still there: %q", card)
	}
}

// A subject that is likely but not sure stands on the card marked as a guess; the
// second likeliest is one press away, and a press settles it.
func TestGuessedSubjectOnTheCard(t *testing.T) {
	t.Parallel()
	b := testBot(t)
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, zone)
	s, out := b.Step(bot.Session{}, bot.Event{ID: "tg:1", Text: "下梁镇的路塌了，拖拉机过不去"}, now)
	if len(out) == 0 || out[len(out)-1].Read == nil {
		t.Fatalf("the story is not read: %+v", out)
	}
	reading := &bot.Reading{
		Kind: "story", KindConf: 0.9, Class: bot.Guess{Value: string(petition.Claim), Conf: 0.9},
		Subject: bot.Guess{Value: "transport.roads", Conf: 0.6}, Likely: []string{"transport.roads", "land.taking"},
		Place: bot.Guess{Value: "611026102", Conf: 0.9}, Title: "路塌了",
	}
	s, out = b.Step(s, bot.Event{ID: "tg:1/0", Outcome: &bot.Outcome{Effect: out[len(out)-1].Tag, Reading: reading}}, now)
	card := out[len(out)-1].Say
	if s.State != Card || !strings.Contains(card.Text, "拿不准") {
		t.Fatalf("state %s, card %q", s.State, card.Text)
	}
	last := card.Rows[len(card.Rows)-1][0]
	s, out = b.Step(s, bot.Event{ID: "tg:2", Press: &bot.Press{Data: last.Data}}, now)
	if s.Draft.Filing.Subject != "land.taking" || strings.Contains(out[len(out)-1].Say.Text, "拿不准") {
		t.Errorf("after pressing %q: subject %s, %q", last.Text, s.Draft.Filing.Subject, out[len(out)-1].Say.Text)
	}
	if _, stale := b.Step(s, bot.Event{ID: "tg:3", Press: &bot.Press{Data: last.Data}}, now); len(stale) == 0 {
		t.Error("the same press again is met with silence")
	}
}

func TestOfficial(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"找了村主任五次":                  "主任",
		"书记您好，路灯坏了，所长说没钱":          "所长",
		"请书记做主":                    "",
		"老板跑了，工钱没给":                "",
		"the village head said no": "village",
	} {
		i, j := officials.Find(text)
		got := ""
		if i >= 0 {
			got = text[i:j]
		}
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// Danger said in the words people use; past harm, prices and figures of speech are none.
func TestEndangered(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"孩子掉井里了快来人":                       true,
		"我爸倒在地上不出气了":                      true,
		"他拿刀堵在我家门口":                       true,
		"there is a fire in the building": true,
		"救命钱被骗了":                          false,
		"建议在水库边立个防溺水的牌子":                  false,
		"路灯坏了，晚上走路危险":                     false,
	} {
		if kind, _ := dangerIn(text); (kind != "") != want {
			t.Errorf("%s: %s", text, kind)
		}
	}
}

// What is said in front of the card, by kind.
func TestWordsInFrontOfTheCard(t *testing.T) {
	t.Parallel()
	for kind, words := range map[string][]string{
		"stop": {
			"不交了", "不要提交", "撤回", "算了不提交了", "我不想反映了", "算了", "先不交了", "还是算了吧", "不告了", "别交", "不用了不交了", "取消", "那就不反映了吧",
			"暂时不提交", "莫交了，屋里人不同意", "老板把钱给了，撤销", "never mind", "Don't submit it",
		},
		"yes": {"对", "没错", "就这样", "嗯 可以", "嗯，就这样吧", "对的对的", "没问题", "好的就这样", "可以了", "是这样", "中", "莫麻达", "looks good", "That's right."},
		"wrong": {
			"不是石瓮村，是沙坪村", "地点错了，应该是小岭镇罗庄村", "说错了，是沙坪村的路", "地点改成沙坪村", "应该是沙坪村", "写错了，是沙坪村", "不好意思，地点是沙坪村，写错了",
			"把石瓮村改成沙坪村", "是沙坪村，不是石瓮村", "我的电话写错了，是13900005678", "电话改成13900005678", "名字错了，叫王小兰", "要求改成：把路修好",
			"not Shiweng, it's Shaping", "change Shiweng to Shaping", "The place is wrong, it should be Shaping", "不是三组，是五组", "是五组 我打错了", "沙坪村，不是石瓮村", "三千写错了，应该是一千", "打我娃的 13900005678",
		},
		"more": {
			"去年就这样了", "不是我一家，我们组都这样", "他们说不是他们的事", "村上说没钱", "请尽快处理", "这条路是去年修的", "不交电费他们就停电", "我不想让村里知道", "镇上的人说地点不归他们管",
			"It has been like this since May", "对面那家也裂了", "可以派人来看看", "他们不管，说不是他们修的", "村上不登记我们家", "我打过13900005678没人接", "老板电话13900005678", "肇事的人手机号13900005678", "打我的人电话13900005678",
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

func TestHanNumber(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]int{"五个": 5, "十二户": 12, "两百三十人": 230, "二十": 20, "没有": 0} {
		if got := int(corrections.Number(hanNumeral.FindString(said))); got != want {
			t.Errorf("%s: %d, want %d", said, got, want)
		}
	}
}
