package api_test

import (
	"html"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"dengwen/handlers/api"
)

// Every call of the description page has an example, and the examples are right: run as they
// stand, none of them is refused for what it says.
func TestExamplesOfThePageWork(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs curl, which a short run leaves out")
	}
	curl, err := exec.LookPath("curl")
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, func(k *keyring) { k.add("all", "", api.Admin) })
	srv := httptest.NewServer(w.h)
	t.Cleanup(srv.Close)
	_, page := w.call("all", "GET", "/v1/docs", "")
	calls := strings.Count(page, `<article id="call-`)
	found := regexp.MustCompile(`(?s)<article id="call-([a-z-]+)">.*?<code>(curl .*?)</code></pre>`).FindAllStringSubmatch(page, -1)
	if len(found) != calls || calls < 15 {
		t.Fatalf("%d examples of %d calls", len(found), calls)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "road.jpg"), []byte("\xff\xd8\xff\xe0\x00\x04ab\xff\xd9"), 0o600); err != nil {
		t.Fatal(err)
	}
	mustWork := map[string]string{"file": "201", "list": "200", "search": "200", "office": "200", "notices": "200", "forget": "200", "broadcasts": "200", "desk": "200", "broadcast": "201", "accesses": "200"}
	for _, f := range found {
		name, line := f[1], strings.ReplaceAll(html.UnescapeString(f[2]), "http://127.0.0.1:8080", srv.URL)
		cmd := exec.CommandContext(t.Context(), "sh", "-c", strings.Replace(line, "curl", curl+` -sS -w '\n%{http_code}'`, 1))
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "KEY="+w.keys["all"], "no_proxy=127.0.0.1")
		out, err := cmd.CombinedOutput()
		said, status := string(out), string(out[max(0, len(out)-3):])
		want, must := mustWork[name]
		if err != nil || must && status != want || !must && status[0] != '2' && status != "404" {
			t.Errorf("%s: %v %s\n%s", name, err, said, line)
		}
	}
}
