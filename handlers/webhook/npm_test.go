package webhook

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"dengwen/petition/telling"
)

// What is sent passes the convention's library for JavaScript too, and what was changed does not.
func TestTakenByTheLibraryOfNPM(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("needs Node and npm's registry, which a short run does without")
	}
	dir := t.TempDir()
	for _, name := range []string{"package.json", "package-lock.json", "verify.js"} {
		text, err := os.ReadFile(filepath.Join("testdata", "npm", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	install := exec.CommandContext(t.Context(), "npm", "ci", "--no-audit", "--no-fund")
	install.Dir = dir
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("npm ci: %v\n%s", err, out)
	}
	r := &receiver{status: http.StatusOK}
	server := httptest.NewServer(r)
	defer server.Close()
	w := newWorld(t, loopback)
	e := w.add(t, telling.Endpoint{URL: server.URL})
	number := w.file(t)
	w.once(t)
	verify := func(body string) (string, error) {
		headers := map[string]string{}
		for name := range r.got[0] {
			headers[strings.ToLower(name)] = r.got[0].Get(name)
		}
		in, err := json.Marshal(map[string]any{"secret": e.Secrets[0], "headers": headers, "body": body})
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), "node", "verify.js")
		cmd.Dir, cmd.Stdin = dir, bytes.NewReader(in)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := verify(r.bodies[0]); err != nil || !strings.Contains(out, number) {
		t.Errorf("the library refuses it: %v\n%s", err, out)
	}
	if out, err := verify(strings.Replace(r.bodies[0], number, "ZS0", 1)); err == nil || !strings.Contains(out, "signature") {
		t.Errorf("the library takes a changed body: %v\n%s", err, out)
	}
}
