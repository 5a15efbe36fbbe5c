package officer

import (
	"slices"
	"strings"
	"unicode"

	"dengwen/bot"
	"dengwen/internal/naming"
	"dengwen/locales"
	"dengwen/petition"
)

// asksForWeek reports the words for the figures of the week and nothing else, as bareNumber.
func (c *Conversation) asksForWeek(s bot.Session, e bot.Event) bool {
	text := strings.ToLower(strings.Trim(seen(e.Text), " 。.！!？?"))
	return text != "" && len(e.Media) == 0 && slices.Contains([]bot.State{"", bot.Home, bot.Looking}, s.State) &&
		slices.ContainsFunc(c.locales.Languages(), func(l *locales.Language) bool {
			return slices.Contains(strings.Split(seen(c.locales.Say(l.Tag, "desk.week.words")), " | "), text)
		})
}

// seen is a text without the characters that nobody sees: what is copied from a message may carry some.
func seen(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, text)
}

func (t *step) askWeek(of, after string) {
	t.do("week:"+of, bot.Effect{Week: &petition.WeekQuery{Of: of, After: after, Limit: pageSize}})
}

// week says the figures of the week, each with a press that lists its cases, or lists those of one.
func (t *step) week(of string, w *petition.Week) {
	t.closeQuestion()
	t.s.Case = ""
	menu := t.link(t.text("desk.button.menu"), "menu")
	switch {
	case w.At.IsZero():
		t.say(t.text("desk.week.counting"), []bot.Button{t.link(t.text("desk.button.week"), "week"), menu})
		return
	case of != "":
		t.weekListed(of, w)
		return
	}
	if w.Led != nil {
		t.ledWeek(w.Led)
	}
	if w.Counts == nil { // a leader of no unit's cases
		return
	}
	unit := ""
	if w.Unit != "" {
		unit = t.names().Unit(w.Unit)
	}
	lines := []string{t.text("desk.week.head", "From", t.names().Day(w.From), "To", t.names().Day(w.To), "Unit", unit, "Time", w.At.In(zone).Format("15:04"))}
	var buttons []bot.Button
	for _, c := range w.Counts {
		lines = append(lines, t.text("desk.week."+c.Of, "Count", c.N))
		if c.N > 0 {
			buttons = append(buttons, t.link(t.text("desk.week.button."+c.Of, "Count", c.N), "week:"+c.Of))
		}
	}
	for _, s := range []struct {
		key   string
		share petition.Share
	}{{"desk.week.notice", w.Notice}, {"desk.week.answer", w.Answer}} {
		if percent, ok := s.share.Percent(); ok {
			lines = append(lines, t.text(s.key, "N", s.share.N, "Of", s.share.Of, "Percent", int(percent+0.5)))
		}
	}
	t.say(strings.Join(lines, "\n"), append(slices.Collect(slices.Chunk(buttons, 3)), []bot.Button{menu})...)
}

// weekListed shows a page of the cases that a figure counts.
func (t *step) weekListed(of string, w *petition.Week) {
	lines := []string{t.text("desk.week.list." + of)}
	var buttons []bot.Button
	for _, i := range w.Items {
		lines = append(lines, t.line(i))
		buttons = append(buttons, t.link(i.Number, "case:"+i.Number))
	}
	last := []bot.Button{t.link(t.text("desk.button.week"), "week")}
	if w.After != "" {
		last = append(last, t.link(t.text("desk.button.more"), "week:"+of+":"+w.After))
	}
	t.say(strings.Join(lines, "\n"), append(slices.Collect(slices.Chunk(buttons, 2)), last)...)
}

// ledWeek says the week of a leader, case by case: what was done, what is late, where nothing was noted.
func (t *step) ledWeek(w *petition.LedWeek) {
	lines := []string{t.text("desk.led.week", "From", t.names().Day(w.From), "To", t.names().Day(w.To), "Count", len(w.Cases))}
	var buttons []bot.Button
	for _, c := range w.Cases {
		lines = append(lines, t.line(c.Item))
		for _, e := range c.Events {
			lines = append(lines, t.text("desk.led.event", "Day", t.names().Day(e.Day), "Move", t.names().Move(e.Move), "Text", naming.Clip(e.Text, 60)))
		}
		for _, p := range c.LateSteps(petition.Day(t.now)) {
			lines = append(lines, t.text("desk.led.late", "Step", t.names().Step(p), "State", t.names().StepState(p)))
		}
		switch {
		case c.Struck != "":
			lines = append(lines, t.text("desk.led.struck", "Day", t.names().Day(c.Struck)))
		case !c.Noted():
			lines = append(lines, t.text("desk.led.unnoted"))
		}
		buttons = append(buttons, t.link(c.Number, "case:"+c.Number))
	}
	t.say(strings.Join(lines, "\n"), append(slices.Collect(slices.Chunk(buttons, 2)), []bot.Button{t.link(t.text("desk.button.menu"), "menu")})...)
}
