package cases_test

import (
	"testing"

	"dengwen/internal/seal"
	"dengwen/internal/test/servers"
	"dengwen/petition"
	"dengwen/storage/cases"
	"dengwen/storage/storagetest"
)

func TestMain(m *testing.M) { servers.Main(m) }

func TestSQLite(t *testing.T) {
	t.Parallel()
	storagetest.Cases(t, func(t *testing.T) petition.Store { return open(t, "", t.TempDir(), newBox(t)) })
}

func TestPostgres(t *testing.T) {
	t.Parallel()
	storagetest.Cases(t, func(t *testing.T) petition.Store {
		return open(t, servers.Postgres(t), "", newBox(t))
	})
}

func open(t testing.TB, url, dir string, box *seal.Box) *cases.Store {
	t.Helper()
	s, err := cases.Open(t.Context(), url, dir, box)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

func newBox(t testing.TB) *seal.Box {
	t.Helper()
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	box, err := seal.Open(key)
	if err != nil {
		t.Fatal(err)
	}
	return box
}
