package officer

import (
	"slices"
	"strconv"
	"strings"

	"dengwen/bot"
	"dengwen/internal/naming"
	"dengwen/petition"
)

// notice is a card sent unasked: something arrived or changed. Which buttons fit the
// reader is known only when they press, so the card offers the moves of the view it
// came with. An open question stays open.
//
// An officer who left, or a group that was unbound, after the notice was accepted gets
// nothing: they may not see the case any more.
func (t *step) notice(n *petition.Notice) {
	if t.e.Officer == nil && t.e.Group == nil {
		return
	}
	if n.Number == "" {
		t.news(n)
		return
	}
	v := n.View
	v.Number = n.Number
	if t.e.Group != nil {
		t.groupNotice(n, &v)
		return
	}
	t.sayAbout(n.Number, func() {
		if t.draftNotice(n, &v) {
			return
		}
		t.say(strings.Join(append([]string{t.noticeText(n) + t.whyHere(n)}, t.cardLines(&v)...), "\n"), t.cardRows(&v)...)
		t.sendFiles(n.Number, n.Entry.Files)
	})
}

// sayAbout speaks of a case; the current case stays as it is while a question is open.
func (t *step) sayAbout(number string, speak func()) {
	kept := t.s.Case
	t.s.Case = number
	speak()
	if t.s.Open != "" {
		t.s.Case = kept
	}
}

// groupNotice brings the case's card in the group up to date; what colleagues should
// read is said under it.
func (t *step) groupNotice(n *petition.Notice, v *petition.View) {
	if v.Class == petition.Report {
		return
	}
	topic := t.topic(v)
	t.s.Case = n.Number
	t.sayAt(bot.InCard, topic, strings.Join(t.cardLines(v), "\n"), t.cardRows(v)...)
	own := n.Entry.By == t.e.Group.Unit
	if own || slices.Contains([]petition.MoveName{petition.MoveFile, petition.MoveRegister}, n.Entry.Move) {
		return
	}
	t.sayAt(bot.UnderCard, topic, t.noticeText(n))
	for _, album := range bot.Albums(n.Entry.Files) {
		t.out = append(t.out, bot.Effect{Say: &bot.Say{Text: t.filesText(n.Number, album), Media: album, About: n.Number, ForOffice: true, Place: bot.UnderCard, Topic: topic}})
	}
}

// topic is how the case's forum topic should look.
func (t *step) topic(v *petition.View) *bot.Topic {
	if t.e.Group == nil || !t.e.Group.Topics || v.Class == "" {
		return nil
	}
	return &bot.Topic{Name: v.Number + " · " + t.names().Status(v.Status), Closed: v.Status.Ended()}
}

// noticeText is the sentence of a timeline entry, with its text.
func (t *step) noticeText(n *petition.Notice) string {
	e := n.Entry
	key := "desk.told." + string(e.Move)
	if entered := key + ".entered"; e.By != "citizen" && t.conv.locales.Has(entered) {
		key = entered
	}
	if level := key + "." + e.Args["level"]; t.conv.locales.Has(level) {
		key = level
	}
	text := t.text("desk.notice", "Move", t.names().Move(e.Move), "By", t.by(e))
	if t.conv.locales.Has(key) {
		text = t.text(key, "By", t.by(e), "Time", t.workingTime(e.Args["minutes"]), "What", t.names().Rule(e.Args["rule"]), "Name", e.Args["name"], "Who", t.e.Names[e.Staff], "Paper", t.paperOf(e), "Mine", n.To == "staff:"+t.id)
	}
	if e.Args["author"] == t.id && e.Args["approved_by"] != "" {
		text = t.text("desk.told.signed", "Paper", t.names().Move(e.Move), "Name", e.Args["approved_by"])
	}
	if e.Move == petition.MoveNote && n.To == "staff:"+t.id {
		text = t.text("desk.told.named", "Who", t.e.Names[e.Staff])
	}
	if m := e.Args["measure"]; m != "" {
		text += t.text("desk.told.measure", "What", t.text("desk.choice.attended."+m))
	}
	if e.Args["by_code"] != "" {
		text += t.text("desk.told.by_code")
	}
	if e.Text != "" {
		text += "\n“" + naming.Clip(e.Text, 900) + "”"
	}
	return text
}

// whyHere says why an officer of another unit gets the notice: nobody of the right one can
// be reached.
func (t *step) whyHere(n *petition.Notice) string {
	kind, unit, _ := strings.Cut(n.To, ":")
	if kind != "unit" || t.e.Officer == nil || t.e.Officer.Unit == unit || n.Entry.By == "system" {
		return ""
	}
	return "\n" + t.text("desk.told.nobody", "Unit", t.names().Unit(unit))
}

func (t *step) by(e petition.Entry) string {
	switch e.By {
	case "citizen":
		return t.text("desk.by.citizen")
	case "system":
		return t.text("desk.by.system")
	}
	return t.names().Unit(e.By)
}

// news is of the office itself, not of a case.
func (t *step) news(n *petition.Notice) {
	key := "desk.told." + string(n.Entry.Move)
	if t.conv.locales.Has(key) {
		kept := t.s.Case
		t.s.Case = ""
		t.say(t.text(key, "Name", n.Entry.Args["name"], "Unit", t.names().Unit(n.Entry.Unit)))
		t.s.Case = kept
	}
}

// workingTime is so many working minutes as people say it.
func (t *step) workingTime(minutes string) string {
	if n, err := strconv.Atoi(minutes); err == nil && n >= 120 {
		return t.text("desk.hours", "Count", n/60)
	}
	return t.text("desk.minutes", "Count", minutes)
}
