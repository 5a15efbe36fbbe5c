package cases_test

import (
	"testing"

	"dengwen/internal/test/servers"
	"dengwen/petition/reception"
	"dengwen/storage/storagetest"
)

func TestReceptionsSQLite(t *testing.T) {
	t.Parallel()
	storagetest.Receptions(t, func(t *testing.T) reception.Store { return open(t, "", t.TempDir(), newBox(t)) })
}

func TestReceptionsPostgres(t *testing.T) {
	t.Parallel()
	storagetest.Receptions(t, func(t *testing.T) reception.Store { return open(t, servers.Postgres(t), "", newBox(t)) })
}
