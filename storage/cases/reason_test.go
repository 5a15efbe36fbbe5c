package cases_test

import (
	"context"
	"net/url"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"dengwen/internal/test/servers"
	"dengwen/storage/cases"
)

// Why a database can't be opened is told apart, so that somebody can be told what to look at.
func TestReasons(t *testing.T) {
	t.Parallel()
	at, err := url.Parse(servers.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), at.String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), "DROP ROLE IF EXISTS passer_by; CREATE ROLE passer_by LOGIN PASSWORD 'x'"); err != nil {
		t.Fatal(err)
	}
	with := func(change func(u *url.URL)) string {
		u := *at
		change(&u)
		return u.String()
	}
	for want, address := range map[string]string{
		cases.Refused:  "postgres://x:y@127.0.0.1:1/dengwen?sslmode=disable",
		cases.NoHost:   "postgres://x:y@nosuch.invalid/dengwen?sslmode=disable",
		cases.Login:    with(func(u *url.URL) { u.User = url.UserPassword("nobody_here", "y") }),
		cases.NoBase:   with(func(u *url.URL) { u.Path = "/nosuch" }),
		cases.NoRights: with(func(u *url.URL) { u.User = url.UserPassword("passer_by", "x") }),
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		s, err := cases.Open(ctx, address, "", newBox(t))
		cancel()
		if err == nil {
			s.Close()
			t.Errorf("%s: it opened", want)
			continue
		}
		if got := cases.Reason(err); got != want {
			t.Errorf("reason %q, want %q: %v", got, want, err)
		}
	}
	if got := cases.Reason(context.DeadlineExceeded); got != cases.Silent {
		t.Errorf("no answer: %q", got)
	}
}
