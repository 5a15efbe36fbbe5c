package officer

import (
	"cmp"
	"strings"

	"dengwen/bot"
	"dengwen/internal/naming"
	"dengwen/petition"
)

// accessLog shows the access log, of one case where a number is given.
func (t *step) accessLog(args string) {
	number, _ := petition.FindNumber(args)
	t.askAccesses(petition.AccessQuery{Number: number})
}

// askAccesses asks for a page. The log names officers, so it is for a private chat.
func (t *step) askAccesses(q petition.AccessQuery) {
	if t.inGroup() {
		t.say(t.text("desk.access.private"))
		return
	}
	q.Limit = accessPage
	t.do("access:"+q.Number, bot.Effect{Access: &q})
}

const accessPage = 15

// accesses shows a page of the log, one line an access, newest first.
func (t *step) accesses(number string, p *petition.AccessPage) {
	t.closeQuestion()
	t.s.Case = ""
	if len(p.Lines) == 0 {
		t.say(t.text("desk.access.none"), []bot.Button{t.link(t.text("desk.button.menu"), "menu")})
		return
	}
	lines := []string{t.text("desk.access.head", "Number", number)}
	for _, x := range p.Lines {
		lines = append(lines, t.accessLine(x, number))
	}
	row := []bot.Button{t.link(t.text("desk.button.menu"), "menu")}
	if p.After != "" {
		row = append(row, t.link(t.text("desk.button.more"), "access:"+number+":"+p.After))
	}
	t.say(strings.Join(lines, "\n"), row)
}

func (t *step) accessLine(x petition.Access, number string) string {
	cases := strings.Join(x.Numbers[:min(len(x.Numbers), 3)], t.text("desk.comma"))
	if len(x.Numbers) > 3 {
		cases = t.text("desk.access.many", "Count", len(x.Numbers))
	}
	if number != "" {
		cases = ""
	}
	return t.text("desk.access.line", "Time", x.At.In(zone).Format("01-02 15:04"), "Who", t.accessor(x), "Act", t.text("desk.access.act."+string(x.Act)),
		"What", t.accessed(x), "Cases", cases, "Reason", x.Reason, "Repeats", x.Repeats)
}

// accessor is who a line is about: somebody of a unit, a citizen, or a program.
func (t *step) accessor(x petition.Access) string {
	who := t.text("desk.by.citizen")
	if x.Unit != "" || x.Staff != "" {
		who = strings.TrimSpace(t.names().Unit(x.Unit) + " " + cmp.Or(t.e.Names[x.Staff], x.Staff))
	}
	if x.Key != "" {
		return t.text("desk.access.key", "Who", who, "Key", x.Key)
	}
	return who
}

// accessed is what a line adds to its act: words, a move or a number. Files and documents are
// known by ids that say nothing here.
func (t *step) accessed(x petition.Access) string {
	switch x.Act {
	case petition.ActChange:
		return t.names().Move(petition.MoveName(x.What))
	case petition.ActSearch, petition.ActLog, petition.ActRestore:
		return naming.Clip(x.What, 40)
	}
	return ""
}
