package app

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dengwen/internal/config"
	"dengwen/internal/seal"
	"dengwen/storage/cases"
)

func settingsIn(t *testing.T, key string) *config.Settings {
	t.Helper()
	return &config.Settings{DataDir: t.TempDir(), Key: key, Addr: "127.0.0.1:1"}
}

func backedUp(t *testing.T, s *config.Settings, to string) (m MadeBackup) {
	t.Helper()
	err := WithBackup(t.Context(), s, slog.New(slog.DiscardHandler), func(a *App) (err error) {
		m, err = a.Backup(t.Context(), to, silently)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func put(t *testing.T, s *config.Settings, id, text string) {
	t.Helper()
	err := WithBackup(t.Context(), s, slog.New(slog.DiscardHandler), func(a *App) error {
		_, _, err := a.blobs.Put(t.Context(), id, strings.NewReader(text), 1<<20)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func restored(t *testing.T, s *config.Settings, file string) error {
	t.Helper()
	_, err := Restore(t.Context(), s, slog.New(slog.DiscardHandler), file, silently, func(f cases.Finding) { t.Error(f) })
	return err
}

func holds(t *testing.T, s *config.Settings, want map[string]string) {
	t.Helper()
	err := WithBackup(t.Context(), s, slog.New(slog.DiscardHandler), func(a *App) error {
		for id, text := range want {
			r, err := a.blobs.Open(t.Context(), id)
			if err != nil {
				return err
			}
			got, err := io.ReadAll(r)
			_ = r.Close()
			if err != nil || string(got) != text {
				return fmt.Errorf("%s holds %.20q, %w", id, got, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// A folder of backups copies an attachment once, keeps what its backups need and no more, and each of
// them restores what was there then.
func TestBackupFolder(t *testing.T) {
	t.Parallel()
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	s, dir := settingsIn(t, key), t.TempDir()
	long := strings.Repeat("路塌了", 50_000)
	put(t, s, "a.raw", "一")
	put(t, s, "b", long)
	first := backedUp(t, s, dir)
	if first.Files != 2 || first.Fresh != 2 {
		t.Errorf("first: %+v", first)
	}
	time.Sleep(time.Until(first.Made.Add(time.Second + 10*time.Millisecond))) // names have seconds
	put(t, s, "c", "三")
	put(t, s, "b", "变了") // other bytes under the same id
	second := backedUp(t, s, dir)
	if second.Files != 3 || second.Fresh != 2 {
		t.Errorf("second: %+v", second)
	}
	was, is := settingsIn(t, key), settingsIn(t, key)
	if err := restored(t, was, first.File); err != nil {
		t.Fatal(err)
	}
	holds(t, was, map[string]string{"a.raw": "一", "b": long})
	if err := pruneBackups(dir, 1); err != nil {
		t.Fatal(err)
	}
	if n := count(t, filepath.Join(dir, besideDir)); n != 3 {
		t.Errorf("%d attachments beside the one backup that was kept", n)
	}
	if err := restored(t, is, second.File); err != nil {
		t.Fatal(err)
	}
	holds(t, is, map[string]string{"a.raw": "一", "b": "变了", "c": "三"})
	if err := restored(t, is, second.File); err == nil {
		t.Error("a second restore into the same stores")
	}
	if err := os.RemoveAll(filepath.Join(dir, besideDir)); err != nil {
		t.Fatal(err)
	}
	if err := restored(t, settingsIn(t, key), second.File); err == nil {
		t.Error("restored without its attachments")
	}
}

func count(t *testing.T, dir string) (n int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A backup needs the keys of its time, and touches nothing without them.
func TestRestoreNeedsTheKey(t *testing.T) {
	t.Parallel()
	key, _ := seal.NewKey()
	other, _ := seal.NewKey()
	file := filepath.Join(t.TempDir(), "one.backup")
	backedUp(t, settingsIn(t, key), file)
	s := settingsIn(t, other)
	if err := restored(t, s, file); err == nil {
		t.Error("restored with another key")
	}
	if n := count(t, s.DataDir); n != 0 {
		t.Errorf("%d files were made", n)
	}
	s.Key, s.KeyFile = "", filepath.Join(t.TempDir(), "keys")
	if err := restored(t, s, file); err == nil {
		t.Error("restored with a key file that is not there")
	}
	if err := os.WriteFile(s.KeyFile, []byte(key+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := restored(t, s, file); err != nil {
		t.Errorf("with the key file of the settings: %v", err)
	}
	s = settingsIn(t, "")
	if err := restored(t, s, file); err == nil || count(t, s.DataDir) != 0 {
		t.Errorf("without a key: %v", err)
	}
}

// One process makes the backup of a night, and another only after a failure.
func TestNightly(t *testing.T) {
	t.Parallel()
	key, _ := seal.NewKey()
	s := settingsIn(t, key)
	s.BackupDir, s.BackupKeep = filepath.Join(t.TempDir(), "backups"), 2
	err := WithBackup(t.Context(), s, slog.New(slog.DiscardHandler), func(a *App) error {
		for range 2 {
			if _, err := a.nightly(t.Context()); err != nil {
				return err
			}
		}
		made, err := filepath.Glob(filepath.Join(s.BackupDir, "*.backup"))
		if err != nil || len(made) != 1 {
			t.Errorf("one night made %v, %v", made, err)
		}
		in, err := a.Store.Instance(t.Context())
		if err != nil || time.Since(in.Backup) > time.Minute || in.BackupFile != made[0] {
			t.Errorf("noted %+v, %v", in, err)
		}
		mine, err := a.Store.ClaimBackup(t.Context(), time.Now().Add(25*time.Hour), time.Now().Add(24*time.Hour), time.Now().Add(30*time.Hour))
		if err != nil || !mine {
			t.Errorf("the next night: %v, %v", mine, err)
		}
		mine, err = a.Store.ClaimBackup(t.Context(), time.Now().Add(25*time.Hour), time.Now().Add(24*time.Hour), time.Now().Add(30*time.Hour))
		if err != nil || mine {
			t.Errorf("a second process: %v, %v", mine, err)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
