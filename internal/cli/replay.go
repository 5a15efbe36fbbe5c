package cli

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"dengwen/internal/scrub"

	"dengwen/assist/classify"
	"dengwen/bot/citizen"
	"dengwen/internal/app"
	"dengwen/internal/config"
	"dengwen/internal/replay"
	"dengwen/internal/test/memory"
	"dengwen/petition"
)

type replayCmd struct {
	File   string `arg:"" type:"existingfile"`
	Number int    `default:"400"`
	Seed   uint64 `default:"1"`
	Place  string `default:"towns" enum:"towns,none,asis"`
	Title  bool
	Show   bool
}

// Run replays the messages on an office in memory; nothing is kept.
func (c replayCmd) Run(ctx context.Context, s *config.Settings, std streams) error {
	var all []replay.Message
	err := withInput(c.File, std.in, func(in io.Reader) (err error) {
		all, err = replay.Read(in)
		return err
	})
	if err != nil {
		return err
	}
	o, err := app.LoadOffice(s.Office)
	if err != nil {
		return err
	}
	h, err := newReplay(s, o)
	if err != nil {
		return err
	}
	progress := classify.Progress(os.Stderr)
	chosen := replay.Sample(all, c.Number, c.Seed)
	var runs []replay.Run
	for i, m := range chosen {
		run, err := h.Replay(ctx, m.ID, c.words(m, o))
		if err != nil {
			return err
		}
		if c.Show && (run.Ticket == "" || run.Messages > 3) {
			fmt.Fprintln(std.out, m.ID, run.Messages, run.Asked)
		}
		if runs = append(runs, run); progress != nil {
			progress(i+1, len(chosen))
		}
	}
	replay.Sum(runs).Print(std.out)
	return nil
}

func (c replayCmd) words(m replay.Message, o *petition.Office) string {
	text := m.Text
	if c.Title || strings.TrimSpace(text) == "" {
		text = strings.TrimSpace(m.Title + "\n" + m.Text)
	}
	var towns []string
	for _, p := range o.Places {
		towns = append(towns, p.Name)
	}
	switch c.Place {
	case "asis":
		return text
	case "none":
		towns = nil
	}
	return replay.Settle(text, towns)
}

// newReplay is the office with cases in memory, and with the model where one is configured.
func newReplay(s *config.Settings, o *petition.Office) (replay.Office, error) {
	words, err := app.OpenLocales(s)
	if err != nil {
		return replay.Office{}, err
	}
	book, err := app.NewBook(s, o, words)
	if err != nil {
		return replay.Office{}, err
	}
	w, err := app.NewReaders(s, o, book)
	if err != nil {
		return replay.Office{}, err
	}
	hash := func(purpose, value string) []byte {
		m := hmac.New(sha256.New, []byte("nothing here is kept"))
		fmt.Fprintf(m, "%d:%s:%s", len(purpose), purpose, value)
		return m.Sum(nil)
	}
	cases := petition.NewService(memory.NewMemory(), o, petition.DefaultCalendar(), hash, time.Now, app.NewID, new(memory.Blobs)).WithScrub(scrub.New(scrub.DefaultLimits()))
	return replay.Office{
		Step: citizen.New(o, words, citizen.Settings{}).Step, Reader: w.Reader, Answer: w.Answer, Cases: cases, Now: time.Now,
	}, nil
}
