package office

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"dengwen/petition"
)

// Book is the office's file with its history: a folder with the copy before each change and a log of
// who changed what.
type Book struct {
	Path   string // "" = the built-in example, which can't be changed
	Folder string
	Held   func(ctx context.Context, o *petition.Office) error // open cases of units that o has no more; nil = not asked
}

// Edit is one line of the log.
type Edit struct {
	At     time.Time `json:"at"` // UTC
	By     string    `json:"by"`
	Before string    `json:"before"` // name of the copy of the file before
	What   []Change  `json:"what"`
}

// Preview says what a text in the place of the file would change, and what to look at. The error says
// why it may not be: a fault of the text, a name or an entry that cases would lose, open cases of a unit that it has no
// more.
func (b Book) Preview(ctx context.Context, text []byte) ([]Change, []error, error) {
	now, warnings, err := read(text)
	if err != nil {
		return nil, warnings, err
	}
	was, _, err := Load(b.Path)
	if err != nil {
		return nil, warnings, err
	}
	changes := Compare(was, now)
	faults := Lost(changes)
	if b.Held != nil && len(changes) > 0 {
		faults = append(faults, b.Held(ctx, now))
	}
	return changes, warnings, errors.Join(faults...)
}

// Put puts a text in the place of the file, having looked at it as Preview does, and answers what changed and the
// path of the copy before. It writes beside and renames, so that a crash leaves no half file. Invalid "cli.office.built_in"
// for the built-in example; Conflict "office_file.changed" where the file is not was any more, nil = not asked.
func (b Book) Put(ctx context.Context, text, was []byte, by string, at time.Time) ([]Change, string, error) {
	if b.Path == "" {
		return nil, "", petition.Fail(petition.Invalid, "cli.office.built_in")
	}
	before, err := File(b.Path)
	if err != nil {
		return nil, "", err
	}
	if was != nil && !slices.Equal(before, was) {
		return nil, "", petition.Fail(petition.Conflict, "office_file.changed")
	}
	changes, _, err := b.Preview(ctx, text)
	if err != nil || slices.Equal(before, text) {
		return nil, "", err
	}
	if err := os.MkdirAll(b.Folder, 0o700); err != nil {
		return nil, "", fmt.Errorf("make %s: %w", b.Folder, err)
	}
	at = at.UTC()
	kept, err := b.keep(before, at)
	if err != nil {
		return nil, "", fmt.Errorf("keep the file before: %w", err)
	}
	if err := os.WriteFile(b.Path+".new", text, 0o600); err != nil {
		return nil, "", fmt.Errorf("write the office's file: %w", err)
	}
	if err := b.Note(Edit{At: at, By: by, Before: filepath.Base(kept), What: changes}); err != nil {
		return nil, "", err
	}
	if err := os.Rename(b.Path+".new", b.Path); err != nil {
		return nil, "", fmt.Errorf("put the office's file in its place: %w", err)
	}
	return changes, kept, nil
}

// keep writes a copy down under the moment, a little later where there is one of it already, and answers its path.
func (b Book) keep(text []byte, at time.Time) (string, error) {
	for ; ; at = at.Add(time.Millisecond) {
		path := filepath.Join(b.Folder, at.Format("20060102T150405.000")+".yaml")
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if errors.Is(err, os.ErrExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		_, err = f.Write(text)
		return path, errors.Join(err, f.Close())
	}
}

// Note adds a line to the log. Before is "" for what is not the file's own: keys, the calendar.
func (b Book) Note(e Edit) error {
	if err := os.MkdirAll(b.Folder, 0o700); err != nil {
		return fmt.Errorf("make %s: %w", b.Folder, err)
	}
	line, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("write the log of the office's data: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(b.Folder, "changes.jsonl"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write the log of the office's data: %w", err)
	}
	_, err = f.Write(append(line, '\n'))
	return errors.Join(err, f.Sync(), f.Close())
}

// Log is who changed what, the first change first.
func (b Book) Log() (all []Edit, err error) {
	f, err := os.Open(filepath.Join(b.Folder, "changes.jsonl"))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the log of the office's data: %w", err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e Edit
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return nil, fmt.Errorf("read the log of the office's data: %w", err)
		}
		all = append(all, e)
	}
	return all, lines.Err()
}

var copyName = regexp.MustCompile(`^\d{8}T\d{6}\.\d{3}\.yaml$`)

// Before is the file as it was before a change of the log. NotFound "office_file.copy" for a name that is none.
func (b Book) Before(name string) ([]byte, error) {
	if !copyName.MatchString(name) {
		return nil, petition.Fail(petition.NotFound, "office_file.copy")
	}
	text, err := os.ReadFile(filepath.Join(b.Folder, name))
	if errors.Is(err, os.ErrNotExist) {
		return nil, petition.Fail(petition.NotFound, "office_file.copy")
	}
	return text, err
}

// Part is one of the file's settings or lists, with the remarks above it.
type Part struct{ Key, Text string }

var keyLine = regexp.MustCompile(`^([a-z_]+):`)

// Parts are those of a text, in its order: put together they are the text again.
func Parts(text []byte) (all []Part) {
	var above strings.Builder // remarks and empty lines, which belong to what stands below them
	for line := range strings.Lines(string(text)) {
		switch m := keyLine.FindStringSubmatch(line); {
		case m != nil:
			all = append(all, Part{m[1], above.String() + line})
			above.Reset()
		case strings.HasPrefix(line, "#") || strings.TrimSpace(line) == "":
			above.WriteString(line)
		case len(all) > 0:
			all[len(all)-1].Text += above.String() + line
			above.Reset()
		default:
			above.WriteString(line)
		}
	}
	if len(all) > 0 {
		all[len(all)-1].Text += above.String()
	}
	return all
}

// With is a text with another one in the place of a part; a part that it lacks comes last.
func With(text []byte, key, part string) []byte {
	if part != "" && !strings.HasSuffix(part, "\n") {
		part += "\n"
	}
	var b strings.Builder
	found := false
	for _, p := range Parts(text) {
		if p.Key == key && !found {
			p.Text, found = part, true
		}
		b.WriteString(p.Text)
	}
	if !found {
		b.WriteString(part)
	}
	return []byte(b.String())
}
