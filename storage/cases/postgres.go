package cases

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// server is PostgreSQL through pgx.
type server struct{ db *sql.DB }

// pool bounds the connections of one process.
const pool = 16

func openPostgres(ctx context.Context, url string) (engine, error) {
	c, err := pgx.ParseConfig(url)
	if err != nil { // pgx keeps the password out of this error
		return nil, fmt.Errorf("open case store: %w", err)
	}
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = 5 * time.Second
	}
	if theirs := maps.Clone(c.RuntimeParams); refused(ctx, tune(c)) {
		c.RuntimeParams = theirs
		if c.DefaultQueryExecMode == pgx.QueryExecModeCacheStatement {
			c.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
		}
	}
	db := stdlib.OpenDB(*c)
	db.SetMaxOpenConns(pool)
	db.SetMaxIdleConns(pool)
	db.SetConnMaxIdleTime(5 * time.Minute)
	return &server{db}, nil
}

// tune says what a connection is to begin with, unless the address does. Planning and
// compiling a statement take longer than running any of ours. All have an index; what
// is planned in an empty store must not read whole tables in a full one.
func tune(c *pgx.ConnConfig) *pgx.ConnConfig {
	for name, value := range map[string]string{
		"statement_timeout": "30s", "lock_timeout": "15s", "idle_in_transaction_session_timeout": "60s", "application_name": "dengwen",
		"jit": "off", "plan_cache_mode": "force_generic_plan", "enable_seqscan": "off",
	} {
		if _, ok := c.RuntimeParams[name]; !ok {
			c.RuntimeParams[name] = value
		}
	}
	return c
}

// refused reports whether it is a pooler, PgBouncer, that answers: it takes no such
// settings, and who comes after one transaction may be given another connection, where
// statements compiled before are not known.
func refused(ctx context.Context, c *pgx.ConnConfig) bool {
	conn, err := pgx.ConnectConfig(ctx, c)
	if err == nil {
		_ = conn.Close(ctx)
	}
	var f *pgconn.PgError
	return errors.As(err, &f) && f.Code == "08P01" && strings.Contains(f.Message, "startup parameter")
}

func (p *server) reader() querier { return p.db }
func (p *server) oneWriter() bool { return false }
func (p *server) readers() int    { return pool }
func (p *server) writer() *sql.DB { return p.db }
func (p *server) snapshot(ctx context.Context) (*sql.Tx, error) {
	tx, err := p.db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return nil, err
	}
	_, err = tx.ExecContext(ctx, `SELECT set_config('statement_timeout', '0', true), set_config('idle_in_transaction_session_timeout', '0', true)`)
	if err != nil {
		return nil, errors.Join(err, tx.Rollback())
	}
	return tx, nil
}

func (p *server) dialect() goose.Dialect { return goose.DialectPostgres }
func (p *server) each() string           { return "jsonb_array_elements_text($1::jsonb) AS t(value)" }

func (p *server) columns(ctx context.Context, q querier, table string) ([]column, error) {
	return scan(ctx, q, (*column).targets, `SELECT a.attname, a.atttypid = 'text'::regtype, a.atttypid = 'boolean'::regtype,
		COALESCE((SELECT k.n FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, n) WHERE k.attnum = a.attnum), 0)
		FROM pg_attribute a LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
		WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attname`, table)
}

// among is an array: of a table of values PostgreSQL expects a hundred rows, and reads
// small tables from end to end for them.
func (p *server) among(column string) string {
	return column + ` = ANY (translate($1, '[]', '{}')::bigint[])`
}

func (p *server) close() error { return p.db.Close() }

func (p *server) ping(ctx context.Context) error { return p.db.PingContext(ctx) }

// exclusively holds a lock that ends with its transaction: one of the session would stay with
// whatever connection a pooler lent for it.
func (p *server) exclusively(ctx context.Context, f func() error) error {
	tx, err := p.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	_, err = tx.ExecContext(ctx, `SELECT set_config('statement_timeout', '2min', true), set_config('lock_timeout', '2min', true),
		set_config('idle_in_transaction_session_timeout', '0', true)`)
	if err == nil {
		_, err = tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, lock.DefaultLockID)
	}
	if err != nil {
		return fmt.Errorf("wait for migrations elsewhere: %w", err)
	}
	return f()
}

// errOvertaken says that a row is no longer as it was read in the same transaction.
var errOvertaken = errors.New("another transaction was first")

// write tries again what another transaction made impossible: a deadlock, a row changed
// since it was read, or the same unique key written at the same time, which the next try
// finds.
func (p *server) write(ctx context.Context, f func(context.Context, Tx) error) error {
	for try := 1; ; try++ {
		err := p.once(ctx, f)
		if err == nil || try == 5 || !p.retry(err) {
			return err
		}
	}
}

func (p *server) once(ctx context.Context, f func(context.Context, Tx) error) error {
	conn, err := p.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // hands it back to the pool
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after the commit
	if err := f(ctx, Tx{Tx: tx, conn: conn}); err != nil {
		return err
	}
	return tx.Commit()
}

func (p *server) retry(err error) bool {
	if errors.Is(err, errOvertaken) {
		return true
	}
	var f *pgconn.PgError
	if !errors.As(err, &f) {
		return false
	}
	return f.Code == "40001" || f.Code == "40P01" || f.Code == "23505"
}

// unavailable knows lost connections, a server that starts, stops or is full (classes 08,
// 53, 57), transactions that met too often (40) and locks waited for too long
// (55P03).
func (p *server) unavailable(err error) bool {
	var f *pgconn.PgError
	if errors.As(err, &f) {
		return f.Code == "55P03" || strings.HasPrefix(f.Code, "40") || strings.HasPrefix(f.Code, "08") || strings.HasPrefix(f.Code, "53") || strings.HasPrefix(f.Code, "57")
	}
	var c *pgconn.ConnectError
	var n net.Error
	return errors.As(err, &c) || errors.As(err, &n) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || pgconn.SafeToRetry(err)
}
