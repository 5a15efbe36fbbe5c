package cases

import (
	"context"
	"time"

	"github.com/pressly/goose/v3"
)

// Drift is how far the database's clock is ahead of now; 0 for SQLite, which has
// none of its own.
func (s *Store) Drift(ctx context.Context, now time.Time) (time.Duration, error) {
	if s.engine.dialect() != goose.DialectPostgres {
		return 0, nil
	}
	var theirs time.Time
	if err := s.engine.reader().QueryRowContext(ctx, `SELECT clock_timestamp()`).Scan(&theirs); err != nil {
		return 0, s.trouble("ask the database for the time", err)
	}
	return theirs.Sub(now), nil
}
