package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"dengwen/internal/app"
	"dengwen/internal/config"
	"dengwen/internal/office"
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

// Run writes beside and renames, so that a crash leaves no half file. Running processes read
// the file when they start.
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
	before, err := os.ReadFile(s.Office)
	if err != nil {
		return fault("cli.file_unread", err, "file", s.Office)
	}
	now := time.Now().UTC()
	folder := officeFolder(s)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make %s: %w", folder, err)
	}
	kept := filepath.Join(folder, now.Format("20060102T150405.000")+".yaml")
	if err := os.WriteFile(kept, before, 0o600); err != nil {
		return fmt.Errorf("keep the file before: %w", err)
	}
	if err := os.WriteFile(s.Office+".new", data, 0o600); err != nil {
		return fmt.Errorf("write the office's file: %w", err)
	}
	if err := logOffice(folder, officeChange{At: now, By: c.By, Before: filepath.Base(kept), What: changes}); err != nil {
		return err
	}
	if err := os.Rename(s.Office+".new", s.Office); err != nil {
		return fmt.Errorf("put the office's file in its place: %w", err)
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
	f, err := os.Open(filepath.Join(officeFolder(s), "changes.jsonl"))
	if errors.Is(err, os.ErrNotExist) {
		_, err = fmt.Fprintln(std.out, sp.say("cli.office.no_log"))
		return err
	}
	if err != nil {
		return fmt.Errorf("read the log of the office's data: %w", err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var c officeChange
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			return fmt.Errorf("read the log of the office's data: %w", err)
		}
		fmt.Fprintln(std.out, sp.say("cli.office.log", "Time", c.At.Local().Format("2006-01-02 15:04"), "By", c.By, "Before", c.Before))
		for _, x := range c.What {
			fmt.Fprintln(std.out, sp.officeChange(x))
		}
	}
	return lines.Err()
}

// officeChange is one line of the log: when (UTC), who, what, and the copy of the file before.
type officeChange struct {
	At     time.Time       `json:"at"`
	By     string          `json:"by"`
	Before string          `json:"before"`
	What   []office.Change `json:"what"`
}

func officeFolder(s *config.Settings) string { return filepath.Join(s.DataDir, "office") }

func logOffice(folder string, c officeChange) error {
	line, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("write the log of the office's data: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(folder, "changes.jsonl"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write the log of the office's data: %w", err)
	}
	_, err = f.Write(append(line, '\n'))
	return errors.Join(err, f.Sync(), f.Close())
}

// previewOffice says what a file would change. The error says why it may not: a fault of the file, a
// name or an entry that cases would lose, open cases of a unit that it has no more.
func (s *speech) previewOffice(ctx context.Context, set *config.Settings, file string, std streams) ([]office.Change, error) {
	now, warnings, err := office.Load(file)
	if err != nil {
		return nil, err
	}
	was, _, err := office.Load(set.Office)
	if err != nil {
		return nil, err
	}
	changes := office.Compare(was, now)
	for _, c := range changes {
		fmt.Fprintln(std.out, s.officeChange(c))
	}
	for _, w := range warnings {
		fmt.Fprintln(std.out, "! "+app.Explain(s.words, s.lang, w))
	}
	if len(changes) == 0 {
		_, err := fmt.Fprintln(std.out, s.say("cli.office.same"))
		return nil, err
	}
	faults := office.Lost(changes)
	if set.CaseAPI == "" {
		faults = append(faults, app.WithStore(ctx, set, app.NewLog(set, std.err), func(a *app.App) error { return app.CheckUnits(ctx, a.Store, now) }))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, fault("cli.office.refused", err, "file", file)
	}
	return changes, nil
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
