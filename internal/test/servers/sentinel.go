package servers

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// Sentinel is a Redis Sentinel on this machine that watches a master and its replica
// under the name "dengwen" and takes half a second to think one dead.
type Sentinel struct {
	URL    string // of the sentinel, for REDIS_URL
	Master *RedisServer
	cli    string
	port   int
}

// NewSentinel starts a master, a replica and a sentinel, and waits until the sentinel
// knows both.
func NewSentinel(tb testing.TB) *Sentinel {
	tb.Helper()
	s := &Sentinel{Master: NewRedis(tb, "--appendonly", "yes"), cli: find(tb, "redis-cli", "redis-tools"), port: FreePort(tb)}
	NewRedis(tb, "--appendonly", "yes", "--replicaof", "127.0.0.1 "+strconv.Itoa(s.Master.port), "--repl-diskless-sync-delay", "0")
	file := filepath.Join(tb.TempDir(), "sentinel.conf")
	text := fmt.Sprintf("port %d\nbind 127.0.0.1\nsentinel monitor dengwen 127.0.0.1 %d 1\nsentinel down-after-milliseconds dengwen 500\nsentinel failover-timeout dengwen 3000\n", s.port, s.Master.port)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
	proc, err := start(nil, func(pid int) error { return answers(loopback(s.port), pid) }, s.Master.path, file, "--sentinel")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { proc.stop(syscall.SIGKILL) })
	s.URL = fmt.Sprintf("redis://%s?master_name=dengwen", loopback(s.port))
	if err := proc.await(func(int) error { return s.knowsReplica() }); err != nil {
		tb.Fatal(err)
	}
	return s
}

// knowsReplica asks the sentinel, which looks anew every ten seconds.
func (s *Sentinel) knowsReplica() error {
	out, err := exec.Command(s.cli, "-p", strconv.Itoa(s.port), "sentinel", "replicas", "dengwen").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "master-link-status\nok") {
		return fmt.Errorf("the sentinel knows no replica yet: %w\n%s", err, out)
	}
	return nil
}
