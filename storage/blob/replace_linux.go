package blob

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// replaceFile puts tmp in the place of path if was stands there: the two change places in one
// step, so that a file deleted meanwhile does not come back. What is left at tmp is to be removed.
func replaceFile(tmp, path string, was fs.FileInfo) error {
	swap := func() error { return unix.Renameat2(unix.AT_FDCWD, tmp, unix.AT_FDCWD, path, unix.RENAME_EXCHANGE) }
	err := swap()
	switch {
	case errors.Is(err, unix.ENOENT):
		return nil
	case errors.Is(err, unix.EINVAL), errors.Is(err, unix.ENOSYS): // this file system can't
		return replaceIfThere(tmp, path, was)
	case err != nil:
		return err
	}
	if out, err := os.Stat(tmp); err != nil || !os.SameFile(out, was) {
		return errors.Join(err, swap()) // it was stored anew
	}
	return nil
}
