package app

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"dengwen/internal/config"
	"dengwen/locales"
)

// testSettings are settings for a bot of its own in a folder of its own.
func testSettings(t *testing.T) *config.Settings {
	t.Helper()
	return &config.Settings{Addr: "127.0.0.1:0", DataDir: t.TempDir(), LogLevel: "error", LogFormat: "text"}
}

// What the settings forbid is said before the program says where it is, and before it
// writes anything.
func TestServeLooksAtItsSettingsFirst(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		want string
		set  func(*config.Settings)
	}{
		{"DENGWEN_API_KEYS", func(s *config.Settings) { s.APIKeys = "bot:citizens" }},
		{"DENGWEN_API_KEYS_FILE", func(s *config.Settings) { s.APIKeysFile = "/nowhere" }},
		{"DENGWEN_METRICS_ADDR", func(s *config.Settings) { s.MetricsAddr = taken.Addr().String() }},
		{"DENGWEN_ADDR", func(s *config.Settings) { s.Addr = taken.Addr().String() }},
	} {
		s := testSettings(t)
		c.set(s)
		var out, errs strings.Builder
		err := Serve(t.Context(), s, NewLog(s, &errs), &out)
		if err == nil || !strings.Contains(Explain(words, "en", err), c.want) {
			t.Errorf("%s: %v", c.want, err)
		}
		if files, _ := os.ReadDir(s.DataDir); out.Len() > 0 || len(files) > 0 {
			t.Errorf("%s: it said %q and made %d files before it failed", c.want, out.String(), len(files))
		}
	}
}

// The page says once where danger goes, and once that the office is an example.
func TestPageSaysThingsOnce(t *testing.T) {
	t.Parallel()
	s := testSettings(t)
	var d doorSet
	a, err := Build(t.Context(), s, NewLog(s, new(strings.Builder)), d.open)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		d.web.Close()
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}()
	for lang, once := range map[string][]string{
		"zh-CN": {"110、119", "示例", "没提交的内容保留"}, "en": {"110, 119", "xample", "What you do not submit is kept"},
	} {
		r := httptest.NewRequestWithContext(context.Background(), "GET", "/?lang="+lang, nil)
		w := httptest.NewRecorder()
		d.web.Handler(a.Runner).ServeHTTP(w, r)
		for _, words := range once {
			if n := strings.Count(w.Body.String(), words); n != 1 {
				t.Errorf("%s: %q stands %d times on the page", lang, words, n)
			}
		}
	}
}

// Whatever answers, also what no page and no API is, is not guessed to be something else and not
// kept.
func TestHealthIsNotSniffed(t *testing.T) {
	t.Parallel()
	s := testSettings(t)
	var d doorSet
	a, err := Build(t.Context(), s, NewLog(s, new(strings.Builder)), d.open)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		d.web.Close()
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}()
	routes := a.routes(&d)
	for _, path := range []string{"/", "/healthz", "/readyz", "/metrics", "/v1/office", "/v1/nothing", "/nothing"} {
		r := httptest.NewRequestWithContext(context.Background(), "GET", path, nil)
		w := httptest.NewRecorder()
		routes.ServeHTTP(w, r)
		if w.Header().Get("X-Content-Type-Options") != "nosniff" || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v", path, w.Header())
		}
	}
}

var hidden = regexp.MustCompile(`name="csrf" value="([0-9a-f]+)"`)

// serving is a program that serves, by settings that are edited; it ends with the test.
func serving(t *testing.T, edits ...func(*config.Settings)) *App {
	t.Helper()
	s := testSettings(t)
	s.StopWait = 10 * time.Second
	for _, edit := range edits {
		edit(s)
	}
	ctx, stop := context.WithCancel(context.Background())
	var d doorSet
	listener, err := d.listen(ctx, s)
	if err != nil {
		t.Fatal(err)
	}
	a, err := Build(ctx, s, NewLog(s, new(strings.Builder)), d.open)
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- errors.Join(a.serve(ctx, &d, listener), a.Close()) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return a
}

// Whoever agreed to service notices on the web page and leaves the device there gets no
// more of them: nobody would read them, and nobody could stop them.
func TestLeavingThePageEndsServiceNotices(t *testing.T) {
	t.Parallel()
	a, ctx := serving(t), t.Context()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	page := &http.Client{Jar: jar}
	post := func(path string, fields ...string) {
		t.Helper()
		res, err := page.Get(a.Settings.Public() + "/")
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		if err != nil || res.Body.Close() != nil {
			t.Fatal(err)
		}
		form := url.Values{"csrf": {hidden.FindStringSubmatch(string(body))[1]}}
		for i := 0; i+1 < len(fields); i += 2 {
			form.Set(fields[i], fields[i+1])
		}
		if res, err = page.PostForm(a.Settings.Public()+path, form); err != nil || res.StatusCode != http.StatusOK || res.Body.Close() != nil {
			t.Fatalf("%s: %v, %v", path, res, err)
		}
	}
	agreed := func(want int) {
		t.Helper()
		for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
			n, err := a.Bulletins.Agreed(ctx)
			if err == nil && n == want {
				return
			}
			if err != nil || time.Now().After(deadline) {
				t.Fatalf("%d agreed, want %d: %v", n, want, err)
			}
		}
	}
	post("/say", "command", "notices")
	post("/say", "press", "0:notices:on")
	agreed(1)
	post("/leave")
	agreed(0)
}
