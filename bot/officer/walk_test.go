package officer_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"dengwen/bot"
	"dengwen/bot/officer"
	"dengwen/internal/office"
	"dengwen/locales"
	"dengwen/petition"
	"dengwen/petition/bulletin"
	"dengwen/petition/roster"
)

// randomWalk is an officer, or a group of them, who press and say anything.
type randomWalk struct {
	t     *testing.T
	c     *officer.Conversation
	r     *rand.Rand
	s     bot.Session
	now   time.Time
	shown []bot.Button
	moves []petition.MoveSpec
	group bool
	steps int
	look  func(say *bot.Say) // nil = nobody looks
}

var walkers = []roster.Person{
	{ID: "id-aaaa", Name: "王芳", Unit: "petition", Roles: []petition.Role{petition.Intake, petition.Supervisor, petition.Admin}},
	{ID: "id-bbbb", Name: "李军", Unit: "transport", Roles: []petition.Role{petition.Officer, petition.Head}},
	{ID: "id-cccc", Unit: "discipline", Roles: []petition.Role{petition.Sealed}},
}

// TestRandomWalk takes 100,000 random steps in private chats and in a group: no panic,
// no press without an answer, every message within Telegram's limits, every session
// the same after storage.
func TestRandomWalk(t *testing.T) {
	t.Parallel()
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	for i := range 4 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			w := &randomWalk{t: t, r: rand.New(rand.NewPCG(uint64(i), 11)), now: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC), moves: petition.Moves(), group: i%2 == 1}
			w.c = officer.New(office.Example(), words, func(token string, _ bool) string { return "https://t.me/b?start=join_" + token })
			if i > 1 {
				w.s.Lang = "en"
			}
			for range 25_000 {
				w.now = w.now.Add(time.Duration(w.r.IntN(3600)) * time.Second)
				w.take(w.event(), 0)
			}
			t.Logf("%d steps", w.steps)
		})
	}
}

// take steps an event and what its effects yield.
func (w *randomWalk) take(e bot.Event, depth int) {
	w.steps++
	if !w.c.Takes(w.s, e) {
		return
	}
	before := e
	next, effects := w.c.Step(w.s, e, w.now)
	w.checkStep(next)
	if len(effects) == 0 && e.Press != nil && (!w.group || e.Group != nil) {
		w.fail(before, "a press without an answer")
	}
	for _, f := range effects {
		if f.Say != nil {
			w.checkSay(before, f.Say)
			if w.look != nil {
				w.look(f.Say)
			}
		}
	}
	for _, f := range effects {
		if f.Say != nil || depth > 6 {
			continue
		}
		o := w.outcomeOf(f)
		after := bot.Event{ID: "o", Outcome: &o, From: e.From, Officer: e.Officer, Group: e.Group, Topic: e.Topic, Names: map[string]string{"id-bbbb": "李军"}}
		w.take(after, depth+1)
	}
}

func (w *randomWalk) checkStep(next bot.Session) {
	if w.s = next; w.steps%7 != 0 {
		return
	}
	data, err := json.Marshal(next)
	if err != nil {
		w.t.Fatal(err)
	}
	var again bot.Session
	if err := json.Unmarshal(data, &again); err != nil {
		w.t.Fatal(err)
	}
	if twice, _ := json.Marshal(again); !bytes.Equal(data, twice) {
		w.t.Fatalf("session changes in storage:\n%s\n%s", data, twice)
	}
	if len(data) > 120_000 {
		w.t.Fatalf("session of %d bytes", len(data))
	}
	w.s = again
}

func (w *randomWalk) checkSay(e bot.Event, s *bot.Say) {
	if n := len(utf16.Encode([]rune(s.Text))); n > bot.MaxText || strings.TrimSpace(s.Text) == "" || strings.Contains(s.Text, "<no value>") {
		w.fail(e, "message of %d units: %.200q", n, s.Text)
	}
	buttons := 0
	for _, row := range s.Rows {
		if len(row) == 0 || len(row) > 8 {
			w.fail(e, "row of %d buttons under %.60q", len(row), s.Text)
		}
		for _, b := range row {
			buttons++
			if b.Text == "" || len(b.Data) > bot.MaxData || b.Data == "" {
				w.fail(e, "bad button %+v", b)
			}
			w.shown = append(w.shown, b)
		}
	}
	if buttons > 60 {
		w.fail(e, "%d buttons", buttons)
	}
	if s.Topic != nil && len([]rune(s.Topic.Name)) > 128 {
		w.fail(e, "topic %q", s.Topic.Name)
	}
	w.shown = w.shown[max(0, len(w.shown)-80):]
}

