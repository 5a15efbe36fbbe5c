package servers

import (
	"context"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// RedisCluster is a Redis Cluster on this machine, made as an engineer makes one: servers in
// cluster mode, joined by redis-cli.
type RedisCluster struct {
	URL   string         // of the first master, and all others as ?addr=
	Nodes []*RedisServer // masters first, then replicas

	cli string
}

// NewRedisCluster starts masters, at least three, with so many replicas each, and waits until
// every slot is served. A master silent for five seconds is given up. args are further
// settings of each server. It stops with the test.
func NewRedisCluster(tb testing.TB, masters, replicas int, args ...string) *RedisCluster {
	tb.Helper()
	c := &RedisCluster{cli: find(tb, "redis-cli", "redis-tools")}
	create := []string{"create"}
	for range masters * (1 + replicas) {
		bus := strconv.Itoa(FreePort(tb)) // by itself it is port + 10000, which there may not be
		s := NewRedis(tb, append([]string{"--cluster-enabled", "yes", "--cluster-port", bus, "--cluster-node-timeout", "5000"}, args...)...)
		c.Nodes, create = append(c.Nodes, s), append(create, loopback(s.port))
	}
	c.Do(tb, append(create, "--cluster-replicas", strconv.Itoa(replicas), "--cluster-yes")...)
	c.URL = c.Nodes[0].URL + "?addr=" + strings.Join(create[2:], "&addr=")
	c.settled(tb)
	return c
}

// Do runs redis-cli --cluster with a command and its arguments and answers what it says.
func (c *RedisCluster) Do(tb testing.TB, command ...string) string {
	tb.Helper()
	return c.cmd(tb, append([]string{"--cluster"}, command...)...)
}

// Ask sends a command to one node and answers what it says.
func (c *RedisCluster) Ask(tb testing.TB, node int, command ...string) string {
	tb.Helper()
	return c.cmd(tb, append([]string{"-p", strconv.Itoa(c.Nodes[node].port)}, command...)...)
}

// Move hands over so many slots from one master to another with what is in them.
func (c *RedisCluster) Move(tb testing.TB, slots, from, to int) {
	tb.Helper()
	id := func(node int) string { return strings.TrimSpace(c.Ask(tb, node, "cluster", "myid")) }
	c.Do(tb, "reshard", loopback(c.Nodes[from].port), "--cluster-from", id(from), "--cluster-to", id(to),
		"--cluster-slots", strconv.Itoa(slots), "--cluster-yes")
}

// Master reports whether a node that runs is one.
func (c *RedisCluster) Master(tb testing.TB, node int) bool {
	tb.Helper()
	return strings.HasPrefix(c.Ask(tb, node, "role"), "master")
}

// Kill ends a master with -9 and waits until one of its replicas is in its place.
func (c *RedisCluster) Kill(tb testing.TB, node int) {
	tb.Helper()
	before := c.masters(tb)
	c.Nodes[node].Stop(syscall.SIGKILL)
	for end := time.Now().Add(startTimeout); c.masters(tb) < before; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			tb.Fatalf("nobody took the place of node %d", node)
		}
	}
}

// masters counts them among the nodes that run.
func (c *RedisCluster) masters(tb testing.TB) (n int) {
	tb.Helper()
	for i, s := range c.Nodes {
		if s.proc != nil && c.Master(tb, i) {
			n++
		}
	}
	return n
}

// settled waits until every node knows of the same owner for each slot.
func (c *RedisCluster) settled(tb testing.TB) {
	tb.Helper()
	for end := time.Now().Add(startTimeout); ; time.Sleep(50 * time.Millisecond) {
		out, err := exec.Command(c.cli, "--cluster", "check", loopback(c.Nodes[0].port)).CombinedOutput()
		if err == nil && c.linked(tb) {
			return
		}
		if time.Now().After(end) {
			tb.Fatalf("the cluster did not come up: %v\n%s", err, out)
		}
	}
}

// linked reports whether every node finds the cluster whole and every replica follows
// its master.
func (c *RedisCluster) linked(tb testing.TB) bool {
	tb.Helper()
	for n := range c.Nodes {
		if !strings.Contains(c.Ask(tb, n, "cluster", "info"), "cluster_state:ok") {
			return false
		}
		if !c.Master(tb, n) && !strings.Contains(c.Ask(tb, n, "info", "replication"), "master_link_status:up") {
			return false
		}
	}
	return true
}

func (c *RedisCluster) cmd(tb testing.TB, words ...string) string {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*startTimeout)
	defer cancel()
	out, err := exec.CommandContext(ctx, c.cli, words...).CombinedOutput()
	if err != nil {
		tb.Errorf("%s: %v\n%s", fmt.Sprint("redis-cli ", strings.Join(words, " ")), err, out)
	}
	return string(out)
}
