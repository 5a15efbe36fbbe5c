package citizen

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"dengwen/bot"
	"dengwen/internal/office"
	"dengwen/petition"
)

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, zone)

// TestOldSession carries a conversation of schema 1, as it was stored, over to today:
// the draft is there and can be sent.
func TestOldSession(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/session_schema1.json")
	if err != nil {
		t.Fatal(err)
	}
	var s bot.Session
	if err := json.Unmarshal(data, &s); err != nil {
		t.Fatal(err)
	}
	b := testBot(t)
	s, effects := b.Step(s, bot.Event{ID: "tg:9", At: monday, Press: &bot.Press{Data: "4:send"}}, monday)
	if s.Schema != bot.Schema || s.Draft == nil || !s.Draft.Sent || len(s.Draft.Parts) != 1 {
		t.Fatalf("the draft was not carried over: %+v", s)
	}
	if len(effects) != 1 || effects[0].File == nil || effects[0].File.Facts != "下梁镇的路塌了，过不去车" || effects[0].File.Key != "tg:5" {
		t.Fatalf("effects %+v", effects)
	}
}

// TestUnknownState keeps the draft of a question that no longer exists.
func TestUnknownState(t *testing.T) {
	t.Parallel()
	b := testBot(t)
	s := bot.Session{Schema: 1, Lang: "zh-CN", State: "birthday", Step: 3, Last: monday, Draft: &bot.Draft{ID: "tg:1", Began: monday,
		Filing: petition.Filing{Key: "tg:1", Class: petition.Claim, Facts: "路塌了"}, Known: map[string]string{"class": "told", "place": "skipped", "subject": "skipped", "facts": "told"}}}
	s, effects := b.Step(s, bot.Event{ID: "tg:2", At: monday, Text: "好"}, monday)
	if s.State != Card || s.Draft == nil || len(effects) == 0 || !strings.Contains(effects[0].Say.Text, "路塌了") {
		t.Fatalf("state %s, effects %+v", s.State, effects)
	}
	s, _ = b.Step(bot.Session{State: "birthday"}, bot.Event{ID: "tg:2", At: monday, Text: "你好"}, monday)
	if s.State != bot.Home {
		t.Fatalf("state %s", s.State)
	}
}

// TestStepLeavesTheSessionAlone: the session given is not changed, and the same step
// taken again does the same.
func TestStepLeavesTheSessionAlone(t *testing.T) {
	t.Parallel()
	b := testBot(t)
	r := []string{"门口天天放炮开山，房子震裂了缝", "营盘镇", "不确定", "还有一句", "改", "/cancel"}
	var s bot.Session
	for i, text := range r {
		e := bot.Event{ID: "tg:" + itoa(i), At: monday, Text: text}
		before, _ := json.Marshal(s)
		once, effects := b.Step(s, e, monday)
		after, _ := json.Marshal(s)
		if string(before) != string(after) {
			t.Fatalf("step %d changed the session it was given", i)
		}
		twice, again := b.Step(s, e, monday)
		if !reflect.DeepEqual(once, twice) || !reflect.DeepEqual(effects, again) {
			t.Fatalf("step %d is not the same twice", i)
		}
		s = once
		for _, f := range effects {
			if f.Read != nil {
				s, _ = b.Step(s, bot.Event{ID: "o", At: monday, Outcome: &bot.Outcome{Effect: f.Tag, Reading: fakeReading(f.Read.Text)}}, monday)
			}
		}
	}
}

