// Package officer is the officer's side of the conversation, a pure Step: lists, cases, and
// every lawful move as a short guided dialogue, in an officer's own chat or in the unit's
// group. It contains no rules: what a move asks for, why, and who may make it comes from the
// table of moves in petition.
package officer

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"dengwen/bot"
	"dengwen/locales"
	"dengwen/petition"
)

// Conversation is the officer's side for one office. It holds no state between steps and is
// safe for concurrent use.
type Conversation struct {
	office  *petition.Office
	locales *locales.Catalog
	link    func(token string, group bool) string // address that uses an invitation
	check   petition.ReplyCheck                   // nil = answers are not checked
	ways    []string                              // telling.SMS, telling.Mail: by what officers can be told besides the chat
}

// New makes the officer's side of an office. link makes the address that uses an invitation.
func New(o *petition.Office, words *locales.Catalog, link func(token string, group bool) string) *Conversation {
	return &Conversation{office: o, locales: words, link: link}
}

// joinPrefix is what an invitation's deep link begins with.
const joinPrefix = "join_"

// Takes reports whether an event belongs to the officer's side: whatever happens in a group,
// a notice to a unit or an officer, an invitation, a button or command of this side, or words
// while it has a question open. Everything else an officer does is for the citizen's side:
// officers file petitions too.
func (c *Conversation) Takes(s bot.Session, e bot.Event) bool {
	switch {
	case e.Bulletin != nil || e.Reception != nil || e.Left: // an officer gets service notices and reminders as the citizen they also are
		return false
	case e.From != "" || e.Digest != nil || e.Progress != nil:
		return true
	case e.Dispute != nil:
		return e.Dispute.Unit != ""
	case e.Notice != nil:
		return !isChat(e.Notice.To)
	case e.Outcome != nil:
		return strings.HasPrefix(e.Outcome.Effect, tagPrefix)
	case e.Press != nil:
		return strings.HasPrefix(e.Press.Data, dataPrefix)
	}
	name, args := bot.CommandOf(e)
	if name == "start" {
		return strings.HasPrefix(args, joinPrefix)
	}
	if e.Officer == nil {
		return name == "join" || name == "bind"
	}
	if name != "" {
		return commands[name]
	}
	d := s.Officers[e.Officer.ID]
	if c.locales.Named(e.Text) != "" && e.From == "" { // chooses a language, whatever is open
		return false
	}
	if e.Edited {
		return d != nil && (d.Open != "" || sentFrom(d, e.Ref) != "")
	}
	return d != nil && d.Open != "" || e.ReplyTo != "" || bareNumber(s, e) || partOfNumber(s, e) || c.barePerson(s, e) || c.asksForWeek(s, e)
}

// Joins reports whether an event uses an invitation, as far as its words tell.
func Joins(e bot.Event) bool {
	name, args := bot.CommandOf(e)
	return name == "join" || name == "start" && strings.HasPrefix(args, joinPrefix)
}

// bareNumber reports a case number and nothing else, said by an officer whose citizen's
// side asks for nothing: they mean the case, not a petition of their own.
func bareNumber(s bot.Session, e bot.Event) bool {
	_, ok := petition.ParseNumber(strings.TrimSpace(e.Text))
	return ok && len(e.Media) == 0 && slices.Contains([]bot.State{"", bot.Home, bot.Looking}, s.State)
}

// numberPart is what people remember of a number: 48, 0048, ZS26-0048.
var numberPart = regexp.MustCompile(`^(?i:[a-z]{2}\d{2}-?)?\d{2,8}$`)

// partOfNumber reports a part of a case number and nothing else, as bareNumber.
func partOfNumber(s bot.Session, e bot.Event) bool {
	return numberPart.MatchString(strings.TrimSpace(e.Text)) && len(e.Media) == 0 && slices.Contains([]bot.State{"", bot.Home, bot.Looking}, s.State)
}

// barePerson reports a name or a telephone number and nothing else, as bareNumber. What a citizen is
// asked for is theirs: in those states an officer is a citizen.
func (c *Conversation) barePerson(s bot.Session, e bot.Event) bool {
	text := strings.TrimSpace(e.Text)
	return len(e.Media) == 0 && len(strings.Fields(text)) == 1 && c.office.LooksForPerson(text) && slices.Contains([]bot.State{"", bot.Home}, s.State)
}

// isChat tells a chat address from "unit:…", "staff:…" and "sealed:…".
func isChat(to string) bool {
	kind, _, _ := strings.Cut(to, ":")
	return kind != "unit" && kind != "staff" && kind != "sealed"
}

