package api_test

import (
	"fmt"
	"io"
	"net/http/httptest"
	"strings"
	"testing"

	"dengwen/handlers/api"
	"dengwen/internal/office"
	"dengwen/petition"
)

func newFileWorld(t *testing.T) *world {
	t.Helper()
	return newWorld(t, func(k *keyring) {
		k.add("bot", "", api.Citizens)
		k.add("desk", "", api.Staff)
		k.add("road", "transport", api.Staff)
		k.add("water", "water", api.Staff)
	})
}

func (w *world) put(key, id, body string, headers ...string) (int, string) {
	w.t.Helper()
	return w.call(key, "PUT", "/v1/files/"+id, body, append(headers, "Attachment-Kind", "document", "Attachment-Name", "a.txt")...)
}

func (w *world) mustPut(key, id, body string, headers ...string) {
	w.t.Helper()
	if status, text := w.put(key, id, body, headers...); status != 200 {
		w.t.Fatalf("put %s: %d %s", id, status, text)
	}
}

func naming(id string) string {
	return fmt.Sprintf(`{"class":"claim","facts":"路灯","attachments":[{"id":%q,"kind":"document"}]}`, id)
}

func moveWith(name, id string) string {
	return fmt.Sprintf(`{"name":%q,"text":"见附件","files":[{"id":%q,"kind":"document"}]}`, name, id)
}

// Whoever names the id of somebody else's file in a petition, a supplement or a note gets
// nothing by it, whether the file was there before or comes later.
func TestFilesAreTheirUploaders(t *testing.T) {
	t.Parallel()
	w := newFileWorld(t)
	thief, victim := []string{"Actor-Owner", "tg:666"}, []string{"Actor-Owner", "tg:1"}
	c := w.lodge("tg:1", "ROAD", petition.Claim, "transport")
	moves := "/v1/cases/" + c.Number + "/moves"
	w.mustPut("bot", "theirs", "bytes of tg:1", victim...)
	w.refused(422, "file.not_found", "bot", "POST", "/v1/cases", naming("theirs"), withKey("1", thief...)...)
	var k petition.Ticket
	w.ok(&k, "bot", "POST", "/v1/cases", naming("later"), withKey("2", thief...)...)
	w.refused(422, "file.not_found", "bot", "POST", "/v1/cases/"+k.Number+"/moves", moveWith("supplement", "theirs"), withKey("3", thief...)...)
	w.mustPut("bot", "later", "came later", victim...)
	w.refused(404, "file.not_found", "bot", "GET", "/v1/cases/"+k.Number+"/files/later", "", thief...)
	w.refused(404, "file.not_found", "desk", "GET", "/v1/cases/"+k.Number+"/files/later", "", officerOf(office.Example().Unit, "clerk", "intake")...)

	// Of the case itself: an officer's memo that the citizen does not see.
	x := officerOf("transport", "x", "officer")
	w.ok(nil, "bot", "POST", moves, moveWith("supplement", "memo-2"), withKey("4", victim...)...)
	for _, id := range []string{"memo", "memo-2"} {
		w.mustPut("road", id, "inner words", x...)
		w.ok(nil, "road", "POST", moves, moveWith("note", id), withKey(id, x...)...)
		w.refused(404, "file.not_found", "bot", "GET", "/v1/cases/"+c.Number+"/files/"+id, "", victim...)
		w.ok(nil, "road", "GET", "/v1/cases/"+c.Number+"/files/"+id, "", x...)
	}
	w.refused(422, "file.not_found", "bot", "POST", moves, moveWith("supplement", "memo"), withKey("5", victim...)...)

	// Another unit's officer of the same id is another officer.
	other := w.lodge("tg:2", "WATER", petition.Claim, "water")
	y := officerOf("water", "x", "officer")
	w.refused(422, "file.not_found", "water", "POST", "/v1/cases/"+other.Number+"/moves", moveWith("note", "memo"), withKey("6", y...)...)
	w.refused(422, "file.not_found", "water", "POST", "/v1/cases", `{"class":"claim","channel":"letter","facts":"x","attachments":[{"id":"memo","kind":"document"}]}`, withKey("7", y...)...)
	if status, text := w.put("water", "memo", "mine", y...); status != 409 {
		t.Errorf("another unit's key stores the same file: %d %s", status, text)
	}

	// What an officer sees in the case they may hand on in it.
	w.ok(nil, "road", "POST", moves, moveWith("tell", "memo"), withKey("8", x...)...)
	w.ok(nil, "road", "POST", moves, moveWith("tell", c.file), withKey("9", x...)...)
	if status, text := w.call("bot", "GET", "/v1/cases/"+c.Number+"/files/memo", "", victim...); status != 200 || text != "inner words" {
		t.Errorf("the citizen opens what was sent to them: %d %s", status, text)
	}
}

