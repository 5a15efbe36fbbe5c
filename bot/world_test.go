package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"dengwen/locales"
	"dengwen/petition"
)

// testOffice is a small county: three towns with villages, two levels of subjects.
func testOffice() *petition.Office {
	return &petition.Office{
		Code: "611026", Prefix: "ZS", Name: "柞水县信访局", County: "柞水县", Unit: "xfj", SealedUnit: "jw",
		Hours: "周一至周五 8:00–18:00", Address: "县政府大院西侧",
		Units: []petition.Unit{
			{Code: "xfj", Name: "县信访局", NameEn: "County Petition Office", Kind: "department", Review: "县政府", Rereview: "市政府"},
			{Code: "jtj", Name: "县交通运输局", NameEn: "County Transport Bureau", Kind: "department", Review: "县政府", Rereview: "市政府"},
			{Code: "rsj", Name: "县人社局", NameEn: "County Labour Bureau", Kind: "department", Review: "县政府", Rereview: "市政府"},
			{Code: "xlz", Name: "下梁镇政府", NameEn: "Xialiang Town", Kind: "town", Review: "县政府", Rereview: "市政府"},
			{Code: "jw", Name: "县纪委监委", NameEn: "County Discipline Organ", Kind: "party"},
		},
		Places: []petition.Locality{
			{Code: "qy", Name: "乾佑街道", NameEn: "Qianyou", Short: []string{"乾佑"}, Unit: "xlz", Lat: 33.68, Lon: 109.11},
			{Code: "yp", Name: "营盘镇", NameEn: "Yingpan", Short: []string{"营盘"}, Unit: "xlz", Lat: 33.80, Lon: 109.05},
			{Code: "xl", Name: "下梁镇", NameEn: "Xialiang", Short: []string{"下梁"}, Unit: "xlz", Villages: []string{"石瓮村"}, Lat: 33.60, Lon: 109.13},
			{Code: "xiaoling", Name: "小岭镇", NameEn: "Xiaoling", Short: []string{"小岭"}, Unit: "xlz"},
			{Code: "fh", Name: "凤凰镇", NameEn: "Fenghuang", Short: []string{"凤凰"}, Unit: "xlz"},
			{Code: "hys", Name: "红岩寺镇", NameEn: "Hongyansi", Unit: "xlz"},
			{Code: "cp", Name: "曹坪镇", NameEn: "Caoping", Unit: "xlz"},
		},
		Categories: []petition.Category{
			{Code: "traffic", Name: "交通和道路", NameEn: "Roads and transport", Words: []string{"路", "班车"}},
			{Code: "traffic.road", Parent: "traffic", Name: "公路建设", NameEn: "Road building", Words: []string{"修路"}},
			{Code: "traffic.bus", Parent: "traffic", Name: "客货运输", NameEn: "Buses and freight", Words: []string{"班车"}},
			{Code: "labour", Name: "劳动和社会保障", NameEn: "Labour and social security", Words: []string{"工资", "社保"}},
			{Code: "labour.pay", Parent: "labour", Name: "欠薪", NameEn: "Unpaid wages", Words: []string{"欠工资", "工钱"}},
			{Code: "land", Name: "自然资源", NameEn: "Land", Words: []string{"征地", "宅基地"}},
			{Code: "land.taking", Parent: "land", Name: "土地征收", NameEn: "Land taking", Words: []string{"征地"}, Hint: "hint.decision"},
			{Code: "env", Name: "生态环境", NameEn: "Environment", Words: []string{"污染", "噪声"}},
			{Code: "edu", Name: "教育", NameEn: "Education"},
			{Code: "health", Name: "卫生健康", NameEn: "Health"},
			{Code: "civil", Name: "民政", NameEn: "Civil affairs", Words: []string{"低保"}},
			{Code: "market", Name: "市场监管", NameEn: "Market"},
			{Code: "police", Name: "政法", NameEn: "Police and justice"},
			{Code: "other", Name: "其他", NameEn: "Other"},
		},
		Routing: []petition.RouteTo{{Category: "traffic", Unit: "jtj"}, {Category: "labour", Unit: "rsj"}, {Unit: "xfj"}},
		Settings: petition.Settings{
			YellowDays: 3, YellowDay: 45, NudgeDays: 7, SuggestionDays: 15, KeepDraftDays: 30, MaxFiles: 20, MaxFileMB: 20,
		},
	}
}

func testBot(t testing.TB) *Bot {
	t.Helper()
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	return New(testOffice(), words, Settings{BotName: "zs_petition_bot", PublicURL: "https://xf.example.cn"})
}

