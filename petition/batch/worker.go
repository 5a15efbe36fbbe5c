package batch

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"dengwen/petition"
)

// Next deals with the next items of a batch: it moves Done, Made and Refused on, sets Result, and
// answers what was refused. over = there are no more. Items may come twice, after a process died
// before it could note them: dealing with one again must change nothing.
type Next func(ctx context.Context, b *Batch) (refused []Refusal, over bool, err error)

// Begin opens what a batch works on, at b.Done.
type Begin func(ctx context.Context, b *Batch) (Next, error)

// How long a batch belongs to a worker without a sign of life, how often a worker that has
// nothing to do looks, and how long batches are kept.
const (
	lease = 30 * time.Second
	look  = 2 * time.Second
	keep  = 90 * 24 * time.Hour
)

// Worker deals with batches, one at a time. Several may run, in several processes.
type Worker struct {
	store Store
	kinds map[string]Begin
	owner string // of leases, no two workers' alike
	now   func() time.Time
	log   *slog.Logger
	wake  chan struct{}
}

// NewWorker makes a worker for kinds of batches. owner is a fresh identifier.
func NewWorker(s Store, kinds map[string]Begin, owner string, now func() time.Time, log *slog.Logger) *Worker {
	return &Worker{store: s, kinds: kinds, owner: owner, now: now, log: log, wake: make(chan struct{}, 1)}
}

// Wake has Run look at once.
func (w *Worker) Wake() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// Run deals with waiting batches until ctx ends.
func (w *Worker) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		did, err := w.Work(ctx, "")
		if err != nil && ctx.Err() == nil {
			w.log.Warn("work on a batch", "err", err)
		}
		if did && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-w.wake:
		case <-time.After(look):
		}
	}
	return nil
}

// Work deals with one waiting batch to its end, id "" = with the oldest. False when there is
// none. After an error of the store the batch is left to whoever claims it next.
func (w *Worker) Work(ctx context.Context, id string) (bool, error) {
	b, ok, err := w.store.ClaimBatch(ctx, id, w.owner, w.now(), w.now().Add(lease))
	if err != nil || !ok {
		return false, err
	}
	begin := w.kinds[b.Kind]
	if begin == nil {
		return true, w.end(ctx, &b, nil, petition.Fail(petition.Invalid, "batch.kind"))
	}
	next, err := begin(ctx, &b)
	if err != nil {
		return true, w.end(ctx, &b, nil, err)
	}
	for {
		refused, over, err := next(ctx, &b)
		if err != nil || over {
			return true, w.end(ctx, &b, refused, err)
		}
		if err := w.store.NoteBatch(ctx, w.owner, b, refused, w.now().Add(lease)); err != nil {
			return true, given(err)
		}
	}
}

// end writes how a batch ended; one that failed for a moment only stays waiting.
func (w *Worker) end(ctx context.Context, b *Batch, refused []Refusal, why error) error {
	if ctx.Err() != nil || petition.CodeOf(why) == petition.Unavailable {
		return why
	}
	b.State, b.Ended = Done, w.now()
	if why != nil {
		b.State, b.Why = Failed, "batch.broken"
		var e *petition.Error
		if errors.As(why, &e) && e.Code != petition.Internal {
			b.Why = e.Key
		} else {
			w.log.Error("batch failed", "kind", b.Kind, "batch", b.ID, "err", why)
		}
	}
	return given(w.store.NoteBatch(ctx, w.owner, *b, refused, w.now()))
}

// given is no error where somebody else has the batch now, or stopped it.
func given(err error) error {
	if errors.Is(err, petition.Fail(petition.Conflict, "batch.lost")) {
		return nil
	}
	return err
}

// Cleanup forgets batches that are 90 days old, and removes their files.
func (w *Worker) Cleanup(ctx context.Context, remove func(ctx context.Context, blob string) error) (int, error) {
	blobs, err := w.store.DropBatches(ctx, w.now().Add(-keep))
	for i, id := range blobs {
		if err := remove(ctx, id); err != nil {
			return i, err
		}
	}
	return len(blobs), err
}
