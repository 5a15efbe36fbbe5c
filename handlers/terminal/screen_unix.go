//go:build linux || darwin || freebsd

package terminal

import (
	"os"

	"golang.org/x/sys/unix"
)

// Columns is the width of the terminal, 80 where it is not one.
func Columns(out *os.File) int {
	size, err := unix.IoctlGetWinsize(int(out.Fd()), unix.TIOCGWINSZ)
	if err != nil || size.Col == 0 {
		return 80
	}
	return int(size.Col)
}
