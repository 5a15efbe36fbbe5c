package servers

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// PostgresServer is a PostgreSQL server of a test's own that may be stopped, killed
// and paused. What it has committed survives its processes, not the machine.
type PostgresServer struct {
	URL string // of an empty database

	path string
	dir  string
	port int
	attr *syscall.SysProcAttr
	proc *process
}

// NewPostgres starts a server that keeps its data in dir, which it must be able to
// write, and stops with the test.
func NewPostgres(tb testing.TB, dir string) *PostgresServer {
	tb.Helper()
	s := &PostgresServer{path: find(tb, "postgres", "postgresql", "/usr/lib/postgresql/*/bin"), dir: dir}
	initdb := find(tb, "initdb", "postgresql", "/usr/lib/postgresql/*/bin")
	var err error
	if s.attr, err = unprivileged(); err != nil {
		tb.Fatal(err)
	}
	if err := fill(initdb, dir, s.attr); err != nil {
		tb.Fatal(err)
	}
	for range 3 { // somebody else may take the port first
		s.port = FreePort(tb)
		if err = s.up(); err == nil {
			break
		}
	}
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if s.proc != nil {
			s.proc.stop(syscall.SIGQUIT)
		}
	})
	s.URL = s.base() + "postgres"
	return s
}

// Addr is the server's host:port.
func (s *PostgresServer) Addr() string { return loopback(s.port) }

func (s *PostgresServer) base() string { return fmt.Sprintf("postgres://postgres@%s/", s.Addr()) }

// Stop ends the server with a signal and waits: SIGQUIT is a crash that is recovered
// from at the next start, SIGINT an orderly end.
func (s *PostgresServer) Stop(sig syscall.Signal) {
	s.proc.stop(sig)
	s.proc = nil
}

// Start brings a stopped server back.
func (s *PostgresServer) Start(tb testing.TB) {
	tb.Helper()
	if err := s.up(); err != nil {
		tb.Fatal(err)
	}
}

func (s *PostgresServer) up() (err error) {
	ready := func(int) error { return execute(s.base()+"postgres", `SELECT 1`) }
	s.proc, err = start(clone(s.attr), ready, s.path, settings(s.dir, s.port)...)
	return err
}

// Running reports whether the server is there: one whose disk is full may end by itself.
func (s *PostgresServer) Running() bool {
	if s.proc == nil {
		return false
	}
	select {
	case <-s.proc.done:
		return false
	default:
		return true
	}
}

// Signal sends a signal to every process of the server and does not wait: SIGSTOP and
// SIGCONT pause it.
func (s *PostgresServer) Signal(sig syscall.Signal) error {
	pid := s.proc.cmd.Process.Pid
	for _, child := range children(pid) {
		_ = syscall.Kill(child, sig) // it may have ended meanwhile
	}
	return syscall.Kill(pid, sig)
}

// KillBackend kills one of its processes with -9, on which the server ends all the
// others and recovers by itself.
func (s *PostgresServer) KillBackend() error {
	all := children(s.proc.cmd.Process.Pid)
	if len(all) == 0 {
		return fmt.Errorf("PostgreSQL has no processes to kill")
	}
	return syscall.Kill(all[len(all)-1], syscall.SIGKILL)
}

// children are the processes that a process started, oldest first (proc(5)).
func children(pid int) (all []int) {
	files, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			continue
		}
		for _, word := range strings.Fields(string(text)) {
			if n, err := strconv.Atoi(word); err == nil {
				all = append(all, n)
			}
		}
	}
	return all
}
