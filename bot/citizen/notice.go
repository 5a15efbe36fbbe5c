package citizen

import (
	"slices"
	"strings"

	"dengwen/bot"
	"dengwen/petition"
)

// notice tells a public step of a case. The open question is asked again after it. With
// none open the case becomes the current one, so that words said next are about it.
func (t *step) notice(n *petition.Notice) {
	t.initSession(n.Lang)
	v := n.View
	if v.Number == "" {
		v.Number = n.Number
	}
	t.noteView(&v)
	t.officeSpoke(n)
	lines := []string{t.text("notice.head", "Number", n.Number), t.entryText(n.Entry)}
	if due := t.dueLine(v.Item()); due != "" {
		lines = append(lines, due)
	}
	if warning := t.notYou(n.Entry, v.Unit); warning != "" {
		lines = append(lines, warning)
	}
	rows := slices.AppendSeq(t.noticeRows(&v), slices.Chunk(t.documentButtons(n.Number, []petition.Entry{n.Entry}), 2))
	t.say(strings.Join(lines, "\n"), rows...)
	t.out[len(t.out)-1].Say.About = n.Number
	t.sendFiles(n)
	if t.state().idle {
		t.s.Case = n.Number
		t.wait(bot.Looking)
		return
	}
	t.again()
}

// notYou says what to do where a step of the petitioner's own was made from elsewhere.
func (t *step) notYou(e petition.Entry, unit string) string {
	args := []any{"Office", t.officeName(), "Phone", t.phoneOf(unit)}
	switch {
	case e.Args["by_code"] != "":
		return t.text("notice.by_code", args...)
	case e.By != "citizen" && t.conv.locales.Has("did."+string(e.Move)+".entered"):
		return t.text("notice.entered", args...)
	}
	return ""
}

// initSession gives a session without a person's event a state and a language: a notice may
// be the first event of a conversation.
func (t *step) initSession(lang string) {
	if t.s.State == "" {
		t.s.State = bot.Home
	}
	if t.s.Lang == "" {
		t.s.Lang = bot.LangOf(t.conv.locales, bot.Event{Lang: lang})
	}
}

func (t *step) noticeRows(v *petition.View) [][]bot.Button {
	row := []bot.Button{t.link("case.look", "look:"+v.Number)}
	for _, m := range v.Can {
		if t.offered(m) && m != petition.MoveWithdraw && m != petition.MoveNudge {
			row = append(row, t.link("do."+string(m), "do:"+string(m)+":"+v.Number))
		}
	}
	return slices.Collect(slices.Chunk(row, 3))
}

// outcome goes on with what an effect yielded.
func (t *step) outcome(o *bot.Outcome) {
	t.initSession("")
	kind, tag, _ := strings.Cut(o.Effect, ":")
	switch {
	case kind == "file":
		t.filed(tag, o)
	case kind == "fetch":
		if o.Err != nil {
			t.fileLost(tag, o.Err)
			break
		}
		t.transcribed(tag, o.Heard)
	case kind == "read":
		t.reading(tag, o)
	case kind == "silence":
		t.silent(tag)
	case kind == "reply":
		t.replyDue(tag)
	case kind == "replied":
		t.replied(o)
	case kind == "hear":
		t.heard(tag, o)
	case kind == "dispute-read":
		t.disputeWasRead(tag, o)
	case kind == "dispute-made":
		t.disputeMade(o)
	case kind == "more":
		t.moreRead(tag, o)
	case kind == "ask":
		t.answered(o.Answer)
	case kind == "own" || kind == "look":
		t.caseLooked(kind, o)
	case strings.HasPrefix(kind, "begin-"):
		t.begun(petition.MoveName(strings.TrimPrefix(kind, "begin-")), o)
	case kind == "status":
		t.statusListed(o)
	case kind == "status-review":
		t.reviewListed(o)
	case kind == "my":
		t.listed(o)
	case kind == "mydata":
		t.mydata(o)
	case kind == "agreed":
		t.agreedKnown(o)
	case strings.HasPrefix(kind, "notices-"):
		t.noticesAnswered(strings.TrimPrefix(kind, "notices-"), o)
	case strings.HasPrefix(kind, "told-"):
		t.toldAnswered(strings.TrimPrefix(kind, "told-"), tag, o)
	case strings.HasPrefix(kind, "reception-"):
		t.receptionAnswered(strings.TrimPrefix(kind, "reception-"), o)
	case kind == "forget":
		t.forgotten(o)
	case strings.HasPrefix(kind, "move-"):
		t.moved(petition.MoveName(strings.TrimPrefix(kind, "move-")), tag, o)
	}
}

// reading takes a reading of the story as it now is; an older one is dropped.
func (t *step) reading(tag string, o *bot.Outcome) {
	if t.s.State != stateUnderstanding || t.s.Draft == nil || tag != itoa(t.s.Step) {
		return
	}
	t.e.Text = ""
	t.understood(o.Reading)
}

// sendFiles sends the attachments of a notice, one message an album.
func (t *step) sendFiles(n *petition.Notice) {
	for _, album := range bot.Albums(n.Entry.Files) {
		text := t.text("notice.files", "Number", n.Number, "Count", len(album))
		t.out = append(t.out, bot.Effect{Say: &bot.Say{Text: text, Media: album, About: n.Number}})
	}
}
