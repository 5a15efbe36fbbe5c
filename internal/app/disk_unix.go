//go:build unix

package app

import "golang.org/x/sys/unix"

// FreeBytes is what a user without privileges may still write below dir.
func FreeBytes(dir string) (uint64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return s.Bavail * uint64(s.Bsize), nil
}
