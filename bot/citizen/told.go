package citizen

import (
	"slices"
	"strings"

	"dengwen/bot"
	"dengwen/petition"
	"dengwen/petition/telling"
)

// Where people are told besides this chat: by short message or mail, when they agreed to it with a press,
// until the next one. Reports on misconduct are told of here alone.

// The quiet hours that a press chooses; the page, and /told, take others.
const (
	quietFrom = "22:00"
	quietTo   = "07:00"
)

// tellRows offer, under a ticket, to be told at a contact that was left in the petition, or to leave an address for mail;
// nothing where the office has no such door, or it was agreed to before.
func (t *step) tellRows(number string, class petition.Class, d *bot.Draft) (rows [][]bot.Button) {
	if d == nil || class == petition.Report || isThanks(d) {
		return nil
	}
	for _, way := range t.conv.set.Ways {
		if t.get("told_"+way) != "" {
			continue
		}
		if _, ok := telling.ContactFor(way, d.Filing.Contact); !ok {
			if way == telling.Mail { // a telephone was asked for with the petition, an address of a mailbox was not
				rows = append(rows, []bot.Button{t.link("told.add."+way, "told:to:"+way)})
			}
		} else {
			rows = append(rows, []bot.Button{t.link("told.offer."+way, "told:agree:"+way+":"+number)})
		}
	}
	return rows
}

func (t *step) askTold(q bot.TellingQuery) {
	if len(t.conv.set.Ways) == 0 {
		t.say(t.text("told.here_alone", "Office", t.officeName(), "Hours", t.conv.office.HoursIn(t.s.Lang)), []bot.Button{t.link("home.my", "my")})
		t.again()
		return
	}
	q.Lang = t.s.Lang
	kind := "told-" + q.Want
	if q.Way != "" {
		kind += "-" + q.Way
	}
	t.do(kind, bot.Effect{Telling: &q})
}

// told says where somebody is told besides; what stands behind the command are quiet hours, or a telephone or an address at
// which they agree to be told.
func (t *step) told(args string) {
	if from, to, ok := telling.Hours(args); ok {
		t.askTold(bot.TellingQuery{Want: bot.TellingQuiet, From: from, To: to})
		return
	}
	for _, way := range t.conv.set.Ways {
		if address, ok := telling.ContactFor(way, petition.Contact{Phone: args, Address: args}); ok {
			t.askTold(bot.TellingQuery{Want: bot.TellingAgree, Way: way, Address: address})
			return
		}
	}
	t.askTold(bot.TellingQuery{Want: bot.TellingLook})
}

// pressTold does the buttons, which never become stale.
func (t *step) pressTold(arg string) bool {
	do, arg, _ := strings.Cut(arg, ":")
	way, number, _ := strings.Cut(arg, ":")
	known := slices.Contains(t.conv.set.Ways, way)
	switch {
	case do == "agree" && known:
		number, ok := petition.ParseNumber(number)
		if !ok {
			return false
		}
		t.askTold(bot.TellingQuery{Want: bot.TellingAgree, Way: way, Number: number})
	case do == "to" && known:
		t.set("way", way)
		t.interrupt(stateTellTo)
	case do == "stop" && (way == telling.SMS || way == telling.Mail):
		t.askTold(bot.TellingQuery{Want: bot.TellingStop, Way: way})
	case do == "want":
		t.askTold(bot.TellingQuery{Want: bot.TellingWant, Answers: arg == telling.KindAnswers})
	case do == "quiet" && arg == "on":
		t.askTold(bot.TellingQuery{Want: bot.TellingQuiet, From: quietFrom, To: quietTo})
	case do == "quiet":
		t.askTold(bot.TellingQuery{Want: bot.TellingQuiet})
	case do == "look":
		t.askTold(bot.TellingQuery{Want: bot.TellingLook})
	default:
		return false
	}
	return true
}

// endWords end a channel when they are all that was said, besides the words of its button.
var endWords = map[string][]string{
	telling.SMS:  {"不要短信", "不要短信了", "不要发短信", "不要发短信了", "别发短信", "别发短信了", "停发短信", "退订", "退订短信", "no more texts", "stop texts", "unsubscribe"},
	telling.Mail: {"不要邮件", "不要邮件了", "不要发邮件", "不要发邮件了", "别发邮件", "别发邮件了", "停发邮件", "退订邮件", "no more e-mails", "stop e-mails"},
}

// typedTold does what the buttons of this say where their words were typed, whatever is open: who has no
// buttons ends a channel as easily as others.
func (t *step) typedTold() bool {
	if len(t.e.Media) > 0 || t.e.Edited || t.e.Text == "" || len(t.e.Text) > 120 {
		return false
	}
	for _, way := range []string{telling.SMS, telling.Mail} {
		switch {
		case oneOf(t.e.Text, append(endWords[way], strings.ToLower(t.text("told.stop."+way)))):
			return t.pressTold("stop:" + way)
		case t.s.Case != "" && slices.Contains(t.conv.set.Ways, way) && oneOf(t.e.Text, []string{strings.ToLower(t.text("told.offer." + way))}):
			return t.pressTold("agree:" + way + ":" + t.s.Case)
		}
	}
	return false
}

