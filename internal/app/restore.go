package app

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"dengwen/internal/backup"
	"dengwen/internal/config"
	"dengwen/internal/seal"
	"dengwen/petition"
	"dengwen/storage/blob"
	"dengwen/storage/cases"
)

// RestoredBackup is what a restore put back.
type RestoredBackup struct {
	Made     time.Time // of the backup
	End      backup.End
	Files    int
	Verified cases.Verification
}

// errEnough ends reading a backup where all that is asked for was read.
var errEnough = errors.New("read enough")

// restoreBatch and restoreBytes bound how many records go into a store together.
const (
	restoreBatch = 200
	restoreBytes = 4 << 20
)

// Restore puts a backup into the stores of the settings, whichever they are, which must be empty. The
// whole backup is read before anything is written. Afterwards the record is verified, found is told
// what is wrong with it, and the store waits for Release. The key has to be there already.
func Restore(ctx context.Context, s *config.Settings, log *slog.Logger, file string, steps Steps, found func(cases.Finding)) (r RestoredBackup, err error) {
	if s.CaseAPI != "" {
		return r, fault("cli.store_elsewhere", nil, "url", caseAPIAt(s))
	}
	if err := keyThere(s); err != nil {
		return r, err
	}
	a := &App{Settings: s, log: log}
	defer func() { err = errors.Join(err, a.Close()) }()
	if a.Box, err = OpenKey(s, log); err != nil {
		return r, err
	}
	j := &restoreJob{app: a, file: file, steps: steps, found: found, result: &r}
	if err := j.readWhole(); errors.Is(err, seal.ErrUnknownKey) {
		return r, fault("cli.restore.key_other", err, "file", file)
	} else if err != nil {
		return r, fault("cli.restore.unread", err, "file", file)
	}
	if err := j.openEmpty(ctx); err != nil {
		return r, err
	}
	i, err := cases.BeginImport(ctx, s.Database(), s.DataDir, a.Box, j.cases.Schema)
	if err != nil {
		return r, restoreFault(err)
	}
	defer func() { err = errors.Join(err, i.Close()) }()
	if err := j.fill(ctx, i); err != nil {
		return r, fault("cli.restore.broken", err)
	}
	return r, nil
}

// keyThere refuses to make a new key, which opens no backup.
func keyThere(s *config.Settings) error {
	path := KeyPath(s)
	if path == "" {
		return nil
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return fault("cli.restore.key", nil, "file", path)
	}
	return nil
}

func restoreFault(err error) error {
	switch {
	case errors.Is(err, cases.ErrNotEmpty):
		return fault("cli.restore.cases_full", nil)
	case errors.Is(err, cases.ErrNewer):
		return fault("cli.restore.newer", nil)
	}
	return fault("cli.open_cases", err)
}

// restoreJob is one restore.
type restoreJob struct {
	app    *App
	file   string
	steps  Steps
	found  func(cases.Finding)
	result *RestoredBackup
	cases  backup.Cases
}

func (j *restoreJob) beside() string { return filepath.Join(filepath.Dir(j.file), besideDir) }

// readWhole reads the backup once through before anything is touched.
func (j *restoreJob) readWhole() (err error) {
	j.result.End, _, err = readBackup(j.file, j.app, j.steps, backup.Visitor{
		Head:   func(h backup.Head) error { j.result.Made = time.UnixMilli(h.Made); return j.keys(h) },
		Cases:  func(c backup.Cases) error { j.cases = c; return nil },
		Listed: func(l backup.Listed) error { return besideThere(j.beside(), l) },
	})
	return err
}

// keys holds the keys of the settings against those of the backup's time.
func (j *restoreJob) keys(h backup.Head) error {
	have := openers(j.app.Box)
	for _, id := range h.Keys {
		if !slices.Contains(have, id) {
			return fault("cli.restore.key_lacks", nil, "id", string(id))
		}
	}
	if first := j.app.Box.First(); first != h.First {
		return fault("cli.restore.key_first", nil, "id", string(h.First), "first", string(first))
	}
	return nil
}

// openEmpty opens conversations and attachments, which must hold nothing.
func (j *restoreJob) openEmpty(ctx context.Context) (err error) {
	a := j.app
	if err := a.openConversations(ctx); err != nil {
		return err
	}
	empty, err := a.conv.Empty(ctx)
	if err != nil {
		return err
	}
	if !empty {
		return fault("cli.restore.conversations_full", nil)
	}
	if a.blobs, err = blob.Open(ctx, a.Settings.BlobURL, a.Settings.DataDir, a.Box); err != nil {
		return fault("cli.open_attachments", err)
	}
	err = a.blobs.List(ctx, func(blob.Stored) error { return errEnough })
	if errors.Is(err, errEnough) {
		return fault("cli.restore.files_full", nil)
	}
	return err
}

