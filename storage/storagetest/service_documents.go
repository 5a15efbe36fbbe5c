package storagetest

import (
	"bytes"
	"io"
	"testing"

	"dengwen/petition"
)

// documents checks that official documents reach those who hold them and nobody else.
func documents(t *testing.T, s petition.Cases) {
	ticket, err := s.File(t.Context(), citizen, filing("tg:100", "路灯"))
	if err != nil {
		t.Fatal(err)
	}
	unit := department(t)
	if _, err = s.Do(t.Context(), clerk(), ticket.Number, petition.Move{Name: petition.MoveTransfer, Unit: unit}); err != nil {
		t.Fatal(err)
	}
	receipt := "信访事项登记回执-" + ticket.Number
	for name, c := range map[string]struct {
		actor petition.Actor
		code  string
		ref   petition.DocumentRef
		is    string // what it is called, "" = there is none
		with  string // what its bytes begin with
	}{
		"owner":                       {citizen, "", petition.DocumentRef{Seq: 1, Form: "pdf"}, receipt + ".pdf", "%PDF-"},
		"clerk, to stamp":             {clerk(), "", petition.DocumentRef{Seq: 1, Form: "docx"}, receipt + ".docx", "PK\x03\x04"},
		"another chat with the code":  {neighbor, ticket.Code, petition.DocumentRef{Seq: 1, Form: "pdf"}, receipt + ".pdf", "%PDF-"},
		"another chat":                {neighbor, "", petition.DocumentRef{Seq: 1, Form: "pdf"}, "", ""},
		"the notice of the transfer":  {citizen, "", petition.DocumentRef{Seq: 2, Form: "pdf"}, "信访事项转送告知书-" + ticket.Number + ".pdf", "%PDF-"},
		"the letter, to the unit":     {officer(unit), "", petition.DocumentRef{Seq: 2, Form: "pdf"}, "信访事项转送函-" + ticket.Number + ".pdf", "%PDF-"},
		"the letter, not the owner's": {citizen, "", petition.DocumentRef{Seq: 2, Kind: "transfer", Form: "pdf"}, "", ""},
		"no such entry":               {clerk(), "", petition.DocumentRef{Seq: 40, Form: "pdf"}, "", ""},
		"no such form":                {clerk(), "", petition.DocumentRef{Seq: 1, Form: "exe"}, "", ""},
	} {
		r, at, err := s.Document(t.Context(), c.actor, ticket.Number, c.code, c.ref)
		if c.is == "" {
			if petition.CodeOf(err) != petition.NotFound {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil || at.Name != c.is {
			t.Errorf("%s: got %q (%v), want %q", name, at.Name, err, c.is)
			continue
		}
		b, err := io.ReadAll(r)
		if err != nil || r.Close() != nil || !bytes.HasPrefix(b, []byte(c.with)) || int64(len(b)) != at.Size {
			t.Errorf("%s: %d bytes of %d, %v", name, len(b), at.Size, err)
		}
	}
}
