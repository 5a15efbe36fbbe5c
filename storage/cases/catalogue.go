package cases

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// The catalogue of words is worked on behind the filings, a bounded step at a time,
// each step one transaction: what was killed in the middle goes on from there. Several
// processes may do it at once, the catalogue's row lets one in after the other.

// slipsWait is how many slips wait until they are put into a drawer, and so about how
// many a search reads; slipsMost is how many go into one drawer, as after a bulk.
const slipsWait, slipsMost = 64, 8192

// slipsPause is how long slips are left to gather once there are enough.
const slipsPause = 200 * time.Millisecond

// unreadBatch is how many cases of an older store one step writes slips for.
const unreadBatch = 500

// clerk works on the catalogue when there is something to do.
type clerk struct {
	fresh atomic.Int64 // slips since it was woken last
	wake  chan struct{}
	stop  context.CancelFunc
	done  sync.WaitGroup
}

func (s *Store) hire() {
	ctx, stop := context.WithCancel(context.Background())
	s.clerk.wake, s.clerk.stop = make(chan struct{}, 1), stop
	s.clerk.done.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-s.clerk.wake:
			}
			select { // in a bulk more slips come meanwhile, for fewer and larger drawers
			case <-ctx.Done():
				return
			case <-time.After(slipsPause):
			}
			_ = s.Index(ctx) // what fails is tried again with the next slips; searches read slips too
		}
	})
	s.clerk.call()
}

func (c *clerk) call() {
	select {
	case c.wake <- struct{}{}:
	default: // it is called already
	}
}

// wrote tells the clerk of new slips.
func (c *clerk) wrote(slips int) {
	if c.fresh.Add(int64(slips)) >= slipsWait {
		c.fresh.Store(0)
		c.call()
	}
}

func (c *clerk) dismiss() {
	if c.stop != nil {
		c.stop()
		c.done.Wait()
	}
}

// Index works on the catalogue of words until nothing waits to be put into a drawer.
// The store does so by itself; a search needs it only in a store that an older program
// left, whose cases have no slips yet.
func (s *Store) Index(ctx context.Context) error {
	for {
		waits, err := s.waits(ctx)
		if err != nil || !waits {
			return s.trouble("index words", err)
		}
		if err := s.write(ctx, "index words", s.step); err != nil {
			return err
		}
	}
}

// Unindexed counts the cases of a store that an older program left: unread are those
// whose words are still to be read, unsorted those whose words wait to be put in their
// place, 0 when so few wait as usually do.
func (s *Store) Unindexed(ctx context.Context) (unread, unsorted int, err error) {
	err = s.engine.reader().QueryRowContext(ctx, `SELECT (SELECT count(*) FROM unread), (SELECT count(*) FROM slips WHERE ref > 0)`).Scan(&unread, &unsorted)
	if unsorted < slipsWait {
		unsorted = 0
	}
	return unread, unsorted, s.trouble("count what is to be indexed", err)
}

// readAll waits until every case of a store that an older program left has its slip.
func (s *Store) readAll(ctx context.Context) error {
	if s.allRead.Load() {
		return nil
	}
	var unread int
	if err := s.engine.reader().QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM unread LIMIT 1) AS t`).Scan(&unread); err != nil {
		return s.trouble("index words", err)
	}
	if unread > 0 {
		if err := s.Index(ctx); err != nil {
			return err
		}
	}
	s.allRead.Store(true)
	return nil
}

// waits looks, without a lock, whether a step would find something to do.
func (s *Store) waits(ctx context.Context) (bool, error) {
	d, err := s.desk(ctx, s.engine.reader())
	return d.unread > 0 || d.slips >= slipsWait || d.next() != nil, err
}

// desk is what lies before the clerk.
type desk struct {
	unread, slips int // counted up to slipsWait
	drawers
}

func (s *Store) desk(ctx context.Context, q querier) (d desk, err error) {
	err = q.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM (SELECT 1 FROM unread LIMIT $1) AS t),
		(SELECT count(*) FROM (SELECT 1 FROM slips WHERE ref > 0 LIMIT $1) AS t)`, slipsWait).Scan(&d.unread, &d.slips)
	if err != nil {
		return d, fmt.Errorf("look what is to be indexed: %w", err)
	}
	d.drawers, err = readDrawers(ctx, q)
	return d, err
}

// step does the most urgent piece of work.
func (s *Store) step(ctx context.Context, tx Tx) error {
	id, err := lockCatalogue(ctx, tx)
	if err != nil {
		return err
	}
	d, err := s.desk(ctx, tx)
	if err != nil {
		return err
	}
	switch next := d.next(); {
	case d.unread > 0:
		return s.writeSlips(ctx, tx)
	case d.slips >= slipsWait:
		return s.fileSlips(ctx, tx, id)
	case next == nil: // another process was here
		return nil
	default:
		return next(ctx, tx, id)
	}
}

// lockCatalogue keeps others out until the transaction ends and answers an id for a new
// drawer.
func lockCatalogue(ctx context.Context, tx Tx) (id int64, err error) {
	if err = tx.QueryRowContext(ctx, `UPDATE catalogue SET last = last + 1 WHERE one = 1 RETURNING last`).Scan(&id); err != nil {
		return 0, fmt.Errorf("lock catalogue: %w", err)
	}
	return id, nil
}

// writeSlips reads cases that have none yet.
func (s *Store) writeSlips(ctx context.Context, tx Tx) error {
	refs, err := scan(ctx, tx, func(n *int64) []any { return []any{n} },
		`DELETE FROM unread WHERE ref IN (SELECT ref FROM unread ORDER BY ref LIMIT $1) RETURNING ref`, unreadBatch)
	if err != nil {
		return fmt.Errorf("take cases to index: %w", err)
	}
	rows, err := s.rows(ctx, tx, refs)
	if err != nil {
		return fmt.Errorf("read cases to index: %w", err)
	}
	var slips [][]any
	for _, w := range rows {
		r, err := s.open(w, nil)
		if err != nil {
			s.spoilt.note(w.number)
			continue
		}
		slips = append(slips, []any{w.ref, slip(s.words.pairs(texts(r.Case)))})
	}
	return insertRows(ctx, tx, `slips (ref, pairs)`, slips)
}

// reword puts a case's new words on a slip and takes its old ones out of the
// catalogue, so that nothing is left of words that were changed.
func (s *Store) reword(ctx context.Context, tx Tx, old row, after []string) error {
	if _, err := lockCatalogue(ctx, tx); err != nil {
		return err
	}
	var unread int
	if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM unread WHERE ref = $1`, old.ref).Scan(&unread); err != nil {
		return fmt.Errorf("look whether a case is indexed: %w", err)
	}
	if unread > 0 {
		return nil
	}
	before, err := s.open(old, nil)
	if err != nil {
		return err
	}
	if err := strikeAll(ctx, tx, old.ref, s.words.pairs(texts(before.Case))); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO slips (ref, pairs) VALUES ($1, $2) ON CONFLICT (ref) DO UPDATE SET pairs = excluded.pairs`,
		old.ref, slip(s.words.pairs(after)))
	if err != nil {
		return fmt.Errorf("note new words: %w", err)
	}
	return moved(ctx, tx)
}

// moved tells searches under way that cases are no longer where they were.
func moved(ctx context.Context, tx Tx) error {
	if _, err := tx.ExecContext(ctx, `UPDATE catalogue SET moved = moved + 1 WHERE one = 1`); err != nil {
		return fmt.Errorf("note that cases moved: %w", err)
	}
	return nil
}
