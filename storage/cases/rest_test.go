package cases_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"dengwen/internal/test/servers"
	"dengwen/petition"
	"dengwen/petition/roster"
	"dengwen/storage/cases"
)

// engines runs a test on both databases.
func engines(t *testing.T, test func(t *testing.T, url, dir string)) {
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); test(t, "", t.TempDir()) })
	t.Run("postgres", func(t *testing.T) { t.Parallel(); test(t, servers.Postgres(t), "") })
}

func record(serial int, facts string) petition.Record {
	received := time.Date(2026, 3, 2, 9, 0, serial%60, 0, time.UTC)
	number := petition.FormatNumber("ZS", 2026, serial)
	return petition.Record{
		Case: petition.Case{
			ID: fmt.Sprintf("id-%d", serial), Number: number, Version: 1, Status: petition.Registered, Unit: "town", Received: received, Officer: "officer-geheim",
			Filing: petition.Filing{
				Owner: "tg:4711-geheim", Class: petition.Claim, Subject: "road", Place: petition.Place{Code: "ying", Text: "geheim-place"},
				Title: "geheim-title", Facts: facts, Request: "geheim-request",
				Contact:     petition.Contact{Name: "geheim-name", Phone: "139-geheim", Address: "geheim-address"},
				Attachments: []petition.Attachment{{ID: "a-1", Name: "geheim.jpg"}},
			},
			Timeline: []petition.Entry{{Seq: 1, At: received, Move: petition.MoveFile, Text: "geheim-entry"}},
		},
		Due: fmt.Sprintf("2026-%02d-%02d", 4+serial%8, 1+serial%28), Open: serial%10 == 0, Units: []string{"office", "town"}, Files: []string{"a-1"}, Keys: []string{"key-hash"},
	}
}

func create(t testing.TB, s *cases.Store, facts string) petition.Record {
	t.Helper()
	r, _, err := s.Create(context.Background(), facts+time.Now().String(), 2026, func(serial int) (petition.Record, []petition.Notice, error) {
		r := record(serial, facts)
		return r, []petition.Notice{{To: "tg:4711-geheim", Number: r.Case.Number, View: petition.View{Facts: facts}}}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestReplicasMayStartAtOnce(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) {
		box := newBox(t)
		stores := make([]*cases.Store, 4)
		var wg sync.WaitGroup
		for i := range stores {
			wg.Go(func() {
				s, err := cases.Open(context.Background(), url, dir, box)
				if err != nil {
					t.Errorf("open %d: %v", i, err)
					return
				}
				stores[i] = s
			})
		}
		wg.Wait()
		if t.Failed() {
			return
		}
		crowd(t, stores)
		for _, s := range stores {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
	})
}

// crowd files through several stores of one database at once.
func crowd(t *testing.T, stores []*cases.Store) {
	t.Helper()
	const each = 15
	var wg sync.WaitGroup
	for i, s := range stores {
		wg.Go(func() {
			for n := range each {
				_, _, err := s.Create(context.Background(), fmt.Sprint("key", (i+n)%each), 2026, func(serial int) (petition.Record, []petition.Notice, error) {
					return record(serial, "路"), []petition.Notice{{To: "x"}}, nil
				})
				if err != nil {
					t.Errorf("create: %v", err)
				}
			}
		})
	}
	wg.Wait()
	ns, err := stores[0].Notices(t.Context(), "", 1000)
	if err != nil || len(ns) != each {
		t.Errorf("%d notices for %d keys used four times each (%v)", len(ns), each, err)
	}
	got, _, err := stores[1].List(t.Context(), petition.Scope{All: true}, petition.Query{Limit: 100})
	if err != nil || len(got) != each {
		t.Errorf("%d cases for %d keys (%v)", len(got), each, err)
	}
}

func TestCancelledChangesNothing(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) {
		s := open(t, url, dir, newBox(t))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, _, err := s.Create(ctx, "k", 2026, func(serial int) (petition.Record, []petition.Notice, error) { return record(serial, "x"), nil, nil })
		if petition.CodeOf(err) != petition.Unavailable {
			t.Errorf("create with a cancelled context: %v, want unavailable", err)
		}
		if got := create(t, s, "路").Case.Number; got != cases.NumberOf(t, s, 2026, 1) {
			t.Errorf("first number is %s: a cancelled filing took a serial", got)
		}
	})
}

func TestPostgresAway(t *testing.T) {
	t.Parallel()
	_, err := cases.Open(t.Context(), fmt.Sprintf("postgres://postgres:geheim@127.0.0.1:%d/x?sslmode=disable", servers.FreePort(t)), "", newBox(t))
	if petition.CodeOf(err) != petition.Unavailable {
		t.Errorf("no server: %v, want unavailable", err)
	}
	if err != nil && strings.Contains(err.Error(), "geheim") {
		t.Errorf("the error shows the password: %v", err)
	}
}

