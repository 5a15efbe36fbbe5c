package turn

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"testing"

	"dengwen/bot"
	"dengwen/petition"
)

// fakeDocuments renders one document, has not another and is unavailable for a third.
type fakeDocuments struct{ petition.Cases }

func (fakeDocuments) Document(_ context.Context, a petition.Actor, number, code string, p petition.DocumentRef) (io.ReadCloser, petition.Attachment, error) {
	switch p.Seq {
	case 1:
		return io.NopCloser(strings.NewReader(a.Owner + " " + number + " " + code)), petition.Attachment{Kind: "document", Name: p.String()}, nil
	case 2:
		return nil, petition.Attachment{}, petition.Fail(petition.NotFound, "paper.none")
	}
	return nil, petition.Attachment{}, petition.Fail(petition.Unavailable, "")
}

// What is not the addressee's is left out at once; what cannot be had now is waited
// for, and after some tries left out too.
func TestDocumentsAreAttached(t *testing.T) {
	t.Parallel()
	r := &Runner{p: Parts{Cases: fakeDocuments{}, Log: slog.New(slog.DiscardHandler)}}
	who := petition.Actor{Owner: "tg:1"}
	with := func(tries int, ids ...string) *outboxEntry {
		say := &bot.Say{About: "ZS26-0001-KN"}
		for _, id := range ids {
			say.Documents = append(say.Documents, bot.Document{ID: id, Code: "C"})
		}
		p := &outboxEntry{}
		p.Effect, p.Tries = bot.Effect{Say: say}, tries
		return p
	}
	files, err := r.openDocuments(t.Context(), who, with(0, "1.pdf", "2.pdf"))
	if err != nil || len(files) != 1 || files[0].Name != "1.pdf" {
		t.Fatalf("%+v, %v", files, err)
	}
	if b, _ := io.ReadAll(files[0].Body); string(b) != "tg:1 ZS26-0001-KN C" {
		t.Errorf("printed %q", b)
	}
	if _, err = r.openDocuments(t.Context(), who, with(0, "1.pdf", "3.pdf")); err == nil {
		t.Error("a service that is away is not waited for")
	}
	if files, err = r.openDocuments(t.Context(), who, with(maxFileTries, "1.pdf", "3.pdf")); err != nil || len(files) != 1 {
		t.Errorf("after %d tries: %+v, %v", maxFileTries, files, err)
	}
}