func (w *randomWalk) fail(e bot.Event, format string, args ...any) {
	w.t.Helper()
	ev, _ := json.Marshal(e)
	se, _ := json.Marshal(w.s)
	w.t.Fatalf(format+"\nevent %.1500s\nsession %.3000s", append(args, ev, se)...)
}

func (w *randomWalk) pick(list ...string) string { return list[w.r.IntN(len(list))] }

// event is anything that may happen.
func (w *randomWalk) event() bot.Event {
	e := bot.Event{ID: "e", Ref: fmt.Sprint(w.steps)}
	who := walkers[w.r.IntN(len(walkers))]
	if w.r.IntN(25) != 0 {
		e.Officer = &who
	}
	if w.group {
		e.From = "tg:1"
		if w.r.IntN(10) != 0 {
			e.Group = &roster.Binding{Unit: "transport", Topics: w.r.IntN(2) == 0}
		}
		e.Topic = w.pick("", "55")
	}
	switch n := w.r.IntN(20); {
	case n < 9 && len(w.shown) > 0:
		e.Press = &bot.Press{Data: w.shown[w.r.IntN(len(w.shown))].Data}
	case n == 9:
		e.Press = &bot.Press{Data: w.pick("d", "d:", "d:do:", "d:do:nothing:ZS26-0001-KN", "d9:is:x", "d:case:", "d1:page:-7", "d1@aaaa:do")}
	case n < 12:
		e.Command, e.Args = w.pick("staff", "queue", "unit", "find", "case", "away", "back", "invite", "leave", "relay", "letter", "join", "bind", "start", "broadcast"),
			w.pick("", "citizen", "note", "ask", "ZS26-0001-KN", "join_x", "transport officer", "路")
	case n == 12:
		e.Notice = w.notice()
	case n == 13 && w.r.IntN(2) == 0:
		e.Progress = w.bulletin()
	case n == 13:
		e.Edited, e.Text = true, "改一下"
	case n == 14:
		e.Media = []bot.Media{{ID: fmt.Sprint("m", w.steps), Ref: "tg:x", Kind: w.pick("photo", "voice", "document"), Name: w.pick("", "a.pdf"), Album: w.pick("", "al")}}
		e.ReplyTo = w.pick("", "9")
	default:
		e.Text, e.ReplyTo = w.words(), w.pick("", "", "9")
	}
	return e
}

func (w *randomWalk) words() string {
	return w.pick("明天去现场", "2026-12-30", "12月8日", "15天", "3", "县交通运输局", "支持", "ZS26-0001-KN", "", strings.Repeat("长", 3000), strings.Repeat("long 😀 ", 900), "/", "没有")
}

func (w *randomWalk) notice() *petition.Notice {
	v := w.view()
	n := &petition.Notice{ID: "1", To: w.pick("unit:transport", "unit:petition", "staff:id-bbbb", "sealed:discipline"), Number: v.Number, View: *v}
	spec := w.moves[w.r.IntN(len(w.moves))]
	n.Entry = petition.Entry{Move: spec.Name, By: w.pick("citizen", "system", "petition", "transport"), Staff: w.pick("", "id-bbbb"), Text: w.words(), Args: map[string]string{"level": "head", "rule": "notify"}}
	if w.r.IntN(4) == 0 {
		n.Entry.Files = w.files(w.r.IntN(13))
	}
	if w.r.IntN(12) == 0 {
		n.Number, n.Entry.Move = "", petition.MoveName(w.pick("news_muted", "news_unbound", "news_no_topics", "news_no_voice", "news_sign_in"))
	}
	return n
}

func (w *randomWalk) files(n int) []petition.Attachment {
	var out []petition.Attachment
	for i := range n {
		out = append(out, petition.Attachment{ID: fmt.Sprint("f", i), Kind: w.pick("photo", "voice", "document"), Name: w.pick("", strings.Repeat("名", 300))})
	}
	return out
}

