package seal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

var began = time.Now()

// clock does not jump when the machine's is set.
func clock() int64 { return int64(time.Since(began)) }

// stamp tells whether a file is the one that was read.
type stamp struct{ file os.FileInfo }

func (s stamp) same(now os.FileInfo) bool {
	return s.file != nil && os.SameFile(s.file, now) && s.file.ModTime().Equal(now.ModTime()) && s.file.Size() == now.Size()
}

// read reads the file unless it is the one read last.
func (s *source) read() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() { s.looked.Store(clock()) }()
	st, err := os.Stat(s.path)
	if err != nil || s.stamp.same(st) {
		return err
	}
	text, err := os.ReadFile(s.path)
	if err != nil {
		return err
	}
	r, err := readRing(string(text))
	if err != nil {
		return fmt.Errorf("%s: %w", s.path, err)
	}
	s.ring.Store(r)
	s.stamp = stamp{st}
	return nil
}

// ErrLocked says that another process is changing the keys.
var ErrLocked = errors.New("another process is changing the keys")

// WriteFile writes the keys to a file in one step, for its owner only: whoever reads it
// meanwhile reads the keys before or those after. The file keeps the owner it had.
func (s Set) WriteFile(path string) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".dengwen.key-") // 0600
	if err != nil {
		return fmt.Errorf("write keys: %w", err)
	}
	defer os.Remove(f.Name()) // fails once it has been renamed
	_, err = f.WriteString(s.String())
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write keys: %w", err)
	}
	if err := keepOwner(path, f.Name()); err != nil {
		return fmt.Errorf("write keys: %w", err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("write keys: %w", err)
	}
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("write keys: %w", err)
	}
	return errors.Join(d.Sync(), d.Close())
}
