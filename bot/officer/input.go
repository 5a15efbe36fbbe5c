package officer

import (
	"cmp"
	"slices"
	"strings"

	"dengwen/bot"
	"dengwen/internal/naming"
	"dengwen/petition"
)

var commands = map[string]bool{
	"staff": true, "queue": true, "unit": true, "find": true, "case": true, "away": true, "back": true,
	"invite": true, "join": true, "bind": true, "leave": true, "relay": true, "letter": true, "broadcast": true, "access": true, "desk": true, "dissolve": true,
	"drafts": true, "sign": true, "dispute": true, "disputes": true, "week": true, "receptions": true, "told": true, "untold": true,
}

// said takes words, files and commands of an officer.
func (t *step) said() {
	name, args := bot.CommandOf(t.e)
	switch {
	case name == "start" || name == "join" || name == "bind":
		t.invited(strings.TrimPrefix(strings.TrimSpace(args), joinPrefix))
	case t.e.Officer == nil:
		t.say(t.text("desk.no_access"))
	case name != "":
		t.command(name, args)
	case t.typedPress():
	case t.s.Open == "why" && t.e.ReplyTo == "":
		t.reasonGiven(t.e.Text)
	case t.s.Open == "find":
		t.find(t.e.Text)
	case t.s.Open == "name":
		t.rename()
	case t.s.Open == "letter":
		t.letterSaid()
	case t.s.Open == "broadcast":
		t.broadcastSaid()
	case t.s.Open == "rday":
		t.receptionDaySaid()
	case t.s.Open == "rcancel":
		t.receptionWhySaid()
	case t.s.Open == "dispute":
		t.disputeSaid(t.e.Text)
	case t.s.Open == "move":
		t.answerSaid()
	case t.s.Open == "relay" && t.sameAlbum():
		t.addWords()
	case t.e.ReplyTo != "" || t.e.Topic != "":
		t.addWords()
		t.do("whose", bot.Effect{Whose: cmp.Or(t.e.ReplyTo, "topic")})
	case t.s.Open == "relay":
		t.addWords()
		t.relay()
	case t.conv.asksForWeek(bot.Session{}, t.e):
		t.navigate("week", "")
	case bareNumber(bot.Session{}, t.e), partOfNumber(bot.Session{}, t.e), t.conv.barePerson(bot.Session{}, t.e):
		t.find(t.e.Text)
	default:
		t.menu()
	}
}

func (t *step) command(name, args string) {
	switch name {
	case "queue":
		t.navigate("mine", "")
	case "drafts":
		t.navigate("drafts", "")
	case "sign":
		t.navigate("tosign", "")
	case "unit":
		t.navigate("unit", "")
	case "week":
		t.navigate("week", "")
	case "find":
		t.findOrAsk(args)
	case "case":
		t.find(args)
	case "away":
		t.navigate("away", "on")
	case "back":
		t.navigate("away", "off")
	case "invite":
		t.invite(args)
	case "leave":
		t.askLeave()
	case "relay":
		t.setRelay(strings.TrimSpace(args))
	case "letter":
		t.letter()
	case "broadcast":
		t.broadcast()
	case "told":
		t.told(args)
	case "untold":
		t.navigate("untold", "")
	case "receptions":
		t.receptions()
	case "access":
		t.accessLog(args)
	case "desk":
		t.deskLink()
	case "dispute":
		t.dispute(args)
	case "disputes":
		t.navigate("disputes", "")
	case "dissolve":
		t.dissolve(args)
	default:
		t.menu()
	}
}

// deskLink asks for a link to the desk in the browser. Whoever presses it is in, so it is given in
// private alone.
func (t *step) deskLink() {
	if t.inGroup() {
		t.say(t.text("desk.page.private"))
		return
	}
	t.do("desk", bot.Effect{Roster: &bot.RosterQuery{Desk: true}})
}

func (t *step) findOrAsk(args string) {
	if args == "" {
		t.navigate("find", "")
		return
	}
	t.find(args)
}

// find looks a number up, or words.
func (t *step) find(text string) {
	t.closeQuestion()
	if number, ok := petition.FindNumber(text); ok {
		t.lookup(number, "case")
		return
	}
	words := strings.TrimSpace(text)
	if words == "" {
		t.navigate("find", "")
		return
	}
	words = naming.Clip(words, 60)
	t.list(petition.Query{Words: words, Order: "new"})
}

