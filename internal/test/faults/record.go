package faults

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"dengwen/bot/turn"
	"dengwen/internal/office"
	"dengwen/internal/seal"
	"dengwen/petition"
	"dengwen/storage/cases"
	"dengwen/storage/redis"
	"dengwen/storage/sqlite"
)

// Places are where a stopped program kept its data.
type Places struct {
	Data     string // the data folder
	Redis    string // address; "" = conversations in the data folder
	Database string // address; "" = cases in the data folder
	Key      string
}

// Record is the data a stopped program left behind, read through the stores.
type Record struct {
	at    Places
	store *cases.Store
	cases petition.Cases
}

// OpenRecord opens what is in these places until the test ends.
func OpenRecord(tb testing.TB, at Places) *Record {
	tb.Helper()
	box, err := seal.Open(at.Key)
	if err != nil {
		tb.Fatal(err)
	}
	o, _, err := office.Load("")
	if err != nil {
		tb.Fatal(err)
	}
	st, err := cases.Open(tb.Context(), at.Database, at.Data, box)
	if err != nil {
		tb.Fatalf("open the case store: %v", err)
	}
	tb.Cleanup(func() { _ = st.Close() })
	nobody := func() string { return "" } // nothing is filed here
	return &Record{at, st, petition.NewService(st, o, petition.DefaultCalendar(), box.Hash, time.Now, nobody, nil)}
}

// All are the cases that are not sealed, with their timelines.
func (r *Record) All(ctx context.Context) (all []petition.Record, err error) {
	q := petition.Query{Order: "new", Limit: 100, Whole: true}
	for {
		page, after, err := r.store.List(ctx, petition.Scope{All: true}, q)
		if err != nil {
			return nil, fmt.Errorf("list cases: %w", err)
		}
		all = append(all, page...)
		if q.After = after; after == "" {
			return all, nil
		}
	}
}

// Feed is every notice, in the order written.
func (r *Record) Feed(ctx context.Context) (all []petition.Notice, err error) {
	after := ""
	for {
		page, err := r.store.Notices(ctx, after, 500)
		if err != nil {
			return nil, fmt.Errorf("read notices: %w", err)
		}
		if len(page) == 0 {
			return all, nil
		}
		all, after = append(all, page...), page[len(page)-1].ID
	}
}

// of lists what a chat filed, with the citizen's words.
func (r *Record) of(ctx context.Context, owner string) (all []petition.View, err error) {
	me := petition.Actor{Owner: owner, Asker: owner}
	q := petition.Query{Limit: 100}
	for {
		page, err := r.cases.List(ctx, me, q)
		if err != nil {
			return nil, fmt.Errorf("list cases of %s: %w", owner, err)
		}
		for _, v := range page.Items {
			whole, err := r.cases.Look(ctx, me, v.Number, "")
			if err != nil {
				return nil, fmt.Errorf("look up %s: %w", v.Number, err)
			}
			all = append(all, whole)
		}
		if q.After = page.After; q.After == "" {
			return all, nil
		}
	}
}

// Count is how many cases there are, whoever filed them.
func (r *Record) Count(ctx context.Context) (n int, err error) {
	driver, address := "sqlite", filepath.Join(r.at.Data, "cases.db")
	if r.at.Database != "" {
		driver, address = "pgx", r.at.Database
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		return 0, fmt.Errorf("count cases: %w", err)
	}
	defer db.Close()
	if err := db.QueryRowContext(ctx, `SELECT count(*) FROM cases`).Scan(&n); err != nil {
		return 0, fmt.Errorf("count cases: %w", err)
	}
	return n, nil
}

// Left is what the conversation store still had to do.
func (r *Record) Left(ctx context.Context) (turn.Depth, error) {
	var st interface {
		Depth(context.Context, time.Time) (turn.Depth, error)
		Close() error
	}
	var err error
	if r.at.Redis != "" {
		st, err = redis.Open(ctx, r.at.Redis)
	} else {
		st, err = sqlite.Open(ctx, filepath.Join(r.at.Data, "conversations.db"))
	}
	if err != nil {
		return turn.Depth{}, fmt.Errorf("open the conversation store: %w", err)
	}
	defer st.Close()
	return st.Depth(ctx, time.Now())
}
