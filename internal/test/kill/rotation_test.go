package kill

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dengwen/internal/seal"
	"dengwen/internal/test/fakeapi"
	"dengwen/internal/test/faults"
	"dengwen/internal/test/servers"
	"dengwen/petition"
	"dengwen/storage/blob"
	"dengwen/storage/cases"
)

// The key is changed while citizens lodge petitions, and the change and the bot are killed at
// random moments. Everybody gets the ticket, verify finds nothing, the old key goes, and who has
// only that one opens nothing.
func TestRotation(t *testing.T) {
	t.Parallel()
	t.Run("embedded", func(t *testing.T) { t.Parallel(); rotation(t, faults.Places{}) })
	t.Run("PostgreSQL and Redis", func(t *testing.T) {
		t.Parallel()
		rotation(t, faults.Places{Redis: servers.Redis(t), Database: servers.Postgres(t)})
	})
}

func rotation(t *testing.T, at faults.Places) {
	kills, citizens := faults.Size(t, "DENGWEN_ROTATION_KILLS", 4), faults.Size(t, "DENGWEN_KILL_CITIZENS", 20)
	api, err := fakeapi.Start(fakeapi.Options{Redeliver: func(int) bool { return rand.IntN(8) == 0 }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(api.Close)
	old, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(file, []byte(old+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	bot := faults.NewProgram(t, "DENGWEN_KEY_FILE="+file, "REDIS_URL="+at.Redis, "DATABASE_URL="+at.Database)
	at.Data = bot.Data
	bot.Set(faults.Telegram(api, bot.URL)...)
	files := faults.Size(t, "DENGWEN_ROTATION_FILES", 1500) // so many that it takes a while
	for n, b := 0, blobs(t, at.Data, old); n < files; n++ {
		if _, _, err := b.Put(t.Context(), fmt.Sprint("file-", n), strings.NewReader(fmt.Sprint("附件", n)), 100); err != nil {
			t.Fatal(err)
		}
	}
	if err := bot.Start(); err != nil {
		t.Fatal(err)
	}
	crowd := faults.Gather(t, api, citizens)
	begun := time.Now()
	for n := range kills {
		rotate, errs := bot.Command("key", "rotate"), &bytes.Buffer{}
		rotate.Stderr = errs
		if err := rotate.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(200+rand.IntN(6000)) * time.Millisecond) // a random moment
		_ = rotate.Process.Kill()
		t.Logf("kill %d: %v, after %q", n+1, rotate.Wait(), lastLine(errs.String()))
		if n%2 == 1 {
			if err := bot.Kill(); err != nil {
				t.Fatal(err)
			}
			if err := bot.Start(); err != nil {
				t.Fatal(err)
			}
		}
	}
	run(t, bot, "key", "rotate")
	crowd.Home()
	run(t, bot, "key", "rotate") // whatever was in hand while the first pass went by
	run(t, bot, "verify")
	for _, id := range olderKeys(t, file) {
		run(t, bot, "key", "retire", string(id))
	}
	if err := bot.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := bot.Start(); err != nil {
		t.Fatal(err)
	}
	run(t, bot, "verify")
	if err := bot.Stop(); err != nil {
		t.Error(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	at.Key = string(text)
	thief(t, at, old)
	t.Logf("%d kills in %v, %v", kills, time.Since(begun).Round(time.Second), crowd.Check(at))
	for n, b := 0, blobs(t, at.Data, at.Key); n < files; n++ {
		r, err := b.Open(t.Context(), fmt.Sprint("file-", n))
		if err != nil {
			t.Fatal(err)
		}
		if plain, err := io.ReadAll(r); err != nil || string(plain) != fmt.Sprint("附件", n) {
			t.Fatalf("file %d: %q, %v", n, plain, err)
		}
		_ = r.Close()
	}
	if log := bot.Log(); strings.Contains(log, "dead letter") || strings.Contains(log, "does not open") {
		t.Errorf("something did not open meanwhile: %s", bot.Tail())
	}
}

func blobs(t *testing.T, data, key string) petition.Blobs {
	t.Helper()
	box, err := seal.Open(key)
	if err != nil {
		t.Fatal(err)
	}
	b, err := blob.Open(t.Context(), "", data, box)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return lines[len(lines)-1]
}

func run(t *testing.T, bot *faults.Program, args ...string) {
	t.Helper()
	if out, err := bot.Command(args...).CombinedOutput(); err != nil {
		t.Fatalf("dengwen %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

func olderKeys(t *testing.T, file string) (ids []seal.ID) {
	t.Helper()
	box, err := seal.OpenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range box.Keys() {
		if k.State == seal.Opens {
			ids = append(ids, k.ID)
		}
	}
	if len(ids) == 0 {
		t.Fatal("no key was changed")
	}
	return ids
}

// thief has a copy of the data and the key of before.
func thief(t *testing.T, at faults.Places, old string) {
	t.Helper()
	box, err := seal.Open(old)
	if err != nil {
		t.Fatal(err)
	}
	if s, err := cases.Open(t.Context(), at.Database, at.Data, box); err == nil {
		_ = s.Close()
		t.Error("the old key opens the cases")
	}
	prefix := box.Seals().Prefix()
	err = filepath.WalkDir(at.Data, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if n := bytes.Count(raw, prefix); n > 0 {
			t.Errorf("%s still holds %d pieces sealed under the old key", filepath.Base(path), n)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
