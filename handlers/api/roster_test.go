package api_test

import (
	"context"
	"testing"
	"time"

	"dengwen/handlers/api"
	"dengwen/internal/test/memory"
	"dengwen/petition"
	"dengwen/petition/bulletin"
	"dengwen/petition/roster"
	"dengwen/storage/storagetest"
)

type rosterStore struct {
	*memory.Roster
	*memory.Bulletins
}

func newRosterStore() rosterStore { return rosterStore{memory.NewRoster(), memory.NewBulletins()} }

// rosterClient is a client of an office's memory behind the API.
func rosterClient(t *testing.T, scopes ...api.Scope) *api.Client {
	t.Helper()
	key, line := newKey(t, "bot", "", scopes...)
	keys, err := api.ParseKeys(line)
	if err != nil {
		t.Fatal(err)
	}
	digest := func(_ context.Context, now time.Time) ([]petition.Digest, error) {
		return []petition.Digest{{Unit: "transport", Day: petition.Day(now), New: []petition.DigestItem{{Number: "ZS26-0001-KN"}}}}, nil
	}
	srv := serve(t, api.Config{Roster: newRosterStore(), Digest: digest, Keys: keys.Now, PerKey: 10_000})
	return api.NewClient(srv.URL, key, nil)
}

// The office's people and its service notices are the same over the wire.
func TestRosterOverHTTP(t *testing.T) {
	t.Parallel()
	t.Run("roster", func(t *testing.T) {
		t.Parallel()
		storagetest.Roster(t, func(t *testing.T) roster.Store { return rosterClient(t, api.Desk) })
	})
	t.Run("bulletins", func(t *testing.T) {
		t.Parallel()
		storagetest.Bulletins(t, func(t *testing.T) bulletin.Store { return rosterClient(t, api.Desk) })
	})
}

func TestRosterNeedsItsScope(t *testing.T) {
	t.Parallel()
	for _, scopes := range [][]api.Scope{{api.Citizens, api.Staff, api.Sealed}, {api.Broadcast}} {
		c := rosterClient(t, scopes...)
		if _, err := c.People(t.Context(), ""); petition.CodeOf(err) != petition.Forbidden {
			t.Errorf("%v reads who works here: %v", scopes, err)
		}
	}
	if _, err := rosterClient(t, api.Admin).People(t.Context(), ""); err != nil {
		t.Errorf("admin: %v", err)
	}
}

func TestRosterNotForOneUnit(t *testing.T) {
	t.Parallel()
	key, line := newKey(t, "road", "transport", api.Desk)
	keys, err := api.ParseKeys(line)
	if err != nil {
		t.Fatal(err)
	}
	srv := serve(t, api.Config{Roster: newRosterStore(), Keys: keys.Now})
	if _, err := api.NewClient(srv.URL, key, nil).People(t.Context(), ""); petition.CodeOf(err) != petition.NotFound {
		t.Errorf("a unit's key reads everybody: %v", err)
	}
}

func TestDigestsOverHTTP(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)
	all, err := rosterClient(t, api.Desk).Digests(t.Context(), now)
	if err != nil || len(all) != 1 || all[0].Day != "2026-11-23" || all[0].New[0].Number != "ZS26-0001-KN" {
		t.Errorf("digests: %+v, %v", all, err)
	}
}