// fill begins with the cases, in one transaction that also notes that the restore is not done, and
// ends with the note that it is.
func (j *restoreJob) fill(ctx context.Context, i *cases.Import) error {
	if err := i.Rows(ctx, j.rows); err != nil {
		return err
	}
	if err := j.rest(ctx); err != nil {
		return err
	}
	if err := i.Restored(ctx, NewID(), j.result.Made, time.Now()); err != nil {
		return err
	}
	rows, err := i.VerifyRows(ctx)
	if err != nil {
		return err
	}
	j.result.Verified, err = i.Verify(ctx, j.found, j.steps("verify", rows))
	return err
}

func (j *restoreJob) rows(row func(table string, line []byte) error) error {
	enough := func() error { return errEnough }
	_, _, err := readBackup(j.file, j.app, j.as("cases"), backup.Visitor{
		Row:    row,
		File:   func(string, int64, io.Reader) error { return enough() },
		Listed: func(backup.Listed) error { return enough() },
	})
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// as tells the step of reading under another name.
func (j *restoreJob) as(step string) Steps {
	return func(_ string, total int) func(int) { return j.steps(step, total) }
}

// rest restores conversations and attachments.
func (j *restoreJob) rest(ctx context.Context) error {
	var batch []backup.Record
	bytes := 0
	flush := func() error {
		err := j.app.conv.Import(ctx, batch)
		batch, bytes = batch[:0], 0
		return err
	}
	_, _, err := readBackup(j.file, j.app, j.as("rest"), backup.Visitor{
		Record: func(r backup.Record) error {
			batch, bytes = append(batch, r), bytes+r.Size()
			if len(batch) < restoreBatch && bytes < restoreBytes {
				return nil
			}
			return flush()
		},
		File: func(id string, _ int64, from io.Reader) error { return j.putFile(ctx, id, from) },
		Listed: func(l backup.Listed) error {
			f, err := os.Open(filepath.Join(j.beside(), filepath.FromSlash(l.Name)))
			if err != nil {
				return err
			}
			return errors.Join(j.putFile(ctx, l.ID, f), f.Close())
		},
	})
	if err != nil {
		return err
	}
	return flush()
}

// putFile stores an attachment and opens it, which proves it whole.
func (j *restoreJob) putFile(ctx context.Context, id string, from io.Reader) error {
	if err := j.app.blobs.PutSealed(ctx, id, from); err != nil {
		return err
	}
	r, err := j.app.blobs.Open(ctx, id)
	if err != nil {
		return err
	}
	j.result.Files++
	_, err = io.Copy(io.Discard, r)
	return errors.Join(err, r.Close())
}

// Release lets a restored store be worked with, as somebody has said that the original is off. It is
// refused where something answers at the address citizens see.
func Release(ctx context.Context, s *config.Settings, log *slog.Logger) error {
	return WithBackup(ctx, s, log, func(a *App) error {
		in, err := a.Store.Instance(ctx)
		switch {
		case err != nil:
			return err
		case in.Half:
			return fault("cli.restore.half", nil)
		case !in.Waits:
			return petition.Fail(petition.Conflict, "cli.restore.nothing")
		}
		if at := answering(ctx, s); at != "" {
			return fault("cli.restore.answers", nil, "address", at)
		}
		return a.Store.Release(ctx)
	})
}

// answering is the address citizens see where a program of this kind answers there, "" otherwise.
func answering(ctx context.Context, s *config.Settings) string {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.Public()+"/healthz", nil)
	if err != nil {
		return ""
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return ""
	}
	defer res.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(res.Body, 16))
	if res.StatusCode != http.StatusOK || strings.TrimSpace(string(said)) != "ok" {
		return ""
	}
	return s.Public()
}

// mayStart refuses to work with a store that was restored beside its original.
func (a *App) mayStart(ctx context.Context) error {
	in, err := a.Store.Instance(ctx)
	switch {
	case err != nil:
		return err
	case in.Half:
		return fault("cli.restore.half", nil)
	case in.Waits:
		return fault("cli.restore.waits", nil, "made", in.Made.Format("2006-01-02 15:04"))
	}
	return nil
}
