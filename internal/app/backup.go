package app

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"dengwen/internal/backup"
	"dengwen/internal/config"
	"dengwen/internal/seal"
	"dengwen/petition"
	"dengwen/storage/blob"
)

// Steps is told of each step of a long task and how much it has to do; the answer is told how
// much of that is done.
type Steps func(step string, total int) (tick func(done int))

// silently is told and says nothing.
func silently(string, int) func(int) { return func(int) {} }

// MadeBackup is a backup that was written and read back.
type MadeBackup struct {
	File  string
	Size  int64
	Made  time.Time
	End   backup.End
	Files int   // attachments, inside or beside
	Fresh int   // of those, how many were copied
	Bytes int64 // of the fresh ones
}

// Names in a folder of backups.
const (
	backupPrefix = "dengwen-"
	backupSuffix = ".backup"
	backupTime   = "20060102-150405"
	besideDir    = "files" // attachments, by id and version
)

// WithBackup opens the stores that a backup is made of, beside a running program, and runs do.
func WithBackup(ctx context.Context, s *config.Settings, log *slog.Logger, do func(a *App) error) error {
	if s.CaseAPI != "" {
		return fault("cli.store_elsewhere", nil, "url", caseAPIAt(s))
	}
	a := &App{Settings: s, log: log}
	err := a.openStores(ctx)
	if err == nil {
		err = do(a)
	}
	return errors.Join(err, a.Close())
}

func (a *App) openStores(ctx context.Context) (err error) {
	if a.Box, err = OpenKey(a.Settings, a.log); err != nil {
		return err
	}
	if err = a.openConversations(ctx); err != nil {
		return err
	}
	if a.Store, err = OpenCases(ctx, a.Settings, a.Box); err != nil {
		return err
	}
	a.closers = append(a.closers, a.Store.Close)
	if a.blobs, err = blob.Open(ctx, a.Settings.BlobURL, a.Settings.DataDir, a.Box); err != nil {
		return fault("cli.open_attachments", err)
	}
	return nil
}

// Backup writes everything but the key into one new file, or into a folder, where attachments
// stand beside and only new ones are copied; to "" is DENGWEN_BACKUP_DIR. What was written is read
// back before the file gets its name. The program may go on meanwhile.
func (a *App) Backup(ctx context.Context, to string, steps Steps) (m MadeBackup, err error) {
	m.Made = time.Now().Truncate(time.Second)
	beside := false
	if m.File, beside, err = a.backupFile(to, m.Made); err != nil {
		return m, err
	}
	dir := filepath.Dir(m.File)
	f, err := os.CreateTemp(dir, ".backup-*") // readable by its owner only
	if err != nil {
		return m, fault("cli.backup.unwritten", err, "file", m.File)
	}
	defer os.Remove(f.Name()) // fails once it has been renamed
	w := &backupWriter{app: a, made: &m, steps: steps}
	if beside {
		w.beside = filepath.Join(dir, besideDir)
	}
	err = w.write(ctx, f)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return m, fault("cli.backup.unwritten", err, "file", m.File)
	}
	if err := w.check(f.Name()); err != nil {
		return m, fault("cli.backup.unread", err, "file", m.File)
	}
	if err := os.Rename(f.Name(), m.File); err != nil {
		return m, fault("cli.backup.unwritten", err, "file", m.File)
	}
	if err := syncDir(dir); err != nil {
		return m, err
	}
	place, err := filepath.Abs(m.File)
	if err != nil {
		return m, err
	}
	return m, a.Store.NoteBackup(ctx, m.Made, place)
}

// backupFile is the file to write; beside reports that it is in a folder of backups, which is made
// where there is none. What does not end with .backup is a folder.
func (a *App) backupFile(to string, at time.Time) (file string, beside bool, err error) {
	if to == "" {
		to = a.Settings.BackupDir
	}
	if to == "" {
		return "", false, petition.Fail(petition.Invalid, "cli.backup.usage")
	}
	if strings.HasSuffix(to, backupSuffix) {
		if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
			return "", false, petition.Fail(petition.Conflict, "cli.backup.there", "file", to)
		}
		return to, false, nil
	}
	if err := os.MkdirAll(to, 0o700); err != nil {
		return "", false, fault("cli.backup.unwritten", err, "file", to)
	}
	return filepath.Join(to, backupPrefix+at.UTC().Format(backupTime)+backupSuffix), true, nil
}

// backupWriter is one backup while it is made.
type backupWriter struct {
	app    *App
	made   *MadeBackup
	steps  Steps
	beside string // folder of attachments, "" = inside
	out    *backup.Writer
}

// write takes the stores in an order that keeps them together: conversations first, then the cases
// of one later moment, then attachments. So every number that a conversation knows is among
// the cases, and every attachment of a case that was not deleted meanwhile is there. What happened
// in between happens again after a restore: a conversation files under the key of its draft, which the
// cases know, and reads the feed from where it was.
func (w *backupWriter) write(ctx context.Context, f io.Writer) error {
	a := w.app
	id, err := a.Store.Identify(ctx, NewID())
	if err != nil {
		return err
	}
	head := backup.Head{Made: w.made.Made.UnixMilli(), Program: version(), Instance: id, Beside: w.beside != "", Keys: openers(a.Box), First: a.Box.First()}
	if w.out, err = backup.NewWriter(f, a.Box, head); err != nil {
		return err
	}
	if err := a.conv.Export(ctx, w.out.Record); err != nil {
		return err
	}
	if err := w.cases(ctx); err != nil {
		return err
	}
	if err := w.files(ctx); err != nil {
		return err
	}
	w.made.End, err = w.out.Close()
	return err
}

