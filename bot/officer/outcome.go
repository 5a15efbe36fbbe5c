package officer

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"dengwen/bot"
	"dengwen/petition"
	"dengwen/petition/roster"
)

// outcome dispatches the result of an effect by its tag, desk:<officer>:<kind>[:…]. Stored
// outbox rows carry these tags.
func (t *step) outcome(o *bot.Outcome) {
	_, rest, _ := strings.Cut(o.Effect, ":")
	_, kind, _ := strings.Cut(rest, ":")
	kind, arg, _ := strings.Cut(kind, ":")
	if kind == "over" {
		t.replyChecked(arg, o.View)
		return
	}
	if kind == "succeeded" {
		t.succeeded(arg, o)
		return
	}
	if strings.HasPrefix(kind, "dispute-") {
		t.disputeAnswered(strings.TrimPrefix(kind, "dispute-"), o)
		return
	}
	if kind == "read" {
		r := o.Reading
		if o.Err != nil {
			r = nil
		}
		t.letterRead(r)
		return
	}
	if o.Err != nil {
		t.failed(kind, o)
		return
	}
	switch kind {
	case "list":
		t.listed(o.Page)
	case "dissolve":
		t.dissolveListed(arg, o.Page)
	case "week":
		t.week(arg, o.Week)
	case "access":
		t.accesses(arg, o.Access)
	case "case", "full", "moves", "first", "papers":
		t.caseLooked(kind, o.View)
	case "draft":
		t.draftLooked(arg, o.View)
	case "saved":
		t.saved(o.View)
	case "begin":
		t.moveLooked(petition.MoveName(arg), o.View)
	case "related":
		t.related(arg, o.Related)
	case "link":
		t.linkLooked(arg, o.View)
	case "made":
		t.applied(petition.MoveName(arg), o.View)
	case "passed":
		t.relayed(petition.MoveName(arg), o.View)
	case "people":
		t.choosePerson(o.People)
	case "whose":
		t.caseFound(o.Number)
	case "letter":
		t.letterFiled(o.Ticket)
	case "broadcast", "preview", "posted", "stopped":
		t.bulletinAnswered(kind, o)
	case "told":
		t.places(o.Person.Told)
	case "untold":
		t.untold(arg, o.Untold)
	case "rdays", "rload", "rput":
		t.receptionAnswered(kind, arg, o)
	case "desk":
		t.say(t.text("desk.page.link", "Link", o.Token))
	case "join", "away", "bind", "invite", "leave", "name":
		t.rosterAnswered(kind, o)
	}
}

func (t *step) caseLooked(kind string, v *petition.View) {
	if !t.mayShow(v) {
		return
	}
	switch kind {
	case "full":
		t.full(v)
	case "moves":
		t.moves(v)
	case "papers":
		t.documents(v)
	case "first":
		t.sayWhoWasFirst(v)
	default:
		t.card(v)
	}
}

// applied says that a move is made. In a group the case's card is edited, and a reply to it
// tells the colleagues who did what.
func (t *step) applied(name petition.MoveName, v *petition.View) {
	if !t.mayShow(v) {
		return
	}
	t.setCase(v)
	t.closeQuestion()
	key := "desk.done." + string(name)
	if !t.conv.locales.Has(key) {
		key = "desk.done"
	}
	done := t.text(key, "Move", t.names().Move(name), "Number", v.Number, "Unit", t.unitOf(v))
	if name == petition.MoveAttend {
		defer t.startMove(petition.MoveAttended)
	}
	if !t.inGroup() {
		t.say(done+"\n"+strings.Join(t.cardLines(v), "\n"), t.cardRows(v)...)
		return
	}
	topic := t.topic(v)
	t.sayAt(bot.InCard, topic, strings.Join(t.cardLines(v), "\n"), t.cardRows(v)...)
	t.sayAt(bot.UnderCard, topic, t.text("desk.done.by", "Name", t.e.Officer.Name, "Done", done))
}

// sayWhoWasFirst tells who got ahead of the officer, and shows the case as it is now.
func (t *step) sayWhoWasFirst(v *petition.View) {
	for i := len(v.Timeline) - 1; i >= 0; i-- {
		if e := v.Timeline[i]; e.Staff != "" && e.Staff != t.id {
			t.say(t.text("desk.first", "Unit", t.names().Unit(e.By), "Name", t.person(e.Staff), "Move", t.names().Move(e.Move), "Time", e.At.In(zone).Format("15:04")))
			break
		}
	}
	t.card(v)
}

var zone = time.FixedZone("CST", 8*3600) // the whole country keeps Beijing time

