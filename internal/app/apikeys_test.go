package app

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dengwen/handlers/api"
	"dengwen/internal/config"
)

// A key that is put into the file or taken out of it counts without a restart; a file that can't be
// read takes no key away.
func TestAPIKeysFollowTheirFile(t *testing.T) {
	t.Parallel()
	var lines []string
	for _, name := range []string{"old", "new"} {
		_, line, err := api.NewKey(name, []api.Scope{api.Staff}, "")
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	path := filepath.Join(t.TempDir(), "keys")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(lines[0])
	keys, err := openAPIKeys(&config.Settings{APIKeysFile: path})
	if err != nil {
		t.Fatal(err)
	}
	s := testSettings(t)
	var said strings.Builder
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- keys.follow(ctx, NewLog(s, &said)) }()
	names := func() (all string) {
		for _, k := range keys.Now() {
			all += k.Name + " "
		}
		return all
	}
	for _, c := range []struct{ text, want string }{{lines[0] + "\n" + lines[1], "old new "}, {lines[1], "new "}, {"", ""}, {lines[0], "old "}, {"old:staff", "old "}} {
		write(c.text)
		if names() == c.want { // it has to stay so
			time.Sleep(2 * apiKeysEvery)
		}
		for end := time.Now().Add(10 * time.Second); names() != c.want && time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		}
		if got := names(); got != c.want {
			t.Errorf("keys are %q, want %q", got, c.want)
		}
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	time.Sleep(2 * apiKeysEvery)
	if names() != "old " {
		t.Errorf("without the file the keys are %q", names())
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if n := strings.Count(said.String(), "API keys stay as they were"); n < 2 || strings.Contains(said.String(), lines[0][len(lines[0])-64:]) {
		t.Errorf("the log says %s", said.String())
	}
}

// A key that is made opens at once and stays in the file, where the remarks are kept; one that is taken back opens nothing at once.
func TestAPIKeysAreMadeAndTakenBack(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(path, []byte("# the bot's\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	k := must(openAPIKeys(&config.Settings{APIKeysFile: path}))
	key := must(k.add("hotline", []api.Scope{api.Citizens}, ""))
	if must(k.add("other", []api.Scope{api.Staff}, "water")); len(k.Now()) != 2 {
		t.Fatal("two keys were made")
	}
	if text := must(readText(path)); strings.Contains(text, key) || !strings.HasPrefix(text, "# the bot's\nhotline:citizens::") {
		t.Errorf("the file: %s", text)
	}
	if _, err := k.add("other", []api.Scope{api.Staff}, ""); err == nil {
		t.Error("a name is used twice")
	}
	if err := k.remove("hotline"); err != nil || len(k.Now()) != 1 || k.Now()[0].Name != "other" || !strings.HasPrefix(must(readText(path)), "# the bot's\nother:staff:water:") {
		t.Errorf("taken back: %v, %v", err, k.Now())
	}
}
