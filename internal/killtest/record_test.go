package killtest

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"dengwen/bot/turn"
	"dengwen/internal/office"
	"dengwen/petition"
	"dengwen/storage/cases"
	"dengwen/storage/redis"
	"dengwen/storage/seal"
	"dengwen/storage/sqlite"
)

// record is the data a stopped program left behind, read through the stores.
type record struct {
	dir   string
	store *cases.Store
	cases petition.Cases
}

func openRecord(ctx context.Context, dir, key string) (*record, error) {
	box, err := seal.Open(key)
	if err != nil {
		return nil, err
	}
	o, _, err := office.Load("")
	if err != nil {
		return nil, err
	}
	st, err := cases.Open(ctx, "", dir, box)
	if err != nil {
		return nil, fmt.Errorf("open the case store: %w", err)
	}
	nobody := func() string { return "" } // nothing is filed here
	return &record{dir: dir, store: st, cases: petition.NewService(st, o, petition.DefaultCalendar(), box.Hash, time.Now, nobody, nil)}, nil
}

func (r *record) close() { _ = r.store.Close() }

// of lists what a chat filed, with the citizen's words.
func (r *record) of(ctx context.Context, owner string) (all []petition.View, err error) {
	me := petition.Actor{Owner: owner, Asker: owner}
	q := petition.Query{Limit: 100}
	for {
		page, err := r.cases.List(ctx, me, q)
		if err != nil {
			return nil, fmt.Errorf("list cases of %s: %w", owner, err)
		}
		for _, v := range page.Views {
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

// left says what the conversation store still had to do, "" for nothing.
func (r *record) left(ctx context.Context, t *testing.T, s setting) string {
	var st interface {
		Depth(context.Context, time.Time) (turn.Depth, error)
		Close() error
	}
	var err error
	if s.redis != "" {
		st, err = redis.Open(ctx, s.redis)
	} else {
		st, err = sqlite.Open(ctx, filepath.Join(r.dir, "conversations.db"))
	}
	if err != nil {
		t.Fatalf("open the conversation store: %v", err)
	}
	defer st.Close()
	d, err := st.Depth(ctx, time.Now())
	if err != nil {
		t.Fatalf("depth: %v", err)
	}
	if d.Events+d.Rows == 0 {
		return ""
	}
	return fmt.Sprintf("%d events and %d messages were left, the oldest for %v", d.Events, d.Rows, d.Oldest)
}
