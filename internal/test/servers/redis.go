package servers

import (
	"bufio"
	"fmt"
	"net"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Redis starts a fresh redis-server that stops with the test and answers its URL,
// redis://127.0.0.1:port/0. args are further server settings, such as
// "--appendonly", "yes".
func Redis(tb testing.TB, args ...string) string {
	tb.Helper()
	return NewRedis(tb, args...).URL
}

// RedisServer is a redis-server a test may stop and start.
type RedisServer struct {
	URL  string
	path string
	port int
	args []string
	proc *process
}

// NewRedis starts a fresh redis-server that stops with the test.
func NewRedis(tb testing.TB, args ...string) *RedisServer {
	tb.Helper()
	s := &RedisServer{path: find(tb, "redis-server", "redis-server"), args: args}
	dir := tb.TempDir()
	var err error
	for range 3 { // somebody else may take the port first
		s.port = FreePort(tb)
		s.args = append([]string{
			"--port", strconv.Itoa(s.port), "--bind", "127.0.0.1", "--dir", dir,
			"--save", "", "--daemonize", "no", "--loglevel", "warning",
		}, args...)
		if err = s.up(); err == nil {
			break
		}
	}
	if err != nil {
		tb.Fatal(err)
	}
	s.URL = fmt.Sprintf("redis://%s/0", loopback(s.port))
	tb.Cleanup(s.down)
	return s
}

// Restart stops the server with a signal (SIGKILL is a crash) and starts it again
// on the same port and folder.
func (s *RedisServer) Restart(tb testing.TB, sig syscall.Signal) {
	tb.Helper()
	s.Stop(sig)
	s.Start(tb)
}

// Stop ends the server with a signal and waits for its end.
func (s *RedisServer) Stop(sig syscall.Signal) {
	s.proc.stop(sig)
	s.proc = nil
}

// Start brings a stopped server back on the same port and folder.
func (s *RedisServer) Start(tb testing.TB) {
	tb.Helper()
	if err := s.up(); err != nil {
		tb.Fatal(err)
	}
}

// Signal sends a signal and does not wait: SIGSTOP and SIGCONT pause it.
func (s *RedisServer) Signal(sig syscall.Signal) error { return s.proc.cmd.Process.Signal(sig) }

// Configure changes a setting of the running server (CONFIG SET).
func (s *RedisServer) Configure(name, value string) error {
	c, err := net.DialTimeout("tcp", s.Addr(), time.Second)
	if err != nil {
		return fmt.Errorf("set %s of Redis: %w", name, err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(5 * time.Second))
	if _, err := fmt.Fprintf(c, "CONFIG SET %s %s\r\n", name, value); err != nil {
		return fmt.Errorf("set %s of Redis: %w", name, err)
	}
	line, err := bufio.NewReader(c).ReadString('\n')
	if err == nil && !strings.HasPrefix(line, "+OK") {
		err = fmt.Errorf("set %s of Redis: it says %q", name, line)
	}
	return err
}

// Addr is the server's host:port.
func (s *RedisServer) Addr() string { return loopback(s.port) }

func (s *RedisServer) up() (err error) {
	s.proc, err = start(nil, func(pid int) error { return answers(loopback(s.port), pid) }, s.path, s.args...)
	return err
}

func (s *RedisServer) down() {
	if s.proc != nil {
		s.proc.stop(syscall.SIGKILL)
	}
}

// answers asks the server on addr whether it is up and is the process pid.
func answers(addr string, pid int) error {
	c, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil {
		return err
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(time.Second))
	if _, err := c.Write([]byte("INFO server\r\n")); err != nil {
		return err
	}
	want := "process_id:" + strconv.Itoa(pid)
	lines := bufio.NewScanner(c)
	for lines.Scan() {
		switch line := lines.Text(); {
		case line == want:
			return loaded(addr)
		case line == "", strings.HasPrefix(line, "process_id:"), strings.HasPrefix(line, "-"):
			return fmt.Errorf("%s is another server or not ready: %q", addr, line)
		}
	}
	return lines.Err()
}

// loaded asks for a pong, which a server still reading its files refuses.
func loaded(addr string) error {
	c, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil {
		return err
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(time.Second))
	if _, err := c.Write([]byte("PING\r\n")); err != nil {
		return err
	}
	line, err := bufio.NewReader(c).ReadString('\n')
	if err == nil && !strings.HasPrefix(line, "+PONG") {
		err = fmt.Errorf("redis says %q", line)
	}
	return err
}
