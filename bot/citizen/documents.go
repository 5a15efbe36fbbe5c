package citizen

import (
	"slices"
	"strings"

	"dengwen/bot"
	"dengwen/petition"
)

// hiddenDocuments are documents a citizen can have but is not shown a button for: their own
// words, and what a chat has said already.
var hiddenDocuments = []string{"receipt", "forwarded", "review_request", "rereview_request"}

// shownDocuments is how many documents of a case stand under it, the latest ones.
const shownDocuments = 3

// documentButtons are buttons for the documents of these entries, the latest first.
func (t *step) documentButtons(number string, entries []petition.Entry) []bot.Button {
	var out []bot.Button
	for _, e := range slices.Backward(entries) {
		for _, kind := range petition.DocumentsOf(e, true) {
			if len(out) < shownDocuments && !slices.Contains(hiddenDocuments, kind) {
				out = append(out, t.documentButton(number, e.Seq, kind))
			}
		}
	}
	return out
}

func (t *step) documentButton(number string, seq int, kind string) bot.Button {
	key := "paper." + kind
	if !t.conv.locales.Has(key) {
		key = "paper.any"
	}
	return t.link(key, "paper:"+number+":"+itoa(seq)+":"+kind, "Title", petition.DocumentTitle(kind))
}

// sendDocument sends a document; the case service refuses one that is not the asker's.
func (t *step) sendDocument(arg string) bool {
	parts := strings.Split(arg, ":")
	if len(parts) != 3 {
		return false
	}
	number, ok := petition.ParseNumber(parts[0])
	title := petition.DocumentTitle(parts[2])
	p, fine := petition.ParseDocumentRef(petition.DocumentRef{Seq: atoi(parts[1]), Kind: parts[2], Form: "pdf"}.String())
	if !ok || !fine || title == "" {
		return false
	}
	t.say(t.text("paper.here", "Title", title, "Number", number))
	if last := t.out[len(t.out)-1].Say; last != nil {
		last.About = number
		last.Documents = []bot.Document{{ID: p.String(), Name: title + "-" + number + ".pdf", Code: t.codeOf(number)}}
	}
	if !t.state().idle {
		t.again()
	}
	return true
}
