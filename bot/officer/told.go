package officer

import (
	"slices"
	"strings"

	"dengwen/bot"
	"dengwen/petition"
	"dengwen/petition/telling"
)

// Where an officer is told besides the chat, and what nobody could be told of.

// WithWays is a copy of c for an office whose people can be told by these ways besides the chat.
func (c *Conversation) WithWays(ways []string) *Conversation {
	told := *c
	told.ways = ways
	return &told
}

// The quiet hours that a press chooses; the desk, and /told, take others.
const (
	quietFrom = "22:00"
	quietTo   = "07:00"
)

// told says where an officer is told besides; with an argument, a telephone or an address is added, or the quiet hours change.
func (t *step) told(args string) {
	switch args = strings.TrimSpace(args); {
	case t.inGroup():
		t.say(t.text("desk.told.private"))
	case args == "":
		t.places(t.e.Officer.Told)
	default:
		if from, to, ok := telling.Hours(args); ok {
			t.do("told", bot.Effect{Roster: &bot.RosterQuery{Told: &bot.ToldChange{Hours: true, From: from, To: to}}})
			return
		}
		for _, way := range t.conv.ways {
			if address, ok := telling.ContactFor(way, petition.Contact{Phone: args, Address: args}); ok {
				t.do("told", bot.Effect{Roster: &bot.RosterQuery{Told: &bot.ToldChange{Way: way, Address: address}}})
				return
			}
		}
		t.say(t.text("desk.told.none", "What", t.waysSaid()))
	}
}

func (t *step) waysSaid() string {
	var all []string
	for _, way := range t.conv.ways {
		all = append(all, t.text("desk.told.way."+way))
	}
	return strings.Join(all, t.text("desk.comma"))
}

// pressTold changes one thing.
func (t *step) pressTold(arg string) bool {
	do, arg, _ := strings.Cut(arg, ":")
	c := &bot.ToldChange{}
	switch {
	case t.inGroup():
		t.say(t.text("desk.told.private"))
		return true
	case do == "look":
		t.places(t.e.Officer.Told)
		return true
	case do == "stop" && slices.Contains([]string{telling.SMS, telling.Mail, telling.RobotKey}, arg):
		c.Way = arg
	case do == "kind" && slices.Contains(telling.Kinds(), arg):
		c.Kind = arg
	case do == "quiet":
		if c.Hours = true; arg == "on" {
			c.From, c.To = quietFrom, quietTo
		}
	default:
		return false
	}
	t.do("told", bot.Effect{Roster: &bot.RosterQuery{Told: c}})
	return true
}

// places says how it stands, with a press for each thing that can be changed here.
func (t *step) places(w telling.Wishes) {
	lines, rows := []string{t.text("desk.told.head")}, [][]bot.Button(nil)
	var stops, kinds []bot.Button
	for _, p := range []struct {
		way string
		at  telling.Place
	}{{telling.SMS, w.Phone}, {telling.Mail, w.Mail}, {telling.RobotKey, w.Robot.Place}} {
		if p.at.Address == "" {
			continue
		}
		address := telling.Masked(p.at.Address)
		if p.way == telling.RobotKey { // whoever has its address can speak there
			address = t.text("desk.page.places.robot." + w.Robot.Kind)
		}
		key := "desk.told.on"
		if !p.at.Open() {
			key = "desk.told.bad"
		}
		lines = append(lines, t.text(key, "Way", t.text("desk.told.way."+p.way), "Address", address))
		stops = append(stops, t.link(t.text("desk.told.stop", "Way", t.text("desk.told.way."+p.way)), "told:stop:"+p.way))
	}
	if len(stops) == 0 {
		lines = append(lines, t.text("desk.told.nowhere"))
	}
	if len(t.conv.ways) > 0 {
		lines = append(lines, t.text("desk.told.add", "What", t.waysSaid()))
	}
	if len(stops) > 0 {
		var wanted []string
		for _, k := range telling.Kinds() {
			name := t.text("desk.page.places.kind." + k)
			mark := "desk.told.kind.on"
			if w.Wants(k, false) {
				wanted = append(wanted, name)
				mark = "desk.told.kind.off"
			}
			kinds = append(kinds, t.link(t.text(mark, "Kind", name), "told:kind:"+k))
		}
		lines = append(lines, t.text("desk.told.kinds", "Kinds", strings.Join(wanted, t.text("desk.told.and"))))
		rows = append(append(rows, stops), slices.Collect(slices.Chunk(kinds, 2))...)
		if w.From == "" {
			rows = append(rows, []bot.Button{t.link(t.text("desk.told.quiet.on", "From", quietFrom, "To", quietTo), "told:quiet:on")})
		} else {
			lines = append(lines, t.text("desk.told.quiet", "From", w.From, "To", w.To))
			rows = append(rows, []bot.Button{t.link(t.text("desk.told.quiet.off"), "told:quiet:off")})
		}
	}
	lines = append(lines, t.text("desk.told.content"))
	t.say(strings.Join(lines, "\n"), append(rows, []bot.Button{t.link(t.text("desk.button.desk"), "desk"), t.link(t.text("desk.button.menu"), "menu")})...)
}

