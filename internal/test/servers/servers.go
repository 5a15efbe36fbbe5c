// Package servers starts the real servers that tests need, Redis and PostgreSQL,
// from the machine's own binaries, on free loopback ports, and stops them again.
// A missing binary fails the test with the name of the package to install. Only
// go test -short skips what needs a server, whether it is installed or not, so that
// a short run means the same on every machine.
package servers

import (
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"
)

// startTimeout is how long a server may take to come up on a busy machine.
const startTimeout = 60 * time.Second

// Main runs the tests of a package and keeps one PostgreSQL server, if any test
// asks for one, until the last of them is done. Call it from TestMain. Without it
// the server lives as long as some test uses it.
func Main(m *testing.M) { os.Exit(Run(m)) }

// Run is Main for a TestMain that has more to do: it answers the exit code.
func Run(m *testing.M) int {
	shared.hold()
	defer shared.release()
	return m.Run()
}

// Ports that FreePort draws from lie below those that systems take for outgoing connections
// (Linux 32768, others 49152): such a connection would be in the way of whoever listens again.
const firstPort, lastPort = 10_000, 32_767

// FreePort answers a loopback port on which nobody listened a moment ago, drawn by chance.
func FreePort(tb testing.TB) int {
	tb.Helper()
	var l net.Listener
	var err error
	for range 100 {
		port := firstPort + rand.N(lastPort-firstPort)
		if l, err = net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port))); err == nil {
			l.Close()
			return port
		}
	}
	tb.Fatalf("find a free port: %v", err)
	return 0
}

// Chromium answers the path of a Chromium or Chrome browser.
func Chromium(tb testing.TB) string {
	tb.Helper()
	skipShort(tb, "chromium")
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return missing(tb, "chromium", "chromium")
}

func find(tb testing.TB, name, pkg string, globs ...string) string {
	tb.Helper()
	skipShort(tb, name)
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	for _, g := range globs {
		found, _ := filepath.Glob(filepath.Join(g, name))
		slices.Sort(found)
		if len(found) > 0 {
			return found[len(found)-1]
		}
	}
	return missing(tb, name, pkg)
}

func skipShort(tb testing.TB, name string) {
	tb.Helper()
	if testing.Short() {
		tb.Skipf("needs %s, which a short run does without", name)
	}
}

func missing(tb testing.TB, name, pkg string) string {
	tb.Helper()
	tb.Fatalf("this test needs %s: install the package %s (apt-get install %s), or run scripts/test-servers.sh", name, pkg, pkg)
	return ""
}

func loopback(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
