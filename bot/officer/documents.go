package officer

import (
	"slices"
	"strings"

	"dengwen/bot"
	"dengwen/petition"
)

// Official documents name the petitioner, so they are sent in an officer's private chat and
// never in a group.

// maxDocuments is how many documents of a case are listed, the latest ones.
const maxDocuments = 12

// hasDocuments reports whether a case has a document at all.
func hasDocuments(v *petition.View) bool {
	return slices.ContainsFunc(v.Timeline, func(e petition.Entry) bool { return len(petition.DocumentsOf(e, false)) > 0 })
}

// documents lists the documents of a case, each to read and to stamp.
func (t *step) documents(v *petition.View) {
	t.closeQuestion()
	t.setCase(v)
	back := []bot.Button{t.link(v.Number, "case:"+v.Number)}
	if !hasDocuments(v) {
		t.say(t.text("desk.papers.none", "Number", v.Number), back)
		return
	}
	lines := []string{t.text("desk.papers.head", "Number", v.Number)}
	var rows [][]bot.Button
	for _, e := range slices.Backward(v.Timeline) {
		for _, kind := range petition.DocumentsOf(e, false) {
			if len(rows) == maxDocuments {
				break
			}
			title := petition.DocumentTitle(kind)
			lines = append(lines, t.text("desk.papers.line", "Title", title, "Day", t.names().Day(petition.Day(e.At)), "By", t.by(e)))
			rows = append(rows, []bot.Button{t.documentButton(v.Number, e.Seq, kind, "pdf"), t.documentButton(v.Number, e.Seq, kind, "docx")})
		}
	}
	t.say(strings.Join(lines, "\n"), append(rows, back)...)
}

func (t *step) documentButton(number string, seq int, kind, form string) bot.Button {
	p := petition.DocumentRef{Seq: seq, Kind: kind, Form: form}
	return t.link(t.text("desk.papers."+form, "Title", petition.DocumentTitle(kind)), "paper:"+number+":"+p.String())
}

// sendDocument sends a message with one document; bot/turn renders it when it is sent.
func (t *step) sendDocument(arg string) bool {
	number, id, _ := strings.Cut(arg, ":")
	number, ok := petition.ParseNumber(number)
	p, fine := petition.ParseDocumentRef(id)
	title := petition.DocumentTitle(p.Kind)
	switch {
	case !ok || !fine || title == "":
		return false
	case t.inGroup():
		t.say(t.text("desk.papers.private"))
		return true
	}
	t.out = append(t.out, bot.Effect{Say: &bot.Say{
		Text: t.text("desk.papers.here", "Title", title, "Number", number), About: number, ForOffice: true,
		Documents: []bot.Document{{ID: p.String(), Name: title + "-" + number + "." + p.Form}},
	}})
	return true
}

// documentsButton leads to the documents of a case, where it has any and they may be shown.
func (t *step) documentsButton(v *petition.View) []bot.Button {
	if t.inGroup() || !hasDocuments(v) {
		return nil
	}
	return []bot.Button{t.link(t.text("desk.button.papers"), "papers:"+v.Number)}
}
