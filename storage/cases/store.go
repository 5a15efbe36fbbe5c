// Package cases is the case store, petition.Store, as one implementation over
// database/sql for SQLite (embedded) and PostgreSQL 15+.
//
// What citizens and officers wrote is sealed before it is written, each piece bound
// to its record; whatever has to be found is kept as a keyed hash. In plain columns
// stand numbers, states, classes, codes of units, categories and places, dates and
// times, and nothing else.
package cases

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync/atomic"

	"dengwen/internal/groupcommit"
	"dengwen/internal/seal"
	"dengwen/petition"

	"github.com/pressly/goose/v3"
)

//go:embed migrations
var migrations embed.FS

var _ petition.Store = (*Store)(nil)

// Store keeps cases. It is safe for concurrent use, and on PostgreSQL by several
// processes at once.
type Store struct {
	engine     engine
	pool       *readPool
	box        *seal.Box
	words      *wordIndex
	linkedUpto atomic.Int64 // ref up to which cases of before the chain were looked at
	damaged    damagedRows
	queue      *groupcommit.Queue[*request]
	pruned     atomic.Int64 // minute of the last pruning of attempts
}

// engine is what differs between the two databases.
type engine interface {
	// write runs f in one transaction, perhaps more than once.
	write(ctx context.Context, f func(ctx context.Context, tx Tx) error) error
	oneWriter() bool // two writes at once are refused
	reader() querier
	readers() int // connections that read at once
	ping(ctx context.Context) error
	writer() *sql.DB
	snapshot(ctx context.Context) (*sql.Tx, error) // reads the database as it is at one moment
	dialect() goose.Dialect
	columns(ctx context.Context, q querier, table string) ([]column, error) // by name
	each() string                                                           // table expression: the values of the JSON array $1, as "value"
	among(column string) string                                             // condition: column is one of the numbers of the JSON array $1
	exclusively(ctx context.Context, f func() error) error                  // while no other process does
	unavailable(err error) bool                                             // the database does not answer, or not now
	close() error
}

// Open connects to url (postgres://…), or to the file cases.db in dataDir when url is
// "", and brings its tables up to date. Several replicas may open at once. ErrOtherKey
// when box is not the one that the data was sealed with.
func Open(ctx context.Context, url, dataDir string, box *seal.Box) (*Store, error) {
	e, err := connect(ctx, url, dataDir)
	if err != nil {
		return nil, err
	}
	s := newStore(e, box)
	err = s.Migrate(ctx)
	if err == nil {
		err = s.checkKey(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.words.start()
	return s, nil
}

func newStore(e engine, box *seal.Box) *Store {
	s := &Store{engine: e, pool: newReadPool(e.readers()), box: box}
	s.queue = groupcommit.New(1, maxBatch, s.runBatch)
	s.words = newWordIndex(s)
	return s
}

func connect(ctx context.Context, url, dataDir string) (engine, error) {
	switch {
	case url == "":
		return openSQLite(dataDir)
	case strings.HasPrefix(url, "postgres://"), strings.HasPrefix(url, "postgresql://"):
		return openPostgres(ctx, url)
	default: // the address may hold a password and is not repeated
		return nil, errors.New("open case store: the address must begin with postgres://")
	}
}

// Migrate brings the tables up to date. It does nothing when they are.
func (s *Store) Migrate(ctx context.Context) error {
	p, err := s.provider()
	if err != nil {
		return err
	}
	return s.trouble("migrate case store", s.engine.exclusively(ctx, func() error {
		done, err := p.Up(ctx)
		if err == nil && len(done) > 0 && s.engine.dialect() == goose.DialectSQLite3 {
			// What migrations overwrite stands in the file until the log is copied into it.
			_, err = s.engine.writer().ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`)
		}
		return err
	}))
}

func (s *Store) provider() (*goose.Provider, error) {
	dir := "migrations/sqlite"
	if s.engine.dialect() == goose.DialectPostgres {
		dir = "migrations/postgres"
	}
	files, err := fs.Sub(migrations, dir)
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	p, err := goose.NewProvider(s.engine.dialect(), s.engine.writer(), files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, fmt.Errorf("prepare migrations: %w", err)
	}
	return p, nil
}

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	return s.trouble("ping case store", s.engine.ping(ctx))
}

// Close waits for the changes under way and closes all connections.
func (s *Store) Close() error {
	s.words.close()
	s.queue.Close()
	s.pool.close()
	return s.engine.close()
}
