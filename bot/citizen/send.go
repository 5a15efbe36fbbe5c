package citizen

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"dengwen/bot"
	"dengwen/petition"
)

// send files the draft. It is marked as sent in the same step, so that no second
// press files it again; its id makes a repeated step file nothing new.
func (t *step) send() {
	d := t.s.Draft
	if t.classOnCard() {
		d.Filing.Class, d.Filing.Public = petition.Report, false
		d.Known[string(stateClass)] = "guess"
	}
	d.Sent, d.Undo = true, nil
	d.Filing.Key = d.ID
	d.Filing.Lang = t.s.Lang
	if d.Filing.RequestOurs = requestDerived(d); d.Filing.RequestOurs && d.Filing.Class == petition.Report {
		d.Filing.Request, d.Filing.RequestOurs = "", false // no words of ours stand in a report
	}
	filing := d.Clone().Filing
	t.s.At = nil
	t.wait(stateFiling)
	t.set("sent", strconv.FormatInt(t.now.Unix(), 10))
	t.out = append(t.out, bot.Effect{Tag: "file:" + d.ID, File: &filing})
}

func askFiling(t *step) { t.say(t.text("send.wait")) }

// filed tells what became of a filing: the number, that it follows, or what to do.
func (t *step) filed(id string, o *bot.Outcome) {
	switch {
	case o.Ticket != nil:
		t.ticket(id, o.Ticket)
	case o.Pending:
		t.pending(id)
	default:
		t.unfiled(id, o.Err)
	}
}

// takeFiled removes the draft of that id from Draft or Filed; nil when it is in neither.
func (t *step) takeFiled(id string) *bot.Draft {
	if d := t.s.Draft; d != nil && d.ID == id && d.Sent {
		t.s.Draft = nil
		return d
	}
	for i := range t.s.Filed {
		if t.s.Filed[i].ID == id {
			d := t.s.Filed[i]
			t.s.Filed = slices.Delete(t.s.Filed, i, i+1)
			return &d
		}
	}
	return nil
}

// ticket tells number and code at once, whatever question is open.
func (t *step) ticket(id string, k *petition.Ticket) {
	d := t.takeFiled(id)
	k.View.Number = k.Number
	t.noteView(&k.View)
	text := t.ticketText(k, d)
	rows := slices.Concat([][]bot.Button{t.caseRow(k.Number)}, t.tellRows(k.Number, k.View.Class, d), t.receptionRow(k.Number, k.View.Class))
	t.flush()
	t.out = append(t.out, bot.Effect{Say: &bot.Say{Text: text, Rows: rows, Receipt: t.receipt(k, d)}})
	if waited := t.s.State == stateFiling; waited || t.state().idle {
		t.s.Case = k.Number
		t.wait(bot.Looking)
		t.resumeRefused()
		if t.s.State == bot.Looking && t.takeLater() {
			return
		}
		if waited && t.s.State == bot.Looking && d != nil && lacksPlace(d) {
			t.enter(stateWhere)
		}
		return
	}
	t.again()
}

// lacksPlace reports a petition lodged without saying where, by somebody who was not asked
// on the way. Reports are left alone: where may say who.
func lacksPlace(d *bot.Draft) bool {
	return !isThanks(d) && d.Filing.Place.Code == "" && d.Filing.Place.Lat == 0 && (d.Reading == nil || d.Reading.Outside == "") && d.Filing.Urgency != petition.UrgentLife && d.Known[string(statePlace)] == "" && d.Filing.Class != petition.Report
}

func (t *step) caseRow(number string) []bot.Button {
	return []bot.Button{
		t.link("case.look", "look:"+number), t.link("case.supplement", "do:supplement:"+number), t.link("home.rights", "rights:0"),
	}
}

// ticketText tells number, code and what happens next; d is what was filed, nil where it is not
// known any more.
func (t *step) ticketText(k *petition.Ticket, d *bot.Draft) string {
	head := "ticket.head"
	switch {
	case k.View.Urgency != "":
		head = "ticket.urgent"
	case isThanks(d):
		head = "thanks.head"
	}
	lines := []string{
		t.text(head), t.text("ticket.number", "Number", k.Number), t.text("ticket.code", "Code", k.Code),
		t.nextStep(k, d),
	}
	switch {
	case k.View.Class != petition.Report:
	case d != nil && d.Known[string(stateClass)] == "guess":
		lines = append(lines, t.text("class.unsure_sealed"))
	default:
		lines = append(lines, t.text("ticket.sealed"))
	}
	return strings.Join(lines, "\n")
}

