package cases

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Tx is the transaction of a change.
type Tx struct {
	*sql.Tx
	prepared *statements // SQLite: of the connection that writes
	conn     *sql.Conn   // PostgreSQL: the connection it runs on
	wrote    *bool       // set by the first statement, when somebody wants to know
}

// ExecContext does what sql.Tx does, with a statement already compiled if possible.
func (tx Tx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	tx.mark()
	if stmt := tx.statement(ctx, query); stmt != nil {
		return stmt.ExecContext(ctx, args...)
	}
	return tx.Tx.ExecContext(ctx, query, args...)
}

// QueryContext does what sql.Tx does, with a statement already compiled if possible.
func (tx Tx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	tx.markUnlessRead(query)
	if stmt := tx.statement(ctx, query); stmt != nil {
		return stmt.QueryContext(ctx, args...)
	}
	return tx.Tx.QueryContext(ctx, query, args...)
}

// QueryRowContext does what sql.Tx does, with a statement already compiled if
// possible.
func (tx Tx) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	tx.markUnlessRead(query)
	if stmt := tx.statement(ctx, query); stmt != nil {
		return stmt.QueryRowContext(ctx, args...)
	}
	return tx.Tx.QueryRowContext(ctx, query, args...)
}

func (tx Tx) statement(ctx context.Context, query string) *sql.Stmt {
	if tx.prepared == nil {
		return nil
	}
	if stmt := tx.prepared.get(query); stmt != nil {
		return tx.StmtContext(ctx, stmt)
	}
	return nil
}

// markUnlessRead knows that INSERT, UPDATE and DELETE may answer rows too.
func (tx Tx) markUnlessRead(query string) {
	if !strings.HasPrefix(query, "SELECT") {
		tx.mark()
	}
}

func (tx Tx) mark() {
	if tx.wrote != nil {
		*tx.wrote = true
	}
}

// statement is one of several that need not wait for each other's answers.
type statement struct {
	what  string // for the error
	query string
	args  []any
}

// all makes several changes and answers how many rows each touched. PostgreSQL is
// sent them together: waiting for each answer would take longer than the changes.
func (tx Tx) all(ctx context.Context, changes []statement) (rows []int64, err error) {
	if len(changes) == 0 {
		return nil, nil
	}
	if tx.conn != nil {
		var failed error // not answered by Raw, which might take it for the connection's fault
		err = tx.conn.Raw(func(c any) error {
			rows, failed = sendAll(ctx, c.(*stdlib.Conn).Conn(), changes)
			return nil
		})
		return rows, errors.Join(failed, err)
	}
	for _, ch := range changes {
		done, err := tx.ExecContext(ctx, ch.query, ch.args...)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", ch.what, err)
		}
		n, err := done.RowsAffected()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", ch.what, err)
		}
		rows = append(rows, n)
	}
	return rows, nil
}

func sendAll(ctx context.Context, c *pgx.Conn, changes []statement) (rows []int64, err error) {
	var b pgx.Batch
	for _, ch := range changes {
		b.Queue(ch.query, ch.args...)
	}
	sent := c.SendBatch(ctx, &b)
	defer func() { err = errors.Join(err, sent.Close()) }()
	for _, ch := range changes {
		tag, err := sent.Exec()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", ch.what, err)
		}
		rows = append(rows, tag.RowsAffected())
	}
	return rows, nil
}
