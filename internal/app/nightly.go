package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A backup is made every night after nightHour where DENGWEN_BACKUP_DIR is set. One process makes
// it, within backupClaim; after a failure it is tried again after backupPause.
const (
	nightHour   = 2
	backupClaim = 6 * time.Hour
	backupPause = 15 * time.Minute
)

// nightly makes the backup of a night once it is time.
func (a *App) nightly(ctx context.Context) (int, error) {
	now := time.Now()
	mine, err := a.Store.ClaimBackup(ctx, now, lastNight(now), now.Add(backupClaim))
	if err != nil || !mine {
		return 0, err
	}
	m, err := a.Backup(ctx, "", silently)
	if err != nil {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		return 0, errors.Join(err, a.Store.DeferBackup(last, time.Now().Add(backupPause)))
	}
	a.log.Info("backup made", "file", m.File, "bytes", m.Size, "attachments", m.Files, "copied", m.Fresh, "took", time.Since(now).Round(time.Second))
	return 0, pruneBackups(a.Settings.BackupDir, a.Settings.BackupKeep)
}

// lastNight is the last nightHour of the clock of this machine.
func lastNight(now time.Time) time.Time {
	night := time.Date(now.Year(), now.Month(), now.Day(), nightHour, 0, 0, 0, now.Location())
	if night.After(now) {
		return night.AddDate(0, 0, -1)
	}
	return night
}

// pruneBackups keeps the newest backups of a folder (0 = all) and the attachments that they need: those are
// dated as the newest backup that needs them.
func pruneBackups(dir string, keep int) error {
	names, err := filepath.Glob(filepath.Join(dir, backupPrefix+"*"+backupSuffix))
	if err != nil || keep == 0 || len(names) <= keep {
		return err
	}
	slices.Sort(names)
	gone, oldest := names[:len(names)-keep], names[len(names)-keep]
	text := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(oldest), backupPrefix), backupSuffix)
	since, err := time.Parse(backupTime, text)
	if err != nil {
		return err // a name of somebody else's: nothing is removed
	}
	for _, name := range gone {
		if err := os.Remove(name); err != nil {
			return err
		}
	}
	return filepath.WalkDir(filepath.Join(dir, besideDir), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		st, err := d.Info()
		if err != nil || !st.ModTime().Before(since) {
			return err
		}
		return os.Remove(path)
	})
}
