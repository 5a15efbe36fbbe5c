package blob

import (
	"errors"
	"io/fs"
	"os"
)

// replaceIfThere renames tmp to path if was stands there. Between look and step a deletion may
// come.
func replaceIfThere(tmp, path string, was fs.FileInfo) error {
	is, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !os.SameFile(is, was) {
		return nil
	}
	if err != nil {
		return err
	}
	return os.Rename(tmp, path)
}