// openers are the keys that open anything.
func openers(box *seal.Box) (ids []seal.ID) {
	for _, k := range box.Keys() {
		if k.State != seal.Finds {
			ids = append(ids, k.ID)
		}
	}
	return ids
}

func (w *backupWriter) cases(ctx context.Context) error {
	e, err := w.app.Store.BeginExport(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = e.Close() }() // a snapshot that was read
	if err := w.out.Cases(backup.Cases{Schema: e.Schema, Links: e.Links}); err != nil {
		return err
	}
	tick, done := w.steps("cases", e.Rows), 0
	return e.Each(ctx, func(table string, line []byte) error {
		done++
		tick(done)
		return w.out.Row(backup.Table(table), line)
	})
}

func (w *backupWriter) files(ctx context.Context) error {
	total := 0
	if err := w.app.blobs.List(ctx, func(s blob.Stored) error { total += int(s.Size); return nil }); err != nil {
		return err
	}
	tick, done := w.steps("files", total), 0
	err := w.app.blobs.List(ctx, func(s blob.Stored) error {
		err := w.file(ctx, s)
		if petition.CodeOf(err) == petition.NotFound {
			return nil // deleted since it was listed, as the program would
		}
		done += int(s.Size)
		tick(done)
		return err
	})
	return err
}

func (w *backupWriter) file(ctx context.Context, s blob.Stored) error {
	if w.beside != "" {
		return w.fileBeside(ctx, s)
	}
	from, size, err := w.app.blobs.OpenSealed(ctx, s.ID)
	if err != nil {
		return err
	}
	w.made.Files++
	w.made.Fresh++
	w.made.Bytes += size
	return errors.Join(w.out.File(s.ID, size, from), from.Close())
}

// fileBeside copies what is not there yet under a name that is another for other bytes. The time
// of the file is that of the newest backup that needs it, by which those that none needs are found.
func (w *backupWriter) fileBeside(ctx context.Context, s blob.Stored) error {
	sum := sha256.Sum256([]byte(s.ID + "\n" + s.Stamp))
	name := fmt.Sprintf("%x/%x", sum[:1], sum[:16])
	path := filepath.Join(w.beside, filepath.FromSlash(name))
	st, err := os.Stat(path)
	if err != nil || st.Size() != s.Size {
		if s.Size, err = w.copy(ctx, s.ID, path); err != nil {
			return err
		}
		w.made.Fresh++
		w.made.Bytes += s.Size
	}
	if err := os.Chtimes(path, w.made.Made, w.made.Made); err != nil {
		return fmt.Errorf("date attachment: %w", err)
	}
	w.made.Files++
	return w.out.List(backup.Listed{ID: s.ID, Size: s.Size, Name: name})
}

// copy writes an attachment, reads it back and then gives it its name.
func (w *backupWriter) copy(ctx context.Context, id, path string) (int64, error) {
	from, _, err := w.app.blobs.OpenSealed(ctx, id)
	if err != nil {
		return 0, err
	}
	defer from.Close()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return 0, fmt.Errorf("make folder for attachments: %w", err)
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".copy-*")
	if err != nil {
		return 0, fmt.Errorf("copy attachment: %w", err)
	}
	defer os.Remove(tmp.Name())
	written, read := sha256.New(), sha256.New()
	n, err := io.Copy(io.MultiWriter(tmp, written), from)
	if err = errors.Join(err, tmp.Sync(), tmp.Close(), hashFile(tmp.Name(), read)); err != nil {
		return 0, fmt.Errorf("copy attachment: %w", err)
	}
	if string(written.Sum(nil)) != string(read.Sum(nil)) {
		return 0, fmt.Errorf("copy attachment %s: what was written reads otherwise", id)
	}
	return n, errors.Join(os.Rename(tmp.Name(), path), syncDir(filepath.Dir(path)))
}

func hashFile(name string, to hash.Hash) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, f)
	return errors.Join(err, f.Close())
}

// check reads the backup back and compares it with what was written.
func (w *backupWriter) check(name string) error {
	var v backup.Visitor
	if w.beside != "" {
		v.Listed = func(l backup.Listed) error { return besideThere(w.beside, l) }
	}
	end, size, err := readBackup(name, w.app, w.steps, v)
	w.made.Size = size
	if err == nil && !end.Equal(w.made.End) {
		err = backup.ErrDamaged
	}
	return err
}

func besideThere(dir string, l backup.Listed) error {
	st, err := os.Stat(filepath.Join(dir, filepath.FromSlash(l.Name)))
	if err == nil && st.Size() != l.Size {
		err = fmt.Errorf("it has %d bytes instead of %d", st.Size(), l.Size)
	}
	if err != nil {
		return fmt.Errorf("attachment %s beside the backup: %w", l.ID, err)
	}
	return nil
}

// readBackup reads a backup, told as the step "check".
func readBackup(name string, a *App, steps Steps, v backup.Visitor) (backup.End, int64, error) {
	f, err := os.Open(name)
	if err != nil {
		return backup.End{}, 0, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return backup.End{}, 0, err
	}
	end, err := backup.Read(&ticking{f, 0, steps("check", int(st.Size()))}, a.Box, v)
	return end, st.Size(), err
}

// ticking tells how many bytes were read.
type ticking struct {
	io.Reader
	done int
	tick func(int)
}

func (t *ticking) Read(p []byte) (int, error) {
	n, err := t.Reader.Read(p)
	t.done += n
	t.tick(t.done)
	return n, err
}

// version is what the build knows of itself.
func version() string {
	if b, ok := debug.ReadBuildInfo(); ok {
		return b.Main.Version
	}
	return ""
}

// syncDir makes a new name survive a power loss.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("open folder to sync: %w", err)
	}
	return errors.Join(d.Sync(), d.Close())
}
