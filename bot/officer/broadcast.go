package officer

import (
	"cmp"
	"strings"
	"unicode/utf8"

	"dengwen/bot"
	"dengwen/internal/naming"
	"dengwen/petition/bulletin"
)

// A service notice to everybody who agreed to get them: text, a preview of what citizens
// will see with their number, one press. Who they are is shown to nobody.

func (t *step) broadcast() {
	switch {
	case t.inGroup():
		t.say(t.text("desk.broadcast.private"))
	case !t.conv.office.MayBroadcast(t.e.Officer.Actor()):
		t.say(t.text("broadcast.who"))
	default:
		t.closeQuestion()
		t.s.Case, t.s.Words = "", ""
		t.do("broadcast", bot.Effect{Roster: &bot.RosterQuery{Bulletin: &bot.BulletinQuery{}}})
	}
}

// bulletinAnswered dispatches the result of a query about service notices.
func (t *step) bulletinAnswered(kind string, o *bot.Outcome) {
	switch {
	case o.Notice != nil && (kind == "posted" || kind == "stopped" || o.Notice.State == bulletin.Running):
		t.closeQuestion()
		t.s.Words = ""
		t.progress(o.Notice)
	case o.Count == 0:
		t.closeQuestion()
		t.say(t.text("desk.broadcast.nobody"), []bot.Button{t.link(t.text("desk.button.menu"), "menu")})
	case kind == "preview" && t.s.Words != "":
		t.preview(o.Count)
	default:
		t.openQuestion("broadcast")
		t.s.Field = o.Count
		t.askBroadcast()
	}
}

// askBroadcast puts the open question: the words, or the last press.
func (t *step) askBroadcast() {
	leave := t.btn(t.text("desk.button.leave"), "leave")
	if t.s.Words == "" {
		t.say(t.text("desk.broadcast.ask", "Count", t.s.Field, "Max", bulletin.MaxText), []bot.Button{leave})
		return
	}
	t.say(t.text("desk.broadcast.over", "Count", t.s.Field),
		[]bot.Button{t.btn(t.text("desk.broadcast.send"), "send"), t.btn(t.text("desk.broadcast.change"), "change"), leave})
}

// broadcastSaid takes the words.
func (t *step) broadcastSaid() {
	text := strings.TrimSpace(t.e.Text)
	switch {
	case text == "" || len(t.e.Media) > 0:
		t.say(t.text("desk.broadcast.words"))
		t.askBroadcast()
	case utf8.RuneCountInString(text) > bulletin.MaxText:
		t.say(t.text("broadcast.long", "max", bulletin.MaxText))
		t.askBroadcast()
	default:
		t.s.Words = text
		t.do("preview", bot.Effect{Roster: &bot.RosterQuery{Bulletin: &bot.BulletinQuery{}}})
	}
}

// preview shows the notice as citizens will see it, then asks for the press.
func (t *step) preview(count int) {
	t.openQuestion("broadcast")
	t.s.Field = count
	t.say(bot.BulletinText(t.conv.locales, t.conv.office, t.lang, t.s.Words), []bot.Button{t.link(t.text("notices.stop"), "sample")})
	t.askBroadcast()
}

func (t *step) broadcastPress(action string) bool {
	switch {
	case action == "leave":
		t.closeQuestion()
		t.s.Words = ""
		t.say(t.text("desk.left"), []bot.Button{t.link(t.text("desk.button.menu"), "menu")})
	case action == "change":
		t.s.Words = ""
		t.s.Step++
		t.askBroadcast()
	case action == "send" && t.s.Words != "":
		t.do("posted", bot.Effect{Roster: &bot.RosterQuery{Bulletin: &bot.BulletinQuery{Post: t.s.Words}}})
		t.s.Open = ""
	default:
		return false
	}
	return true
}

// progress is the one message that shows how far a notice got, changed in place.
func (t *step) progress(n *bulletin.Bulletin) {
	args := []any{
		"Total", n.Total, "Sent", n.Sent, "Failed", n.Failed, "Left", n.Left, "Open", n.OnWay + n.Waiting, "Withheld", n.Withheld,
		"Text", naming.Clip(n.Text, 40), "Name", cmp.Or(n.Name, n.By),
	}
	lines := []string{t.text("desk.broadcast."+n.State, args...), t.text("desk.broadcast.reach", args...)}
	var rows [][]bot.Button
	if n.State == bulletin.Running {
		rows = append(rows, []bot.Button{t.link(t.text("desk.broadcast.stop"), "stop:"+n.ID)})
	}
	t.out = append(t.out, bot.Effect{Say: &bot.Say{
		Text: strings.Join(lines, "\n"), Rows: rows, About: bot.AboutBulletin(n.ID), ForOffice: true, Place: bot.InCard,
	}})
}
