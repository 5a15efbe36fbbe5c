package cases

import (
	"context"

	"dengwen/petition/outreach"
)

var _ outreach.Store = (*Store)(nil)

// AddTally is outreach.Store.AddTally.
func (s *Store) AddTally(ctx context.Context, t outreach.Tally) error {
	return s.write(ctx, "count", func(ctx context.Context, tx Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO tallies (month, place, village, what, n) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (month, place, village, what) DO UPDATE SET n = tallies.n + excluded.n`, t.Month, t.Place, t.Village, t.What, t.N)
		return err
	})
}

// Tallies is outreach.Store.Tallies.
func (s *Store) Tallies(ctx context.Context, from, to string) ([]outreach.Tally, error) {
	all, err := scan(ctx, s.engine.reader(), func(t *outreach.Tally) []any { return []any{&t.Month, &t.Place, &t.Village, &t.What, &t.N} },
		`SELECT month, place, village, what, n FROM tallies WHERE month >= $1 AND month <= $2 ORDER BY month, place, village, what`, from, to)
	return all, s.trouble("read counts", err)
}