// invited uses an invitation: in a group to bind it to a unit, in a private chat to
// join. Only an officer can bind a group.
func (t *step) invited(token string) {
	switch {
	case t.e.From == "" && token == "":
		t.say(t.text("desk.join.how"))
	case t.e.From == "":
		name := t.e.Name
		if t.e.Contact != nil {
			name = t.e.Contact.Name
		}
		t.do("join", bot.Effect{Roster: &bot.RosterQuery{Join: token, Name: name}})
	case t.e.Officer == nil:
		t.say(t.text("desk.bind.who"))
	default:
		t.do("bind", bot.Effect{Roster: &bot.RosterQuery{Bind: token, Topics: t.e.Forum}})
	}
}

// rename takes what colleagues are to call the officer.
func (t *step) rename() {
	name := strings.TrimSpace(t.e.Text)
	if name == "" {
		t.say(t.text("desk.name.ask"))
		return
	}
	t.do("name", bot.Effect{Roster: &bot.RosterQuery{Rename: naming.Clip(name, 40)}})
}

// invite reads "/invite unit role role" of an administrator.
func (t *step) invite(args string) {
	f := strings.Fields(args)
	if len(f) < 2 || t.inGroup() {
		t.say(t.text("desk.invite.usage"))
		return
	}
	i := &bot.Invite{Unit: f[0]}
	for _, r := range f[1:] {
		if r == "group" {
			i.Group = true
			continue
		}
		i.Roles = append(i.Roles, petition.Role(r))
	}
	t.do("invite", bot.Effect{Roster: &bot.RosterQuery{Invite: i}})
}

// menu is what this officer can do, by role.
func (t *step) menu() {
	t.closeQuestion()
	t.s.Case = ""
	o := t.e.Officer
	if o == nil {
		t.say(t.text("desk.no_access"))
		return
	}
	away := t.link(t.text("desk.button.away"), "away:on")
	if o.Away {
		away = t.link(t.text("desk.button.back"), "away:off")
	}
	rows := [][]bot.Button{
		{t.link(t.text("desk.button.mine"), "mine"), t.link(t.text("desk.button.unit"), "unit")},
		{t.link(t.text("desk.button.find"), "find"), t.link(t.text("desk.button.week"), "week"), away},
	}
	drafts := []bot.Button{t.link(t.text("desk.button.drafts"), "drafts")}
	if t.signs() {
		drafts = append([]bot.Button{t.link(t.text("desk.button.tosign"), "tosign")}, drafts...)
	}
	rows = append(rows, drafts)
	if slices.Contains(o.Roles, petition.Leader) {
		rows = append([][]bot.Button{{t.link(t.text("desk.button.led"), "led")}}, rows...)
	}
	if o.Unit == t.conv.office.Unit {
		rows = append(rows, []bot.Button{t.link(t.text("desk.button.all"), "all"), t.link(t.text("desk.button.letter"), "letter")})
	}
	text := t.text("desk.menu", "Name", o.Name, "Unit", t.names().Unit(o.Unit), "Roles", t.names().Roles(o.Roles))
	if t.conv.office.MayBroadcast(o.Actor()) {
		rows = append(rows, []bot.Button{t.link(t.text("desk.button.broadcast"), "broadcast")})
	}
	if t.conv.office.Reception.Used() && t.conv.office.KeepsReception(o.Actor()) {
		rows = append(rows, []bot.Button{t.link(t.text("desk.page.reception"), "rdays")})
	}
	if t.conv.office.ReportsDisputes(o.Actor()) && !t.inGroup() {
		rows = append(rows, []bot.Button{t.link(t.text("desk.button.disputes"), "disputes"), t.link(t.text("desk.button.dispute"), "dispute")})
	}
	rows = append(rows, []bot.Button{t.link(t.text("desk.button.desk"), "desk"), t.link(t.text("desk.button.told"), "told:look")})
	if o.Unit == t.conv.office.Unit || o.Has(petition.Sealed) {
		rows = append(rows, []bot.Button{t.link(t.text("desk.button.untold"), "untold")})
	}
	if t.conv.office.MayReadLog(o.Actor()) {
		rows = append(rows, []bot.Button{t.link(t.text("desk.button.access"), "access")})
	}
	if slices.Contains(o.Roles, petition.Admin) {
		text += "\n" + t.text("desk.menu.admin")
	}
	t.say(text, rows...)
}