// world is everything around a conversation: the case service, the reader, the
// knowledge base, the clock and a door that shows what is said.
type world struct {
	t       testing.TB
	b       *Bot
	cases   petition.Cases
	now     time.Time
	door    string
	lang    string
	session []byte
	seq     int // events
	down    map[string]bool
	waiting []Effect // filings that wait for the case service
	buttons []Button // every button ever shown, last first found
	texts   []string // refs of the person's messages
	owner   string
	lines   []string
	moves   []passage
	says    int
}

// passage is one transition: from state to state, and whether a person's answer to
// the open question caused it.
type passage struct {
	from, to, back State
	global         bool
	replayed       bool // what was said before a break, given to the question it was meant for
}

func newWorld(t testing.TB) *world {
	w := &world{t: t, b: testBot(t), now: time.Date(2026, 11, 23, 9, 0, 0, 0, zone), door: "tg", lang: "zh-hans", owner: "tg:42", down: map[string]bool{}}
	w.cases = newCases(w)
	return w
}

// person gives an event of the person to the conversation.
func (w *world) person(e Event) {
	w.seq++
	e.ID = fmt.Sprintf("%s:%d", w.door, w.seq)
	e.At, e.Lang = w.now, w.lang
	if e.Ref == "" {
		e.Ref = fmt.Sprint(w.seq)
	}
	w.step(e)
}

// step runs Step on the session as it is stored, then what its effects yield.
func (w *world) step(e Event) {
	before := w.read()
	after, effects := w.b.Step(before, e, w.now)
	data, err := json.Marshal(after)
	if err != nil {
		w.t.Fatal(err)
	}
	w.session = data
	w.moves = append(w.moves, passage{from: before.State, to: after.State, back: before.Return, global: global(w.b, before, e), replayed: replayed(before, e)})
	for _, f := range effects {
		w.show(f)
	}
	for _, f := range effects {
		if o := w.perform(f); o != nil {
			w.step(Event{ID: e.ID + "/" + f.Tag, At: w.now, Outcome: o})
		}
	}
}

func (w *world) read() Session {
	var s Session
	if w.session == nil {
		return s
	}
	if err := json.Unmarshal(w.session, &s); err != nil {
		w.t.Fatal(err)
	}
	return s
}

func replayed(s Session, e Event) bool {
	return s.State == Resume && s.Kept != nil || s.State == Filing && e.At.Sub(s.Last) > patience
}

// global reports what leads anywhere from everywhere: commands, lasting buttons, a
// break, what the office tells, and outcomes that come on their own.
func global(b *Bot, s Session, e Event) bool {
	if e.Notice != nil || s.State == "" {
		return true
	}
	if e.Outcome != nil {
		kind, _, _ := strings.Cut(e.Outcome.Effect, ":")
		return kind == "file" && s.State != Filing || kind == "own" || kind == "look" || kind == "my" ||
			strings.HasPrefix(kind, "move-") && !b.states[s.State].errand
	}
	if name, _ := command(e); name != "" {
		return true
	}
	if e.Press != nil {
		return strings.HasPrefix(e.Press.Data, "0:")
	}
	t := &talk{b: b, s: &s, e: e, now: e.At}
	if t.asleep(s.Last) {
		return true
	}
	if p, ok := t.typedButton(); ok {
		return strings.HasPrefix(p.Data, "0:")
	}
	return false
}

var testActor = petition.Actor{Owner: "tg:42", Asker: "tg:42"}

