package cases

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"dengwen/petition"
)

// attemptKey is one row for whom attempts are counted against. Its row is locked first, in
// the order of the hashes, so that two look-ups at once are counted one by one.
type attemptKey struct {
	who      []byte
	limits   []petition.Limit
	attempts []attempt
	within   int64 // longest window seen, ms
}

type attempt struct {
	At int64  `json:"t"` // unix ms
	ID string `json:"i"`
}

// errFull ends a transaction that has counted nothing.
var errFull = errors.New("a limit is full")

func (s *Store) Try(ctx context.Context, id string, at time.Time, limits []petition.Limit) (time.Duration, error) {
	hash := s.box.Hash("try", id)
	// Guesses beyond the limit are the ones that come in floods: they only read.
	wait, err := s.full(ctx, at, limits)
	if err != nil || wait > 0 {
		return wait, err
	}
	err = s.write(ctx, "count look-up", func(ctx context.Context, tx Tx) error {
		keys := s.attemptKeys(limits)
		wait = 0
		for _, g := range keys {
			if err := g.lock(ctx, tx); err != nil {
				return err
			}
			wait = max(wait, g.full(at))
		}
		if wait > 0 {
			return errFull
		}
		return count(ctx, tx, hash, at, keys)
	})
	if errors.Is(err, errFull) {
		return wait, nil
	}
	if err == nil {
		s.prune(ctx, at)
	}
	return 0, err
}

// full reads without a lock. What it lets through is counted under one.
func (s *Store) full(ctx context.Context, at time.Time, limits []petition.Limit) (wait time.Duration, err error) {
	for _, g := range s.attemptKeys(limits) {
		var attempts string
		err := s.engine.reader().QueryRowContext(ctx, `SELECT attempts FROM attempt_keys WHERE who = $1`, g.who).Scan(&attempts)
		if errors.Is(err, sql.ErrNoRows) {
			attempts, err = "[]", nil
		}
		if err == nil {
			err = json.Unmarshal([]byte(attempts), &g.attempts)
		}
		if err != nil {
			return 0, s.trouble("read attempts", err)
		}
		wait = max(wait, g.full(at))
	}
	return wait, nil
}

// attemptKeys gathers the limits of each Who, sorted.
func (s *Store) attemptKeys(limits []petition.Limit) []*attemptKey {
	var all []*attemptKey
	for _, l := range limits {
		who := s.box.Hash("who", l.Who)
		i := slices.IndexFunc(all, func(g *attemptKey) bool { return bytes.Equal(g.who, who) })
		if i < 0 {
			i, all = len(all), append(all, &attemptKey{who: who})
		}
		all[i].limits = append(all[i].limits, l)
		all[i].within = max(all[i].within, l.Within.Milliseconds())
	}
	slices.SortFunc(all, func(a, b *attemptKey) int { return bytes.Compare(a.who, b.who) })
	return all
}

// lock reads the row, or makes it, and holds it until the transaction ends.
func (g *attemptKey) lock(ctx context.Context, tx Tx) error {
	var attempts string
	err := tx.QueryRowContext(ctx, `INSERT INTO attempt_keys (who, attempts, within, expires) VALUES ($1, '[]', $2, 0)
		ON CONFLICT (who) DO UPDATE SET within = CASE WHEN attempt_keys.within > excluded.within THEN attempt_keys.within ELSE excluded.within END
		RETURNING attempts, within`, g.who, g.within).Scan(&attempts, &g.within)
	if err == nil {
		err = json.Unmarshal([]byte(attempts), &g.attempts)
	}
	if err != nil {
		return fmt.Errorf("read attempts: %w", err)
	}
	return nil
}

// full is how long a limit stays full, 0 when none is.
func (g *attemptKey) full(at time.Time) (wait time.Duration) {
	for _, l := range g.limits {
		var young []time.Time
		for _, t := range g.attempts {
			young = append(young, time.UnixMilli(t.At))
		}
		wait = max(wait, l.Full(young, at))
	}
	return wait
}

func count(ctx context.Context, tx Tx, id []byte, at time.Time, keys []*attemptKey) error {
	var whos []string
	now, last := at.UnixMilli(), at.UnixMilli()
	for _, g := range keys {
		g.attempts = slices.DeleteFunc(g.attempts, func(t attempt) bool { return now-t.At >= g.within })
		g.attempts = append(g.attempts, attempt{now, hex.EncodeToString(id)})
		if err := g.store(ctx, tx, now+g.within); err != nil {
			return err
		}
		whos = append(whos, hex.EncodeToString(g.who))
		last = max(last, now+g.within)
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO attempts (id, whos, expires) VALUES ($1, $2, $3)
		ON CONFLICT (id) DO UPDATE SET whos = excluded.whos, expires = excluded.expires`, id, list(whos), last)
	if err != nil {
		return fmt.Errorf("note attempt: %w", err)
	}
	return nil
}

func (g *attemptKey) store(ctx context.Context, tx Tx, expires int64) error {
	b, err := json.Marshal(g.attempts)
	if err != nil {
		return fmt.Errorf("write attempts: %w", err)
	}
	if _, err := tx.ExecContext(ctx, `UPDATE attempt_keys SET attempts = $2, expires = $3 WHERE who = $1`, g.who, string(b), expires); err != nil {
		return fmt.Errorf("write attempts: %w", err)
	}
	return nil
}

func (s *Store) Untry(ctx context.Context, id string) error {
	hash := s.box.Hash("try", id)
	return s.write(ctx, "take back look-up", func(ctx context.Context, tx Tx) error {
		var text string
		err := tx.QueryRowContext(ctx, `DELETE FROM attempts WHERE id = $1 RETURNING whos`, hash).Scan(&text)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		var whos []string
		if err == nil {
			err = json.Unmarshal([]byte(text), &whos)
		}
		if err != nil {
			return fmt.Errorf("find attempt: %w", err)
		}
		return uncount(ctx, tx, hex.EncodeToString(hash), whos)
	})
}

func uncount(ctx context.Context, tx Tx, id string, whos []string) error {
	for _, who := range whos {
		raw, err := hex.DecodeString(who)
		if err != nil {
			return fmt.Errorf("read whom an attempt counts against: %w", err)
		}
		g := attemptKey{who: raw}
		if err := g.lock(ctx, tx); err != nil {
			return err
		}
		g.attempts = slices.DeleteFunc(g.attempts, func(t attempt) bool { return t.ID == id })
		expires := int64(0)
		for _, t := range g.attempts {
			expires = max(expires, t.At+g.within)
		}
		if err := g.store(ctx, tx, expires); err != nil {
			return err
		}
	}
	return nil
}

// prune drops, at most once a minute, attempts that no window reaches. A failure
// leaves it to the next.
func (s *Store) prune(ctx context.Context, at time.Time) {
	minute, last := at.Unix()/60, s.pruned.Load()
	if minute <= last || !s.pruned.CompareAndSwap(last, minute) {
		return
	}
	_ = s.write(ctx, "drop old attempts", func(ctx context.Context, tx Tx) error {
		for _, query := range []string{
			`DELETE FROM attempts WHERE id IN (SELECT id FROM attempts WHERE expires < $1 ORDER BY expires LIMIT 1000)`,
			`DELETE FROM attempt_keys WHERE who IN (SELECT who FROM attempt_keys WHERE expires < $1 ORDER BY expires LIMIT 1000)`,
		} {
			if _, err := tx.ExecContext(ctx, query, at.UnixMilli()); err != nil {
				return err
			}
		}
		return nil
	})
}
