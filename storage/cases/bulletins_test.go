package cases_test

import (
	"testing"

	"dengwen/internal/test/servers"
	"dengwen/petition"
	"dengwen/petition/bulletin"
	"dengwen/storage/storagetest"
)

func TestBulletinsSQLite(t *testing.T) {
	t.Parallel()
	storagetest.Bulletins(t, func(t *testing.T) bulletin.Store { return open(t, "", t.TempDir(), newBox(t)) })
}

func TestBulletinsPostgres(t *testing.T) {
	t.Parallel()
	storagetest.Bulletins(t, func(t *testing.T) bulletin.Store { return open(t, servers.Postgres(t), "", newBox(t)) })
}

// What /forget removes: the consent goes with the chat.
func TestForgetTakesConsent(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) {
		s := open(t, url, dir, newBox(t))
		for _, chat := range []string{"tg:1", "tg:2"} {
			if _, err := s.Agree(t.Context(), bulletin.Consent{Chat: chat}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Forget(t.Context(), "tg:1", func(*petition.Record) {}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Consent(t.Context(), "tg:1"); petition.CodeOf(err) != petition.NotFound {
			t.Errorf("a forgotten chat still gets service notices: %v", err)
		}
		if n, err := s.Agreed(t.Context()); err != nil || n != 1 {
			t.Errorf("%d agreed, %v", n, err)
		}
	})
}
