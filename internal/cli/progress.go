package cli

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/mattn/go-isatty"
)

// progressBar draws on a terminal in place, elsewhere line by line.
type progressBar struct {
	out   io.Writer
	live  bool
	drawn bool
}

func newBar(out io.Writer) *progressBar {
	f, ok := out.(*os.File)
	return &progressBar{out: out, live: ok && isatty.IsTerminal(f.Fd())}
}

func (b *progressBar) show(done, total int, line string) {
	if !b.live {
		fmt.Fprintln(b.out, line)
		return
	}
	const width = 30
	full := min(width, width*done/max(total, 1))
	fmt.Fprintf(b.out, "\r\x1b[K[%s%s] %s", strings.Repeat("█", full), strings.Repeat("·", width-full), line)
	b.drawn = true
}

func (b *progressBar) end() {
	if b.drawn {
		fmt.Fprintln(b.out)
	}
}

// percents shows a bar a percent at a time, and elsewhere than on a terminal each tenth.
func (b *progressBar) percents(what string, total int) func(done int) {
	last := 0
	return func(done int) {
		at := min(100, 100*done/max(total, 1))
		if at == last || !b.live && at/10 == last/10 {
			return
		}
		last = at
		b.show(at, 100, fmt.Sprintf("%s %d %%", what, at))
	}
}
