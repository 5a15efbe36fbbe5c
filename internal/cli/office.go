package cli

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"dengwen/internal/app"
	"dengwen/internal/config"
	"dengwen/internal/office"
	"dengwen/petition"
)

type officeCmd struct {
	Diff   officeDiffCmd   `cmd:""`
	Import officeImportCmd `cmd:""`
	Export officeExportCmd `cmd:""`
	Log    officeLogCmd    `cmd:""`
}

type officeDiffCmd struct {
	File string `arg:"" type:"existingfile"`
}

// Run changes nothing.
func (c officeDiffCmd) Run(ctx context.Context, s *config.Settings, std streams, sp *speech) error {
	_, err := sp.previewOffice(ctx, s, c.File, std)
	return err
}

type officeImportCmd struct {
	File string `arg:"" type:"existingfile"`
	By   string `required:""`
}

// Run puts a file in the place of the office's.
func (c officeImportCmd) Run(ctx context.Context, s *config.Settings, std streams, sp *speech) error {
	if s.Office == "" {
		return fault("cli.office.built_in", nil)
	}
	changes, err := sp.previewOffice(ctx, s, c.File, std)
	if err != nil || len(changes) == 0 {
		return err
	}
	data, err := os.ReadFile(c.File)
	if err != nil {
		return fault("cli.file_unread", err, "file", c.File)
	}
	_, kept, err := app.Book(s).Put(ctx, data, nil, c.By, time.Now())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(std.out, sp.say("cli.office.imported", "File", s.Office, "Before", kept))
	return err
}

type officeExportCmd struct{}

// Run prints the file itself, with its remarks.
func (officeExportCmd) Run(s *config.Settings, std streams) error {
	data, err := office.File(s.Office)
	if err != nil {
		return err
	}
	_, err = std.out.Write(data)
	return err
}

type officeLogCmd struct{}

func (officeLogCmd) Run(s *config.Settings, std streams, sp *speech) error {
	all, err := app.Book(s).Log()
	if err == nil && len(all) == 0 {
		_, err = fmt.Fprintln(std.out, sp.say("cli.office.no_log"))
	}
	for _, e := range all {
		fmt.Fprintln(std.out, sp.say("cli.office.log", "Time", e.At.Local().Format("2006-01-02 15:04"), "By", e.By, "Before", e.Before))
		for _, x := range e.What {
			fmt.Fprintln(std.out, sp.officeChange(x))
		}
	}
	return err
}

// previewOffice says what a file would change. The error says why it may not: a fault of the file, a
// name or an entry that cases would lose, open cases of a unit that it has no more.
func (s *speech) previewOffice(ctx context.Context, set *config.Settings, file string, std streams) ([]office.Change, error) {
	data, err := office.File(file)
	if err != nil {
		return nil, err
	}
	book := app.Book(set)
	if set.CaseAPI == "" {
		book.Held = func(ctx context.Context, o *petition.Office) error {
			return app.WithStore(ctx, set, app.NewLog(set, std.err), func(a *app.App) error { return app.CheckUnits(ctx, a.Store, o) })
		}
	}
	changes, warnings, err := book.Preview(ctx, data)
	for _, c := range changes {
		fmt.Fprintln(std.out, s.officeChange(c))
	}
	for _, w := range warnings {
		fmt.Fprintln(std.out, "! "+app.Explain(s.words, s.lang, w))
	}
	if err != nil {
		return nil, fault("cli.office.refused", err, "file", file)
	}
	if len(changes) == 0 {
		_, err = fmt.Fprintln(std.out, s.say("cli.office.same"))
	}
	return changes, err
}

func (s *speech) officeChange(c office.Change) string {
	key := "cli.office.changed"
	switch {
	case c.Field == "" && c.Was == "":
		key = "cli.office.new"
	case c.Field == "":
		key = "cli.office.gone"
	}
	where := strings.TrimSpace(c.List + " " + c.Code)
	return s.say(key, "Where", where, "Name", c.Name, "Field", c.Field, "Was", c.Was, "Now", c.Now)
}
