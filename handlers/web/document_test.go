package web

import (
	"context"
	"io"
	"strings"
	"testing"

	"dengwen/bot"
	"dengwen/petition"
)

// Document prints what it was asked for.
func (o *office) Document(_ context.Context, a petition.Actor, number, code string, p petition.DocumentRef) (io.ReadCloser, petition.Attachment, error) {
	if p.Seq == 9 {
		return nil, petition.Attachment{}, petition.Fail(petition.NotFound, "paper.none")
	}
	at := petition.Attachment{Name: "信访处理意见书-" + number + "." + p.Form, Type: "application/pdf"}
	return io.NopCloser(strings.NewReader("%PDF- for " + a.Owner[:4] + " " + number + " " + code + " " + p.String())), at, nil
}

// A document that a message offers is handed to whoever the message is for, and to
// nobody else.
func TestDocumentOfTheOwnLog(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	s.reply = func(conv string, e bot.Event, _ int) {
		say := bot.Say{Text: "《信访处理意见书》", About: "ZS26-0001-KN", Documents: []bot.Document{
			{ID: "5-opinion.pdf", Name: "信访处理意见书-ZS26-0001-KN.pdf", Code: "ABCD2345"}, {ID: "9-review.pdf", Name: "不在.pdf"},
		}}
		if err := s.door.Send(context.Background(), conv, "k1", say); err != nil {
			t.Error(err)
		}
	}
	b := s.browser()
	b.post("/say", b.fields("text", "意见书"), 200)
	href := between(t, b.page, `href="/paper/`, `"`)
	if !strings.Contains(b.page, `download="信访处理意见书-ZS26-0001-KN.pdf"`) {
		t.Errorf("the link has no name: %s", b.page)
	}
	res := b.get("/paper/"+href, 200)
	if b.page != "%PDF- for web: ZS26-0001-KN ABCD2345 5-opinion.pdf" || res.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%q %v", b.page, res.Header)
	}
	post, _, _ := strings.Cut(href, "/")
	for _, bad := range []string{post + "/9-review.pdf", post + "/4-opinion.pdf", "99/5-opinion.pdf", "x/5-opinion.pdf", "0/5-opinion.pdf"} {
		b.get("/paper/"+bad, 404)
	}
	other := s.browser()
	other.get("/paper/"+href, 404)
}