// failed says why and what to do. A move that was refused keeps its answers, so that
// the one at fault can be changed.
func (t *step) failed(kind string, o *bot.Outcome) {
	if o.Pending {
		t.closeQuestion()
		t.say(t.text("desk.pending"))
		return
	}
	if kind == "file" {
		t.say(t.text("desk.file.lost"))
		return
	}
	if o.Err.Key == "access.why" && t.inGroup() {
		t.closeQuestion()
		t.say(t.text("desk.private_only"))
		return
	}
	if o.Err.Key == "access.why_person" && t.s.Find != nil {
		if t.inGroup() {
			t.closeQuestion()
			t.say(t.text("desk.why.find_private"))
			return
		}
		t.askWhy(findPrefix+t.s.Find.Words, "")
		return
	}
	if o.Err.Key == "access.why" && t.s.Seek != "" {
		_, rest, _ := strings.Cut(o.Effect, ":")
		_, then, _ := strings.Cut(rest, ":")
		t.askWhy(t.s.Seek, then)
		return
	}
	text := t.names().Error(o.Err)
	if (kind == "made" || kind == "passed" || kind == "saved") && o.Err.Code == petition.Conflict && t.s.Case != "" {
		t.closeQuestion()
		t.say(text)
		t.lookup(t.s.Case, "first")
		return
	}
	if kind == "made" && t.s.Move != nil && o.Err.Code == petition.Invalid {
		t.s.Step++
		t.say(text, []bot.Button{t.btn(t.text("desk.button.prev"), "prev"), t.btn(t.text("desk.button.leave"), "leave")})
		return
	}
	if slices.Contains([]string{"made", "begin", "letter", "people", "saved", "draft"}, kind) {
		t.closeQuestion()
	}
	if t.e.Officer == nil {
		t.say(text)
		return
	}
	rows := []bot.Button{t.link(t.text("desk.button.mine"), "mine")}
	if t.s.Case != "" {
		rows = append([]bot.Button{t.link(t.s.Case, "case:"+t.s.Case)}, rows...)
	}
	t.say(text, rows)
}

// choosePerson offers the unit's people for the open question. Who has an interest in
// the case is mostly the officer themselves; a case is handed to somebody else.
func (t *step) choosePerson(people []roster.Person) {
	s, ok := t.spec()
	if !ok || t.s.Field >= len(s.Fields) {
		return
	}
	self := s.Name == petition.MoveRecuse || s.Name == petition.MoveLead
	t.s.People = map[string]string{}
	var buttons []bot.Button
	for _, p := range people {
		if p.Active() && (self || p.ID != t.id) && len(buttons) < 30 {
			t.s.People[p.ID] = p.Name
			name := cmp.Or(p.Name, p.ID)
			if s.Name == petition.MoveLead {
				name = t.text("desk.lead.of", "Name", name, "Unit", t.unitShort(p.Unit))
			}
			buttons = append(buttons, t.btn(name, "is:"+p.ID))
		}
	}
	text := t.question(s, s.Fields[t.s.Field])
	if len(buttons) == 0 {
		none := "desk.nobody_else"
		if s.Name == petition.MoveLead {
			none = "desk.lead.nobody"
		}
		text += "\n" + t.text(none)
	}
	t.say(text, append(slices.Collect(slices.Chunk(buttons, 2)), t.fieldRows(s.Fields[t.s.Field])...)...)
}

// caseFound relays words once it is known which case they are about.
func (t *step) caseFound(number string) {
	if number == "" {
		t.s.Words, t.s.Files = "", nil
		if t.inGroup() && t.e.Topic != "" {
			return // people talk among themselves in a topic of their own
		}
		t.say(t.text("desk.relay.unknown"), []bot.Button{t.link(t.text("desk.button.mine"), "mine")})
		return
	}
	t.s.Case, t.s.Class, t.s.Move = number, "", nil
	t.relay()
}

func (t *step) rosterAnswered(kind string, o *bot.Outcome) {
	switch {
	case o.Token != "":
		t.say(t.text("desk.invite.made", "Link", t.conv.link(o.Token, false), "Days", 7))
	case o.Unit != "":
		text := t.text("desk.bound", "Unit", t.names().Unit(o.Unit))
		if o.Lacks != "" {
			text += "\n" + t.text("desk.bound.lacks."+o.Lacks)
		}
		t.say(text)
	case o.Person == nil:
	case kind == "leave":
		t.say(t.text("desk.leave.done"))
	case kind == "away":
		t.say(t.text(map[bool]string{true: "desk.away.on", false: "desk.away.off"}[o.Person.Away]))
	case kind == "join":
		t.joined(o.Person)
	default:
		t.closeQuestion()
		t.say(t.text("desk.name.done", "Name", o.Person.Name))
	}
}

// joined greets a new colleague, and asks what to call them where nobody said.
func (t *step) joined(p *roster.Person) {
	t.say(t.text("desk.joined", "Unit", t.names().Unit(p.Unit), "Roles", t.names().Roles(p.Roles)),
		[]bot.Button{t.link(t.text("desk.button.mine"), "mine"), t.link(t.text("desk.button.unit"), "unit")})
	if p.Name == "" {
		t.id, t.s.Open = p.ID, "name"
		t.say(t.text("desk.name.ask"))
	}
}

// askLeave ends the officer's own access, after one more press.
func (t *step) askLeave() {
	t.say(t.text("desk.leave.ask"), []bot.Button{t.link(t.text("desk.leave.yes"), "quit:yes"), t.link(t.text("desk.button.menu"), "menu")})
}
