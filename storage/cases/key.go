package cases

import (
	"context"
	"database/sql"
	"errors"
)

// ErrOtherKey says that what the store holds was sealed with another key than the one
// it is opened with. Going on would file new cases that the right key can't read.
var ErrOtherKey = errors.New("the data was sealed with another key: put the right one back into DENGWEN_KEY, DENGWEN_KEY_FILE or the data folder")

// checkKey reports ErrOtherKey when the key opens none of the rows looked at. The oldest
// case and the newest and one person are enough, and one spoilt row stops nobody.
func (s *Store) checkKey(ctx context.Context) error {
	tried := false
	for _, look := range []struct {
		query string
		place func(w *row) string
	}{
		{`SELECT id, version, head, body FROM cases ORDER BY ref LIMIT 1`, (*row).place},
		{`SELECT id, version, head, body FROM cases ORDER BY ref DESC LIMIT 1`, (*row).place},
		{`SELECT id, 0, NULL, body FROM people ORDER BY id LIMIT 1`, func(w *row) string { return personPlace(w.id) }},
	} {
		var w row
		err := s.engine.reader().QueryRowContext(ctx, look.query).Scan(&w.id, &w.version, &w.head, &w.body)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return s.trouble("look whether the key fits", err)
		}
		if _, err := s.box.Open(w.body, look.place(&w)); err == nil {
			return nil
		}
		tried = true
	}
	if tried {
		return ErrOtherKey
	}
	return nil
}
