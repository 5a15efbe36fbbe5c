// Package postgres runs a PostgreSQL server for a measurement.
package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
)

// Start runs a PostgreSQL of its own in a folder, which is made or goes on, with the settings it comes
// with: every commit is on the disk. stop ends it.
func Start(ctx context.Context, dir string) (url string, pid int, stop func(), err error) {
	bin, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil || len(bin) == 0 {
		return "", 0, nil, errors.New("PostgreSQL is not installed (package postgresql)")
	}
	attr, err := unprivileged(dir)
	if err != nil {
		return "", 0, nil, err
	}
	data, port := filepath.Join(dir, "data"), freePort()
	if _, err := os.Stat(filepath.Join(data, "PG_VERSION")); err != nil { // not there from a run before
		if err := initialise(ctx, bin[len(bin)-1], data, attr); err != nil {
			return "", 0, nil, err
		}
	}
	server := exec.Command(filepath.Join(bin[len(bin)-1], "postgres"), "-D", data, "-h", "127.0.0.1", "-p", strconv.Itoa(port), "-c", "unix_socket_directories=", "-c", "shared_buffers=512MB", "-c", "max_wal_size=4GB")
	server.Dir, server.SysProcAttr = dir, attr
	if err := server.Start(); err != nil {
		return "", 0, nil, fmt.Errorf("start postgres: %w", err)
	}
	stop = func() {
		_ = server.Process.Signal(syscall.SIGINT)
		_ = server.Wait()
	}
	url = fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", port)
	return url, server.Process.Pid, stop, answers(ctx, url)
}

func initialise(ctx context.Context, bin, data string, attr *syscall.SysProcAttr) error {
	initdb := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C")
	initdb.Dir, initdb.SysProcAttr = filepath.Dir(data), attr
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return nil
}

// unprivileged makes the folder and answers as whom PostgreSQL runs: it refuses root.
func unprivileged(dir string) (*syscall.SysProcAttr, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make database folder: %w", err)
	}
	if os.Getuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("root cannot run PostgreSQL: %w", err)
	}
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	for _, d := range []string{filepath.Dir(dir), dir} {
		if err := os.Chmod(d, 0o755); err != nil {
			return nil, err
		}
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, os.Chown(dir, uid, gid)
}

func freePort() int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 55432
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func answers(ctx context.Context, url string) error {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return err
	}
	defer db.Close()
	for range 100 {
		if err = db.PingContext(ctx); err == nil {
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return fmt.Errorf("postgres does not answer: %w", err)
}
