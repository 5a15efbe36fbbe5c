package clerk

import (
	"strings"

	"dengwen/bot"
	"dengwen/petition"
)

var commands = map[string]bool{
	"staff": true, "queue": true, "unit": true, "find": true, "case": true, "away": true,
	"back": true, "invite": true, "join": true, "bind": true, "leave": true,
}

// said takes words, files and commands of an officer.
func (t *turn) said() {
	name, args := bot.CommandOf(t.e)
	switch {
	case name == "start" || name == "join":
		t.join(strings.TrimPrefix(strings.TrimSpace(args), joining))
	case name == "bind":
		t.do("bind", bot.Effect{Errand: &bot.Errand{Bind: strings.TrimSpace(args)}})
	case t.e.Officer == nil:
		t.say(t.w("desk.no_access"))
	case name != "":
		t.command(name, args)
	case t.d.Open == "find":
		t.find(t.e.Text)
	case t.d.Open == "move":
		t.answerSaid()
	case t.e.ReplyTo != "":
		t.hold()
		t.do("whose", bot.Effect{Whose: t.e.ReplyTo})
	case t.d.Case != "":
		t.hold()
		t.relay()
	default:
		t.menu()
	}
}

func (t *turn) command(name, args string) {
	switch name {
	case "queue":
		t.navigate("mine", "")
	case "unit":
		t.navigate("unit", "")
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
		t.stop()
	default:
		t.menu()
	}
}

func (t *turn) findOrAsk(args string) {
	if args == "" {
		t.navigate("find", "")
		return
	}
	t.find(args)
}

// find looks a number up, or words.
func (t *turn) find(text string) {
	t.d.Open = ""
	if number, ok := petition.FindNumber(text); ok {
		t.look(number, "case")
		return
	}
	words := strings.TrimSpace(text)
	if words == "" {
		t.open("find")
		t.say(t.w("desk.find.ask"))
		return
	}
	t.list(petition.Query{Words: clip(words, 60), Order: "new"})
}

func (t *turn) join(token string) {
	name := ""
	if t.e.Contact != nil {
		name = t.e.Contact.Name
	}
	t.do("join", bot.Effect{Errand: &bot.Errand{Join: token, Name: name}})
}

// invite reads "/invite unit role role" of an administrator.
func (t *turn) invite(args string) {
	f := strings.Fields(args)
	if len(f) < 2 {
		t.say(t.w("desk.invite.usage"))
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
	t.do("invite", bot.Effect{Errand: &bot.Errand{Invite: i}})
}

// menu is what this officer can do, by role.
func (t *turn) menu() {
	t.d.Open = ""
	o := t.e.Officer
	var roles []string
	for _, r := range o.Roles {
		roles = append(roles, t.w("desk.role."+string(r)))
	}
	away := t.link(t.w("desk.button.away"), "away:on")
	if o.Away {
		away = t.link(t.w("desk.button.back"), "away:off")
	}
	t.say(t.w("desk.menu", "Name", o.Name, "Unit", t.unit(o.Unit), "Roles", strings.Join(roles, t.w("desk.comma"))),
		[]bot.Button{t.link(t.w("desk.button.mine"), "mine"), t.link(t.w("desk.button.unit"), "unit")},
		[]bot.Button{t.link(t.w("desk.button.find"), "find"), away})
}

func (t *turn) unit(code string) string {
	for _, u := range t.c.office.Units {
		if u.Code == code {
			if t.lang == "en" && u.NameEn != "" {
				return u.NameEn
			}
			return u.Name
		}
	}
	return code
}
