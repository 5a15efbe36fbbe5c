// Package batch is work on many cases that takes longer than a request: it is kept with how far
// it has come, goes on after a restart, and lists what was refused and why.
package batch

import (
	"context"
	"encoding/json"
	"time"
)

// State is where a batch stands.
type State string

// The states of a batch. Waiting and done are the common ones: who works on a waiting batch
// has it under a lease.
const (
	Prepared State = "prepared" // is looked at before it begins
	Waiting  State = "waiting"
	Done     State = "done"
	Failed   State = "failed"  // Why says what ended it; what was done stays done
	Stopped  State = "stopped" // by a person; what was done stays done
)

// Batch is one of them.
type Batch struct {
	ID    string    `json:"id"`
	Kind  string    `json:"kind"`
	Staff string    `json:"staff"` // who asked; the rights they have while it runs count
	Name  string    `json:"name,omitempty"`
	At    time.Time `json:"at"`
	Ended time.Time `json:"ended,omitzero"`
	State State     `json:"state"`

	Total   int `json:"total"`   // items
	Done    int `json:"done"`    // items dealt with: the next run begins behind them
	Made    int `json:"made"`    // of Done, those that came off
	Refused int `json:"refused"` // of Done, those that did not

	Input  json.RawMessage `json:"input,omitempty"`  // what its kind works on
	File   string          `json:"file,omitempty"`   // blob that it reads
	Result string          `json:"result,omitempty"` // blob that it wrote
	Why    string          `json:"why,omitempty"`    // key of the sentence that says why it failed
}

// Over reports whether nothing more will happen to it.
func (b Batch) Over() bool { return b.State == Done || b.State == Failed || b.State == Stopped }

// Refusal is one item that did not come off.
type Refusal struct {
	Item int               `json:"item"`           // from 0
	What string            `json:"what,omitempty"` // what the item is called: a case's number
	Key  string            `json:"key"`            // of the sentence that says why
	Args map[string]string `json:"args,omitempty"`
}

// Store keeps batches. Errors as those of petition.Store.
type Store interface {
	// PutBatch writes a batch that nobody works on.
	PutBatch(ctx context.Context, b Batch) error

	// Batch reads one. NotFound "batch.none".
	Batch(ctx context.Context, id string) (Batch, error)

	// Batches reads those since a moment, newest first, at most limit.
	Batches(ctx context.Context, since time.Time, limit int) ([]Batch, error)

	// ClaimBatch gives the oldest waiting batch that nobody has to owner, until a moment; with id
	// not "" that one alone. False when there is none.
	ClaimBatch(ctx context.Context, id, owner string, now, until time.Time) (Batch, bool, error)

	// NoteBatch writes how far a claimed batch has come, adds refusals, each item once, and
	// lengthens the lease. Conflict "batch.lost" when it is not owner's, or was stopped.
	NoteBatch(ctx context.Context, owner string, b Batch, refused []Refusal, until time.Time) error

	// StopBatch ends a batch that is not over. One that is stays as it is.
	StopBatch(ctx context.Context, id string, at time.Time) error

	// Refusals reads what was refused, in the order of items, behind an item (-1 = from the
	// first), at most limit.
	Refusals(ctx context.Context, id string, after, limit int) ([]Refusal, error)

	// DropBatches forgets batches from before a moment and answers the blobs they named.
	DropBatches(ctx context.Context, before time.Time) (blobs []string, err error)
}
