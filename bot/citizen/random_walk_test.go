package citizen

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"dengwen/bot"
	"dengwen/petition"
	"dengwen/petition/bulletin"
	"dengwen/petition/mediation"
	"dengwen/petition/telling"
)

// randomWalk talks at random: every kind of event, in any order, with outcomes that
// succeed, fail, come late or not at all.
type randomWalk struct {
	t       testing.TB
	b       *Conversation
	roll    func(n int) int // 0 … n-1
	s       bot.Session
	now     time.Time
	seq     int
	shown   []bot.Button
	late    []bot.Outcome
	visited map[bot.State]int
}

var walkTexts = []string{
	"下梁镇的路塌了，过不去车", "门口天天放炮开山，房子震裂了缝", "你好", "谢谢", "不确定", "不知道", "会不会知道是我", "多久有答复？",
	"", " ", "。", "😀", "/help", "／start", "取消", "进度", "我的信访", "/forget", "/cancel", "/new", "/my", "english", "中文",
	"ZS26-0417-3K", "ZS26-0417-3K 7Q4M-29XD", "ZS26-0417-3V", "7Q4M-29XD", "13900001234", "610000199001011234", "王小兰",
	"没有", "不留", "对", "不对", "提交", "我不想活了", "我要举报贪污", "建议多种树", "继续", "[提交]", "ང་ཚོའི་ལམ", "The road is broken again",
	"/start ZS26-0417-3K", "/foo", "我那件怎么样了", "催一下", "撤回", "申请复查", "合理吗", "\x00\x01", "a:b:c",
	"讲定每亩三万六，合同上却是两万六，占了我家林地", "六和八搞混了，说好的是三万八",
	"还有一件事，路灯也不亮", "不是石瓮村，是沙坪村", "营盘镇", "不交了",
}

var walkLong = []string{strings.Repeat("长", 5000), strings.Repeat("很长的话 ", 4000), strings.Repeat("路塌了。", 300)}

func (w *randomWalk) pick(list []string) string { return list[w.roll(len(list))] }

func (w *randomWalk) event() bot.Event {
	w.seq++
	e := bot.Event{ID: fmt.Sprintf("tg:%d", w.seq), Ref: fmt.Sprint(w.seq), At: w.now, Lang: w.pick([]string{"zh-hans", "en", "", "ru"})}
	switch k := w.roll(100); {
	case k < 40 && len(w.shown) > 0:
		b := w.shown[len(w.shown)-1-w.roll(min(len(w.shown), 12))]
		e.Press = &bot.Press{Data: b.Data}
	case k < 43:
		e.Press = &bot.Press{Data: w.pick([]string{"", "0:", "x", "1:send", "0:do:supplement:ZS26-0417-3K", "0:do:rate:ZS26-0417-3K", "0:do:review:ZS26-0417-3K", "0:do:rereview:ZS26-0417-3K",
			"0:do:reopen:ZS26-0417-3K", "0:do:settle:ZS26-0417-3K", "0:do:withdraw:ZS26-0417-3K", "0:look:ZS26-0417-3K", "0:lang:xx", "0:rights:99", "0:more", "0:notices:on", "0:notices:off", "0:notices:x", "-1:is", "0:number"})}
	case k < 75:
		e.Text = w.pick(walkTexts)
		if w.roll(150) == 0 {
			e.Text = w.pick(walkLong)
		}
	case k < 78:
		e.Command, e.Args = w.pick([]string{"start", "help", "new", "my", "rights", "privacy", "mydata", "forget", "language", "cancel", "status", "what", "notices", "told", "dispute"}), w.pick([]string{"", "ZS26-0417-3K", "x"})
	case k < 88:
		e.Media = []bot.Media{{Ref: "f", Kind: w.pick([]string{"photo", "voice", "video", "document"}), Size: int64(w.roll(30)) << 20, Album: w.pick([]string{"", "", "a1", "a2"})}}
		e.Text = w.pick([]string{"", "", "", "看这张照片"})
	case k < 91:
		e.Location = &bot.Location{Lat: float64(w.roll(180) - 90), Lon: float64(w.roll(360) - 180), Name: w.pick([]string{"", "老桥头"})}
	case k < 93:
		e.Contact = &bot.Shared{Name: w.pick([]string{"", "王小兰"}), Phone: w.pick([]string{"", "13900001234"}), Own: w.roll(2) == 0}
	case k < 96:
		e.Edited, e.Text, e.Ref = true, w.pick(walkTexts), fmt.Sprint(w.roll(w.seq+1))
	case k < 98:
		e.Other = w.pick([]string{"sticker", "dice", "poll"})
	default:
		e.Forward, e.Text = true, w.pick(walkTexts)
	}
	return e
}