func askTellTo(t *step) {
	t.say(t.text("told.to."+t.get("way")), []bot.Button{t.btn("button.leave", "leave")})
	if t.get("way") == telling.SMS {
		t.out[len(t.out)-1].Say.Ask = "contact"
	}
}

func pressTellTo(t *step, action, _ string) bool { return t.leave(action) }

// tellToText takes the number or address that was typed; what is none is asked for again.
func tellToText(t *step) bool {
	text := strings.TrimSpace(t.e.Text)
	if declines(text) {
		return t.leave("leave")
	}
	return t.tellTo(petition.Contact{Phone: phoneDigits.FindString(text), Address: text})
}

// tellToCard takes the person's own address-book card.
func tellToCard(t *step) bool {
	return t.e.Contact.Own && t.tellTo(petition.Contact{Phone: t.e.Contact.Phone})
}

func (t *step) tellTo(c petition.Contact) bool {
	way := t.get("way")
	address, ok := telling.ContactFor(way, c)
	if !ok {
		return false
	}
	t.askTold(bot.TellingQuery{Want: bot.TellingAgree, Way: way, Address: address})
	return true
}

// toldAnswered says how it stands after a press.
func (t *step) toldAnswered(kind, tag string, o *bot.Outcome) {
	did, way, _ := strings.Cut(kind, "-")
	here := t.s.State == stateTellTo && tag == itoa(t.s.Step)
	if here && o.Err != nil && o.Err.Code == petition.Invalid {
		t.noteText(t.sorry(o.Err))
		t.ask()
		return
	}
	switch {
	case o.Pending: // to stop must not be lost
		t.say(t.text("told.pending"))
	case o.Err != nil || o.Told == nil:
		t.noteText(t.sorry(o.Err))
		t.flush()
	case did == bot.TellingAgree:
		t.set("told_"+way, "yes")
		t.say(t.text("told.agreed."+way, "Address", telling.Masked(placeOf(o.Told, way).Address), "Office", t.officeName()),
			[]bot.Button{t.link("told.stop."+way, "told:stop:"+way), t.link("told.look", "told:look")})
	case did == bot.TellingStop:
		t.set("told_"+way, "")
		t.say(t.text("told.stopped."+way), []bot.Button{t.link("told.look", "told:look")})
	default:
		if did != bot.TellingLook {
			t.note("told.noted")
		}
		t.tellWishes(*o.Told)
	}
	if here {
		t.resumeQuestion()
		t.offerCase()
		return
	}
	t.again()
}

func placeOf(w *telling.Wishes, way string) telling.Place {
	return map[string]telling.Place{telling.SMS: w.Phone, telling.Mail: w.Mail}[way]
}

// tellWishes says where, of what and when somebody is told, and offers to change each with a press.
func (t *step) tellWishes(w telling.Wishes) {
	lines, rows := []string{t.text("told.head")}, [][]bot.Button(nil)
	some := false
	for _, way := range []string{telling.SMS, telling.Mail} {
		p, open := placeOf(&w, way), slices.Contains(t.conv.set.Ways, way)
		args := []any{"Address", telling.Masked(p.Address), "Time", t.instant(p.At)}
		var row []bot.Button
		switch {
		case p.Address == "" && open:
			lines = append(lines, t.text("told.off."+way))
			row = append(row, t.link("told.add."+way, "told:to:"+way))
		case p.Address == "":
			continue
		default:
			key := "told.on."
			if !p.Open() {
				key = "told.bad."
			}
			some = some || p.Open()
			lines = append(lines, t.text(key+way, args...))
			row = append(row, t.link("told.stop."+way, "told:stop:"+way))
			if open {
				row = append(row, t.link("told.change."+way, "told:to:"+way))
			}
		}
		t.set("told_"+way, map[bool]string{true: "yes"}[p.Address != ""])
		rows = append(rows, row)
	}
	if some {
		lines, rows = t.tellWhen(w, lines, rows)
	}
	lines = append(lines, t.text("told.content"))
	t.say(strings.Join(lines, "\n"), rows...)
}

// tellWhen adds of what and when.
func (t *step) tellWhen(w telling.Wishes, lines []string, rows [][]bot.Button) ([]string, [][]bot.Button) {
	var row []bot.Button
	if w.Wants(telling.KindSteps, false) {
		lines = append(lines, t.text("told.want.all"))
		row = append(row, t.link("told.want.answers.button", "told:want:"+telling.KindAnswers))
	} else {
		lines = append(lines, t.text("told.want.answers"))
		row = append(row, t.link("told.want.all.button", "told:want:all"))
	}
	if w.From == "" {
		lines = append(lines, t.text("told.quiet.off"))
		row = append(row, t.link("told.quiet.on.button", "told:quiet:on", "From", quietFrom, "To", quietTo))
	} else {
		lines = append(lines, t.text("told.quiet.on", "From", w.From, "To", w.To))
		row = append(row, t.link("told.quiet.off.button", "told:quiet:off"))
	}
	return lines, append(rows, row)
}
