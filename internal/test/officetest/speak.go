package officetest

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"dengwen/bot"
	"dengwen/internal/test/invented"
	"dengwen/petition"
	"dengwen/petition/roster"
)

// speak turns a line into the event it stands for.
func (s *Script) speak(who, text string) {
	name, group, inGroup := strings.Cut(who, "@")
	me := s.find(name)
	conv, e := me.chat, bot.Event{}
	if inGroup {
		g := s.find(group)
		conv, e.From, e.Name = g.chat, me.chat, name
		b, _ := s.w.Roster.Group(s.t.Context(), conv)
		e.Forum = b.Topics
		if b.Topics {
			conv = s.newest(conv).Conv
			_, e.Topic, _ = strings.Cut(conv, "/")
		}
	}
	if rest, ok := strings.CutPrefix(text, "^"); ok {
		e.ReplyTo, text = s.newest(conv).Ref, rest
	}
	switch {
	case strings.HasPrefix(text, "["):
		s.press(conv, e, strings.Trim(text, "[]"))
	case strings.HasPrefix(text, "("):
		s.media(me.name, conv, e, text)
	default:
		s.words(me.name, conv, e, text)
	}
}

func (s *Script) words(who, conv string, e bot.Event, text string) {
	e.Text = text
	if c, ok := strings.CutPrefix(text, "/"); ok {
		e.Text = ""
		e.Command, e.Args, _ = strings.Cut(c, " ")
	}
	s.files++
	e.Ref = "p" + strconv.Itoa(s.files)
	s.said[who] = e.Ref
	s.w.Tell(conv, e)
}

var inBrackets = regexp.MustCompile(`^\(([a-z]+)(?: (\d+))?(?:: ?(.*))?\)$`)

func (s *Script) media(who, conv string, e bot.Event, text string) {
	m := inBrackets.FindStringSubmatch(text)
	if m == nil {
		s.t.Errorf("unknown kind of message %q", text)
		return
	}
	if m[1] == "edit" {
		e.Edited, e.Text, e.Ref = true, m[3], s.said[who]
		s.w.Tell(conv, e)
		return
	}
	count, kind, album := 1, m[1], ""
	if m[1] == "album" {
		count, _ = strconv.Atoi(m[2])
		kind, album = "photo", "a"+strconv.Itoa(s.files)
	}
	for i := range count {
		s.files++
		e.Media = []bot.Media{{Ref: "tg:f" + strconv.Itoa(s.files), Kind: kind, Size: int64(len(Picture)), Album: album}}
		e.Text = ""
		if i == 0 {
			e.Text = m[3]
		}
		e.Ref = "p" + strconv.Itoa(s.files)
		s.w.Tell(conv, e)
	}
}

// newest is the last message of the bot in a chat, or in any topic of a group.
func (s *Script) newest(conv string) Sent {
	log := s.w.Post.Log(0)
	for i := len(log) - 1; i >= 0; i-- {
		if here(log[i], conv) && log[i].Note == "" && log[i].Topic == "" {
			return log[i]
		}
	}
	s.t.Errorf("nothing was said in %s yet", conv)
	return Sent{}
}

func here(m Sent, conv string) bool { return m.Conv == conv || roster.GroupOf(m.Conv) == conv }

// press presses the button with that text which the chat was shown last.
func (s *Script) press(conv string, e bot.Event, text string) {
	log := s.w.Post.Log(0)
	var shown []string
	for i := len(log) - 1; i >= 0; i-- {
		if !here(log[i], conv) {
			continue
		}
		for _, b := range slices.Concat(log[i].Say.Rows...) {
			if invented.Plain(b.Text) == text {
				e.Press = &bot.Press{Data: b.Data, Ref: log[i].Ref}
				_, e.Topic, _ = strings.Cut(log[i].Conv, "/")
				s.w.Tell(log[i].Conv, e)
				return
			}
			shown = append(shown, b.Text)
		}
	}
	s.t.Errorf("no button [%s] was shown in %s; shown were %v", text, conv, shown)
}

// show writes down what happened since, one side after the other.
func (s *Script) show() {
	log := s.w.Post.Log(s.read)
	s.read += len(log)
	for _, v := range s.sides {
		for _, m := range log {
			if roster.GroupOf(m.Conv) == v.chat {
				s.write(v.name+strings.TrimPrefix(m.Conv, v.chat), m)
			}
		}
	}
	for _, m := range log {
		if !slices.ContainsFunc(s.sides, func(v side) bool { return roster.GroupOf(m.Conv) == v.chat }) {
			s.t.Errorf("something went to a stranger, %s: %q", m.Conv, m.Say.Text)
		}
	}
}

func (s *Script) write(name string, m Sent) {
	switch {
	case m.Note != "":
		s.note("%s= (%s)", name, m.Note)
		return
	case m.Topic != "":
		s.note("%s= (topic: %s)", name, m.Topic)
		return
	}
	head := name + "< "
	if m.Say.Edit != "" {
		head = name + "= (message " + m.Ref + " now) "
	} else if m.Say.Under != "" {
		head = name + "< (under " + m.Say.Under + ") "
	}
	for i, l := range strings.Split(s.masked(m.Say.Text), "\n") {
		if i > 0 {
			head = "  "
		}
		if l == "" {
			l = "|"
		}
		s.note("%s", head+l)
	}
	for _, f := range m.Files {
		s.note("  (file: %s)", f)
	}
	for _, row := range m.Say.Rows {
		line := " "
		for _, b := range row {
			line += " [" + b.Text + "]"
		}
		s.note("%s", line)
	}
}

var codes = regexp.MustCompile(`\b[0-9A-Z]{4}-[0-9A-Z]{4}(-[0-9A-Z]{2})?\b`)

// masked takes out what differs from run to run, and learns the last number.
func (s *Script) masked(text string) string {
	return codes.ReplaceAllStringFunc(text, func(c string) string {
		if len(c) == 9 {
			return "(code)"
		}
		if n, ok := petition.FindNumber(c); ok && s.num == "" {
			s.num = n
		}
		return fmt.Sprint(c)
	})
}
