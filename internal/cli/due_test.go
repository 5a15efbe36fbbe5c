package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dengwen/internal/office"
)

// runIn runs a command on a data folder and answers what it printed.
func runIn(t *testing.T, dir string, args ...string) (string, error) {
	t.Helper()
	var out, errs strings.Builder
	err := run(t.Context(), append([]string{"--data-dir", dir}, args...), streams{strings.NewReader(""), &out, &errs})
	return out.String(), err
}

func TestDue(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out, err := runIn(t, dir, "due", "--rule", "object", "--from", "2026-08-03", "--json")
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"rule": "object", "article": "23(3)", "from": "2026-08-03", "due": "2026-08-10",
		"rolled": "2026-08-10", "internal": "2026-08-10", "provisional": false}
	if len(got) != len(want) {
		t.Errorf("keys %v", got)
	}
	for k, v := range want {
		if got[k] != v {
			t.Errorf("%s = %v, want %v", k, got[k], v)
		}
	}
	if out, err := runIn(t, dir, "due", "--rule", "handle", "--from", "2026-08-03"); err != nil || !strings.Contains(out, "2026 年 9 月 30 日（周三）") {
		t.Errorf("plain text: %v\n%s", err, out)
	}
	for _, args := range [][]string{{"--rule", "soon", "--from", "2026-08-03"}, {"--rule", "notify", "--from", "3.8.2026"},
		{"--rule", "assigned_report", "--from", "2026-08-03"}, {"--rule", "notify"}, nil} {
		if out, err := runIn(t, dir, append([]string{"due"}, args...)...); err == nil || out != "" {
			t.Errorf("due %v = %v, wrote %q", args, err, out)
		}
	}
	if _, err := runIn(t, dir, "due", "--rule", "soon", "--from", "2026-08-03"); err == nil || !strings.Contains(err.Error(), "rereview_window") {
		t.Errorf("an unknown rule does not list the rules: %v", err)
	}
}

func TestCalendar(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "notice.json")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(`{"years":{"2027":{"notice":"test","off":["2027-01-01/2027-01-03","2027-05-01/2027-05-05","2027-10-01/2027-10-07"],"work":["2027-10-09"]}}}`)
	if _, err := runIn(t, dir, "calendar", "import", file); err != nil {
		t.Fatal(err)
	}
	c, err := office.LoadCalendar(dir)
	if err != nil || !c.Known(2027) {
		t.Fatalf("after import: %v, %v", c.Years(), err)
	}
	write(`{"years":{"2027":{}}}`)
	if _, err := runIn(t, dir, "calendar", "import", file); err == nil {
		t.Error("a bad file was imported")
	}
	if out, err := runIn(t, dir, "calendar", "show"); err != nil || !strings.Contains(out, "2027 年") {
		t.Errorf("show: %v\n%s", err, out)
	}
}
