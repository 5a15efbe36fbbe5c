package officer

import (
	"slices"
	"strings"

	"dengwen/bot"
	"dengwen/internal/naming"
	"dengwen/petition"
)

const pageSize = 8

func (t *step) list(q petition.Query) {
	q.Limit = pageSize
	t.closeQuestion()
	t.s.Find, t.s.After = &q, ""
	t.do("list", bot.Effect{List: &q})
}

func (t *step) more() {
	if t.s.Find == nil || t.s.After == "" {
		t.menu()
		return
	}
	t.closeQuestion() // listed resets the current case, which an open question is about
	q := *t.s.Find
	q.After = t.s.After
	t.do("list", bot.Effect{List: &q})
}

// listed shows a page: one line and one button a case, the most pressing first.
func (t *step) listed(p *petition.Page) {
	t.s.After = p.After
	t.s.Case = ""
	if t.s.Find != nil && t.s.Find.Drafts != "" {
		t.draftsListed(p)
		return
	}
	if len(p.Items) == 0 {
		none := "desk.list.none"
		if p.Partial {
			none = "desk.list.partial"
		}
		if t.s.Find != nil && t.s.Find.Words != "" && !p.Partial {
			t.say(t.text("desk.list.not_found", "Words", t.s.Find.Words), []bot.Button{t.link(t.text("desk.button.find"), "find"), t.link(t.text("desk.button.menu"), "menu")})
			return
		}
		t.say(t.text(none), []bot.Button{t.link(t.text("desk.button.menu"), "menu")})
		return
	}
	lines := []string{t.text("desk.list.head")}
	var buttons []bot.Button
	for _, v := range p.Items {
		if v.Class == petition.Report && t.inGroup() {
			continue
		}
		lines = append(lines, t.line(v))
		buttons = append(buttons, t.link(v.Number, "case:"+v.Number))
	}
	if p.Partial {
		lines = append(lines, t.text("desk.list.partial"))
	}
	rows := slices.Collect(slices.Chunk(buttons, 2))
	if p.After != "" {
		rows = append(rows, []bot.Button{t.link(t.text("desk.button.more"), "more")})
	}
	t.say(strings.Join(lines, "\n"), rows...)
}

func (t *step) line(v petition.Item) string {
	return t.text("desk.list.line", "Clock", t.names().Clock(v), "Number", v.Number, "Title", naming.Clip(t.names().Title(v), 24), "Status", t.names().Status(v.Status), "Who", t.e.Names[v.Officer], "Sender", v.OriginNumber)
}
