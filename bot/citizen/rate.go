package citizen

import (
	"dengwen/bot"
	"dengwen/petition"
)

// Two bodies are rated apart: the petition office and the unit that handled it.

func askRateOffice(t *step) {
	t.say(t.text("rate.office", "Office", t.officeName()), t.marks()...)
}

func askRateUnit(t *step) { t.say(t.text("rate.unit"), t.marks()...) }

func (t *step) marks() [][]bot.Button {
	return [][]bot.Button{
		{t.btn("rate.good", "is:good"), t.btn("rate.fair", "is:fair"), t.btn("rate.bad", "is:bad")},
		{t.btn("rate.none", "is:"), t.btn("button.leave", "leave")},
	}
}

func pressRateOffice(t *step, action, arg string) bool {
	if action != "is" {
		return t.leave(action)
	}
	t.set("office_mark", arg)
	t.enter(stateRateUnit)
	return true
}

func pressRateUnit(t *step, action, arg string) bool {
	if action != "is" {
		return t.leave(action)
	}
	args := map[string]string{}
	for name, mark := range map[string]string{"office": t.get("office_mark"), "unit": arg} {
		if mark != "" {
			args[name] = mark
		}
	}
	t.set("office_mark", "")
	if len(args) == 0 {
		return t.leave("leave")
	}
	t.move(t.s.Case, petition.Move{Name: petition.MoveRate, Args: args})
	return true
}

// askSettle asks how it ended. The fixed sentence beside it waives nothing.
func askSettle(t *step) {
	t.say(t.text("settle.ask", "Number", t.s.Case),
		[]bot.Button{t.btn("settle.resolved", "is:resolved"), t.btn("settle.partly", "is:partly"), t.btn("settle.not", "is:not")},
		[]bot.Button{t.btn("button.leave", "leave")})
}

func pressSettle(t *step, action, arg string) bool {
	if action != "is" {
		return t.leave(action)
	}
	t.move(t.s.Case, petition.Move{Name: petition.MoveSettle, Args: map[string]string{"outcome": arg}})
	return true
}
