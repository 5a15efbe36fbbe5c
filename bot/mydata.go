package bot

import "strings"

// mydata shows what is stored about this chat.
func (t *talk) mydata(o *Outcome) {
	if o.Page == nil {
		t.noteText(t.sorry(o.Err))
		t.flush()
		t.again()
		return
	}
	lines := []string{t.w("mydata.head")}
	if d := t.s.Draft; d != nil {
		lines = append(lines, t.w("mydata.draft", "Count", len([]rune(d.Filing.Facts)), "Files", len(d.Filing.Attachments)))
	}
	if n := len(t.s.Filed); n > 0 {
		lines = append(lines, t.w("mydata.waiting", "Count", n))
	}
	for _, v := range o.Page.Views {
		lines = append(lines, t.w("mydata.case", "Number", v.Number, "Title", t.titleOf(&v), "Date", t.moment(v.Received)))
	}
	if len(o.Page.Views) == 0 {
		lines = append(lines, t.w("mydata.nocase"))
	}
	if o.Page.After != "" {
		lines = append(lines, t.w("mydata.more"))
	}
	if at := t.get("agreed"); at != "" {
		lines = append(lines, t.w("mydata.notices", "Time", at))
	}
	t.set("agreed", "")
	lines = append(lines, t.w("mydata.rest", "Days", t.b.office.Settings.KeepDraftDays))
	t.say(strings.Join(lines, "\n"), []Button{t.link("home.my", "my"), t.link("privacy.forget", "forget")})
	t.again()
}

func askForget(t *talk) {
	t.say(t.w("forget.ask"), []Button{t.btn("forget.yes", "yes"), t.btn("forget.no", "leave")})
}

func pressForget(t *talk, action, _ string) bool {
	if action != "yes" {
		return t.leave(action)
	}
	t.do("forget", Effect{Forget: true})
	return true
}

// forgotten clears the conversation itself; only language and place in the dialogue
// are left.
func (t *talk) forgotten(o *Outcome) {
	if o.Err != nil {
		t.noteText(t.sorry(o.Err))
		t.returning()
		t.flush()
		return
	}
	*t.s = Session{Schema: Schema, Lang: t.s.Lang, State: Home, Step: t.s.Step + 1, Last: t.s.Last}
	t.say(t.w("forget.done", "Count", o.Count), t.homeRows()...)
}
