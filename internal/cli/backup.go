package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"dengwen/internal/app"
	"dengwen/internal/config"
	"dengwen/storage/cases"
)

type backupCmd struct {
	To string `arg:"" optional:"" type:"path"`
}

// Run writes a backup and reads it back. A running program may go on.
func (c backupCmd) Run(ctx context.Context, s *config.Settings, std streams, sp *speech) error {
	return app.WithBackup(ctx, s, app.NewLog(s, std.err), func(a *app.App) error {
		bars := newSteps(std, sp)
		m, err := a.Backup(ctx, c.To, bars.step)
		bars.end()
		if err != nil {
			return err
		}
		rows := 0
		for _, p := range m.End.Parts {
			rows += p.Rows
		}
		fmt.Fprintln(std.out, "✓ "+sp.say("cli.backup.made", "File", m.File, "KB", (m.Size+1023)>>10, "Rows", rows, "Files", m.Files, "Fresh", m.Fresh))
		fmt.Fprintln(std.out, sp.say("cli.backup.key"))
		return nil
	})
}

// stepBars shows one bar after the other.
type stepBars struct {
	std streams
	*speech
	bar *progressBar
}

func newSteps(std streams, sp *speech) *stepBars { return &stepBars{std: std, speech: sp} }

func (b *stepBars) step(step string, total int) func(int) {
	b.end()
	b.bar = newBar(b.std.err)
	return b.bar.percents(b.say("cli.step."+step), total)
}

func (b *stepBars) end() {
	if b.bar != nil {
		b.bar.end()
		b.bar = nil
	}
}

type restoreCmd struct {
	File          string `arg:"" optional:"" type:"existingfile"`
	OriginalIsOff bool
}

// Run restores a backup, or lets a restored store be worked with, or both.
func (c restoreCmd) Run(ctx context.Context, s *config.Settings, std streams, sp *speech) error {
	if c.File == "" && !c.OriginalIsOff {
		return fault("cli.restore.usage", nil)
	}
	if c.File != "" {
		if err := c.restore(ctx, s, std, sp); err != nil {
			return err
		}
	}
	if !c.OriginalIsOff {
		fmt.Fprintln(std.out, sp.say("cli.restore.next"))
		return nil
	}
	if err := app.Release(ctx, s, app.NewLog(s, std.err)); err != nil {
		return err
	}
	fmt.Fprintln(std.out, "✓ "+sp.say("cli.restore.released"))
	return nil
}

func (c restoreCmd) restore(ctx context.Context, s *config.Settings, std streams, sp *speech) error {
	bars := newSteps(std, sp)
	r, err := app.Restore(ctx, s, app.NewLog(s, std.err), c.File, bars.step, func(f cases.Finding) {
		bars.end()
		fmt.Fprintln(std.out, "✗", sp.finding(f))
	})
	bars.end()
	if err != nil {
		return err
	}
	v := r.Verified
	fmt.Fprintln(std.out, "✓ "+sp.say("cli.restore.done", "Made", r.Made.Local().Format(time.DateTime), "Cases", v.Cases, "Conversations", r.End.Parts["conversations"].Rows, "Files", r.Files))
	if v.Findings > 0 {
		return errors.New(sp.say("cli.verify.found", "Count", v.Findings))
	}
	fmt.Fprintln(std.out, "✓ "+sp.say("cli.verify.good"))
	fmt.Fprintln(std.out, sp.say("cli.restore.look"))
	return nil
}
