package telegram

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var rewrite = flag.Bool("update", false, "rewrite what the door makes of the updates in testdata/updates")

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func reader() translator {
	return translator{username: "dengwen_bot", known: map[string]bool{"start": true, "help": true, "cancel": true}}
}

// Each file holds a raw update and what the door makes of it.
func TestTranslate(t *testing.T) {
	t.Parallel()
	paths, _ := filepath.Glob("testdata/updates/*.json")
	if len(paths) < 50 {
		t.Fatalf("only %d updates found", len(paths))
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".json"), func(t *testing.T) {
			t.Parallel()
			var c struct {
				Update json.RawMessage `json:"update"`
				Want   translated      `json:"want"`
			}
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(text, &c); err != nil {
				t.Fatal(err)
			}
			got, err := reader().translate(c.Update, noon)
			if err != nil {
				t.Fatal(err)
			}
			if *rewrite {
				c.Want = got
				save(t, path, c)
				return
			}
			if d := cmp.Diff(c.Want, got); d != "" {
				t.Errorf("-want +got\n%s", d)
			}
		})
	}
}

func save(t *testing.T, path string, v any) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestTranslateUndecodable(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		raw     string
		id      int64
		notJSON bool
	}{
		"text is an object":   {`{"update_id":7,"message":{"text":{"secret":"13800001234"}}}`, 7, false},
		"chat is a string":    {`{"update_id":8,"message":{"chat":"secret"}}`, 8, false},
		"cut off":             {`{"update_id":9,"message":{"te`, 0, true},
		"id is a string":      {`{"update_id":"secret"}`, 0, false},
		"not JSON":            {`secret`, 0, true},
		"number out of range": {`{"update_id":10,"message":{"message_id":1e400}}`, 10, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u, err := reader().translate([]byte(c.raw), noon)
			if err == nil || u.ID != c.id || u.Conv != "" {
				t.Fatalf("got %+v, %v", u, err)
			}
			if errors.Is(err, errNotJSON) != c.notJSON {
				t.Errorf("not JSON = %v: %v", !c.notJSON, err)
			}
			if strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "138") {
				t.Errorf("the error tells content: %v", err)
			}
		})
	}
}

// Whatever arrives, the door does not fall over, and an event always has an
// address, an id and something in it.
func FuzzTranslate(f *testing.F) {
	paths, _ := filepath.Glob("testdata/updates/*.json")
	for _, path := range paths {
		text, _ := os.ReadFile(path)
		var c struct{ Update json.RawMessage }
		if json.Unmarshal(text, &c) == nil {
			f.Add([]byte(c.Update))
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		u, err := reader().translate(raw, noon)
		if err != nil {
			return
		}
		if u.Conv == "" {
			if u.Skip == "" {
				t.Fatal("neither event nor reason")
			}
			return
		}
		e := u.Event
		if e.ID == "" || e.At.IsZero() || (!hasContent(&e) && e.Other == "" && e.Press == nil && e.Moved == "" && !e.Removed) {
			t.Fatalf("empty event %+v", e)
		}
	})
}

func TestSplit(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("水管坏了没人修。\n", 700)
	emoji := strings.Repeat("😀", 3000)
	for name, text := range map[string]string{"short": "您好", "lines": long, "surrogates": emoji, "exact": strings.Repeat("字", 4096), "one more": strings.Repeat("字", 4097)} {
		parts := split(text, 4096)
		for i, p := range parts {
			if n := units(p); n == 0 || n > 4096 {
				t.Errorf("%s: part %d has %d units", name, i, n)
			}
		}
		if got, want := strings.ReplaceAll(strings.Join(parts, ""), "\n", ""), strings.ReplaceAll(text, "\n", ""); got != want {
			t.Errorf("%s: text changed", name)
		}
	}
	if n := len(split(strings.Repeat("字", 4096), 4096)); n != 1 {
		t.Errorf("exactly 4096 units make %d parts", n)
	}
	if n := len(split(emoji, 4096)); n != 2 {
		t.Errorf("3000 emoji make %d parts, want 2", n)
	}
}
