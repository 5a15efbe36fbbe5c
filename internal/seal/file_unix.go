//go:build unix

package seal

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// keepOwner gives a new file to whoever owns the one in its place: a program that runs under
// another account than the person at the keyboard must be able to read it.
func keepOwner(old, fresh string) error {
	was, err := os.Stat(old)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	s, ok := was.Sys().(*syscall.Stat_t)
	if !ok || int(s.Uid) == os.Geteuid() {
		return nil
	}
	return os.Chown(fresh, int(s.Uid), int(s.Gid))
}

// Lock keeps other processes from changing the keys of a file, until release or the end of the
// process. ErrLocked while another does.
func Lock(path string) (release func(), err error) {
	f, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, ErrLocked
		}
		return nil, err
	}
	return func() { _ = f.Close() }, nil
}