func walkView(can ...petition.MoveName) *petition.View {
	return &petition.View{Number: "ZS26-0417-3K", Status: petition.Accepted, Class: petition.Claim, Unit: "jtj", Due: "2027-01-29", Rule: "handle", Colour: "green", Can: can,
		Bodies: []petition.Body{{Code: "county-gov"}, {Code: "city-transport"}}[:2-len(can)/len(walkMoves)]}
}

var walkMoves = []petition.MoveName{"supplement", "withdraw", "nudge", "rate", "settle", "review", "rereview", "reopen", "receive"}

// outcomeOf answers an effect somehow.
func (w *randomWalk) outcomeOf(f bot.Effect) *bot.Outcome {
	o := &bot.Outcome{Effect: f.Tag}
	if f.Say != nil {
		return nil
	}
	if w.roll(8) == 0 {
		o.Err = petition.Fail([]petition.Code{petition.NotFound, petition.Conflict, petition.Limited, petition.Unavailable, petition.Internal, petition.Invalid}[w.roll(6)],
			w.pick([]string{"", "lookup.no_match", "no.such.key", "need.nudge_free"}))
		o.Pending = w.roll(3) == 0
		if o.Pending && f.File != nil {
			w.late = append(w.late, bot.Outcome{Effect: f.Tag, Ticket: w.ticket()})
		}
		return o
	}
	switch {
	case f.File != nil:
		o.Ticket = w.ticket()
	case f.Look != nil, f.Do != nil:
		o.View = walkView(walkMoves[:w.roll(len(walkMoves)+1)]...)
	case f.List != nil:
		o.Page = &petition.Page{After: w.pick([]string{"", "cursor"})}
		for range w.roll(4) {
			o.Page.Items = append(o.Page.Items, walkView().Item())
		}
	case f.Read != nil:
		o.Reading = fakeReading(f.Read.Text)
		if w.roll(3) == 0 {
			o.Reading.Kind, o.Reading.KindConf = w.pick([]string{"story", "question", "own_case", "unclear", ""}), float64(w.roll(11))/10
			o.Reading.Number, o.Reading.Name = w.pick([]string{"", "ZS26-0417-3K", "junk"}), w.pick([]string{"", "610000199001011234"})
		}
	case f.Ask != nil:
		o.Answer = &bot.Answer{Known: w.roll(2) == 0, Confidence: float64(w.roll(11)) / 10, Text: w.pick([]string{"答案", strings.Repeat("很长的答案。", 2000)})}
	case f.Notices != nil:
		if w.roll(2) == 0 {
			o.Consent = &bulletin.Consent{Chat: "tg:1", At: w.now}
		}
	case f.Telling != nil:
		p := telling.Place{Address: w.pick([]string{"", "13912345678"}), At: w.now, Bad: []time.Time{{}, w.now}[w.roll(2)]}
		o.Told = &telling.Wishes{Phone: p, From: w.pick([]string{"", "22:00"}), To: "07:00"}
		if w.roll(3) == 0 {
			o.Told, o.Err = nil, petition.Fail(petition.Code(w.pick([]string{"invalid", "unavailable"})), "wishes.contact")
		}
	case f.Dispute != nil:
		o.Disputes = []mediation.Dispute{{Number: "TJ-00000001", Unit: "xialiang"}}[:w.roll(2)]
	case f.Forget:
		o.Count = w.roll(3)
	default:
		return nil
	}
	return o
}

func (w *randomWalk) ticket() *petition.Ticket {
	return &petition.Ticket{Number: "ZS26-0417-3K", Code: "7Q4M-29XD", Unit: "jtj", Filed: w.now, Next: petition.Clock{Rule: "forward", Due: "2026-12-08"}, View: *walkView()}
}

func (w *randomWalk) notice() bot.Event {
	v := walkView(walkMoves[:w.roll(len(walkMoves))]...)
	entry := petition.Entry{Move: petition.MoveName(w.pick([]string{"transfer", "accept", "reply", "tell", "something_new"})), Public: true, By: "jtj", Text: w.pick([]string{"", "已经派人去看了"}), To: petition.Accepted}
	return bot.Event{ID: fmt.Sprintf("notice:%d", w.seq), Notice: &petition.Notice{Number: v.Number, Entry: entry, View: *v, Lang: "zh-CN"}}
}
