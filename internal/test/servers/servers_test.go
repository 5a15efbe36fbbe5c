package servers_test

import (
	"context"
	"strings"
	"syscall"
	"testing"

	"dengwen/internal/test/servers"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"
)

func TestMain(m *testing.M) { servers.Main(m) }

func TestRedis(t *testing.T) {
	t.Parallel()
	one, two := client(t, servers.Redis(t)), client(t, servers.Redis(t))
	if err := one.Set(t.Context(), "k", "v", 0).Err(); err != nil {
		t.Fatal(err)
	}
	if n := two.Exists(t.Context(), "k").Val(); n != 0 {
		t.Error("two servers share their keys")
	}
}

func TestRedisKeepsItsKeysOverACrash(t *testing.T) {
	t.Parallel()
	s := servers.NewRedis(t, "--appendonly", "yes", "--appendfsync", "always")
	c := client(t, s.URL)
	if err := c.Set(t.Context(), "k", "v", 0).Err(); err != nil {
		t.Fatal(err)
	}
	s.Restart(t, syscall.SIGKILL)
	if got := client(t, s.URL).Get(t.Context(), "k").Val(); got != "v" {
		t.Errorf("after the restart k = %q, want v", got)
	}
}

func TestRedisCluster(t *testing.T) {
	t.Parallel()
	c := servers.NewRedisCluster(t, 3, 1)
	for n := range c.Nodes {
		if c.Master(t, n) != (n < 3) {
			t.Errorf("node %d: master %v", n, c.Master(t, n))
		}
	}
	c.Move(t, 10, 0, 1)
	if got := c.Ask(t, 2, "cluster", "slots"); !strings.HasPrefix(got, "0\n9\n") {
		t.Errorf("10 slots were not moved: %s", got)
	}
}

func TestPostgres(t *testing.T) {
	t.Parallel()
	one, two := servers.Postgres(t), servers.Postgres(t)
	run(t, one, `CREATE TABLE a (n int)`)
	run(t, two, `CREATE TABLE a (n int)`) // fails when both are one database
}

func run(t *testing.T, url, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Errorf("%s on %s: %v", sql, url, err)
	}
}

func client(t *testing.T, url string) *redis.Client {
	t.Helper()
	o, err := redis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	c := redis.NewClient(o)
	t.Cleanup(func() { _ = c.Close() })
	return c
}
