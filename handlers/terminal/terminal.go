// Package terminal is the door on the command line: a conversation with a person at a
// keyboard, or with a script on standard input, one line a message. It contains no
// conversation and no rules.
package terminal

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"dengwen/bot"
	"dengwen/bot/turn"
	"dengwen/locales"
	"dengwen/petition"
)

// Config is what the door works with.
type Config struct {
	In      io.Reader
	Out     io.Writer
	Cases   petition.Cases                                        // takes attachments; nil = /file says that it cannot
	Who     func(ctx context.Context, conv string) petition.Actor // who a conversation is; nil = a citizen
	Folder  string                                                // where official documents are saved, "" = nowhere
	Conv    string                                                // "term:<name>", the same name goes on where it left off
	Office  string                                                // shown to a person at the start
	Lang    string                                                // what to begin in ("" = locales.Default)
	Locales *locales.Catalog                                      // the terminal's own sentences
	Person  bool                                                  // somebody sits at a terminal: greeting, prompt, QR code
	Plain   bool                                                  // no colours even so (NO_COLOR), and no QR code, which needs them
	Width   int                                                   // columns (80)
	Now     func() time.Time                                      // nil = time.Now
}

// Door reads lines and prints what the bot says.
type Door struct {
	Config
	spoken atomic.Value // language the bot last spoke
	runID  string       // random, in event ids: ids of two runs must differ
	events int

	mu           sync.Mutex
	shown        map[string]string // keys printed, and what was answered for them: a delivery tried again is printed once
	cases        []caseMessage     // messages about cases, in the order of the numbers to reply to them
	buttonsShown []shownButton     // what numbers and words may press
	ref          string            // the message they hang on
	prompt       bool              // the person is being waited for
	err          error             // of writing
}

// caseMessage is a message of the office's side that can be replied to.
type caseMessage struct {
	ref     string
	buttons []shownButton
}

var _ turn.Referrer = (*Door)(nil)

// New makes the door.
func New(c Config) *Door {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Width < 20 {
		c.Width = 80
	}
	if c.Lang == "" {
		c.Lang = locales.Default
	}
	d := &Door{Config: c, runID: hex.EncodeToString(random(6)), shown: map[string]string{}}
	d.spoken.Store(c.Lang)
	return d
}

// say is a sentence of the terminal itself, terminal.key, in the language the bot last spoke.
func (d *Door) say(key string, args ...any) string {
	lang, _ := d.spoken.Load().(string)
	return d.Locales.Say(lang, "terminal."+key, args...)
}

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails
	return b
}

const (
	maxLine = 1 << 20 // bytes of a line
	maxText = 10000   // characters of a message
)

// receiver is the door with what takes its messages in.
type receiver struct {
	*Door
	turn.Inbox
}

// Run talks until the input ends, /quit, or ctx ends: none of them is an error. What
// the door itself cannot take, a file that is not there, it says after "! " and goes
// on. A message that could not be stored ends a script with the error; a person is
// told and may send it again. What the person says goes to in.
func (d *Door) Run(ctx context.Context, in turn.Inbox) error { return (&receiver{d, in}).run(ctx) }

func (d *receiver) run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	lines := make(chan string)
	ended := make(chan error, 1)
	go func() { ended <- readMessages(ctx, d.In, lines) }()
	if err := d.greet(ctx); err != nil {
		return err
	}
	for {
		d.showPrompt()
		select {
		case <-ctx.Done():
			return nil
		case err := <-ended:
			d.print(d.end())
			return err
		case line := <-lines:
			more, err := d.handleLine(ctx, line)
			if err != nil || !more {
				return err
			}
		}
	}
}

// end is a line end for a person, so that the shell's prompt starts a new line.
func (d *Door) end() string {
	if d.Person {
		return "\n"
	}
	return ""
}

// greet greets a person; a script speaks first.
func (d *receiver) greet(ctx context.Context) error {
	if !d.Person {
		return nil
	}
	d.print(d.paint(bold, d.Office) + "\n" + d.paint(faint, d.say("how")) + "\n\n")
	return d.acceptAndWait(ctx, bot.Event{Command: "start"})
}

// handleLine takes one message; more is false after /quit.
func (d *receiver) handleLine(ctx context.Context, line string) (more bool, err error) {
	d.mu.Lock()
	d.prompt = false
	d.mu.Unlock()
	if !d.Person {
		d.print("> " + strings.ReplaceAll(line, "\n", "\n  ") + "\n")
	}
	switch text := strings.TrimSpace(line); {
	case text == "/quit":
		return false, nil
	case text == "":
		return true, nil
	case utf8.RuneCountInString(text) > maxText:
		d.print("! " + d.say("too_long", "Count", maxText) + "\n")
		return true, nil
	}
	e, err := d.event(ctx, line)
	if err != nil {
		d.print("! " + err.Error() + "\n")
		return true, nil
	}
	return true, d.acceptAndWait(ctx, e)
}

// acceptAndWait hands an event in and waits for the answer.
func (d *receiver) acceptAndWait(ctx context.Context, e bot.Event) error {
	d.events++
	e.ID = fmt.Sprintf("term:%s-%d", d.runID, d.events)
	e.At, e.Lang, e.Ref = d.Now(), d.Lang, e.ID
	if e.Command == "join" {
		_, e.Name, _ = strings.Cut(d.Conv, ":") // who uses an invitation is called as their conversation is
	}
	if err := d.Accept(ctx, d.Conv, e); err != nil {
		return d.fail(ctx, d.say("trouble"), fmt.Errorf("accept message: %w", err))
	}
	if err := d.WaitAnswered(ctx, d.Conv); err != nil && ctx.Err() == nil {
		return d.fail(ctx, d.say("slow"), fmt.Errorf("wait for the answer: %w", err))
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.err
}

// fail tells a person and goes on; a script ends with the error.
func (d *Door) fail(ctx context.Context, say string, err error) error {
	d.print("! " + say + "\n")
	if d.Person || ctx.Err() != nil {
		return nil
	}
	return err
}

// readMessages sends messages until the input ends: one line each, more lines where they end
// with a backslash.
func readMessages(ctx context.Context, in io.Reader, out chan<- string) error {
	s := bufio.NewScanner(in)
	s.Buffer(make([]byte, 4096), maxLine)
	message := ""
	for s.Scan() {
		line := strings.TrimSuffix(strings.ToValidUTF8(s.Text(), "\uFFFD"), "\r")
		if head, goes := strings.CutSuffix(line, `\`); goes {
			message += head + "\n"
			continue
		}
		select {
		case out <- message + line:
		case <-ctx.Done():
			return nil
		}
		message = ""
	}
	if message != "" {
		select {
		case out <- message:
		case <-ctx.Done():
		}
	}
	if err := s.Err(); err != nil && !errors.Is(err, io.ErrClosedPipe) {
		return fmt.Errorf("read input: %w", err)
	}
	return nil
}
