package terminal_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"dengwen/bot/turn"
	"dengwen/handlers/doortest"
	"dengwen/handlers/terminal"
)

// The door passes the suite of all doors, as far as a keyboard and a screen go.
func TestSuite(t *testing.T) {
	t.Parallel()
	doortest.Run(t, doortest.Kit{
		Can: doortest.Capabilities{Files: true, Documents: true, Locations: true, Pushes: true, MaxIn: 10000, MaxOut: 1 << 20},
		Open: func(t testing.TB, p doortest.Parts) doortest.Network {
			return &network{t: t, parts: p, screen: &screen{}, files: t.TempDir()}
		},
	})
}

const conv = "term:li"

// network is a script that types lines and reads the screen.
type network struct {
	t      testing.TB
	parts  doortest.Parts
	screen *screen
	files  string
	door   *terminal.Door
	in     *io.PipeReader

	mu     sync.Mutex
	typing *io.PipeWriter
}

type screen struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) { s.mu.Lock(); defer s.mu.Unlock(); return s.b.Write(p) }
func (s *screen) String() string              { s.mu.Lock(); defer s.mu.Unlock(); return s.b.String() }

func (n *network) Doors() map[string]turn.Door {
	r, w := io.Pipe()
	n.mu.Lock()
	n.typing = w
	n.mu.Unlock()
	n.in = r
	n.door = terminal.New(terminal.Config{In: r, Out: n.screen, Cases: n.parts.Cases, Conv: conv, Locales: n.parts.Locales, Plain: true, Width: 1 << 16})
	return map[string]turn.Door{"term": {Send: n.door, Only: conv, Channel: "terminal"}}
}

func (n *network) Listen(ctx context.Context, in turn.Inbox) {
	defer n.in.Close()
	if err := n.door.Run(ctx, in); err != nil {
		n.t.Error(err)
	}
}

func (n *network) Person() doortest.Person               { return n }
func (n *network) Slowest() time.Duration                { return 0 }
func (n *network) Refuse(doortest.Refusal) (mend func()) { return func() {} }
func (n *network) Conv() string                          { return conv }

func (n *network) Say(line string) error {
	n.mu.Lock()
	w := n.typing
	n.mu.Unlock()
	_, err := io.WriteString(w, line+"\n")
	return err
}

func (n *network) Press(button string) error { return n.Say(button) }

func (n *network) Send(files ...doortest.File) error {
	for i, f := range files {
		name := f.Name
		if name == "" {
			name = fmt.Sprint("file", i)
		}
		path := filepath.Join(n.files, name)
		if err := os.WriteFile(path, f.Body, 0o600); err != nil {
			return err
		}
		if err := n.Say("/file " + path); err != nil {
			return err
		}
	}
	return nil
}

func (n *network) Locate(lat, lon float64) error { return n.Say(fmt.Sprint("/place ", lat, ", ", lon)) }

var errCannot = errors.New("a terminal can't")

func (n *network) Share(string, string) error { return errCannot }
func (n *network) Edit(string) error          { return errCannot }
func (n *network) Repeat() error              { return errCannot }

var numbered = regexp.MustCompile(`\[\d+\] (\S+)`)

// Shown are the parts of the screen between what was typed: "< " is ours, "! " the terminal's own.
func (n *network) Shown() (out []doortest.Message) {
	ours := false
	for line := range strings.Lines(n.screen.String()) {
		mark, text := line[:min(2, len(line))], strings.TrimRight(line[min(2, len(line)):], "\n")
		switch {
		case mark == "< " || mark == "! ":
			ours = true
			out = append(out, doortest.Message{Text: text})
		case mark == "> ":
			ours = false
		case ours:
			last := &out[len(out)-1]
			if found := numbered.FindAllStringSubmatch(line, -1); strings.HasPrefix(line, "  [") {
				for _, b := range found {
					last.Buttons = append(last.Buttons, b[1])
				}
				continue
			}
			last.Text += "\n" + text
		}
	}
	return out
}
