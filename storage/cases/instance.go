package cases

import (
	"context"
	"fmt"
	"time"

	"dengwen/petition"
)

// States of a store, see the table instance.
const (
	working   = ""
	restoring = "restoring"
	restored  = "restored"
)

// Instance says which store this is and where its newest backup lies.
type Instance struct {
	ID         string
	Half       bool      // a restore did not come to its end
	Waits      bool      // restored, and nobody has said that the original is off
	Restored   time.Time // zero = never
	Made       time.Time // of the backup it was restored from
	Backup     time.Time // when the newest backup of it was made, zero = never
	BackupFile string    // where that lies
}

// Instance reads it.
func (s *Store) Instance(ctx context.Context) (i Instance, err error) {
	var state string
	var at, made, backup int64
	err = s.engine.reader().QueryRowContext(ctx, `SELECT id, state, restored, made, backup_at, backup_place FROM instance WHERE one = 1`).
		Scan(&i.ID, &state, &at, &made, &backup, &i.BackupFile)
	if err != nil {
		return i, s.trouble("read which store this is", err)
	}
	i.Half, i.Waits = state == restoring, state == restored
	i.Restored, i.Made, i.Backup = moment(at), moment(made), moment(backup)
	return i, nil
}

// moment is the zero time for 0.
func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

// Identify gives the store an id if it has none, and answers the one it has.
func (s *Store) Identify(ctx context.Context, id string) (string, error) {
	err := s.write(ctx, "name store", func(ctx context.Context, tx Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE instance SET id = $1 WHERE one = 1 AND id = ''`, id); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `SELECT id FROM instance WHERE one = 1`).Scan(&id)
	})
	return id, err
}

// ClaimBackup reports whether the caller shall make a backup now: the newest is from before due and
// no other process claims it. The claim holds until it is noted or till is over.
func (s *Store) ClaimBackup(ctx context.Context, now, due, till time.Time) (mine bool, err error) {
	err = s.write(ctx, "claim backup", func(ctx context.Context, tx Tx) error {
		done, err := tx.ExecContext(ctx, `UPDATE instance SET backup_claim = $1 WHERE one = 1 AND backup_claim < $2 AND backup_at < $3`,
			till.UnixMilli(), now.UnixMilli(), due.UnixMilli())
		if err != nil {
			return err
		}
		n, err := done.RowsAffected()
		mine = n > 0
		return err
	})
	return mine, err
}

// DeferBackup gives a claim up again, and nobody may claim before at.
func (s *Store) DeferBackup(ctx context.Context, at time.Time) error {
	return s.write(ctx, "defer backup", func(ctx context.Context, tx Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE instance SET backup_claim = $1 WHERE one = 1`, at.UnixMilli())
		return err
	})
}

// NoteBackup remembers when the newest backup was made and where it lies.
func (s *Store) NoteBackup(ctx context.Context, at time.Time, place string) error {
	return s.write(ctx, "note backup", func(ctx context.Context, tx Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE instance SET backup_at = $1, backup_place = $2, backup_claim = 0 WHERE one = 1`, at.UnixMilli(), place)
		return err
	})
}

// After a backup the original goes on giving serials and positions of the feed. A restored store
// passes over so many of each for every day, begun, that the backup is old: a county lodges some thousand
// petitions a year and a province a thousand a day, and a year has room for 10^8. Of an outgoing
// register, whose numbers people read, it passes over fewer.
const (
	serialsADay   = 10_000
	registerADay  = 100
	positionsADay = 1_000_000
)

// Restored ends a restore: numbers and positions that the original may have given since the backup are
// passed over, the access log gets a line, and the store waits for Release.
func (i *Import) Restored(ctx context.Context, id string, made, now time.Time) error {
	days := 1 + int64(max(0, now.Sub(made))/(24*time.Hour))
	err := i.s.write(ctx, "end restore", func(ctx context.Context, tx Tx) error {
		// The office's year may begin a day before ours or end a day after it.
		for year := made.AddDate(0, 0, -1).Year(); year <= now.AddDate(0, 0, 1).Year(); year++ {
			if _, err := tx.ExecContext(ctx, `INSERT INTO serials (year, last) VALUES ($1, $2)
				ON CONFLICT (year) DO UPDATE SET last = serials.last + excluded.last`, year, days*serialsADay); err != nil {
				return fmt.Errorf("pass over serials: %w", err)
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO document_numbers (organ, year, last) SELECT DISTINCT organ, CAST($1 AS BIGINT), CAST($2 AS BIGINT) FROM document_numbers
				WHERE true ON CONFLICT (organ, year) DO UPDATE SET last = document_numbers.last + excluded.last`, year, days*registerADay); err != nil {
				return fmt.Errorf("pass over numbers of documents: %w", err)
			}
		}
		if _, err := tx.ExecContext(ctx, `UPDATE feed SET last = last + $1 WHERE one = 1`, days*positionsADay); err != nil {
			return fmt.Errorf("pass over positions of the feed: %w", err)
		}
		_, err := tx.ExecContext(ctx, `UPDATE instance SET id = $1, restored = $2, made = $3 WHERE one = 1`, id, now.UnixMilli(), made.UnixMilli())
		return err
	})
	if err != nil {
		return err
	}
	line := petition.Access{At: now, Act: petition.ActRestore, What: made.UTC().Format(time.RFC3339), Staff: "command-line", Door: "program"}
	if err := i.s.NoteAccess(ctx, line); err != nil {
		return err
	}
	return i.s.setState(ctx, restored)
}

// Verify is Store.Verify of what was restored.
func (i *Import) Verify(ctx context.Context, found func(Finding), tick func(done int)) (Verification, error) {
	return i.s.Verify(ctx, nil, found, tick)
}

// VerifyRows is Store.VerifyRows.
func (i *Import) VerifyRows(ctx context.Context) (int, error) { return i.s.VerifyRows(ctx) }

// Release lets a restored store be worked with: somebody has said that the original is off.
func (s *Store) Release(ctx context.Context) error { return s.setState(ctx, working) }

func (s *Store) setState(ctx context.Context, state string) error {
	return s.write(ctx, "note what may be done with the store", func(ctx context.Context, tx Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE instance SET state = $1 WHERE one = 1`, state)
		return err
	})
}