const (
	tagPrefix  = "desk:"
	dataPrefix = "d"
)

// Step is one step of the officer's side, pure and total like the citizen's. The session it
// was given is not changed.
func (c *Conversation) Step(s bot.Session, e bot.Event, now time.Time) (bot.Session, []bot.Effect) {
	if s.Lang == "" && e.Lang != "" && e.From == "" && e.Group == nil {
		s.Lang = bot.LangOf(c.locales, e) // somebody's first word here may be an invitation
	}
	t := &step{conv: c, e: e, now: now, lang: s.Lang, data: s.Data}
	if t.lang == "" {
		t.lang = locales.Default
	}
	id := t.officerOf(e)
	t.s = cloneSession(s.Officers[id])
	if t.s.Open == "letter" && t.s.Filing != nil {
		t.findQuestion()
	}
	if t.ignores() || (e.Digest != nil || e.Progress != nil || e.Dispute != nil) && e.Officer == nil && e.Group == nil {
		return s, nil
	}
	switch {
	case e.Outcome != nil:
		t.outcome(e.Outcome)
	case e.Notice != nil:
		t.notice(e.Notice)
	case e.Digest != nil:
		t.say(t.conv.Digest(t.lang, *e.Digest, now))
	case e.Progress != nil:
		t.progress(e.Progress)
	case e.Dispute != nil:
		t.disputeNews(e.Dispute)
	case e.Hidden:
		t.say(t.text("desk.hidden"))
	case e.Press != nil:
		t.press(e.Press.Data)
	case e.Edited:
		t.edited()
	default:
		t.said()
	}
	s.Data = t.data
	bot.Speak(t.out, t.lang)
	return withOfficer(s, t.id, t.s), t.out
}

// ignores reports events of a group that get no answer: everything in a group bound to no
// unit, what people there say to each other, and the group's new address or end, which
// bot/turn has handled.
func (t *step) ignores() bool {
	if t.e.From == "" || t.e.Outcome != nil {
		return false
	}
	if t.e.Moved != "" || t.e.Removed {
		return true
	}
	name, args := bot.CommandOf(t.e)
	if name == "bind" || name == "start" && strings.HasPrefix(args, joinPrefix) {
		return false
	}
	if t.e.Group == nil {
		return true
	}
	if t.e.Press != nil || name != "" && commands[name] {
		return false
	}
	if t.e.Hidden {
		day := petition.Day(t.now)
		if t.e.ReplyTo == "" && t.e.Topic == "" || t.data["hidden"] == day {
			return true
		}
		t.data = maps.Clone(t.data)
		if t.data == nil {
			t.data = map[string]string{}
		}
		t.data["hidden"] = day
		return false
	}
	if t.e.Officer == nil || name != "" {
		return true
	}
	if t.e.Edited {
		return sentFrom(t.s, t.e.Ref) == ""
	}
	return t.e.ReplyTo == "" && t.e.Topic == ""
}

// officerOf is the id of the officer whose session the step uses; an outcome carries it in its
// tag, because in a group many officers share a conversation.
func (t *step) officerOf(e bot.Event) string {
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

func cloneSession(d *bot.OfficerSession) *bot.OfficerSession {
	if d == nil {
		return &bot.OfficerSession{}
	}
	c := *d
	if d.Move != nil {
		m := *d.Move
		m.Args = maps.Clone(d.Move.Args)
		if m.Args == nil {
			m.Args = map[string]string{}
		}
		m.Files = append([]petition.Attachment(nil), d.Move.Files...)
		c.Move = &m
	}
	if d.Filing != nil {
		f := *d.Filing
		c.Filing = &f
	}
	if d.Dissolve != nil {
		x := *d.Dissolve
		x.Lost = slices.Clone(x.Lost)
		c.Dissolve = &x
	}
	c.Files = append([]petition.Attachment(nil), d.Files...)
	c.Sent = append([]bot.Sent(nil), d.Sent...)
	return &c
}

// withOfficer stores the officer's session in a copy of the map: the session that was given
// must not change.
func withOfficer(s bot.Session, id string, d *bot.OfficerSession) bot.Session {
	if id == "" {
		return s
	}
	officers := maps.Clone(s.Officers)
	if officers == nil {
		officers = map[string]*bot.OfficerSession{}
	}
	officers[id] = d
	s.Officers = officers
	if s.Schema == 0 {
		s.Schema = bot.Schema
	}
	return s
}
