package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"dengwen/internal/app"
	"dengwen/internal/config"
	"dengwen/storage/cases"
)

type verifyCmd struct {
	Checkpoints []string `arg:"" optional:"" type:"existingfile"`
}

// Run compares every case, timeline and line of the access log with the hash chain, and the
// chain with its signed checkpoints. It changes nothing, and a running program may go on. The
// error counts what is not as the program wrote it.
func (c verifyCmd) Run(ctx context.Context, s *config.Settings, std streams, sp *speech) error {
	older, err := c.read()
	if err != nil {
		return err
	}
	return app.WithStore(ctx, s, app.NewLog(s, std.err), func(a *app.App) error {
		rows, err := a.Store.VerifyRows(ctx)
		if err != nil {
			return err
		}
		bar := newBar(std.err)
		v, err := a.Store.Verify(ctx, older, func(f cases.Finding) {
			bar.end()
			fmt.Fprintln(std.out, "✗", sp.finding(f))
		}, bar.percents(sp.say("cli.verify.doing"), rows))
		bar.end()
		if err != nil {
			return err
		}
		fmt.Fprintln(std.out, sp.say("cli.verify.counts", "Cases", v.Cases, "Entries", v.Entries, "Lines", v.Lines, "Links", v.Links, "Checkpoints", v.Checkpoints))
		if v.Unlinked > 0 {
			fmt.Fprintln(std.out, sp.say("cli.verify.unlinked", "Count", v.Unlinked))
		}
		if v.Findings > 0 {
			return errors.New(sp.say("cli.verify.found", "Count", v.Findings))
		}
		fmt.Fprintln(std.out, "✓ "+sp.say("cli.verify.good"))
		return nil
	})
}

// finding is a finding in words.
func (sp *speech) finding(f cases.Finding) string {
	what := sp.say("cli.verify.what." + strings.ReplaceAll(f.What, " ", "_"))
	return sp.say("cli.verify.finding", "Kind", sp.say("cli.verify."+f.Kind), "What", what, "Name", f.Name, "How", sp.say("cli.verify.how."+f.How, f.Args...))
}

// read splits files into the checkpoints in them: each is a text, an empty line, and lines of
// signatures that begin with a dash.
func (c verifyCmd) read() (all []string, err error) {
	for _, name := range c.Checkpoints {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read checkpoints: %w", err)
		}
		found := app.SplitCheckpoints(strings.ReplaceAll(string(text), "\r\n", "\n"))
		if len(found) == 0 {
			return nil, fmt.Errorf("read checkpoints: %s has none", name)
		}
		all = append(all, found...)
	}
	return all, nil
}