// perform is the outer world: what an effect yields, nil for nothing.
func (w *world) perform(f Effect) *Outcome {
	o := &Outcome{Effect: f.Tag}
	ctx, actor := context.Background(), petition.Actor{Owner: w.owner, Asker: w.owner}
	var err error
	switch {
	case f.File != nil:
		if w.down["api"] {
			w.waiting = append(w.waiting, f)
			return &Outcome{Effect: f.Tag, Err: petition.Fail(petition.Unavailable, ""), Pending: true}
		}
		if w.down["refuse"] {
			err = petition.Fail(petition.Invalid, "")
			break
		}
		filing := *f.File
		filing.Owner, filing.Channel = w.owner, "telegram"
		var k petition.Ticket
		k, err = w.cases.File(ctx, actor, filing)
		o.Ticket = &k
	case f.Look != nil:
		var v petition.View
		v, err = w.cases.Look(ctx, actor, f.Look.Number, f.Look.Code)
		o.View = &v
	case f.List != nil:
		var p petition.Page
		p, err = w.cases.List(ctx, actor, *f.List)
		o.Page = &p
	case f.Do != nil:
		var v petition.View
		m := f.Do.Move
		m.Key = fmt.Sprintf("m%d", w.seq)
		v, err = w.cases.Do(ctx, actor, f.Do.Number, m)
		o.View = &v
	case f.Forget:
		o.Count, err = w.cases.Forget(ctx, w.owner)
	case f.Read != nil:
		if w.down["reader"] {
			err = petition.Fail(petition.Unavailable, "")
			break
		}
		o.Reading = fakeReading(f.Read.Text)
	case f.Ask != nil:
		o.Answer = fakeAnswer(f.Ask.Question)
	case f.Fetch != nil && w.down["fetch"]:
		w.down["fetch"] = false
		err = petition.Fail(petition.Invalid, "attach.kind")
	default:
		return nil
	}
	if w.down["api"] && f.Read == nil && f.Ask == nil {
		err = petition.Fail(petition.Unavailable, "")
	}
	if err != nil {
		return &Outcome{Effect: f.Tag, Err: asError(err)}
	}
	return o
}

func asError(err error) *petition.Error {
	var e *petition.Error
	if errors.As(err, &e) {
		return e
	}
	return &petition.Error{Code: petition.Internal}
}

// up brings a part back; what waited is done and told.
func (w *world) up(part string) {
	delete(w.down, part)
	waiting := w.waiting
	w.waiting = nil
	for _, f := range waiting {
		if o := w.perform(f); o != nil {
			w.step(Event{ID: "later/" + f.Tag, At: w.now, Outcome: o})
		}
	}
}

// fakeReading is a reader by keywords.
func fakeReading(text string) *Reading {
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(strings.ToLower(text), w) {
				return true
			}
		}
		return false
	}
	r := &Reading{Kind: "story", KindConf: 0.9, Class: Guess{Value: "claim", Conf: 0.8}, Summary: []string{text}}
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
		r.Subject = Guess{Value: "traffic", Conf: 0.9}
		r.Title, r.Request, r.Derived = "村组道路损坏，下雨过不去车", Guess{Value: "把路修好"}, true
		if has("road") {
			r.Title, r.Request = "road damaged, impassable in rain", Guess{Value: "repair the road"}
		}
	case has("工资", "wages"):
		r.Subject = Guess{Value: "labour.pay", Conf: 0.9}
		r.Title, r.Request = "拖欠工资", Guess{Value: "把工资发了"}
	case has("征地"):
		r.Subject, r.Decision, r.Title = Guess{Value: "land.taking", Conf: 0.8}, true, "征地补偿有争议"
	}
	for _, p := range [][2]string{{"xl", "下梁"}, {"qy", "乾佑"}, {"yp", "营盘"}} {
		if has(p[1]) {
			r.Place = Guess{Value: p[0], Conf: 0.9}
		}
	}
	if has("xialiang") {
		r.Place = Guess{Value: "xl", Conf: 0.9}
	}
	if has("找村上说没钱") {
		r.Tried = "村委会，答复没有钱"
	}
	if has("贪污", "举报") {
		r.Class, r.Title, r.Request = Guess{Value: "report", Conf: 0.9}, "反映干部贪污", Guess{}
	}
	if has("建议") {
		r.Class, r.Title = Guess{Value: "suggestion", Conf: 0.9}, "加开班车的建议"
	}
	if has("139") {
		r.Phone = "13900001234"
	}
	r.Danger = has("冒煤气")
	r.Minor = has("我今年12岁", "上小学")
	return r
}

func fakeAnswer(q string) *Answer {
	switch {
	case strings.Contains(q, "会不会知道"):
		return &Answer{Known: true, Confidence: 0.9, Entry: "secret", Articles: []int{18, 30},
			Text: "您的情况只给办这件事的人看；举报类的材料不得交给被举报的人或单位（条例第 30 条）。任何人不得因此打击报复您（第 18 条）。"}
	case strings.Contains(q, "多久"):
		return &Answer{Known: true, Confidence: 0.9, Entry: "days", Text: "15 日内告诉您收到了、走什么程序（条例第 23 条），受理后 60 日内答复（第 34 条）。"}
	case strings.Contains(strings.ToLower(q), "how long"):
		return &Answer{Known: true, Confidence: 0.9, Entry: "days", Text: "Within 15 days you are told which procedure it takes (Art 23); an answer within 60 days of acceptance (Art 34)."}
	}
	return &Answer{}
}
