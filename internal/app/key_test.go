package app

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dengwen/internal/config"
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
