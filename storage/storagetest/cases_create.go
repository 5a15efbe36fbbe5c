package storagetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"dengwen/petition"
)

var createChecks = map[string]func(*testing.T, petition.Store){
	"create and load agree":             createLoad,
	"a key files once":                  createOnce,
	"a key files once at the same time": createRace,
	"each case has its own serial":      createCrowd,
	"each year has its own serials":     createYears,
	"a known key answers as it is now":  createKnown,
	"a failing build changes nothing":   createFails,
	"an unknown number is not found":    loadMissing,
}

func createLoad(t *testing.T, s petition.Store) {
	want := file(t, s, draft{owner: "tg:1", facts: "门口的路塌了，车进不来 🚧 𠂇", title: "道路", due: "2026-03-17", files: []string{"a.jpg", "b-1"}})
	same(t, "loaded", load(t, s, want.Case.Number), want)
}

func createOnce(t *testing.T, s petition.Store) {
	first, fresh, err := s.Create(t.Context(), "key", 2026, buildOf(draft{facts: "one"}))
	if err != nil || !fresh {
		t.Fatalf("first: %v, %v", fresh, err)
	}
	again, fresh, err := s.Create(t.Context(), "key", 2026, func(int) (petition.Record, []petition.Notice, error) {
		t.Error("build was called for a known key")
		return petition.Record{}, nil, nil
	})
	if err != nil || fresh {
		t.Fatalf("again: fresh %v, %v", fresh, err)
	}
	same(t, "the second answer", again, first)
}

func createRace(t *testing.T, s petition.Store) {
	const callers = 12
	got := make([]string, callers)
	fresh := make([]bool, callers)
	var wg sync.WaitGroup
	for i := range callers {
		wg.Go(func() {
			r, f, err := s.Create(t.Context(), "key", 2026, buildOf(draft{facts: "one"}))
			if err != nil {
				t.Errorf("create: %v", err)
			}
			got[i], fresh[i] = r.Case.Number, f
		})
	}
	wg.Wait()
	count := 0
	for i := range callers {
		if got[i] != got[0] {
			t.Errorf("one key answered %s and %s", got[0], got[i])
		}
		if fresh[i] {
			count++
		}
	}
	if count != 1 {
		t.Errorf("%d callers were told they filed, want 1", count)
	}
	rs, _, err := s.List(t.Context(), petition.Scope{All: true}, petition.Query{})
	if err != nil || len(rs) != 1 {
		t.Errorf("%d cases (%v), want 1", len(rs), err)
	}
}

func createCrowd(t *testing.T, s petition.Store) {
	const callers, each = 8, 10
	var mu sync.Mutex
	seen := map[string]int{}
	var wg sync.WaitGroup
	for c := range callers {
		wg.Go(func() {
			for i := range each {
				r, _, err := s.Create(t.Context(), fmt.Sprintf("%d/%d", c, i), 2026, func(serial int) (petition.Record, []petition.Notice, error) {
					if i%3 == 1 {
						return petition.Record{}, nil, errors.New("no")
					}
					return draft{}.record(serial), nil, nil
				})
				if err == nil {
					mu.Lock()
					seen[r.Case.Number]++
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	for n, times := range seen {
		if times != 1 {
			t.Errorf("number %s was given %d times", n, times)
		}
	}
	if want := callers * 7; len(seen) != want { // 3 of 10 fail
		t.Errorf("%d cases, want %d", len(seen), want)
	}
}

func createYears(t *testing.T, s petition.Store) {
	given := map[string]bool{}
	for i, year := range []int{2026, 2026, 2027, 2026, 2027} {
		_, _, err := s.Create(t.Context(), fmt.Sprint(i), year, func(serial int) (petition.Record, []petition.Notice, error) {
			r := draft{}.record(serial)
			r.Case.Number = petition.FormatNumber("ZS", year, serial)
			if n, ok := petition.ParseNumber(r.Case.Number); !ok || n != r.Case.Number {
				t.Errorf("serial %d makes no number: %s", serial, r.Case.Number)
			}
			given[r.Case.Number] = true
			return r, nil, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(given) != 5 {
		t.Errorf("%d numbers for five cases", len(given))
	}
}

func createKnown(t *testing.T, s petition.Store) {
	r, _, err := s.Create(t.Context(), "key", 2026, buildOf(draft{facts: "one"}))
	if err != nil {
		t.Fatal(err)
	}
	r = grow(r, "more")
	r.Case.Status = petition.Accepted
	r = save(t, s, r)
	again, fresh, err := s.Create(t.Context(), "key", 2027, buildOf(draft{facts: "two"}))
	if err != nil || fresh {
		t.Fatalf("fresh %v, %v", fresh, err)
	}
	same(t, "a known key", again, r)
}

func createFails(t *testing.T, s petition.Store) {
	_, _, err := s.Create(t.Context(), "key", 2026, func(int) (petition.Record, []petition.Notice, error) {
		return petition.Record{}, nil, petition.Fail(petition.Invalid, "file.facts", "max", "5000")
	})
	wantError(t, err, petition.Invalid, "file.facts")
	rs, _, err := s.List(t.Context(), petition.Scope{All: true}, petition.Query{})
	if err != nil || len(rs) != 0 {
		t.Errorf("after a failed build: %d cases, %v", len(rs), err)
	}
	if _, fresh, err := s.Create(t.Context(), "key", 2026, buildOf(draft{})); err != nil || !fresh {
		t.Errorf("the key is spent: fresh %v, %v", fresh, err)
	}
}

func loadMissing(t *testing.T, s petition.Store) {
	file(t, s, draft{})
	for _, n := range []string{"", "ZS26-9999-XX", "zs26-0001-", "' OR 1=1"} {
		_, err := s.Load(t.Context(), n)
		wantError(t, err, petition.NotFound, "case.not_found")
	}
}

func buildOf(d draft, notices ...petition.Notice) func(int) (petition.Record, []petition.Notice, error) {
	return func(serial int) (petition.Record, []petition.Notice, error) { return d.record(serial), notices, nil }
}
