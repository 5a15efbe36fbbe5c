package cases_test

import (
	"testing"

	"dengwen/internal/test/servers"
	"dengwen/petition/roster"
	"dengwen/storage/storagetest"
)

func TestRosterSQLite(t *testing.T) {
	t.Parallel()
	storagetest.Roster(t, func(t *testing.T) roster.Store { return open(t, "", t.TempDir(), newBox(t)) })
}

func TestRosterPostgres(t *testing.T) {
	t.Parallel()
	storagetest.Roster(t, func(t *testing.T) roster.Store { return open(t, servers.Postgres(t), "", newBox(t)) })
}

func TestLogins(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) { storagetest.Logins(t, open(t, url, dir, newBox(t))) })
}

func TestKept(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) { storagetest.Kept(t, open(t, url, dir, newBox(t))) })
}
