package app

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"

	"dengwen/internal/config"
	"dengwen/internal/seal"
)

// KeyFile is the name of the key file in the data folder.
const KeyFile = "dengwen.key"

// KeyPath is the file with the keys, "" where DENGWEN_KEY holds them.
func KeyPath(s *config.Settings) string {
	if s.Key != "" {
		return ""
	}
	return cmp.Or(s.KeyFile, filepath.Join(s.DataDir, KeyFile))
}

// OpenKey takes DENGWEN_KEY, or the key file, or makes one in the data folder on
// the first run. Data without its key is a fault and never gets a new key, which
// could not read it, and a key file that others on the machine may read or change is refused.
func OpenKey(s *config.Settings, log *slog.Logger) (*seal.Box, error) {
	path := KeyPath(s)
	if path == "" {
		return seal.Open(s.Key)
	}
	_, err := os.Stat(path)
	if s.KeyFile == "" && errors.Is(err, fs.ErrNotExist) {
		err = makeKey(s, path, log)
	}
	if err != nil {
		return nil, fault("cli.key_unread", err)
	}
	box, err := seal.OpenFile(path)
	if errors.Is(err, seal.ErrKey) {
		return nil, err
	}
	if err != nil {
		return nil, fault("cli.key_unread", err)
	}
	elsewhere := filepath.Dir(filepath.Clean(path)) != filepath.Clean(s.DataDir)
	return box, checkMode(path, elsewhere, len(box.Keys()) > 1)
}

// checkMode refuses a key file that others may read or change. A single key may come from a
// container's secrets, which others may often read there, and nobody write; several were written
// by key rotate, which lets their owner read them only, and a group at most is let in by whoever
// mounts them.
func checkMode(path string, elsewhere, several bool) error {
	others := fs.FileMode(0o077)
	switch {
	case runtime.GOOS == "windows":
		return nil
	case elsewhere && several:
		others = 0o037
	case elsewhere:
		others = 0o022
	}
	st, err := os.Stat(path)
	if err != nil {
		return fault("cli.key_unread", err)
	}
	if mode := st.Mode().Perm(); mode&others != 0 {
		return fault("cli.key_open", nil, "file", path, "mode", fmt.Sprintf("%04o", mode))
	}
	return nil
}

func makeKey(s *config.Settings, path string, log *slog.Logger) error {
	for _, name := range []string{"cases.db", "conversations.db"} {
		if _, err := os.Stat(filepath.Join(s.DataDir, name)); err == nil {
			return fault("cli.key_gone", nil, "folder", s.DataDir, "file", path)
		}
	}
	if s.DatabaseURL != "" || s.RedisURL != "" {
		return fault("cli.key_needed", nil)
	}
	key, err := seal.NewKey()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(s.DataDir, 0o700); err != nil {
		return err
	}
	// O_EXCL: of two processes started at once, one makes the key and both use it.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString(key + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	log.Warn("made a new key for personal data: back this file up, without it the data can't be read", "file", path)
	return nil
}
