package cases_test

import (
	"testing"

	"dengwen/internal/test/servers"
	"dengwen/petition"
	"dengwen/storage/storagetest"
)

func TestRosterSQLite(t *testing.T) {
	t.Parallel()
	storagetest.Roster(t, func(t *testing.T) petition.Roster { return open(t, "", t.TempDir(), newBox(t)) })
}

func TestRosterPostgres(t *testing.T) {
	t.Parallel()
	storagetest.Roster(t, func(t *testing.T) petition.Roster { return open(t, servers.Postgres(t), "", newBox(t)) })
}
