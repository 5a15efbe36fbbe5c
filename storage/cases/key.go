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
		place func(id string) string
	}{
		{`SELECT id, body FROM cases ORDER BY ref LIMIT 1`, casePlace},
		{`SELECT id, body FROM cases ORDER BY ref DESC LIMIT 1`, casePlace},
		{`SELECT id, body FROM people ORDER BY id LIMIT 1`, personPlace},
	} {
		var id string
		var body []byte
		err := s.engine.reader().QueryRowContext(ctx, look.query).Scan(&id, &body)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return s.trouble("look whether the key fits", err)
		}
		if _, err := s.box.Open(body, look.place(id)); err == nil {
			return nil
		}
		tried = true
	}
	if tried {
		return ErrOtherKey
	}
	return nil
}