// An owner whose address looks like an officer or a unit is none, and forgetting one
// takes nothing off a unit's feed.
func TestNobodyIsOwnerUnderAUnitsName(t *testing.T) {
	t.Parallel()
	w := newFileWorld(t)
	c := w.lodge("tg:1", "ROAD", petition.Claim, "transport")
	for _, name := range []string{"staff:x", "unit:transport", "sealed:discipline"} {
		w.refused(422, "api.owner", "bot", "GET", "/v1/cases", "", "Actor-Owner", name)
		w.refused(422, "forget.owner", "bot", "POST", "/v1/forget", fmt.Sprintf(`{"owner":%q}`, name))
	}
	var feed struct{ Notices []petition.Notice }
	w.ok(&feed, "road", "GET", "/v1/notices", "")
	if len(feed.Notices) == 0 || feed.Notices[0].Number != c.Number {
		t.Errorf("the unit's feed: %+v", feed.Notices)
	}
}

// A kept original can be named by nobody, and a second upload under an id changes
// neither it nor the copy, however the two overlap.
func TestOriginalsStay(t *testing.T) {
	t.Parallel()
	w := newFileWorld(t)
	owner, thief := []string{"Actor-Owner", "tg:1"}, []string{"Actor-Owner", "tg:666"}
	for _, id := range []string{"mine.raw", "mine.RAW", "mine.1.Raw"} {
		w.refused(422, "file.malformed", "bot", "PUT", "/v1/files/"+id, "bytes", append(thief, "Attachment-Kind", "document", "Attachment-Name", "a.txt")...)
		w.refused(422, "file.malformed", "bot", "POST", "/v1/cases", naming(id), withKey(id, thief...)...)
	}
	for name, late := range map[string]string{"another file": "of the thief", "a file that is refused": "MZ\x90\x00 a program"} {
		id := strings.ReplaceAll(name, " ", "-")
		began, send := make(chan struct{}), make(chan struct{})
		slow := make(chan int)
		go func() { // begins first and ends last
			r := httptest.NewRequest("PUT", "/v1/files/"+id, &slowBody{began: began, send: send, text: strings.NewReader(late)})
			for h, v := range map[string]string{"Actor-Owner": "tg:666", "Attachment-Kind": "document", "Attachment-Name": "a.txt", "Authorization": "Bearer " + w.keys["bot"]} {
				r.Header.Set(h, v)
			}
			rec := httptest.NewRecorder()
			w.h.ServeHTTP(rec, r)
			slow <- rec.Code
		}()
		<-began
		w.mustPut("bot", id, "of the owner", owner...)
		close(send)
		if status := <-slow; status == 200 {
			t.Errorf("%s: the second upload was taken", name)
		}
		f, err := w.store.Files(t.Context(), []string{id})
		if err != nil || len(f) != 1 {
			t.Fatalf("%s: %v, %v", name, f, err)
		}
		copied := f[0].Copy
		if copied == "" {
			copied = id
		}
		for _, blob := range []string{copied, f[0].Original} {
			r, err := w.blobs.Open(t.Context(), blob)
			if err != nil {
				t.Errorf("%s: %s: %v", name, blob, err)
				continue
			}
			if b, _ := io.ReadAll(r); string(b) != "of the owner" {
				t.Errorf("%s: the file now says %q", name, b)
			}
		}
		if n := w.blobs.Count(); n != 2 {
			t.Errorf("%s: %d blobs lie there, want the copy and the original", name, n)
		}
		for _, blob := range []string{copied, f[0].Original} {
			_ = w.blobs.Delete(t.Context(), blob)
		}
	}
}

// slowBody is read from the start, but gives its bytes when it may.
type slowBody struct {
	began chan struct{}
	send  chan struct{}
	text  io.Reader
	once  bool
}

func (b *slowBody) Read(p []byte) (int, error) {
	if !b.once {
		b.once = true
		close(b.began)
		<-b.send
	}
	return b.text.Read(p)
}
