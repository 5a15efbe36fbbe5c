package redis_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dengwen/bot/turn"
	"dengwen/internal/backup"
	"dengwen/internal/test/servers"
	"dengwen/internal/websession"
	"dengwen/storage/redis"
	"dengwen/storage/sqlite"
)

// keeper is a store of conversations that can be backed up.
type keeper interface {
	turn.Store
	turn.Mailbox
	websession.Store
	Export(ctx context.Context, each func(backup.Record) error) error
	Import(ctx context.Context, records []backup.Record) error
	Empty(ctx context.Context) (bool, error)
}

// talk puts one of everything into a store: conversations that rest, wait and are held,
// mailboxes, a dead letter, marks, web sessions.
func talk(t *testing.T, s keeper) {
	t.Helper()
	ctx, now := t.Context(), time.Now()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for i := range 250 { // more than one page
		conv := fmt.Sprintf("web:%03d", i)
		w, err := s.Accept(ctx, conv, "e1", []byte("event"), turn.Lease{Owner: "p", For: time.Minute, Now: now})
		must(err)
		must(s.Commit(ctx, conv, turn.Change{Fence: w.Fence, Session: []byte("session"), Done: "e1", Rows: []turn.Item{{Key: "r1", Body: []byte("row")}}, Retention: time.Hour, Now: now}))
		if i%2 == 0 { // the others are held by a process that will be gone
			_, err = s.Settle(ctx, conv, turn.Settlement{Fence: w.Fence, Done: []string{"r1"}, Release: true, Lease: turn.Lease{Now: now}})
			must(err)
		}
		if i%50 == 0 {
			_, err = s.Accept(ctx, conv, "e2", []byte("another event"), turn.Lease{Now: now})
			must(err)
			must(s.Put(ctx, conv, "k1", []byte("first"), time.Hour))
			must(s.Put(ctx, conv, "k2", []byte("second"), time.Hour))
		}
	}
	must(s.PutDeadLetter(ctx, turn.DeadLetter{Conv: "web:000", ID: "bad", At: now.Truncate(time.Millisecond), Body: []byte("dead")}))
	must(s.SetMark(ctx, "feed", "0000000000000007"))
	until := now.Add(time.Hour).Truncate(time.Millisecond)
	must(s.PutWebSession(ctx, websession.Row{Hash: "aa", Owner: "web:000", Until: until, Body: []byte("citizen")}))
	must(s.PutWebSession(ctx, websession.Row{Hash: "bb", Owner: websession.OwnerOfStaff("p-1"), Until: until, Body: []byte("officer")}))
}

// recordsOf is what a store exports, as sorted lines. How long a mailbox lives is left in whole minutes, since
// Redis tells it as time left.
func recordsOf(t *testing.T, s keeper) (records []backup.Record, lines string) {
	t.Helper()
	var all []string
	err := s.Export(t.Context(), func(r backup.Record) error {
		records = append(records, r)
		if c := r.Conversation; c != nil { // ids of one moment have no order
			slices.SortFunc(c.Seen, func(a, b backup.SeenID) int { return strings.Compare(a.ID, b.ID) })
		}
		if c := r.Conversation; c != nil && c.Mailbox != nil {
			box := *c.Mailbox
			box.Expires = (box.Expires + 30_000) / 60_000
			copied := *c
			copied.Mailbox = &box
			r.Conversation = &copied
		}
		line, err := json.Marshal(r)
		all = append(all, string(line))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	return records, strings.Join(all, "\n")
}

// What is exported goes into either store and comes out of it the same.
func TestExportGoesIntoEitherStore(t *testing.T) {
	t.Parallel()
	server := opener(t, servers.Redis(t))
	cluster := opener(t, servers.NewRedisCluster(t, 3, 0).URL)
	file := func(t testing.TB, _ ...redis.Option) *sqlite.Store {
		s, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "conversations.db"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return s
	}
	ways := map[string][]keeper{
		"SQLite, Redis, SQLite": {file(t), server(t), file(t)},
		"Redis, SQLite, Redis":  {server(t), file(t), server(t)},
		"cluster, cluster":      {cluster(t), cluster(t)},
	}
	for name, stores := range ways {
		t.Run(name, func(t *testing.T) {
			talk(t, stores[0])
			records, want := recordsOf(t, stores[0])
			if n := strings.Count(want, `"conversation"`); n != 250 || strings.Contains(want, "b2ZmaWNlcg") || !strings.Contains(want, "Y2l0aXplbg") {
				t.Fatalf("%d conversations; an officer's session is left out, a citizen's not", n)
			}
			for i, s := range stores[1:] {
				if empty, err := s.Empty(t.Context()); err != nil || !empty {
					t.Fatalf("a new store: empty %v, %v", empty, err)
				}
				if err := s.Import(t.Context(), records); err != nil {
					t.Fatal(err)
				}
				if empty, err := s.Empty(t.Context()); err != nil || empty {
					t.Fatalf("after import: empty %v, %v", empty, err)
				}
				var got string
				if records, got = recordsOf(t, s); got != want {
					t.Fatalf("store %d exports other records:\n%s", i+2, differing(want, got))
				}
			}
			goesOn(t, stores[len(stores)-1])
		})
	}
}

func differing(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return x[i] + "\n" + y[i]
		}
	}
	return fmt.Sprint(len(x), " and ", len(y), " lines")
}

// goesOn has a restored store be worked with: what waited is due, known events stay known, the
// mailbox counts on.
func goesOn(t *testing.T, s keeper) {
	t.Helper()
	ctx, now := t.Context(), time.Now()
	due, err := s.Waiting(ctx)
	if err != nil || len(due) != 130 { // 125 with a row, and 5 with an event, all of them even
		t.Errorf("%d conversations wait, %v", len(due), err)
	}
	w, err := s.Claim(ctx, "web:001", turn.Lease{Owner: "q", For: time.Minute, Now: now})
	if err != nil || !w.Held || string(w.Session) != "session" || len(w.Rows) != 1 || string(w.Rows[0].Body) != "row" || w.Version != 1 {
		t.Errorf("claimed %+v, %v", w, err)
	}
	if w, err := s.Accept(ctx, "web:001", "e1", []byte("event"), turn.Lease{Now: now}); err != nil || w.Fresh {
		t.Errorf("an event that was done is fresh: %+v, %v", w, err)
	}
	if err := s.Put(ctx, "web:000", "k3", []byte("third"), time.Hour); err != nil {
		t.Fatal(err)
	}
	posts, err := s.Since(ctx, "web:000", 0, 10)
	if err != nil || len(posts) != 3 || posts[2].Seq != 3 || string(posts[0].Body) != "first" {
		t.Errorf("mailbox %v, %v", posts, err)
	}
	if v, err := s.Mark(ctx, "feed"); err != nil || v != "0000000000000007" {
		t.Errorf("mark %q, %v", v, err)
	}
	if all, err := s.WebSessions(ctx, "web:000"); err != nil || len(all) != 1 {
		t.Errorf("web sessions %v, %v", all, err)
	}
	if all, err := s.DeadLetters(ctx, 10); err != nil || len(all) != 1 || string(all[0].Body) != "dead" {
		t.Errorf("dead letters %v, %v", all, err)
	}
}
