package clerk

import (
	"strings"

	"dengwen/bot"
	"dengwen/petition"
)

// outcome goes on with what an effect yielded. The tag is desk:<officer>:<kind>[:…].
func (t *turn) outcome(o *bot.Outcome) {
	_, rest, _ := strings.Cut(o.Effect, ":")
	_, kind, _ := strings.Cut(rest, ":")
	kind, arg, _ := strings.Cut(kind, ":")
	if o.Err != nil {
		t.failed(kind, o)
		return
	}
	switch kind {
	case "list":
		t.listed(o.Page)
	case "case":
		t.card(o.View)
	case "full":
		t.full(o.View)
	case "begin":
		t.d.Case, t.d.Class = o.View.Number, o.View.Class
		t.begin(petition.MoveName(arg), o.View.Number)
	case "made":
		t.made(petition.MoveName(arg), o.View)
	case "people":
		t.choosePerson(o.People)
	case "whose":
		t.whose(o.Number)
	case "join", "away", "bind", "invite", "leave":
		t.rostered(kind, o)
	}
}

func (t *turn) made(name petition.MoveName, v *petition.View) {
	done := t.w("desk.done", "Move", t.moveName(name))
	t.d.Class, t.d.Case, t.d.Open, t.d.Move = v.Class, v.Number, "", nil
	t.say(done+"\n"+strings.Join(t.cardLines(v), "\n"), t.cardRows(v)...)
}

// failed says why and what to do. A move that was refused keeps its answers, so that
// the one at fault can be changed.
func (t *turn) failed(kind string, o *bot.Outcome) {
	if o.Pending {
		t.d.Open, t.d.Move = "", nil
		t.say(t.w("desk.pending"))
		return
	}
	text := t.sorry(o.Err)
	if kind == "made" && t.d.Move != nil && o.Err.Code == petition.Invalid {
		t.d.Step++
		t.say(text, []bot.Button{t.btn(t.w("desk.button.prev"), "prev"), t.btn(t.w("desk.button.leave"), "leave")})
		return
	}
	if kind == "made" || kind == "begin" {
		t.d.Open, t.d.Move = "", nil
	}
	rows := []bot.Button{t.link(t.w("desk.button.mine"), "mine")}
	if t.d.Case != "" {
		rows = append([]bot.Button{t.link(t.d.Case, "case:"+t.d.Case)}, rows...)
	}
	t.say(text, rows)
}

func (t *turn) sorry(e *petition.Error) string {
	args := map[string]string{}
	for k, v := range e.Args {
		switch k {
		case "move":
			v = t.moveName(petition.MoveName(v))
		case "can":
			v = t.moveNames(v)
		case "unit":
			v = t.unit(v)
		}
		args[k] = v
	}
	if t.c.words.Has(e.Key) {
		return t.w(e.Key, args)
	}
	return t.w("desk.error." + string(e.Code))
}

func (t *turn) moveNames(list string) string {
	var names []string
	for name := range strings.SplitSeq(list, ",") {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, t.moveName(petition.MoveName(name)))
		}
	}
	return strings.Join(names, t.w("desk.comma"))
}

// choosePerson offers the unit's people for the open question.
func (t *turn) choosePerson(people []petition.Person) {
	s, ok := t.spec()
	if !ok || t.d.Field >= len(s.Fields) {
		return
	}
	var buttons []bot.Button
	for _, p := range people {
		if p.Active() && p.ID != t.id {
			buttons = append(buttons, t.btn(p.Name, "is:"+p.ID))
		}
	}
	t.say(t.question(s, s.Fields[t.d.Field]), append(grid(buttons, 2), t.answers(s.Fields[t.d.Field])...)...)
}

// whose goes on once it is known which case a message was about.
func (t *turn) whose(number string) {
	if number == "" {
		t.d.Words, t.d.Files = "", nil
		t.say(t.w("desk.relay.unknown"), []bot.Button{t.link(t.w("desk.button.mine"), "mine")})
		return
	}
	t.d.Case, t.d.Class, t.d.Move = number, "", nil
	t.relay()
}

func (t *turn) rostered(kind string, o *bot.Outcome) {
	switch {
	case o.Token != "":
		t.say(t.w("desk.invite.made", "Link", t.c.link(o.Token, false), "Days", 7))
	case o.Person != nil && kind == "leave":
		t.say(t.w("desk.leave.done"))
	case o.Person != nil && kind == "away":
		t.say(t.w(map[bool]string{true: "desk.away.on", false: "desk.away.off"}[o.Person.Away]))
	case o.Person != nil:
		var roles []string
		for _, r := range o.Person.Roles {
			roles = append(roles, t.w("desk.role."+string(r)))
		}
		t.say(t.w("desk.joined", "Unit", t.unit(o.Person.Unit), "Roles", strings.Join(roles, t.w("desk.comma"))),
			[]bot.Button{t.link(t.w("desk.button.mine"), "mine"), t.link(t.w("desk.button.unit"), "unit")})
	case o.Unit != "":
		t.say(t.w("desk.bound", "Unit", t.unit(o.Unit)))
	}
}

// stop ends the officer's own access, after one more press.
func (t *turn) stop() {
	t.say(t.w("desk.leave.ask"), []bot.Button{t.link(t.w("desk.leave.yes"), "quit:yes")})
}
