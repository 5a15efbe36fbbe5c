package cases

import (
	"context"
	"database/sql"
	"strings"
)

// Tx is the transaction of a change.
type Tx struct {
	*sql.Tx
	prepared *statements // SQLite: of the connection that writes
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
