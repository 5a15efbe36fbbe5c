package cases

import (
	"context"
	"database/sql"
	"sync"
)

// reads are the connections that read, with the statements they have compiled.
// Compiling one takes SQLite longer than running it. A read that has begun is not cut
// off with its ctx: listening for that takes two goroutines a query, half as much again
// as most of them, and none of them is long.
type reads struct {
	*sql.DB
	mu    sync.RWMutex
	ready map[string]*sql.Stmt
}

// QueryContext does what sql.DB does, with a statement already compiled if possible.
func (r *reads) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx)
	if stmt := r.statement(ctx, query); stmt != nil {
		return stmt.QueryContext(ctx, args...)
	}
	return r.DB.QueryContext(ctx, query, args...)
}

// QueryRowContext does what sql.DB does, with a statement already compiled if
// possible.
func (r *reads) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if ctx.Err() == nil { // else the query finds out
		ctx = context.WithoutCancel(ctx)
	}
	if stmt := r.statement(ctx, query); stmt != nil {
		return stmt.QueryRowContext(ctx, args...)
	}
	return r.DB.QueryRowContext(ctx, query, args...)
}

// statement compiles what it has not seen, the first maxStatements of them. nil leaves
// the query to fail, or not, as it stands.
func (r *reads) statement(ctx context.Context, query string) *sql.Stmt {
	r.mu.RLock()
	stmt, full := r.ready[query], len(r.ready) >= maxStatements
	r.mu.RUnlock()
	if stmt != nil || full {
		return stmt
	}
	stmt, err := r.PrepareContext(ctx, query)
	if err != nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if other := r.ready[query]; other != nil { // somebody was quicker
		_ = stmt.Close()
		return other
	}
	r.ready[query] = stmt
	return stmt
}
