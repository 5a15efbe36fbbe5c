package bot

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"dengwen/internal/office"
	"dengwen/locales"
	"dengwen/petition"
	"dengwen/petition/petitiontest"
)

func testBot(t testing.TB) *Bot {
	t.Helper()
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	return New(office.Example(), words, Settings{BotName: "zs_petition_bot", PublicURL: "https://xf.example.cn"})
}

// world is everything around a conversation: the case service, the reader, the
// knowledge base, the clock and a door that shows what is said.
type world struct {
	t       testing.TB
	b       *Bot
	cases   *petition.Service
	feed    string          // notices read so far
	ticket  petition.Ticket // the last one
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
	ids := 0
	w.cases = petition.NewService(petitiontest.NewMemory(), office.Example(), petition.DefaultCalendar(), keyed,
		func() time.Time { return w.now }, func() string { ids++; return fmt.Sprintf("id-%06d", ids) }, new(petitiontest.Blobs))
	return w
}

func keyed(purpose, value string) []byte {
	h := sha256.Sum256([]byte(purpose + ":" + value))
	return h[:]
}

// officeMove lets a unit make a move on the last petition, written as
// "transport reply outcome=support text=…", and tells the citizen what they are told.
func (w *world) officeMove(unit string, words []string) {
	a := petition.Actor{Staff: unit + "-1", Unit: unit, Roles: []petition.Role{petition.Officer, petition.Head, petition.Sealed}}
	if unit == "petition" {
		a.Roles = []petition.Role{petition.Intake, petition.Supervisor}
	}
	m := petition.Move{Name: petition.MoveName(words[0]), Args: map[string]string{}}
	for _, word := range words[1:] {
		key, value, _ := strings.Cut(word, "=")
		switch key {
		case "text":
			m.Text = value
		case "unit":
			m.Unit = value
		case "officer":
			m.Officer = value
		case "date":
			m.Date = value
		default:
			m.Args[key] = value
		}
	}
	if _, err := w.cases.Do(context.Background(), a, w.ticket.Number, m); err != nil {
		w.t.Errorf("%s %s: %v", unit, words[0], err)
	}
	w.tell()
}

// tell passes on what the case service has to tell this chat.
func (w *world) tell() {
	list, err := w.cases.Notices(context.Background(), w.feed, 100)
	if err != nil {
		w.t.Error(err)
	}
	for _, n := range list {
		w.feed = n.ID
		if n.To == w.owner {
			w.step(Event{ID: "notice:" + n.ID, At: w.now, Notice: &n})
		}
	}
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
	return s.State == Resume && s.Kept != nil || s.State == Filing && e.Outcome == nil
}

// global reports what leads anywhere from everywhere: commands, lasting buttons, a
// break, what the office tells, and outcomes that come on their own.
func global(b *Bot, s Session, e Event) bool {
	if e.Notice != nil || s.State == "" {
		return true
	}
	if e.Outcome != nil {
		kind, _, _ := strings.Cut(e.Outcome.Effect, ":")
		return kind == "file" && s.State != Filing || strings.HasPrefix(kind, "begin-") || kind == "own" || kind == "look" || kind == "my" ||
			strings.HasPrefix(kind, "move-") && !b.states[s.State].errand
	}
	if name, _ := command(e); name != "" {
		return true
	}
	if e.Press != nil {
		return strings.HasPrefix(e.Press.Data, "0:")
	}
	t := &talk{b: b, s: &s, e: e, now: e.At}
	if s.State == Looking && wanted(e.Text) != "" {
		return true
	}
	if t.asleep(s.Last) {
		return true
	}
	if p, ok := t.typedButton(); ok {
		return strings.HasPrefix(p.Data, "0:")
	}
	return false
}

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
		if err == nil {
			w.ticket = k
		}
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
	lower := strings.ToLower(text)
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(lower, w) {
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
		r.Subject = Guess{Value: "transport.roads", Conf: 0.9}
		r.Title, r.Request, r.Derived = "村组道路损坏，下雨过不去车", Guess{Value: "把路修好"}, true
		if has("road") {
			r.Title, r.Request = "road damaged, impassable in rain", Guess{Value: "repair the road"}
		}
	case has("工资", "wages"):
		r.Subject = Guess{Value: "labour.wages", Conf: 0.9}
		r.Title, r.Request = "拖欠工资", Guess{Value: "把工资发了"}
	case has("征地"):
		r.Subject, r.Decision, r.Title = Guess{Value: "land.taking", Conf: 0.8}, true, "征地补偿有争议"
	}
	for _, p := range [][2]string{{"611026102", "下梁"}, {"611026001", "乾佑"}, {"611026101", "营盘"}} {
		if has(p[1]) {
			r.Place = Guess{Value: p[0], Conf: 0.9}
		}
	}
	if has("xialiang") {
		r.Place = Guess{Value: "611026102", Conf: 0.9}
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
	if has("我们十二户") {
		r.People = 12
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
