package cli

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"dengwen/internal/app"
	"dengwen/internal/config"
	"dengwen/internal/exchange"
	"dengwen/petition"
	"dengwen/petition/batch"
)

type exchangeCmd struct {
	Export  exchangeExportCmd  `cmd:""`
	Compare exchangeCompareCmd `cmd:""`
	Import  exchangeImportCmd  `cmd:""`
}

// exchangeRun is what the commands share.
type exchangeRun struct {
	a   *app.App
	std streams
	sp  *speech
	who petition.Actor
}

func withExchange(ctx context.Context, s *config.Settings, std streams, sp *speech, do func(r exchangeRun) error) error {
	return app.WithBatches(ctx, s, app.NewLog(s, std.err), func(a *app.App) error {
		return do(exchangeRun{a, std, sp, app.CommandLine(a.Office)})
	})
}

type exchangeExportCmd struct {
	File    string `arg:""`
	All     bool
	GB18030 bool `name:"gb18030"`
}

// Run writes a file for the system above, as the desk does.
func (c exchangeExportCmd) Run(ctx context.Context, s *config.Settings, std streams, sp *speech) error {
	return withExchange(ctx, s, std, sp, func(r exchangeRun) error {
		want := exchange.Wanted{Form: exchange.FormCSV, All: c.All}
		switch {
		case strings.EqualFold(filepath.Ext(c.File), ".xlsx"):
			want.Form = exchange.FormXLSX
		case c.GB18030:
			want.Form = exchange.FormGB18030
		}
		input, err := json.Marshal(want)
		if err != nil {
			return err
		}
		to, err := os.OpenFile(c.File, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
		if err != nil {
			return fault("cli.file_unwritten", err, "file", c.File)
		}
		b := batch.Batch{ID: app.NewID(), Kind: exchange.KindExport, Staff: r.who.Staff, Name: filepath.Base(c.File), At: time.Now(), State: batch.Waiting, Input: input}
		if err = r.a.Store.PutBatch(ctx, b); err == nil {
			b, err = r.work(ctx, b.ID)
		}
		if err == nil {
			err = r.a.CopyBlob(ctx, b.Result, to)
		}
		if err := errors.Join(err, to.Close()); err != nil {
			return errors.Join(err, os.Remove(c.File))
		}
		_, err = fmt.Fprintln(std.out, sp.say("cli.exchange.written", "File", c.File, "Cases", b.Made))
		return err
	})
}

type exchangeCompareCmd struct {
	File        string `arg:""`
	Differences string `placeholder:"differences.csv"`
}

// Run lists what differs between a file of the system above and what is here.
func (c exchangeCompareCmd) Run(ctx context.Context, s *config.Settings, std streams, sp *speech) error {
	return withExchange(ctx, s, std, sp, func(r exchangeRun) error {
		b, err := r.compare(ctx, c.File)
		if err != nil {
			return err
		}
		fmt.Fprintln(std.out, sp.say("cli.exchange.differs", "Agree", b.Made, "Differ", b.Refused))
		if c.Differences != "" {
			return r.toFile(ctx, b, c.Differences)
		}
		return r.each(ctx, b, func(x batch.Refusal) error {
			_, err := fmt.Fprintln(std.out, x.What, whyOf(sp, x))
			return err
		})
	})
}

type exchangeImportCmd struct {
	File    string `arg:""`
	DryRun  bool   `name:"dry-run"`
	Refused string `placeholder:"refused.csv"`
}

// Run takes in what a file of the system above has and this office has not.
func (c exchangeImportCmd) Run(ctx context.Context, s *config.Settings, std streams, sp *speech) error {
	return withExchange(ctx, s, std, sp, func(r exchangeRun) error {
		b, err := r.compare(ctx, c.File)
		if err != nil {
			return err
		}
		if c.DryRun {
			return r.look(ctx, b)
		}
		if b, err = r.a.Exchanger.TakeIn(ctx, r.who, b); err == nil {
			b, err = r.work(ctx, b.ID)
		}
		if err != nil {
			return err
		}
		fmt.Fprintln(std.out, sp.say("cli.exchange.taken", "Made", b.Made, "Known", exchange.Known(b), "Refused", b.Refused))
		if c.Refused != "" {
			return r.toFile(ctx, b, c.Refused)
		}
		return r.each(ctx, b, r.tell)
	})
}

func (r exchangeRun) tell(x batch.Refusal) error {
	_, err := fmt.Fprintln(r.std.out, "! "+r.sp.say("cli.import.line", "Line", x.What, "Why", whyOf(r.sp, x)))
	return err
}

func (r exchangeRun) look(ctx context.Context, b batch.Batch) error {
	o, err := r.a.Exchanger.Look(ctx, r.who, b)
	if err != nil {
		return err
	}
	fmt.Fprintln(r.std.out, r.sp.say("cli.exchange.dry", "Good", o.Good, "Known", o.Known, "Bad", len(o.Refused)))
	for _, x := range o.Refused {
		if err := r.tell(x); err != nil {
			return err
		}
	}
	return nil
}

func (r exchangeRun) compare(ctx context.Context, path string) (batch.Batch, error) {
	f, err := os.Open(path)
	if err != nil {
		return batch.Batch{}, fault("cli.file_unread", err, "file", path)
	}
	defer f.Close()
	b, err := r.a.Exchanger.Take(ctx, r.who, filepath.Base(path), f)
	if err != nil {
		return b, err
	}
	return r.work(ctx, b.ID)
}

// work works on a batch to its end; one that failed is an error.
func (r exchangeRun) work(ctx context.Context, id string) (batch.Batch, error) {
	b, err := workOn(ctx, r.a, r.std, r.sp, id)
	if err == nil && b.State == batch.Failed {
		err = fault(b.Why, nil)
	}
	return b, err
}

func (r exchangeRun) each(ctx context.Context, b batch.Batch, do func(batch.Refusal) error) error {
	for after := -1; ; {
		some, err := r.a.Store.Refusals(ctx, b.ID, after, 500)
		if err != nil || len(some) == 0 {
			return err
		}
		for _, x := range some {
			after = x.Item
			if err := do(x); err != nil {
				return err
			}
		}
	}
}

// toFile writes what was refused, or differs, as a table.
func (r exchangeRun) toFile(ctx context.Context, b batch.Batch, path string) error {
	to, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fault("cli.file_unwritten", err, "file", path)
	}
	if _, err := io.WriteString(to, "\ufeff"); err != nil {
		return errors.Join(err, to.Close())
	}
	w := csv.NewWriter(to)
	err = r.each(ctx, b, func(x batch.Refusal) error { return w.Write([]string{x.What, whyOf(r.sp, x)}) })
	w.Flush()
	return errors.Join(err, w.Error(), to.Close())
}
