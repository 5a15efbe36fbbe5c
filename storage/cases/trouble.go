package cases

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"

	"dengwen/internal/groupcommit"
	"dengwen/petition"
)

// trouble turns a failure of the database into an *petition.Error. One that already
// is an Error goes through as it is.
func (s *Store) trouble(op string, err error) error {
	var known *petition.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return err
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded),
		errors.Is(err, sql.ErrConnDone), errors.Is(err, driver.ErrBadConn), errors.Is(err, groupcommit.ErrClosed), s.engine.unavailable(err):
		return &petition.Error{Code: petition.Unavailable, Key: "store.unavailable", Op: op, Err: err}
	default:
		return &petition.Error{Code: petition.Internal, Op: op, Err: err}
	}
}

func notFound() error { return petition.Fail(petition.NotFound, "case.not_found") }
func changed() error  { return petition.Fail(petition.Conflict, "case.changed") }
