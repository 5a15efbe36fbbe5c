// Package clerk is the office's side of the conversation: queues, cases, and every
// lawful move as a short guided dialogue. What a move asks for, why, and who may make
// it comes from the table of moves in petition; nothing here knows a single move.
package clerk

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"dengwen/bot"
	"dengwen/locales"
	"dengwen/petition"
)

// Clerk is the office's side for one office. It holds no state.
type Clerk struct {
	office *petition.Office
	words  *locales.Catalog
	link   func(token string, group bool) string // address that uses an invitation
}

// New makes the office's side. link makes the address of an invitation.
func New(o *petition.Office, words *locales.Catalog, link func(token string, group bool) string) *Clerk {
	return &Clerk{office: o, words: words, link: link}
}

// joining is what an invitation's deep link begins with.
const joining = "join_"

// Takes reports whether an event belongs to the office's side: a notice to a unit or
// an officer, an invitation, a button or command of the desk, or words while the desk
// has a question open. Everything else an officer does is a citizen's.
func (c *Clerk) Takes(s bot.Session, e bot.Event) bool {
	if e.Notice != nil {
		return !conversation(e.Notice.To)
	}
	if e.Outcome != nil {
		return strings.HasPrefix(e.Outcome.Effect, tagPrefix)
	}
	if e.Press != nil {
		return strings.HasPrefix(e.Press.Data, dataPrefix)
	}
	name, args := bot.CommandOf(e)
	if name == "start" {
		return strings.HasPrefix(args, joining)
	}
	if e.Officer == nil {
		return name == "join" || name == "bind"
	}
	if name != "" {
		return commands[name]
	}
	d := s.Desks[e.Officer.ID]
	return e.From != "" || d != nil && d.Open != "" || e.ReplyTo != ""
}

// conversation tells a chat address from "unit:…" and "staff:…".
func conversation(to string) bool {
	return !strings.HasPrefix(to, "unit:") && !strings.HasPrefix(to, "staff:")
}

const (
	tagPrefix  = "desk:"
	dataPrefix = "d"
)

// Step is the office's side: pure and total, like the citizen's.
func (c *Clerk) Step(s bot.Session, e bot.Event, now time.Time) (bot.Session, []bot.Effect) {
	t := &turn{c: c, e: e, now: now, lang: s.Lang}
	if t.lang == "" {
		t.lang = locales.Chinese
	}
	id := t.who(e)
	t.d = clone(s.Desks[id])
	switch {
	case e.Outcome != nil:
		t.outcome(e.Outcome)
	case e.Notice != nil:
		t.notice(e.Notice)
	case e.Press != nil:
		t.press(e.Press.Data)
	default:
		t.said()
	}
	return keep(s, id, t.d), t.out
}

// who is the key of the desk: outcomes carry it in their tag.
func (t *turn) who(e bot.Event) string {
	if e.Outcome != nil {
		_, rest, _ := strings.Cut(e.Outcome.Effect, ":")
		id, _, _ := strings.Cut(rest, ":")
		t.id = id
		return id
	}
	if e.Officer != nil {
		t.id = e.Officer.ID
	}
	return t.id
}

func clone(d *bot.Desk) *bot.Desk {
	if d == nil {
		return &bot.Desk{}
	}
	c := *d
	if d.Move != nil {
		m := *d.Move
		m.Args = map[string]string{}
		for k, v := range d.Move.Args {
			m.Args[k] = v
		}
		m.Files = append([]petition.Attachment(nil), d.Move.Files...)
		c.Move = &m
	}
	c.Files = append([]petition.Attachment(nil), d.Files...)
	return &c
}

// keep puts the desk back into a copy of the session's map: the session that was
// given stays as it was.
func keep(s bot.Session, id string, d *bot.Desk) bot.Session {
	if id == "" {
		return s
	}
	desks := make(map[string]*bot.Desk, len(s.Desks)+1)
	for k, v := range s.Desks {
		desks[k] = v
	}
	desks[id] = d
	s.Desks = desks
	if s.Schema == 0 {
		s.Schema = bot.Schema
	}
	return s
}

// turn is one step being taken.
type turn struct {
	c    *Clerk
	e    bot.Event
	d    *bot.Desk
	id   string
	now  time.Time
	lang string
	out  []bot.Effect
}

func (t *turn) w(key string, args ...any) string { return t.c.words.Say(t.lang, key, args...) }

func (t *turn) say(text string, rows ...[]bot.Button) {
	parts := bot.Split(text)
	for i, p := range parts {
		m := &bot.Say{Text: p, About: t.d.Case}
		if i == len(parts)-1 {
			m.Rows = rows
		}
		t.out = append(t.out, bot.Effect{Say: m})
	}
}

// do asks for an effect as this officer; kind finds the way back.
func (t *turn) do(kind string, e bot.Effect) {
	e.Staff = true
	e.Tag = tagPrefix + t.id + ":" + kind
	t.out = append(t.out, e)
}

// btn is a button of the open question; it goes stale with the next.
func (t *turn) btn(text, action string) bot.Button {
	return bot.Button{Text: clip(text, 40), Data: fmt.Sprintf("%s%d:%s", dataPrefix, t.d.Step, action)}
}

// link is a button that stays good: looking at a case, a queue, beginning a move.
func (t *turn) link(text, action string) bot.Button {
	return bot.Button{Text: clip(text, 40), Data: dataPrefix + ":" + action}
}

func clip(s string, n int) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) <= n {
		return string(r)
	}
	return string(r[:n-1]) + "…"
}

// press does what a button stands for, or says that its question is over.
func (t *turn) press(data string) {
	head, rest, _ := strings.Cut(strings.TrimPrefix(data, dataPrefix), ":")
	action, arg, _ := strings.Cut(rest, ":")
	switch {
	case t.e.Officer == nil:
		t.say(t.w("desk.no_access"))
	case head == "" && t.navigate(action, arg):
	case head != "" && head == strconv.Itoa(t.d.Step) && t.answerPress(action, arg):
	default:
		t.say(t.w("desk.stale"))
		t.again()
	}
}

func (t *turn) navigate(action, arg string) bool {
	switch action {
	case "menu":
		t.menu()
	case "mine":
		t.list(petition.Query{Officer: t.id, Open: true, Order: "due"})
	case "unit":
		t.list(petition.Query{Unit: t.e.Officer.Unit, Open: true, Order: "due"})
	case "find":
		t.open("find")
		t.say(t.w("desk.find.ask"))
	case "more":
		t.more()
	case "case", "full":
		t.look(arg, action)
	case "do":
		name, number, _ := strings.Cut(arg, ":")
		t.begin(petition.MoveName(name), number)
	case "quit":
		t.do("leave", bot.Effect{Errand: &bot.Errand{Leave: true}})
	case "away":
		t.do("away", bot.Effect{Errand: &bot.Errand{Away: &bot.Away{On: arg == "on"}}})
	default:
		return false
	}
	return true
}

// open puts a small question.
func (t *turn) open(question string) {
	t.d.Step++
	t.d.Open = question
}