// nextStep says what happens next and by when.
func (t *step) nextStep(k *petition.Ticket, d *bot.Draft) string {
	key := "next." + k.Next.Rule
	switch {
	case k.View.Urgency != "":
		key = "next.urgent"
	case k.View.Class == petition.Report:
		key = "next.sealed"
	case isThanks(d):
		key = "next.thanks"
	case k.Next.Due == "":
		key = "next.open"
	case !t.conv.locales.Has(key):
		key = "next.any"
	}
	return t.text(key, "Due", t.dueDay(k.Next.Due, k.Next.Provisional), "Unit", t.unitName(k.Unit))
}

// receipt is what the picture shows.
func (t *step) receipt(k *petition.Ticket, d *bot.Draft) *bot.Receipt {
	filed := t.day(petition.Day(k.Filed))
	lines := []string{t.text("receipt.filed", "Date", filed)}
	if k.View.Title != "" && k.View.Class != petition.Report {
		lines = append(lines, k.View.Title)
	}
	lines = append(lines, t.nextStep(k, d), t.text("receipt.keep"))
	r := bot.Receipt{Office: t.officeName(), Title: t.text("receipt.title"), Number: k.Number, Code: k.Code, Lines: lines, Link: t.deepLink(k.Number), Mark: k.Mark}
	if k.Mark != "" {
		r.Check = t.conv.set.Verify
	}
	return &r
}

// deepLink leads back to the case: to the chat where the door has links into it, to the
// page otherwise. It carries the number only; the code never stands in a link.
func (t *step) deepLink(number string) string {
	switch {
	case t.e.Door.Link != "":
		return t.e.Door.Link + number
	case t.conv.set.PublicURL != "":
		return t.conv.set.PublicURL + "/c/" + number
	}
	return ""
}

// pending moves a filing whose number follows to Filed.
func (t *step) pending(id string) {
	d := t.s.Draft
	if d == nil || d.ID != id || !d.Sent {
		return
	}
	t.s.Draft = nil
	t.storeFiled(d)
	t.home("send.pending")
}

// maxFilingWait is how long the number of a filing may take before the conversation goes on
// without it. Whenever it comes, it is told.
const maxFilingWait = 10 * time.Minute

func (t *step) filingTimeout() {
	if d := t.s.Draft; t.s.State == stateFiling && t.now.Unix()-int64(t.num("sent")) > int64(maxFilingWait/time.Second) {
		t.pending(d.ID)
	}
}

// storeFiled keeps a filing that is not settled, the newest few.
func (t *step) storeFiled(d *bot.Draft) {
	t.s.Filed = append(t.s.Filed, *d)
	if n := len(t.s.Filed); n > maxFiled {
		t.s.Filed = t.s.Filed[n-maxFiled:]
	}
}

const maxFiled = 10

// resumeRefused comes back to a petition that could not be registered while another one
// was being told.
func (t *step) resumeRefused() {
	for i := range t.s.Filed {
		if d := t.s.Filed[i]; !d.Sent {
			t.s.Filed = slices.Delete(t.s.Filed, i, i+1)
			t.s.Draft, t.s.Return = &d, Card
			t.enter(stateResume)
			return
		}
	}
}

// unfiled says what to do about a filing that failed. The draft is kept.
func (t *step) unfiled(id string, err *petition.Error) {
	d := t.takeFiled(id)
	if d == nil {
		return
	}
	d.Sent = false
	t.noteText(t.sorry(err))
	if t.s.Draft != nil {
		t.storeFiled(d)
		t.note("send.later")
		t.again()
		return
	}
	t.s.Draft = d
	if err != nil && err.Key == "report.no_above" { // it may be about somebody else
		t.enter(stateAbout)
		return
	}
	t.note("send.kept")
	t.enter(Card)
}

// sorry is the sentence of an error: its own, or that of its kind.
func (t *step) sorry(err *petition.Error) string {
	if err == nil {
		return t.text("error.internal")
	}
	if err.Key != "" && t.conv.locales.Has(err.Key) {
		args := map[string]string{"Office": t.officeName(), "Hours": t.conv.office.HoursIn(t.s.Lang)}
		maps.Copy(args, err.Args)
		return t.text(err.Key, args)
	}
	return t.text("error." + string(err.Code))
}

// submitTyped takes "submit" typed where there is nothing to press for it yet: it is neither a
// name nor more of the story. What is open is asked again, or the card shown.
func (t *step) submitTyped() bool {
	if !oneOf(t.e.Text, []string{"提交", "提交吧", "我要提交", "确认提交", "submit", "send", "send it"}) {
		return false
	}
	t.set("chain", "")
	if t.s.State == stateDanger {
		t.fileUrgent()
		return true
	}
	if len(t.missing()) > 0 {
		t.note("send.early")
		t.ask()
		return true
	}
	t.note("card.press")
	t.forward()
	return true
}
