package demo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"dengwen/petition"

	"github.com/google/uuid"
)

// mark begins the id of every invented case, so that a store of them can be told from
// one that people filed in.
const mark = "demo-"

// NewID is an identifier for an invented case.
func NewID() string { return mark + uuid.Must(uuid.NewV7()).String() }

// WithoutNotices is a store that drops notices: nobody should be told of what an invented
// case did long ago.
type WithoutNotices struct{ petition.Store }

// Create is petition.Store.Create without notices.
func (w WithoutNotices) Create(ctx context.Context, key string, year int, build func(int) (petition.Record, []petition.Notice, error)) (petition.Record, bool, error) {
	return w.Store.Create(ctx, key, year, func(serial int) (petition.Record, []petition.Notice, error) {
		r, _, err := build(serial)
		return r, nil, err
	})
}

// Save is petition.Store.Save without notices.
func (w WithoutNotices) Save(ctx context.Context, r petition.Record, _ []petition.Notice) (int64, error) {
	return w.Store.Save(ctx, r, nil)
}

// ErrReal says that a store holds cases that were not invented.
var ErrReal = errors.New("the store holds cases that are not invented")

// OnlyDemo looks whether people filed in a store: ErrReal when the first page of
// either order of its lists has a case that was not invented. Invented cases are only ever
// added behind this question, so a real one is among the newest when there is any.
func OnlyDemo(ctx context.Context, st petition.Store, o *petition.Office) error {
	sc := petition.Scope{All: true}
	for _, u := range o.Units {
		sc.SealedUnits = append(sc.SealedUnits, u.Code)
	}
	for _, order := range []string{"new", "due"} {
		records, _, err := st.List(ctx, sc, petition.Query{Order: order, Limit: 100})
		if err != nil {
			return fmt.Errorf("look what the store holds: %w", err)
		}
		for _, r := range records {
			if !strings.HasPrefix(r.Case.ID, mark) {
				return ErrReal
			}
		}
	}
	return nil
}

// Filler puts many invented cases into a store, each with its whole life in one
// transaction. Lives are those of the fifty, in turn, and go through the real service.
type Filler struct {
	Store    petition.Store
	Office   *petition.Office
	Calendar *petition.Calendar
	Hash     func(purpose, value string) []byte
	Now      time.Time
	Seed     uint64
	Workers  int
	Plain    bool // only filings, no lives: for measuring what a full store costs
}

// Fill puts n cases in, from the first-th on, and calls done after each. The same case twice is put in
// once, so a fill that was broken off goes on where it stopped.
func (f Filler) Fill(ctx context.Context, first, n int, done func()) error {
	w, err := NewWriter(f.Office, f.Seed)
	if err != nil {
		return err
	}
	sc, err := readScript(livesFile)
	if err != nil {
		return err
	}
	people := officersOf(w.Officers())
	service := petition.NewService(nil, f.Office, f.Calendar, f.Hash, nil, NewID, nil)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	var next atomic.Int64
	for range max(f.Workers, 1) {
		wg.Go(func() {
			for i := int(next.Add(1)); i <= n && ctx.Err() == nil; i = int(next.Add(1)) {
				if err := f.fillOne(ctx, service, w, sc, people, first+i, first+n); err != nil {
					cancel(err)
					return
				}
				done()
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

// filedAt is when the i-th case came: one after the other, as petitions do, the last an
// hour ago. So the latest are still at the beginning of their lives.
func (f Filler) filedAt(i, last int) time.Time {
	days := max(400, last/1000)
	ago := time.Duration(float64(days) * 24 * float64(time.Hour) * float64(last-i) / float64(last))
	return f.Now.Add(-time.Hour - ago)
}

// fillOne runs the whole life of a case in memory and writes the result.
func (f Filler) fillOne(ctx context.Context, service *petition.Service, w *Writer, sc script, people officers, i, last int) error {
	clock, single := new(Clock), new(caseStore)
	p := &Simulation{cases: unswept{service.WithoutNotices(single, clock.Now)}, clock: clock, writer: w, script: sc, cast: people, prefix: fmt.Sprintf("demo:%d:%d", f.Seed, i)}
	l := sc.Lives[i%len(sc.Lives)]
	if f.Plain {
		l = life{Class: l.Class}
	}
	filing := w.FilingOf(l.Class, i)
	filing.People = 1
	if l.Channel != "" {
		filing.Channel = l.Channel
	}
	p.schedule(filing, l, f.filedAt(i, last))
	if err := p.run(ctx, f.Now); err != nil {
		return fmt.Errorf("live case %d: %w", i, err)
	}
	return single.writeTo(ctx, f.Store, f.Office.Prefix)
}

// unswept leaves out the daily sweep: a case in bulk has no reminders.
type unswept struct{ *petition.Service }

func (unswept) Sweep(context.Context) (int, error) { return 0, nil }
