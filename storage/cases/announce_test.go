package cases_test

import (
	"maps"
	"testing"
	"time"

	"dengwen/internal/test/servers"
)

// What one store is told the other one of the same database hears, as long as it is repeated.
func TestAnnouncementsAreShared(t *testing.T) {
	t.Parallel()
	box, now := newBox(t), time.UnixMilli(1_796_000_000_000)
	dir, url := t.TempDir(), servers.Postgres(t)
	for _, at := range []struct{ url, dir string }{{"", dir}, {url, ""}} {
		one, other := open(t, at.url, at.dir, box), open(t, at.url, at.dir, box)
		for _, said := range []struct {
			process, text string
			at            time.Time
		}{{"a:1", "k1 k1", now}, {"b:2", "k1 k1", now.Add(-time.Minute)}, {"a:1", "k2 k1 k2", now.Add(2 * time.Second)}, {"c:3", "k2 k2", now}} {
			if err := one.Announce(t.Context(), said.process, said.text, said.at); err != nil {
				t.Fatal(err)
			}
		}
		if err := one.Leave(t.Context(), "c:3"); err != nil {
			t.Fatal(err)
		}
		got, err := other.Announced(t.Context(), now.Add(-30*time.Second))
		if want := map[string]string{"a:1": "k2 k1 k2"}; err != nil || !maps.Equal(got, want) {
			t.Errorf("%q: heard %v, %v; want %v", at.url, got, err, want)
		}
	}
}