// TestSentOnce: whatever is pressed after sending, nothing is filed again; the number
// that comes late is told in the middle of something else.
func TestSentOnce(t *testing.T) {
	t.Parallel()
	b := testBot(t)
	s := bot.Session{Schema: bot.Schema, Lang: "zh-CN", State: Card, Step: 4, Last: monday, Draft: &bot.Draft{ID: "tg:1", Began: monday,
		Filing: petition.Filing{Class: petition.Claim, Facts: "路塌了"}, Known: map[string]string{"class": "told", "place": "skipped", "subject": "skipped", "facts": "told"},
		Parts: []bot.Part{{Text: "路塌了"}}}}
	s, first := b.Step(s, bot.Event{ID: "tg:2", At: monday, Press: &bot.Press{Data: "4:send"}}, monday)
	if len(first) != 1 || first[0].File == nil || first[0].File.Key != "tg:1" {
		t.Fatalf("effects %+v", first)
	}
	for i := range 3 {
		var effects []bot.Effect
		s, effects = b.Step(s, bot.Event{ID: "tg:3" + itoa(i), At: monday, Press: &bot.Press{Data: "4:send"}}, monday)
		for _, f := range effects {
			if f.File != nil {
				t.Fatal("filed again")
			}
		}
	}
	s, _ = b.Step(s, bot.Event{ID: "o", Outcome: &bot.Outcome{Effect: first[0].Tag, Pending: true, Err: petition.Fail(petition.Unavailable, "")}}, monday)
	s, _ = b.Step(s, bot.Event{ID: "tg:7", At: monday, Text: "另外一件事，门口的灯不亮了"}, monday)
	later := petition.Ticket{Number: "ZS26-0417-3K", Code: "7Q4M-29XD", Next: petition.Clock{Rule: "forward", Due: "2026-12-08"}}
	s, effects := b.Step(s, bot.Event{ID: "o2", Outcome: &bot.Outcome{Effect: first[0].Tag, Ticket: &later}}, monday)
	if s.State != stateUnderstanding || s.Draft == nil || len(s.Filed) != 0 {
		t.Fatalf("the second petition was disturbed: %+v", s)
	}
	if len(effects) < 2 || !strings.Contains(effects[0].Say.Text, "7Q4M-29XD") || effects[0].Say.Receipt == nil {
		t.Fatalf("effects %+v", effects)
	}
}

func TestDays(t *testing.T) {
	t.Parallel()
	b := testBot(t)
	for _, c := range []struct{ lang, date, want string }{
		{"zh-CN", "2026-12-08", "12 月 8 日（周二）"},
		{"zh-CN", "2027-01-29", "明年 1 月 29 日（周五）"},
		{"zh-CN", "2025-01-29", "2025 年 1 月 29 日（周三）"},
		{"zh-CN", "soon", "soon"},
		{"en", "2026-12-08", "Tue 8 December"},
		{"en", "2027-01-29", "Fri 29 January 2027"},
	} {
		k := &step{conv: b, s: &bot.Session{Lang: c.lang}, now: monday}
		if got := k.day(c.date); got != c.want {
			t.Errorf("%s in %s: %q, want %q", c.date, c.lang, got, c.want)
		}
	}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("一行有二十个字的内容在这里反复出现很多次\n", 500) + strings.Repeat("😀", 5000)
	parts := bot.Split(long)
	if len(parts) < 4 {
		t.Fatalf("%d parts", len(parts))
	}
	for i, p := range parts {
		if bot.Units(p) > bot.MaxText || p == "" {
			t.Errorf("part %d has %d units", i, bot.Units(p))
		}
	}
	if got := strings.ReplaceAll(strings.Join(parts, ""), "\n", ""); got != strings.ReplaceAll(long, "\n", "") {
		t.Error("words were lost in splitting")
	}
}

