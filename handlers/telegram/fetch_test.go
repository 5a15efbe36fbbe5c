package telegram

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dengwen/bot"
	"dengwen/internal/test/fakeapi"
	"dengwen/petition"
)

func TestFetch(t *testing.T) {
	t.Parallel()
	s := api(t, fakeapi.Options{})
	d, _ := door(t, s, newInbox(), nil)
	s.AddFile("small", []byte("一张照片"))
	s.AddFile("limit", bytes.Repeat([]byte("x"), maxFile))
	s.AddFile("large", bytes.Repeat([]byte("x"), maxFile+1))
	for name, c := range map[string]struct {
		media bot.Media
		size  int
		code  petition.Code
	}{
		"small":            {bot.Media{Ref: "tg:small"}, len("一张照片"), ""},
		"at the limit":     {bot.Media{Ref: "tg:limit"}, maxFile, ""},
		"too large":        {bot.Media{Ref: "tg:large"}, 0, petition.Invalid},
		"says too large":   {bot.Media{Ref: "tg:small", Size: maxFile + 1}, 0, petition.Invalid},
		"unknown":          {bot.Media{Ref: "tg:nothing"}, 0, petition.Unavailable}, // or temporarily so
		"of another door":  {bot.Media{Ref: "web:small"}, 0, petition.Invalid},
		"without a handle": {bot.Media{}, 0, petition.Invalid},
	} {
		r, err := d.Fetch(t.Context(), c.media)
		if petition.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want code %q", name, err, c.code)
		}
		if err != nil {
			continue
		}
		b, err := io.ReadAll(r)
		_ = r.Close()
		if err != nil || len(b) != c.size {
			t.Errorf("%s: %d bytes, %v", name, len(b), err)
		}
	}
}

func TestFetchWhileTelegramIsAway(t *testing.T) {
	t.Parallel()
	for name, d := range map[string]*Door{
		"500":         answering(t, 500, refusing("500", "Internal Server Error", "")),
		"flood":       answering(t, 429, refusing("429", "Too Many Requests", `{"retry_after":1}`)),
		"file server": answering(t, 503, `{"ok":true,"result":{"file_path":"a"}}`),
	} {
		_, err := d.Fetch(t.Context(), bot.Media{Ref: "tg:x"})
		if petition.CodeOf(err) != petition.Unavailable || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A server that sends more than it said is cut off with an error, not in silence.
func TestCapped(t *testing.T) {
	t.Parallel()
	c := &wholeReader{ReadCloser: io.NopCloser(strings.NewReader("12345")), most: 4}
	if _, err := io.ReadAll(c); !errors.Is(err, &petition.Error{Code: petition.Invalid}) {
		t.Errorf("got %v", err)
	}
}

// A file server that sends elsewhere is not followed: elsewhere would be told the token.
func TestDownloadsFollowNoRedirect(t *testing.T) {
	t.Parallel()
	asked := make(chan string, 1)
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.Header.Get("Referer") + " " + r.URL.String()
		_, _ = w.Write([]byte("a file"))
	}))
	t.Cleanup(elsewhere.Close)
	here := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/file/") {
			http.Redirect(w, r, elsewhere.URL+"/a", http.StatusFound)
			return
		}
		_, _ = w.Write([]byte(`{"ok":true,"result":{"file_path":"a"}}`))
	}))
	t.Cleanup(here.Close)
	d, err := New(Config{Token: "5:geheim", APIURL: here.URL, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	if r, err := d.Fetch(t.Context(), bot.Media{Ref: "tg:x"}); petition.CodeOf(err) != petition.Unavailable {
		t.Errorf("a redirect was followed: %v, %v", r, err)
	}
	select {
	case got := <-asked:
		t.Errorf("elsewhere was asked, and told %q", got)
	default:
	}
}

// A file whose answer or bytes break off is fetched again later, and never taken for the whole.
func TestFetchBreaksOff(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"getFile", "file"} {
		s := api(t, fakeapi.Options{})
		d, _ := door(t, s, newInbox(), nil)
		s.AddFile("photo", []byte("all the bytes of a photo"))
		mend := s.Break(fakeapi.Fault{Method: method, Cut: true})
		r, err := d.Fetch(t.Context(), bot.Media{Ref: "tg:photo"})
		if err == nil {
			_, err = io.ReadAll(r)
			_ = r.Close()
		}
		if petition.CodeOf(err) != petition.Unavailable {
			t.Errorf("%s cut: %v", method, err)
		}
		mend()
		if r, err = d.Fetch(t.Context(), bot.Media{Ref: "tg:photo"}); err != nil {
			t.Fatal(err)
		}
		if b, err := io.ReadAll(r); err != nil || string(b) != "all the bytes of a photo" {
			t.Errorf("again: %q, %v", b, err)
		}
		_ = r.Close()
	}
}

// A Bot API server on this machine keeps files on its disk: they are read there, more than 20 MB
// too, and nothing beside them.
func TestFetchFromALocalServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := api(t, fakeapi.Options{LocalDir: dir})
	s.AddFile("large", bytes.Repeat([]byte("x"), maxFile+1))
	d, _ := door(t, s, newInbox(), func(c *Config) { c.LocalDir = dir })
	r, err := d.Fetch(t.Context(), bot.Media{Ref: "tg:large", Size: maxFile + 1})
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(r); err != nil || len(b) != maxFile+1 {
		t.Errorf("%d bytes, %v", len(b), err)
	}
	_ = r.Close()
	s.AddFile("small", []byte("a file"))
	elsewhere, _ := door(t, s, newInbox(), func(c *Config) { c.LocalDir = t.TempDir() })
	unset, log := door(t, s, newInbox(), nil)
	for _, d := range []listening{elsewhere, unset} {
		if _, err := d.Fetch(t.Context(), bot.Media{Ref: "tg:small"}); petition.CodeOf(err) != petition.Unavailable {
			t.Errorf("read outside its folder: %v", err)
		}
	}
	if !strings.Contains(log.String(), "TELEGRAM_LOCAL_DIR") {
		t.Errorf("the log does not say what to set:\n%s", log)
	}
}

// In the test environment methods and files have addresses of their own.
func TestTestEnvironment(t *testing.T) {
	t.Parallel()
	s := api(t, fakeapi.Options{TestEnv: true})
	s.AddFile("a", []byte("a file"))
	chat := s.Chat(7)
	d, _ := door(t, s, newInbox(), func(c *Config) { c.TestEnvironment = true })
	r, err := d.Fetch(t.Context(), bot.Media{Ref: "tg:a"})
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Close()
	if err := d.Send(t.Context(), "tg:7", "k", bot.Say{Text: "x"}); err != nil || len(chat.Messages()) != 1 {
		t.Errorf("%v, %+v", err, chat.Messages())
	}
}
