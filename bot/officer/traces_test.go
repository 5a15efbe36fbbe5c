package officer_test

import (
	"strings"
	"testing"
	"time"

	"dengwen/bot"
	"dengwen/bot/officer"
	"dengwen/internal/office"
	"dengwen/locales"
	"dengwen/petition"
	"dengwen/petition/roster"
)

// A file that may still say who made it is handed over with a word about that, the others
// without.
func TestFilesWithTracesAreMarked(t *testing.T) {
	t.Parallel()
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	c := officer.New(office.Example(), words, nil)
	now := time.Date(2026, 8, 3, 9, 0, 0, 0, time.UTC)
	li := &roster.Person{ID: "li", Unit: "transport", Roles: []petition.Role{petition.Officer}, Chat: "tg:12"}
	v := petition.View{Number: "ZS26-0001-KN", Status: petition.Accepted, Class: petition.Claim, Unit: "transport", Received: now,
		Files: []petition.Attachment{{ID: "1", Kind: "document", Name: "合同.doc", Traces: true}, {ID: "2", Kind: "document", Name: "收据.pdf"}}}
	s, out := c.Step(bot.Session{}, bot.Event{ID: "tg:1", Officer: li, Command: "case", Args: v.Number}, now)
	see := func(e bot.Event) []bot.Effect {
		e.Officer = li
		s, out = c.Step(s, e, now)
		if last := out[len(out)-1]; last.Look != nil {
			s, out = c.Step(s, bot.Event{ID: e.ID + "/o", Officer: li, Outcome: &bot.Outcome{Effect: last.Tag, View: &v}}, now)
		}
		return out
	}
	card := see(bot.Event{ID: "tg:2", Command: "case", Args: v.Number})[0].Say
	full := ""
	for _, row := range card.Rows {
		for _, b := range row {
			if b.Text == "看全文" {
				full = b.Data
			}
		}
	}
	told := ""
	for _, e := range see(bot.Event{ID: "tg:3", Press: &bot.Press{Data: full}}) {
		if e.Say != nil && len(e.Say.Media) > 0 {
			told += e.Say.Text
		}
	}
	if !strings.Contains(told, "合同.doc（里面可能还带着作者") || strings.Contains(told, "收据.pdf（") || !strings.Contains(told, "收据.pdf") {
		t.Errorf("the files come as %q", told)
	}
}
