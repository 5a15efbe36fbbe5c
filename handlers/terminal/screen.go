package terminal

import (
	"os"

	"github.com/mattn/go-isatty"
)

// IsPerson reports whether both streams are a terminal: somebody types and reads.
func IsPerson(in, out *os.File) bool {
	return isatty.IsTerminal(in.Fd()) && isatty.IsTerminal(out.Fd())
}