func TestIdentityNumbersAreNotKept(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"王小兰 610000199001011234": "王小兰",
		"61000019900101123X":     "",
		"６１００００１９９００１０１１２３４ 石瓮村": "石瓮村",
		"13900001234": "13900001234",
		"石瓮村二组 12 号":  "石瓮村二组 12 号",
	} {
		if got, _ := withoutIdentity(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestFileNames(t *testing.T) {
	t.Parallel()
	if got := fileID("tg:88123", 1); got != "ftg-88123-1" {
		t.Errorf("file id %q", got)
	}
	if got := fileID(strings.Repeat("长", 300), 0); len(got) > 120 || strings.Trim(got, "f-0123456789") != "" {
		t.Errorf("file id %q", got)
	}
}

// TestPrivacyFollowsTheSettings: what is said about data is what is.
func TestPrivacyFollowsTheSettings(t *testing.T) {
	t.Parallel()
	o := office.Example()
	o.Settings.KeepDraftDays, o.Settings.KeepCaseYears = 9, 11
	b := New(o, testBot(t).locales, Settings{Model: "some-model"})
	_, effects := b.Step(bot.Session{}, bot.Event{ID: "web:1", At: monday, Text: "/privacy"}, monday)
	text := effects[0].Say.Text
	for _, want := range []string{"9 天", "11 年", "some-model"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %s", want, text)
		}
	}
	if strings.Contains(text, "Telegram") {
		t.Error("Telegram is named where it is not used")
	}
}

// TestLateMove: a move done when the service is back is told and changes nothing else.
func TestLateMove(t *testing.T) {
	t.Parallel()
	b := testBot(t)
	s := bot.Session{Schema: bot.Schema, Lang: "zh-CN", State: stateSupplement, Step: 4, Last: monday, Case: "ZS26-0417-3K", Note: &bot.Note{Text: "又塌了"}}
	s, effects := b.Step(s, bot.Event{ID: "tg:1", At: monday, Press: &bot.Press{Data: "4:send"}}, monday)
	tag := effects[0].Tag
	s, _ = b.Step(s, bot.Event{ID: "o", Outcome: &bot.Outcome{Effect: tag, Err: petition.Fail(petition.Unavailable, ""), Pending: true}}, monday)
	if s.State != bot.Looking || s.Note != nil {
		t.Fatalf("state %s note %+v", s.State, s.Note)
	}
	s, _ = b.Step(s, bot.Event{ID: "tg:2", At: monday, Command: "new"}, monday)
	s, effects = b.Step(s, bot.Event{ID: "o", Outcome: &bot.Outcome{Effect: tag, View: walkView()}}, monday)
	if s.State != stateTelling || len(effects) != 2 || !strings.Contains(effects[0].Say.Text, "补充上去了") {
		t.Fatalf("state %s effects %+v", s.State, effects)
	}
}

// TestEveryPeriodAndStatusHasASentence: what the case service can name, we can say.
func TestEveryPeriodAndStatusHasASentence(t *testing.T) {
	t.Parallel()
	b := testBot(t)
	for _, r := range petition.Rules() {
		if r.Party != "" && !b.locales.Has("until."+r.ID) {
			t.Errorf("period %s has no sentence", r.ID)
		}
	}
	public := 0
	for _, m := range petition.Moves() {
		if !m.Public {
			continue
		}
		public++
		if !b.locales.Has("did." + string(m.Name)) {
			t.Errorf("public move %s has no sentence", m.Name)
		}
		if m.To != "" && m.To != petition.Back && !b.locales.Has("status."+string(m.To)) {
			t.Errorf("status %s has no sentence", m.To)
		}
	}
	if public < 30 {
		t.Errorf("only %d public moves", public)
	}
	for m, st := range actions {
		if !b.locales.Has("do."+string(m)) || !b.locales.Has("done."+string(m)) {
			t.Errorf("move %s (%s) cannot be offered", m, st)
		}
	}
}

// BenchmarkTwoMessages is the shortest path, story and send, with its outcomes.
func BenchmarkTwoMessages(b *testing.B) {
	conversation := testBot(b)
	text := "下梁镇那边三组的路去年才修今年一下雨就塌拖拉机过不去，找村上说没钱，你们管不管"
	reading := fakeReading(text)
	ticket := &petition.Ticket{Number: "ZS26-0417-3K", Code: "7Q4M-29XD", Unit: "transport", Filed: monday, Next: petition.Clock{Rule: "forward", Due: "2026-12-08"}}
	for b.Loop() {
		s, effects := conversation.Step(bot.Session{}, bot.Event{ID: "tg:1", At: monday, Text: text}, monday)
		s, effects = conversation.Step(s, bot.Event{ID: "o", Outcome: &bot.Outcome{Effect: effects[0].Tag, Reading: reading}}, monday)
		s, effects = conversation.Step(s, bot.Event{ID: "tg:2", At: monday, Press: &bot.Press{Data: effects[0].Say.Rows[0][0].Data}}, monday)
		s, _ = conversation.Step(s, bot.Event{ID: "o", Outcome: &bot.Outcome{Effect: effects[0].Tag, Ticket: ticket}}, monday)
		if s.State != bot.Looking {
			b.Fatal(s.State)
		}
	}
}