func (t *step) askUntold(q bot.UntoldQuery) {
	if t.inGroup() {
		t.say(t.text("desk.told.private"))
		return
	}
	t.do("untold:"+q.Want, bot.Effect{Untold: &q})
}

// measures are how somebody may be told in the end.
var measures = []string{"called", "visited", "wrote", "found"}

// pressUntold takes a task, asks how they were told, or writes that down.
func (t *step) pressUntold(arg string) bool {
	do, id, _ := strings.Cut(arg, ":")
	switch {
	case arg == "":
		t.askUntold(bot.UntoldQuery{Want: bot.UntoldList})
	case do == "take":
		t.askUntold(bot.UntoldQuery{Want: bot.UntoldTake, ID: id})
	case slices.Contains(measures, do):
		words := strings.TrimSpace(t.text("desk.page.untold.done", "How", t.text("desk.page.untold.by."+do), "Words", ""))
		t.askUntold(bot.UntoldQuery{Want: bot.UntoldDone, ID: id, Words: words})
	default:
		return false
	}
	return true
}

// untoldShown is how many tasks are shown at once, the oldest: the others come up as they are done.
const untoldShown = 5

// untold says what nobody could be told of, each with what can be done about it.
func (t *step) untold(did string, all []telling.Untold) {
	menu := []bot.Button{t.link(t.text("desk.button.menu"), "menu")}
	head := ""
	if did != bot.UntoldList {
		head = t.text("desk.untold."+did) + "\n"
	}
	if len(all) == 0 {
		t.say(head+t.text("desk.untold.none"), menu)
		return
	}
	lines, rows := []string{t.text("desk.untold.head", "Count", len(all))}, [][]bot.Button(nil)
	for _, u := range all[:min(len(all), untoldShown)] {
		lines = append(lines, t.untoldLine(u))
		id := u.ID[:min(len(u.ID), telling.ShortID)] // a button has no room for more
		row := []bot.Button{t.link(u.Number, "case:"+u.Number)}
		if u.Taken != t.id {
			rows = append(rows, append(row, t.link(t.text("desk.page.untold.take"), "untold:take:"+id)))
			continue
		}
		var how []bot.Button
		for _, m := range measures {
			how = append(how, t.link(t.text("desk.page.untold.by."+m), "untold:"+m+":"+id))
		}
		rows = append(rows, row, how)
	}
	t.say(head+strings.Join(lines, "\n"), append(rows, menu)...)
}

func (t *step) untoldLine(u telling.Untold) string {
	whom := t.text("desk.page.untold.petitioner")
	if unit := u.Unit(); unit != "" {
		whom = t.names().Unit(unit)
	} else if !petition.IsChat(u.To) {
		whom = t.e.Names[strings.TrimPrefix(u.To, "staff:")]
	}
	var what []string
	for _, n := range u.Open() {
		if name := t.names().Move(n.Move); !slices.Contains(what, name) {
			what = append(what, name)
		}
	}
	line := u.Number + "  " + t.text("desk.page.untold.line", "Whom", whom, "What", strings.Join(what, t.text("desk.comma")), "Day", t.names().Day(petition.Day(u.At)))
	if u.Taken != "" {
		line += "  " + t.text("desk.page.untold.taken", "Name", t.e.Names[u.Taken])
	}
	return line
}