func TestConnectionsLostComeBack(t *testing.T) {
	t.Parallel()
	url := servers.Postgres(t)
	s := open(t, url, "", newBox(t))
	r := create(t, s, "路")
	if _, err := s.Writer().Exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`); err != nil {
		t.Fatal(err)
	}
	var err error
	for range 20 { // at most once for each connection of the pool
		if _, err = s.Load(t.Context(), r.Case.Number); err == nil {
			return
		}
		if petition.CodeOf(err) != petition.Unavailable {
			t.Errorf("lost connection: %v, want unavailable", err)
		}
	}
	t.Errorf("connections did not come back: %v", err)
}

func TestClosedStoreRefuses(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) {
		s := open(t, url, dir, newBox(t))
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		_, _, err := s.Create(t.Context(), "k", 2026, func(serial int) (petition.Record, []petition.Notice, error) { return record(serial, "x"), nil, nil })
		if err == nil {
			t.Error("a closed store filed")
		}
	})
}

// A change that fails after it wrote must not take its neighbours with it.
func TestFailuresAreUndoneAlone(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) {
		s := open(t, url, dir, newBox(t))
		first := create(t, s, "first")
		var saved []petition.Record
		for i := range 20 {
			saved = append(saved, create(t, s, fmt.Sprint("saved ", i)))
		}
		var wg sync.WaitGroup
		for i, r := range saved { // beside them
			wg.Go(func() {
				r.Case.Filing.Title = fmt.Sprint("title ", i)
				v, err := s.Save(t.Context(), r, []petition.Notice{{To: "x"}})
				if err != nil || v != 2 {
					t.Errorf("save %d: version %d, %v", i, v, err)
				}
				if _, err := s.Save(t.Context(), r, nil); petition.CodeOf(err) != petition.Conflict {
					t.Errorf("save %d over a newer version: %v", i, err)
				}
			})
		}
		for i := range 60 {
			wg.Go(func() {
				_, _, err := s.Create(t.Context(), fmt.Sprint(i), 2026, func(serial int) (petition.Record, []petition.Notice, error) {
					r := record(serial, "x")
					if i%2 == 1 { // taken already: refused after the serial was
						r.Case.Number = first.Case.Number
					}
					return r, []petition.Notice{{To: "x"}}, nil
				})
				if want := i%2 == 1; (err != nil) != want || want && petition.CodeOf(err) != petition.Internal {
					t.Errorf("create %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		got, _, err := s.List(t.Context(), petition.Scope{All: true}, petition.Query{Limit: 100})
		if err != nil || len(got) != 51 {
			t.Errorf("%d cases (%v), want 51", len(got), err)
		}
		ns, err := s.Notices(t.Context(), "", 100)
		if err != nil || len(ns) != 71 || ns[70].ID != fmt.Sprintf("%016d", 71) {
			t.Errorf("%d notices (%v), want 71 without gaps", len(ns), err)
		}
	})
}

// So must any other change that shares its transaction on SQLite.
func TestOtherFailuresAreUndoneAlone(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) {
		s := open(t, url, dir, newBox(t))
		now := time.Now()
		const many = 40
		for i := range many {
			if err := s.PutInvite(t.Context(), roster.Invite{Hash: []byte{byte(i)}, Expires: now.Add(-time.Hour)}); err != nil {
				t.Fatal(err)
			}
		}
		var wg sync.WaitGroup
		for i := range many {
			wg.Go(func() { // fails after it has removed the row
				if _, err := s.TakeInvite(t.Context(), []byte{byte(i)}, now); petition.CodeOf(err) != petition.NotFound {
					t.Errorf("use invitation %d, which ran out: %v", i, err)
				}
			})
			wg.Go(func() {
				if err := s.PutRefs(t.Context(), "chat", map[string]string{fmt.Sprint(i): fmt.Sprint("n", i)}, now); err != nil {
					t.Errorf("note message %d: %v", i, err)
				}
			})
			wg.Go(func() { create(t, s, fmt.Sprint("case ", i)) })
		}
		wg.Wait()
		for i := range many {
			if all, err := s.Refs(t.Context(), "chat", fmt.Sprint(i)); all[fmt.Sprint(i)] != fmt.Sprint("n", i) {
				t.Errorf("message %d is about %v, %v", i, all, err)
			}
		}
		var left int
		if err := s.Writer().QueryRow(`SELECT count(*) FROM invites`).Scan(&left); err != nil || left != many {
			t.Errorf("%d invitations left (%v), want %d: what fails changes nothing", left, err, many)
		}
		if got, _, err := s.List(t.Context(), petition.Scope{All: true}, petition.Query{Limit: 100}); err != nil || len(got) != many {
			t.Errorf("%d cases (%v), want %d", len(got), err, many)
		}
	})
}
