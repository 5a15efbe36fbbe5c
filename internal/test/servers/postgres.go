package servers

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Postgres answers the URL of a fresh, empty database that is dropped with the
// test. All tests of a process share one server, which keeps nothing on a crash of
// the machine (fsync off): it is for tests only.
func Postgres(tb testing.TB) string {
	tb.Helper()
	base := shared.use(tb)
	tb.Cleanup(shared.release)
	name := fmt.Sprintf("t%d", shared.number())
	if err := execute(base+"postgres", `CREATE DATABASE `+name); err != nil {
		tb.Fatalf("make database: %v", err)
	}
	tb.Cleanup(func() { _ = execute(base+"postgres", `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`) })
	return base + name
}

// cluster is the one PostgreSQL server of this test process.
type cluster struct {
	mu    sync.Mutex
	users int
	count int
	proc  *process
	dir   string
	base  string // postgres://postgres@127.0.0.1:port/
}

// A test process has one PostgreSQL server, so this is the one shared value here.
var shared cluster

func (c *cluster) hold() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.users++
}

func (c *cluster) number() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count++
	return c.count
}

func (c *cluster) use(tb testing.TB) string {
	tb.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.proc == nil {
		if err := c.up(tb); err != nil {
			tb.Fatal(err)
		}
	}
	c.users++
	return c.base
}

func (c *cluster) release() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.users--; c.users > 0 || c.proc == nil {
		return
	}
	c.proc.stop(syscall.SIGINT) // fast shutdown
	c.proc = nil
	_ = os.RemoveAll(c.dir)
}

func (c *cluster) up(tb testing.TB) error {
	tb.Helper()
	initdb := find(tb, "initdb", "postgresql", "/usr/lib/postgresql/*/bin")
	server := find(tb, "postgres", "postgresql", "/usr/lib/postgresql/*/bin")
	attr, err := unprivileged()
	if err != nil {
		return err
	}
	if c.dir, err = os.MkdirTemp("", "dengwen-postgres-"); err != nil {
		return fmt.Errorf("make database folder: %w", err)
	}
	if err := fill(initdb, c.dir, attr); err != nil {
		return err
	}
	// Fails with a division by zero on a stranger's server.
	ours := fmt.Sprintf(`SELECT 1/(current_setting('data_directory') = '%s/data')::int`, c.dir)
	for range 3 { // somebody else may take the port first
		port := FreePort(tb)
		c.base = fmt.Sprintf("postgres://postgres@%s/", loopback(port))
		ready := func(int) error { return execute(c.base+"postgres", ours) }
		if c.proc, err = start(clone(attr), ready, server, append(settings(c.dir, port), "-c", "synchronous_commit=off")...); err == nil {
			return nil
		}
	}
	return err
}

func settings(dir string, port int) []string {
	return []string{
		"-D", filepath.Join(dir, "data"), "-h", "127.0.0.1", "-p", strconv.Itoa(port),
		"-c", "unix_socket_directories=", "-c", "max_connections=300",
		"-c", "fsync=off", "-c", "full_page_writes=off",
	}
}

func fill(initdb, dir string, attr *syscall.SysProcAttr) error {
	if attr != nil {
		if err := os.Chown(dir, int(attr.Credential.Uid), int(attr.Credential.Gid)); err != nil {
			return fmt.Errorf("give database folder to postgres: %w", err)
		}
	}
	cmd := exec.Command(initdb, "-D", filepath.Join(dir, "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	cmd.Dir = dir
	cmd.SysProcAttr = clone(attr)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return nil
}

// unprivileged answers nil when this process may run PostgreSQL itself; root must
// not, so root runs it as the user postgres that the package made.
func unprivileged() (*syscall.SysProcAttr, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("root cannot run PostgreSQL and there is no user postgres: install the package postgresql: %w", err)
	}
	uid, _ := strconv.ParseUint(u.Uid, 10, 32)
	gid, _ := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
}

func clone(a *syscall.SysProcAttr) *syscall.SysProcAttr {
	if a == nil {
		return nil
	}
	b := *a
	return &b
}

func execute(url, sql string) error {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, sql)
	return err
}
