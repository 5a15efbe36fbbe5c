package app

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"dengwen/internal/config"
	"dengwen/internal/seal"
)

// KeyFile is the name of the key file in the data folder.
const KeyFile = "dengwen.key"

// OpenKey takes DENGWEN_KEY, or the key in the data folder, or makes one there on
// the first run. Data without its key is a fault and never gets a new key, which
// could not read it, and a key file that others on the machine may read or change is refused.
func OpenKey(s *config.Settings, log *slog.Logger) (*seal.Box, error) {
	if s.Key != "" {
		return seal.Open(s.Key)
	}
	path := filepath.Join(s.DataDir, KeyFile)
	if st, err := os.Stat(path); err == nil && st.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" {
		return nil, fault("cli.key_open", nil, "file", path, "mode", fmt.Sprintf("%04o", st.Mode().Perm()))
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		text, err = makeKey(s, path, log)
	}
	if err != nil {
		return nil, fault("cli.key_unread", err)
	}
	box, err := seal.Open(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return box, nil
}

func makeKey(s *config.Settings, path string, log *slog.Logger) ([]byte, error) {
	for _, name := range []string{"cases.db", "conversations.db"} {
		if _, err := os.Stat(filepath.Join(s.DataDir, name)); err == nil {
			return nil, fault("cli.key_gone", nil, "folder", s.DataDir, "file", path)
		}
	}
	if s.DatabaseURL != "" || s.RedisURL != "" {
		return nil, fault("cli.key_needed", nil)
	}
	key, err := seal.NewKey()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(s.DataDir, 0o700); err != nil {
		return nil, err
	}
	// O_EXCL: of two processes started at once, one makes the key and both use it.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return os.ReadFile(path)
	}
	if err != nil {
		return nil, err
	}
	_, err = f.WriteString(key + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, err
	}
	log.Warn("made a new key for personal data: back this file up, without it the data can't be read", "file", path)
	return []byte(key), nil
}