func (w *randomWalk) view() *petition.View {
	v := &petition.View{
		Number: "ZS26-0001-KN", Status: petition.Status(w.pick("registered", "transferred", "accepted", "waiting", "replied", "closed")),
		Class: petition.Class(w.pick("claim", "suggestion", "report")), Subject: w.pick("", "transport.roads"), Place: petition.Place{Code: w.pick("", "611026102"), Text: w.pick("", "三组")},
		Title: w.pick("", "路塌了"), Facts: w.words(), Unit: "transport", UnitName: "交通运输局", Officer: w.pick("", "id-bbbb", "id-zzzz"), Received: w.now, Toward: w.pick("", "xialiang"),
		Due: w.pick("", "2026-12-08"), Rule: "notify", Article: "23", Colour: w.pick("", "green", "yellow", "red"), Left: w.r.IntN(30) - 10, Version: 3,
		Contact: &petition.Contact{Name: "周"},
	}
	for _, s := range w.moves {
		if w.r.IntN(3) == 0 {
			v.Can = append(v.Can, s.Name)
		}
	}
	for range w.r.IntN(6) {
		v.Timeline = append(v.Timeline, petition.Entry{At: w.now, Move: "note", By: "transport", Staff: "id-bbbb", Text: w.words()})
	}
	v.Files = w.files(w.r.IntN(4))
	return v
}

// outcomeOf is what an effect comes to: mostly a result, now and then a refusal.
func (w *randomWalk) outcomeOf(f bot.Effect) bot.Outcome {
	o := bot.Outcome{Effect: f.Tag}
	if w.r.IntN(6) == 0 {
		codes := []petition.Code{petition.Invalid, petition.NotFound, petition.Conflict, petition.Forbidden, petition.Limited, petition.Unavailable, petition.Internal}
		o.Err = petition.Fail(codes[w.r.IntN(len(codes))], w.pick("", "move.status", "field.missing", "lookup.no_match"), "can", "reply,ask", "move", "take", "field", "text")
		o.Pending = o.Err.Code == petition.Unavailable
		return o
	}
	switch {
	case f.Look != nil, f.Do != nil:
		o.View = w.view()
	case f.List != nil:
		p := petition.Page{After: w.pick("", "more"), Partial: w.r.IntN(6) == 0}
		for range w.r.IntN(9) {
			p.Items = append(p.Items, w.view().Item())
		}
		o.Page = &p
	case f.Week != nil:
		o.Week = &petition.Week{From: "2026-11-23", To: "2026-11-29", Unit: w.pick("", "transport"), After: w.pick("", "8")}
		if w.r.IntN(4) > 0 {
			o.Week.At = w.now
		}
		for _, of := range petition.WeekFiguresOf() {
			o.Week.Counts = append(o.Week.Counts, petition.WeekCount{Of: of, N: w.r.IntN(3)})
		}
		for range w.r.IntN(9) {
			o.Week.Items = append(o.Week.Items, w.view().Item())
		}
	case f.Access != nil:
		p := petition.AccessPage{After: w.pick("", "0000000000000007")}
		for range w.r.IntN(16) {
			p.Lines = append(p.Lines, petition.Access{At: w.now, Act: petition.ActRead, Numbers: []string{"ZS26-0417-3K"}, Staff: w.pick("", "id-bbbb"), Unit: w.pick("", "transport"), Key: w.pick("", "printer"), Reason: w.pick("", "核实")})
		}
		o.Access = &p
	case f.File != nil:
		o.Ticket = &petition.Ticket{Number: "ZS26-0001-KN", Code: "7Q4M-29XD", View: *w.view()}
	case f.Whose != "":
		o.Number = w.pick("", "ZS26-0001-KN")
	case f.Roster != nil && f.Roster.Bulletin != nil:
		o.Count = w.r.IntN(3)
		if o.Notice = w.bulletin(); f.Roster.Bulletin.Post+f.Roster.Bulletin.Stop == "" && w.r.IntN(2) == 0 {
			o.Notice = nil
		}
	case f.Roster != nil:
		p := walkers[w.r.IntN(len(walkers))]
		o.Person, o.People = &p, walkers
		switch {
		case f.Roster.Invite != nil:
			o.Token, o.Person = "abc", nil
		case f.Roster.Bind != "":
			o.Unit, o.Person = "transport", nil
		}
	}
	return o
}

func (w *randomWalk) bulletin() *bulletin.Bulletin {
	return &bulletin.Bulletin{
		ID: strings.Repeat("0123456789abcdef", 2), Text: w.words(), By: "id-aaaa", Name: w.pick("", "王芳"),
		State: w.pick(bulletin.Running, bulletin.Stopped, bulletin.Done), Reach: bulletin.Reach{Total: 9, Sent: 3, Withheld: w.r.IntN(2)},
	}
}
