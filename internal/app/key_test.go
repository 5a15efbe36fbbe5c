package app

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dengwen/internal/config"
	"dengwen/internal/seal"
)

// A key file that others on the machine may read or change is refused, with what to do.
func TestKeyFileIsItsOwnersAlone(t *testing.T) {
	t.Parallel()
	s := &config.Settings{DataDir: t.TempDir()}
	log := slog.New(slog.DiscardHandler)
	if _, err := OpenKey(s, log); err != nil { // made on the first run
		t.Fatal(err)
	}
	path := filepath.Join(s.DataDir, KeyFile)
	for _, s := range []*config.Settings{s, {DataDir: s.DataDir, KeyFile: path}} { // it may be named too
		for mode, open := range map[os.FileMode]bool{0o600: true, 0o400: true, 0o666: false, 0o644: false, 0o640: false, 0o602: false} {
			if err := os.Chmod(path, mode); err != nil {
				t.Fatal(err)
			}
			_, err := OpenKey(s, log)
			if (err == nil) != open {
				t.Errorf("mode %04o: %v", mode, err)
			}
			if err != nil && !strings.Contains(err.Error(), "key_open") {
				t.Errorf("mode %04o is refused for something else: %v", mode, err)
			}
		}
	}
}

// Elsewhere a single key may be readable, as secrets of containers are; several are for their
// owner, and a group at most.
func TestKeyFileElsewhere(t *testing.T) {
	t.Parallel()
	s := &config.Settings{DataDir: t.TempDir(), KeyFile: filepath.Join(t.TempDir(), "key")}
	log := slog.New(slog.DiscardHandler)
	text, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	set, err := seal.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if set, err = set.WithNext(time.Now()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text string
		mode os.FileMode
		open bool
	}{
		{text, 0o444, true}, {text, 0o644, true}, {text, 0o666, false}, {text, 0o620, false}, {set.String(), 0o600, true}, {set.String(), 0o440, true}, {set.String(), 0o644, false}, {set.String(), 0o620, false},
	} {
		if err := errors.Join(os.WriteFile(s.KeyFile, []byte(c.text), 0o600), os.Chmod(s.KeyFile, c.mode)); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenKey(s, log); (err == nil) != c.open {
			t.Errorf("mode %04o: %v", c.mode, err)
		}
		if err := os.Chmod(s.KeyFile, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := OpenKey(&config.Settings{DataDir: t.TempDir(), KeyFile: "/nowhere"}, log); err == nil {
		t.Error("a key file that is not there is made")
	}
}
