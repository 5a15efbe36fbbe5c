package storagetest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"dengwen/internal/websession"
)

// WebSessions is the conformance suite of websession.Store. open makes an empty store that is
// closed with the test.
func WebSessions(t *testing.T, open func(t *testing.T) websession.Store) {
	t.Parallel()
	s := open(t)
	ctx := context.Background()
	row := func(hash, owner string, lives time.Duration) websession.Row {
		return websession.Row{Hash: hash, Owner: owner, Until: time.Now().Add(lives).Truncate(time.Millisecond), Body: []byte("sealed " + hash)}
	}
	for i := range 3 {
		if err := s.PutWebSession(ctx, row(fmt.Sprintf("h%d", i), "web:1", time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.PutWebSession(ctx, row("short", "web:1", 50*time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if err := s.PutWebSession(ctx, row("other", "web:2", time.Hour)); err != nil {
		t.Fatal(err)
	}
	want := row("h0", "staff:7", 2*time.Hour)
	want.Body = []byte("changed")
	if was, err := s.UpdateWebSession(ctx, want); !was || err != nil {
		t.Fatalf("update: %v, %v", was, err)
	}
	got, there, err := s.WebSession(ctx, "h0")
	if err != nil || !there || got.Owner != want.Owner || string(got.Body) != "changed" || !got.Until.Equal(want.Until) || got.Hash != "h0" {
		t.Errorf("after the update: %+v %v %v", got, there, err)
	}
	time.Sleep(60 * time.Millisecond)
	for owner, want := range map[string][]string{"web:1": {"h1", "h2"}, "staff:7": {"h0"}, "web:2": {"other"}, "nobody": nil} {
		if got := hashes(t, s, owner); !slices.Equal(got, want) {
			t.Errorf("sessions of %s: %v, want %v", owner, got, want)
		}
	}
	for _, want := range []bool{true, false} {
		if was, err := s.DropWebSession(ctx, "h1"); was != want || err != nil {
			t.Errorf("drop: %v, %v, want %v", was, err, want)
		}
	}
	for _, hash := range []string{"h1", "short", "never"} {
		if _, there, err := s.WebSession(ctx, hash); there || err != nil {
			t.Errorf("%s: %v, %v", hash, there, err)
		}
		if was, err := s.UpdateWebSession(ctx, row(hash, "web:1", time.Hour)); was && hash != "short" || err != nil {
			t.Errorf("an ended session was written again: %s %v, %v", hash, was, err)
		}
	}
	if got := hashes(t, s, "web:1"); slices.Contains(got, "h1") {
		t.Errorf("after the end: %v", got)
	}
}

func hashes(t *testing.T, s websession.Store, owner string) []string {
	t.Helper()
	rows, err := s.WebSessions(context.Background(), owner)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, r := range rows {
		if r.Owner != owner || string(r.Body) == "" || r.Until.IsZero() {
			t.Errorf("listed %+v of %s", r, owner)
		}
		out = append(out, r.Hash)
	}
	slices.Sort(out)
	return out
}
