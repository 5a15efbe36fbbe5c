package citizen

import (
	"strings"

	"dengwen/bot"
	"dengwen/petition/telling"
)

// mydata shows what is stored about this chat.
func (t *step) mydata(o *bot.Outcome) {
	if o.Page == nil {
		t.noteText(t.sorry(o.Err))
		t.flush()
		t.again()
		return
	}
	lines := []string{t.text("mydata.head")}
	if d := t.s.Draft; d != nil {
		lines = append(lines, t.text("mydata.draft", "Count", len([]rune(d.Filing.Facts)), "Files", len(d.Filing.Attachments)))
	}
	if n := len(t.s.Filed); n > 0 {
		lines = append(lines, t.text("mydata.waiting", "Count", n))
	}
	for _, v := range o.Page.Items {
		lines = append(lines, t.text("mydata.case", "Number", v.Number, "Title", t.titleOf(v), "Date", t.moment(v.Received)))
	}
	if len(o.Page.Items) == 0 {
		lines = append(lines, t.text("mydata.nocase"))
	}
	if o.Page.After != "" {
		lines = append(lines, t.text("mydata.more"))
	}
	if at := t.get("agreed"); at != "" {
		lines = append(lines, t.text("mydata.notices", "Time", at))
	}
	t.set("agreed", "")
	for _, way := range []string{telling.SMS, telling.Mail} {
		if t.get("told_"+way) != "" {
			lines = append(lines, t.text("mydata.told."+way))
		}
	}
	lines = append(lines, t.text("mydata.rest", "Days", t.conv.office.Settings.KeepDraftDays))
	t.say(strings.Join(lines, "\n"), []bot.Button{t.link("home.my", "my"), t.link("privacy.forget", "forget")})
	t.again()
}

func askForget(t *step) {
	t.say(t.text("forget.ask"), []bot.Button{t.btn("forget.yes", "yes"), t.btn("forget.no", "leave")})
}

func pressForget(t *step, action, _ string) bool {
	if action != "yes" {
		return t.leave(action)
	}
	t.do("forget", bot.Effect{Forget: true})
	return true
}

// forgotten clears the conversation itself; only language and place in the dialogue
// are left.
func (t *step) forgotten(o *bot.Outcome) {
	if o.Err != nil {
		t.noteText(t.sorry(o.Err))
		t.resumeQuestion()
		t.flush()
		return
	}
	*t.s = bot.Session{Schema: bot.Schema, Lang: t.s.Lang, State: bot.Home, Step: t.s.Step + 1, Last: t.s.Last}
	t.say(t.text("forget.done", "Count", o.Count), t.homeRows()...)
	t.out[len(t.out)-1].Say.Forget = true
}
