package ratelimit

import (
	"fmt"
	"testing"
	"time"
)

func TestBuckets(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	b := New(1, 2, 10)
	if !b.Allow("a", start, 2) || b.Allow("a", start, 1) || !b.Allow("a", start.Add(time.Second), 1) {
		t.Error("a bucket does not hold 2 and fill with 1 a second")
	}
	if !b.Allow("b", start, 2) {
		t.Error("one name takes another's tokens")
	}
	for i := range 100 {
		b.Allow(fmt.Sprint(i), start, 1)
		b.Allow("b", start, 1)
		if n := b.buckets.Len(); n > 10 {
			t.Fatalf("remembers %d", n)
		}
	}
	if b.Allow("b", start, 1) || !b.Allow("a", start, 2) {
		t.Error("not the names asked last are remembered")
	}
}
