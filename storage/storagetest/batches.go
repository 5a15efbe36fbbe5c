package storagetest

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"dengwen/petition"
	"dengwen/petition/batch"
)

// BatchStore keeps batches and views of lists.
type BatchStore interface {
	batch.Store
	PutListView(ctx context.Context, v petition.ListView) error
	ListViews(ctx context.Context) ([]petition.ListView, error)
	DropListView(ctx context.Context, id string) error
}

// Batches is what a store of batches promises. The store is empty.
func Batches(t *testing.T, s BatchStore) {
	ctx, now := t.Context(), time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC)
	lost, later := petition.Fail(petition.Conflict, "batch.lost"), now.Add(time.Minute)
	b := batch.Batch{ID: "one", Kind: "moves", Staff: "clerk", Name: "转送", At: now, State: batch.Prepared, Total: 3, Input: []byte(`{"a":1}`)}
	put := func(b batch.Batch) {
		t.Helper()
		if err := s.PutBatch(ctx, b); err != nil {
			t.Fatal(err)
		}
	}
	put(b)
	claim := func(id, owner string, at time.Time) (batch.Batch, bool) {
		t.Helper()
		b, ok, err := s.ClaimBatch(ctx, id, owner, at, at.Add(time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		return b, ok
	}
	if _, ok := claim("", "a", now); ok {
		t.Error("a batch that is only prepared is worked on")
	}
	b.State = batch.Waiting
	put(b)
	got, ok := claim("", "a", now)
	if !ok || !reflect.DeepEqual(got.Input, b.Input) || got.Name != b.Name || got.Total != 3 || got.State != batch.Waiting {
		t.Fatalf("claimed %+v, %t", got, ok)
	}
	if _, ok := claim("one", "b", now.Add(time.Second)); ok {
		t.Error("two have it")
	}
	got.Done, got.Made, got.Refused = 2, 1, 1
	no := batch.Refusal{Item: 1, What: "ZS26-0001-AA", Key: "move.who", Args: map[string]string{"move": "transfer"}}
	if err := s.NoteBatch(ctx, "b", got, []batch.Refusal{no}, later); !errors.Is(err, lost) {
		t.Errorf("who does not have it notes: %v", err)
	}
	for range 2 {
		if err := s.NoteBatch(ctx, "a", got, []batch.Refusal{no}, later); err != nil {
			t.Fatal(err)
		}
	}
	refused, err := s.Refusals(ctx, "one", -1, 10)
	if err != nil || len(refused) != 1 || !reflect.DeepEqual(refused[0], no) {
		t.Errorf("refused %+v, %v", refused, err)
	}
	if again, ok := claim("", "b", later.Add(time.Second)); !ok || again.Done != 2 {
		t.Errorf("after the lease %+v, %t", again, ok)
	}
	if err := s.NoteBatch(ctx, "a", got, nil, later); !errors.Is(err, lost) {
		t.Errorf("who had it notes: %v", err)
	}
	if err := s.StopBatch(ctx, "one", later); err != nil {
		t.Fatal(err)
	}
	if err := s.NoteBatch(ctx, "b", got, nil, later.Add(time.Hour)); !errors.Is(err, lost) {
		t.Errorf("a stopped batch goes on: %v", err)
	}
	if b, err := s.Batch(ctx, "one"); err != nil || b.State != batch.Stopped || b.Ended.IsZero() {
		t.Errorf("stopped %+v, %v", b, err)
	}
	if _, err := s.Batch(ctx, "two"); petition.CodeOf(err) != petition.NotFound {
		t.Errorf("unknown: %v", err)
	}
	if all, err := s.Batches(ctx, now, 10); err != nil || len(all) != 1 {
		t.Errorf("listed %+v, %v", all, err)
	}
	if blobs, err := s.DropBatches(ctx, now); err != nil || len(blobs) != 0 {
		t.Errorf("dropped %v, %v", blobs, err)
	}
	if _, err := s.DropBatches(ctx, now.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if all, err := s.Refusals(ctx, "one", -1, 10); err != nil || len(all) != 0 {
		t.Errorf("refusals stay: %v, %v", all, err)
	}
	testViews(t, s)
}

func testViews(t *testing.T, s BatchStore) {
	ctx := t.Context()
	v := petition.ListView{ID: "v1", Name: "快到期的", Staff: "clerk", Query: "open=1"}
	for _, name := range []string{v.Name, "我的"} {
		v.Name = name
		if err := s.PutListView(ctx, v); err != nil {
			t.Fatal(err)
		}
	}
	if all, err := s.ListViews(ctx); err != nil || len(all) != 1 || all[0] != v {
		t.Errorf("views %+v, %v", all, err)
	}
	if err := s.DropListView(ctx, "v1"); err != nil {
		t.Fatal(err)
	}
	if all, err := s.ListViews(ctx); err != nil || len(all) != 0 {
		t.Errorf("views %+v, %v", all, err)
	}
}
