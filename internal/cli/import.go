package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"dengwen/internal/app"
	"dengwen/internal/archive"
	"dengwen/internal/backlog"
	"dengwen/internal/config"
	"dengwen/petition"
	"dengwen/petition/batch"
)

type importCmd struct {
	File    string            `arg:"" optional:""`
	DryRun  bool              `name:"dry-run"`
	Column  map[string]string `placeholder:"facts=信访内容"`
	Refused string            `placeholder:"refused.csv"`
	List    bool
	Undo    string `placeholder:"ID"`
}

// Run takes a table of another system over, as the desk does, or an archive that export wrote.
func (c importCmd) Run(ctx context.Context, s *config.Settings, std streams, sp *speech) error {
	return app.WithBatches(ctx, s, app.NewLog(s, std.err), func(a *app.App) error {
		r := importRun{importCmd: c, a: a, std: std, sp: sp, who: app.CommandLine(a.Office)}
		switch {
		case c.List:
			return r.list(ctx)
		case c.Undo != "":
			return r.undo(ctx)
		case c.File == "":
			return fault("import.file.none", nil)
		case strings.EqualFold(filepath.Ext(c.File), ".zip"):
			return r.adopt(ctx)
		}
		return r.table(ctx)
	})
}

type importRun struct {
	importCmd
	a   *app.App
	std streams
	sp  *speech
	who petition.Actor
}

func (r importRun) table(ctx context.Context) error {
	f, err := os.Open(r.File)
	if err != nil {
		return fault("cli.file_unread", err, "file", r.File)
	}
	defer f.Close()
	b, err := r.a.Importer.Take(ctx, r.who, filepath.Base(r.File), f)
	if err != nil {
		return err
	}
	p, err := r.a.Importer.Preview(ctx, b, nil)
	if err != nil {
		return err
	}
	columns, err := r.columns(p)
	if err != nil {
		return err
	}
	if p, err = r.a.Importer.Preview(ctx, b, columns); err != nil {
		return err
	}
	r.show(p)
	if r.DryRun {
		return r.a.Store.StopBatch(ctx, b.ID, time.Now())
	}
	if err := r.a.Importer.Start(ctx, r.who, b, columns); err != nil {
		return err
	}
	if b, err = r.finish(ctx, b.ID); err != nil || r.Refused == "" {
		return err
	}
	to, err := os.OpenFile(r.Refused, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("write refused lines: %w", err)
	}
	heads := [2]string{r.sp.say("desk.page.import.line"), r.sp.say("desk.page.bulk.why")}
	return errors.Join(r.a.Importer.Refused(ctx, b, heads, r.why, to), to.Close())
}

// columns are those that were found, with those that the flag names in their place.
func (r importRun) columns(p backlog.Preview) (backlog.Columns, error) {
	for field, name := range r.Column {
		at := slices.Index(p.Heads, name)
		if at < 0 || !slices.Contains(backlog.Fields(), field) {
			return nil, fault("cli.import.column", nil, "field", field, "name", name, "fields", strings.Join(backlog.Fields(), " "))
		}
		p.Columns[field] = at
	}
	return p.Columns, nil
}

func (r importRun) show(p backlog.Preview) {
	for _, field := range backlog.Fields() {
		if at, have := p.Columns[field]; have {
			fmt.Fprintln(r.std.out, r.sp.say("cli.import.reads", "Field", r.sp.say("import.field."+field), "Name", p.Heads[at]))
		}
	}
	for _, l := range p.Refused[:min(len(p.Refused), 20)] {
		fmt.Fprintln(r.std.out, "! "+r.sp.say("cli.import.line", "Line", l.Number, "Why", r.fault(l.Faults[0])))
	}
	fmt.Fprintln(r.std.out, r.sp.say("desk.page.import.found", "Good", p.Good, "Bad", p.Bad))
}

func (r importRun) fault(f backlog.Fault) string {
	field := ""
	if f.Field != "" {
		field = r.sp.say("import.field." + f.Field)
	}
	return r.sp.say(f.Key, "Field", field, "Value", f.Value)
}

func (r importRun) why(x batch.Refusal) string { return whyOf(r.sp, x) }

// whyOf is the sentence of a refusal.
func whyOf(sp *speech, x batch.Refusal) string {
	if strings.HasPrefix(x.Key, "import.fault.") {
		return importRun{sp: sp}.fault(backlog.Fault{Field: x.Args["field"], Key: x.Key, Value: x.Args["value"]})
	}
	return app.Explain(sp.words, sp.lang, &petition.Error{Code: petition.Invalid, Key: x.Key, Args: x.Args})
}

