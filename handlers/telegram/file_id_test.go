package telegram

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dengwen/bot"
	"dengwen/bot/turn"
	"dengwen/petition"
)

// attic is a Bot API that keeps what it was sent and knows it again by its file_id.
type attic struct {
	mu    sync.Mutex
	calls []string
	kept  map[string]bool
	lost  bool // it knows none of them any more
}

func (a *attic) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	_ = r.ParseMultipartForm(1 << 20)
	method := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	uploads := len(r.MultipartForm.File)
	a.calls = append(a.calls, fmt.Sprintf("%s %d", method, uploads))
	kind := strings.ToLower(strings.TrimPrefix(method, "send"))
	given := r.FormValue(kind) + r.FormValue("media")
	if uploads == 0 && (a.lost || !strings.Contains(given, "F-")) {
		w.WriteHeader(400)
		fmt.Fprint(w, `{"ok":false,"error_code":400,"description":"Bad Request: wrong file identifier/HTTP URL specified"}`)
		return
	}
	one := func(n int) string {
		switch {
		case kind == "mediagroup" || kind == "photo":
			return fmt.Sprintf(`{"message_id":%d,"photo":[{"file_id":"small"},{"file_id":"F-%d"}]}`, n, n)
		case kind == "video": // sent as a film, taken as something else
			return fmt.Sprintf(`{"message_id":%d,"animation":{"file_id":"F-%d"},"video":7}`, n, n)
		}
		return fmt.Sprintf(`{"message_id":%d,"%s":{"file_id":"F-%d"}}`, n, kind, n)
	}
	n := len(a.calls) * 10
	if kind == "mediagroup" {
		fmt.Fprintf(w, `{"ok":true,"result":[%s,%s]}`, one(n), one(n+1))
		return
	}
	fmt.Fprintf(w, `{"ok":true,"result":%s}`, one(n))
}

type idCache struct {
	mu sync.Mutex
	m  map[string]string
}

func (s *idCache) get(_ context.Context, name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.m[name]
}

func (s *idCache) put(_ context.Context, name, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.m[name] = id
}

func atticDoor(t *testing.T, token string, s *idCache) (*Door, *attic) {
	t.Helper()
	a := &attic{kept: map[string]bool{}}
	h := httptest.NewServer(a)
	t.Cleanup(h.Close)
	d, err := New(Config{
		Token: token, APIURL: h.URL, Now: time.Now, Copy: s.get, Copied: s.put,
	})
	if err != nil {
		t.Fatal(err)
	}
	return d, a
}

func fileOf(id, kind string) turn.File {
	return turn.File{Attachment: petition.Attachment{ID: id, Kind: kind, Type: "image/jpeg", Name: "a.jpg"}, Body: io.NopCloser(strings.NewReader("bytes of " + id))}
}

func TestCopiesAreSentByTheirID(t *testing.T) {
	t.Parallel()
	s := &idCache{m: map[string]string{}}
	d, a := atticDoor(t, "7:secret", s)
	send := func(files ...turn.File) {
		t.Helper()
		ref, err := d.SendRef(t.Context(), "tg:1", "k", bot.Say{Text: "附件"}, files)
		if err != nil || ref == "" {
			t.Fatalf("ref %q, %v", ref, err)
		}
	}
	send(fileOf("a", "photo"))
	send(fileOf("a", "photo"))                       // by its id
	send(fileOf("a", "document"))                    // another kind of message
	send(fileOf("a", "photo"), fileOf("b", "photo")) // one of them is new: both are uploaded
	send(fileOf("a", "photo"), fileOf("b", "photo"))
	send(fileOf("", "document")) // printed for this message
	send(fileOf("", "document"))
	send(fileOf("film", "video")) // Telegram made something else of it
	send(fileOf("film", "video"))
	a.lost = true
	send(fileOf("a", "photo")) // refused, uploaded again
	a.lost = false
	send(fileOf("a", "photo"))
	want := []string{
		"sendPhoto 1", "sendPhoto 0", "sendDocument 1", "sendMediaGroup 2", "sendMediaGroup 0", "sendDocument 1", "sendDocument 1",
		"sendVideo 1", "sendVideo 1", "sendPhoto 0", "sendPhoto 1", "sendPhoto 0",
	}
	if !slices.Equal(a.calls, want) {
		t.Errorf("calls\n %q, want\n %q", a.calls, want)
	}
	for name := range s.m {
		if !strings.HasPrefix(name, "7:") || strings.Contains(name, "secret") {
			t.Errorf("remembered as %q", name)
		}
	}
	other, b := atticDoor(t, "8:secret", s)
	if _, err := other.SendRef(t.Context(), "tg:1", "k", bot.Say{Text: "附件"}, []turn.File{fileOf("a", "photo")}); err != nil || !slices.Equal(b.calls, []string{"sendPhoto 1"}) {
		t.Errorf("another bot: %q, %v", b.calls, err)
	}
}
