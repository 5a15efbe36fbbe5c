package bot

import (
	"slices"
	"strings"

	"dengwen/petition"
)

// Paper is an official document that a message hands over. ID is what
// petition.ParsePaper reads; Code is the query code in a chat that has not filed the
// case.
type Paper struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Code string `json:"code,omitempty"`
}

// unoffered are papers a citizen can have but is not shown a button for: their own
// words, and what a chat has said already.
var unoffered = []string{"receipt", "forwarded", "review_request", "rereview_request"}

// offeredPapers is how many documents of a case stand under it, the latest ones.
const offeredPapers = 3

// paperButtons hand over the documents of these entries, the latest first.
func (t *talk) paperButtons(number string, entries []petition.Entry) []Button {
	var out []Button
	for _, e := range slices.Backward(entries) {
		for _, kind := range petition.PapersOf(e, true) {
			if len(out) < offeredPapers && !slices.Contains(unoffered, kind) {
				out = append(out, t.link("paper."+kind, "paper:"+number+":"+itoa(e.Seq)+":"+kind))
			}
		}
	}
	return out
}

// handPaper sends a document. Which papers are the asker's the service knows.
func (t *talk) handPaper(arg string) bool {
	parts := strings.Split(arg, ":")
	if len(parts) != 3 {
		return false
	}
	number, ok := petition.ParseNumber(parts[0])
	title := petition.PaperTitle(parts[2])
	p, fine := petition.ParsePaper(petition.Paper{Seq: atoi(parts[1]), Kind: parts[2], Form: "pdf"}.String())
	if !ok || !fine || title == "" {
		return false
	}
	t.say(t.w("paper.here", "Title", title, "Number", number))
	if last := t.out[len(t.out)-1].Say; last != nil {
		last.About = number
		last.Papers = []Paper{{ID: p.String(), Name: title + "-" + number + ".pdf", Code: t.codeOf(number)}}
	}
	if !t.state().quiet {
		t.again()
	}
	return true
}
