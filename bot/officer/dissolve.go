package officer

import (
	"slices"
	"strings"

	"dengwen/bot"
	"dengwen/petition"
)

// A unit is dissolved: all its open cases go to the one that goes on with its work (Art 24),
// at one press.

// maxDissolved is how many cases go over at one press.
const maxDissolved = 100

// dissolve reads "/dissolve unit unit".
func (t *step) dissolve(args string) {
	f := strings.Fields(args)
	if t.inGroup() || len(f) != 2 {
		t.say(t.text("desk.dissolve.usage"))
		return
	}
	from, no := t.unitNamed(f[0])
	if u, ok := t.conv.office.Find(f[0]); ok { // it may be retired already
		from, no = u.Code, ""
	}
	to, none := t.unitNamed(f[1])
	if no != "" || none != "" || from == to {
		t.say(t.text("desk.dissolve.usage"))
		return
	}
	t.do("dissolve:"+from+" "+to, bot.Effect{List: &petition.Query{Unit: from, Open: true, Order: "due", Limit: maxDissolved}})
}

func (t *step) dissolveListed(arg string, p *petition.Page) {
	from, to, _ := strings.Cut(arg, " ")
	t.closeQuestion()
	d := &bot.Dissolution{From: from, To: to}
	for _, v := range p.Items {
		d.Left = append(d.Left, v.Number)
	}
	if len(d.Left) == 0 {
		t.say(t.text("desk.dissolve.none", "Unit", t.names().Unit(from)))
		return
	}
	t.openQuestion("dissolve")
	t.s.Case, t.s.Dissolve = "", d
	t.askDissolve()
}

func (t *step) askDissolve() {
	d := t.s.Dissolve
	t.say(t.text("desk.dissolve.ask", "Unit", t.names().Unit(d.From), "To", t.names().Unit(d.To), "Count", len(d.Left), "Numbers", strings.Join(d.Left, " ")),
		[]bot.Button{t.btn(t.text("desk.button.do"), "do"), t.btn(t.text("desk.button.leave"), "leave")})
}

func (t *step) dissolvePress(action string) bool {
	switch {
	case action == "leave":
		t.closeQuestion()
		t.say(t.text("desk.left"), []bot.Button{t.link(t.text("desk.button.menu"), "menu")})
	case action == "do" && t.s.Dissolve != nil:
		t.s.Step++
		t.handNext()
	default:
		return false
	}
	return true
}

// handNext hands the next case over; the one after it follows its outcome.
func (t *step) handNext() {
	d := t.s.Dissolve
	t.do("succeeded:"+d.Left[0], bot.Effect{Do: &bot.Do{Number: d.Left[0], Move: petition.Move{Name: petition.MoveSucceed, Unit: d.To, Args: map[string]string{}}}})
}

func (t *step) succeeded(number string, o *bot.Outcome) {
	d := t.s.Dissolve
	if d == nil || len(d.Left) == 0 || d.Left[0] != number {
		return
	}
	d.Left = slices.Clone(d.Left[1:])
	if o.Err != nil {
		d.Lost = append(d.Lost, number)
	} else {
		d.Done++
	}
	if len(d.Left) > 0 {
		t.handNext()
		return
	}
	t.closeQuestion()
	text := t.text("desk.dissolve.done", "Unit", t.names().Unit(d.From), "To", t.names().Unit(d.To), "Count", d.Done)
	if len(d.Lost) > 0 {
		text += "\n" + t.text("desk.dissolve.lost", "Numbers", strings.Join(d.Lost, " "))
	}
	t.say(text, []bot.Button{t.link(t.text("desk.button.menu"), "menu")})
}
