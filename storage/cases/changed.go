package cases

import (
	"context"
	"slices"
)

// changedMost is how many changes are read at a time.
const changedMost = 1000

// Changed answers which cases were filed or changed behind a position, by any process, each once,
// and the position to ask from next. -1 asks for the newest position alone.
func (s *Store) Changed(ctx context.Context, after int64) (numbers []string, next int64, err error) {
	if after < 0 {
		err = s.engine.reader().QueryRowContext(ctx, `SELECT chain FROM feed WHERE one = 1`).Scan(&next)
		return nil, next, s.trouble("read the newest change", err)
	}
	links, err := scan(ctx, s.engine.reader(), func(l *link) []any { return []any{&l.pos, &l.number} },
		`SELECT pos, number FROM chain WHERE pos > $1 ORDER BY pos LIMIT $2`, after, changedMost)
	if err != nil {
		return nil, after, s.trouble("read what has changed", err)
	}
	next = after
	for _, l := range links {
		next = l.pos
		if l.number != "" && !slices.Contains(numbers, l.number) {
			numbers = append(numbers, l.number)
		}
	}
	return numbers, next, nil
}
