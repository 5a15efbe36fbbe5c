package main

import (
	"context"
	"fmt"
	"time"

	"dengwen/petition"
)

// measureSweeps makes the steps that time makes until none is left, then times sweeps that
// find nothing to do: what the minute costs beside so many cases, late ones among them.
func (s *caseServer) measureSweeps(ctx context.Context) error {
	wrote, began, before := 0, time.Now(), s.processors()
	for idle := 0; idle < 2; {
		round := time.Now()
		n, err := s.sweep(ctx)
		if err != nil {
			return err
		}
		wrote += n
		if idle++; n > 0 || time.Since(round) > time.Second {
			idle = 0
		}
	}
	fmt.Printf("    sweeps made %d steps in %v, %v of the processor\n", wrote, time.Since(began).Round(time.Second), (s.processors() - before).Round(time.Second))
	late, open, err := s.late(ctx)
	if err != nil {
		return err
	}
	const minutes = 20
	began, before = time.Now(), s.processors()
	for range minutes {
		if _, err := s.sweep(ctx); err != nil {
			return err
		}
	}
	fmt.Printf("    the minute's sweep beside %d open cases, %d of them late: %.1f ms, %.1f of the processor\n", open, late,
		ms(time.Since(began)/minutes), ms((s.processors()-before)/minutes))
	return nil
}

func (s *caseServer) processors() time.Duration { return processor() + s.theirs() }

// sweep does what the scheduler does every minute.
func (s *caseServer) sweep(ctx context.Context) (int, error) {
	n, err := s.service.Sweep(ctx)
	if err != nil {
		return n, err
	}
	m, err := s.service.SweepUnclaimed(ctx)
	return n + m, err
}

// late counts the open cases, and those of which a period of the office is over.
func (s *caseServer) late(ctx context.Context) (late, open int, err error) {
	q, today := petition.Query{Open: true, Order: "due", Limit: 100}, petition.Day(time.Now())
	for {
		records, after, err := s.store.List(ctx, petition.Scope{All: true}, q)
		if err != nil {
			return 0, 0, err
		}
		for _, r := range records {
			if open++; r.Due != "" && r.Due < today {
				late++
			}
		}
		if q.After = after; after == "" {
			return late, open, nil
		}
	}
}
