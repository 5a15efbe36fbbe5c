package api_test

import (
	"context"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"dengwen/internal/scrub"

	"dengwen/documents"
	"dengwen/handlers/api"
	"dengwen/internal/office"
	"dengwen/internal/seal"
	"dengwen/internal/test/servers"
	"dengwen/petition"
	"dengwen/storage/blob"
	"dengwen/storage/cases"
	"dengwen/storage/storagetest"

	"github.com/google/uuid"
)

func TestMain(m *testing.M) { servers.Main(m) }

func TestServiceOnSQLite(t *testing.T) {
	t.Parallel()
	storagetest.Service(t, func(t *testing.T) petition.Cases { return service(t, "") })
}

func TestServiceOnPostgres(t *testing.T) {
	t.Parallel()
	storagetest.Service(t, func(t *testing.T) petition.Cases { return service(t, servers.Postgres(t)) })
}

func TestServiceOverHTTP(t *testing.T) {
	t.Parallel()
	storagetest.Service(t, func(t *testing.T) petition.Cases {
		key, line := newKey(t, "all", "", api.Admin)
		srv := serve(t, api.Config{Cases: service(t, ""), Keys: keys(t, line)})
		return api.NewClient(srv.URL, key, srv.Client())
	})
}

// service is the case service in process with its own empty store.
func service(t testing.TB, url string) *petition.Service {
	t.Helper()
	box := newBox(t)
	return serviceWith(t, url, box, box.Hash, time.Now, uuid.NewString)
}

var renderer = sync.OnceValue(func() *documents.Renderer {
	p, err := documents.New("", "")
	if err != nil {
		panic(err) // the built-in templates
	}
	return p
})

func newBox(t testing.TB) *seal.Box {
	t.Helper()
	text, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	box, err := seal.Open(text)
	if err != nil {
		t.Fatal(err)
	}
	return box
}

func serviceWith(t testing.TB, url string, box *seal.Box, hash func(purpose, value string) []byte, now func() time.Time, newID func() string) *petition.Service {
	t.Helper()
	dir := t.TempDir()
	store, err := cases.Open(context.Background(), url, dir, box)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	files, err := blob.Open(context.Background(), "", dir, box)
	if err != nil {
		t.Fatal(err)
	}
	return petition.NewService(store, office.Example(), petition.DefaultCalendar(), hash, now, newID, files).WithScrub(scrub.New(scrub.DefaultLimits())).WithRenderer(renderer().Render)
}

func serve(t testing.TB, c api.Config) *httptest.Server {
	t.Helper()
	if c.Office == nil {
		c.Office = office.Example()
	}
	h := api.New
	if c.Roster == nil && c.Keys != nil {
		h = hired
	}
	srv := httptest.NewServer(h(c))
	t.Cleanup(srv.Close)
	return srv
}

func newKey(t testing.TB, name, unit string, scopes ...api.Scope) (key, line string) {
	t.Helper()
	key, line, err := api.NewKey(name, scopes, unit)
	if err != nil {
		t.Fatal(err)
	}
	return key, line
}

func keys(t testing.TB, text string) func() api.Keys {
	t.Helper()
	ks, err := api.ParseKeys(text)
	if err != nil {
		t.Fatal(err)
	}
	return ks.Now
}