// finish works on a batch to its end, with a bar, and says what came of it.
func (r importRun) finish(ctx context.Context, id string) (batch.Batch, error) {
	b, err := workOn(ctx, r.a, r.std, r.sp, id)
	if err != nil {
		return b, err
	}
	line := r.sp.say("desk.page.batch.state."+string(b.State)) + " · " + r.sp.say("desk.page.bulk.made", "Made", b.Made, "Refused", b.Refused)
	fmt.Fprintln(r.std.out, line)
	if b.Kind == backlog.Kind {
		fmt.Fprintln(r.std.out, r.sp.say("cli.import.undo_with", "ID", b.ID))
	}
	if b.State == batch.Failed {
		return b, fault(b.Why, nil)
	}
	return b, nil
}

// workOn works on a batch to its end, with a bar.
func workOn(ctx context.Context, a *app.App, std streams, sp *speech, id string) (b batch.Batch, err error) {
	bar := newBar(std.err)
	ended := make(chan error, 1)
	go func() {
		_, err := a.Worker.Work(ctx, id)
		ended <- err
	}()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for running := true; running; {
		select {
		case err = <-ended:
			running = false
		case <-tick.C:
			if b, more := a.Store.Batch(ctx, id); more == nil {
				bar.show(b.Done, b.Total, sp.say("desk.page.batch.so_far", "Done", b.Done, "Total", b.Total))
			}
		}
	}
	bar.end()
	b, more := a.Store.Batch(context.WithoutCancel(ctx), id)
	return b, errors.Join(err, more)
}

func (r importRun) undo(ctx context.Context) error {
	b, err := r.a.Store.Batch(ctx, r.Undo)
	if err != nil {
		return err
	}
	id, err := r.a.Importer.Undo(ctx, r.who, b)
	if err != nil {
		return err
	}
	if _, err = r.finish(ctx, id); err != nil {
		return err
	}
	kept, err := r.a.Store.Refusals(ctx, id, -1, 1000)
	for _, x := range kept {
		fmt.Fprintln(r.std.out, "! "+r.why(x))
	}
	return err
}

func (r importRun) list(ctx context.Context) error {
	all, err := r.a.Store.Batches(ctx, time.Now().AddDate(0, 0, -90), 100)
	for _, b := range all {
		if b.Kind == backlog.Kind || b.Kind == backlog.KindUndo {
			fmt.Fprintln(r.std.out, b.ID, b.At.Local().Format("2006-01-02 15:04"), r.sp.say("desk.page.batch.kind."+b.Kind), b.Name, r.sp.say("desk.page.batch.state."+string(b.State)),
				r.sp.say("desk.page.bulk.made", "Made", b.Made, "Refused", b.Refused))
		}
	}
	return err
}

// adopt reads an archive. What is there already is passed over, so it may be run again.
func (r importRun) adopt(ctx context.Context) error {
	made, known, bar := 0, 0, newBar(r.std.err)
	m, err := archive.Read(r.File, func(c petition.Case) error {
		if r.DryRun {
			made++
			return nil
		}
		err := r.a.Adopt(ctx, c)
		if errors.Is(err, petition.Fail(petition.Conflict, "import.known")) {
			known++
			return nil
		}
		if made++; made%500 == 0 {
			bar.show(made, made, strconv.Itoa(made))
		}
		return err
	})
	bar.end()
	fmt.Fprintln(r.std.out, r.sp.say("cli.import.adopted", "Office", m.Office, "Made", made, "Known", known))
	return err
}

type exportCmd struct {
	File     string `arg:""`
	Reason   string `required:""`
	Contacts bool
}

// Run writes an archive of every case but reports on misconduct, as the desk does.
func (c exportCmd) Run(ctx context.Context, s *config.Settings, std streams, sp *speech) error {
	return app.WithBatches(ctx, s, app.NewLog(s, std.err), func(a *app.App) error {
		to, err := os.OpenFile(c.File, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
		if err != nil {
			return fault("cli.file_unwritten", err, "file", c.File)
		}
		m, err := a.Export(ctx, to, archive.Wanted{Reason: c.Reason, Contacts: c.Contacts})
		if err := errors.Join(err, to.Close()); err != nil {
			return errors.Join(err, os.Remove(c.File))
		}
		_, err = fmt.Fprintln(std.out, sp.say("cli.export.done", "File", c.File, "Cases", m.Cases, "Entries", m.Entries))
		return err
	})
}
