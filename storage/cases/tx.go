package cases

import (
	"context"
	"database/sql"
	"errors"
	"strings"
)

// Tx is the transaction of a change, for what must commit with it.
type Tx struct {
	*sql.Tx
	conn     *sql.Conn   // PostgreSQL: holds the transaction
	prepared *statements // SQLite: of the connection that writes
	wrote    *bool       // set by the first statement, when somebody wants to know
}

// Raw lends the driver's connection that holds the transaction: on PostgreSQL a
// *stdlib.Conn of pgx. On SQLite there is none and it fails: use the sql.Tx.
func (tx Tx) Raw(f func(driverConn any) error) error {
	if tx.conn == nil {
		return errors.New("this database lends no driver connection: use the sql.Tx")
	}
	return tx.conn.Raw(f)
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
