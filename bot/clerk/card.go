package clerk

import (
	"strings"

	"dengwen/bot"
	"dengwen/petition"
)

func (t *turn) look(number, kind string) {
	if n, ok := petition.FindNumber(number); ok {
		number = n
	}
	t.do(kind, bot.Effect{Look: &bot.Look{Number: number}})
}

// card is a case in short, with the moves this officer can make now. It never holds
// the query code; the contact stands on it only where the service gives it.
func (t *turn) card(v *petition.View) {
	t.d.Case, t.d.Class, t.d.Open, t.d.Move = v.Number, v.Class, "", nil
	t.say(strings.Join(t.cardLines(v), "\n"), t.cardRows(v)...)
}

func (t *turn) cardLines(v *petition.View) []string {
	lines := []string{
		t.w("desk.card.head", "Clock", t.clock(*v), "Number", v.Number, "Title", clip(t.title(*v), 40)),
		t.w("desk.card.facts", "Place", t.place(v.Place), "Class", t.w("class."+string(v.Class)), "Subject", t.subject(v.Subject), "Received", t.day(petition.Day(v.Received))),
		t.w("desk.card.status", "Status", t.w("status."+string(v.Status)), "Unit", v.UnitName),
	}
	if v.Due != "" {
		lines = append(lines, t.w("desk.card.due", "What", t.rule(v.Rule), "Due", t.day(v.Due), "Article", v.Article))
	}
	if n := len(v.Files); n > 0 {
		lines = append(lines, t.w("desk.card.files", "Count", n))
	}
	return lines
}

func (t *turn) cardRows(v *petition.View) [][]bot.Button {
	var buttons []bot.Button
	for _, m := range v.Can {
		buttons = append(buttons, t.link(t.moveName(m), "do:"+string(m)+":"+v.Number))
	}
	return append(grid(buttons, 3), []bot.Button{t.link(t.w("desk.button.full"), "full:"+v.Number), t.link(t.w("desk.button.mine"), "mine")})
}

// full is everything this officer may see: the citizen's own words first.
func (t *turn) full(v *petition.View) {
	t.d.Case, t.d.Class = v.Number, v.Class
	lines := append(t.cardLines(v), "", t.w("desk.full.facts"), v.Facts)
	if v.Request != "" {
		lines = append(lines, t.w("desk.full.request", "Request", v.Request))
	}
	if v.Contact != nil && *v.Contact != (petition.Contact{}) {
		lines = append(lines, t.w("desk.full.contact", "Name", v.Contact.Name, "Phone", v.Contact.Phone, "Address", v.Contact.Address))
	}
	lines = append(lines, "", t.w("desk.full.past"))
	for _, e := range v.Timeline {
		lines = append(lines, t.entry(e))
	}
	t.say(strings.Join(lines, "\n"), t.cardRows(v)...)
}

func (t *turn) entry(e petition.Entry) string {
	by := t.unit(e.By)
	if e.By == "citizen" {
		by = t.w("by.citizen")
	}
	line := t.w("desk.full.entry", "Day", t.day(petition.Day(e.At)), "By", by, "Move", t.moveName(e.Move))
	if e.Unit != "" {
		line += " → " + t.unit(e.Unit)
	}
	if e.Text != "" {
		line += "：" + clip(e.Text, 300)
	}
	if !e.Public {
		line += t.w("desk.full.inner")
	}
	return line
}

// notice is a card sent unasked: something arrived or changed. Which buttons fit the
// reader is known only when they press, so the card offers the moves of the view it
// came with.
func (t *turn) notice(n *petition.Notice) {
	v := n.View
	if v.Number == "" {
		v.Number = n.Number
	}
	open := t.d.Open // a dialogue in hand is not disturbed
	head := t.w("desk.notice", "Move", t.moveName(n.Entry.Move))
	if n.Entry.Text != "" {
		head += "：" + clip(n.Entry.Text, 500)
	}
	kept := t.d.Case
	t.d.Case = v.Number
	t.say(strings.Join(append([]string{head}, t.cardLines(&v)...), "\n"), t.cardRows(&v)...)
	if open != "" {
		t.d.Case = kept
	}
}

func (t *turn) moveName(m petition.MoveName) string {
	key := "desk.move." + string(m)
	if t.c.words.Has(key) {
		return t.w(key)
	}
	return string(m)
}

func (t *turn) rule(id string) string {
	if key := "desk.rule." + id; t.c.words.Has(key) {
		return t.w(key)
	}
	return t.w("desk.rule.any")
}

func (t *turn) place(p petition.Place) string {
	for _, l := range t.c.office.Places {
		if l.Code == p.Code && p.Code != "" {
			if p.Text != "" && p.Text != l.Name {
				return l.Name + " " + clip(p.Text, 30)
			}
			return l.Name
		}
	}
	if p.Text == "" {
		return t.w("desk.place.none")
	}
	return clip(p.Text, 40)
}

func (t *turn) subject(code string) string {
	for _, c := range t.c.office.Categories {
		if c.Code == code {
			return c.Name
		}
	}
	return t.w("desk.subject.none")
}

func (t *turn) day(date string) string { return bot.SayDay(t.lang, date, t.now) }
