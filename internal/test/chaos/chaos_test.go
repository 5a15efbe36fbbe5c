package chaos

import (
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"dengwen/internal/test/faults"
)

func TestMain(m *testing.M) { faults.Main(m) }

// combination is one way to run the program.
type combination struct {
	name     string
	stores   bool // Redis and PostgreSQL; else SQLite
	webhook  bool // else polling
	older    bool // begins with the data of an earlier version, embedded only
	programs int
}

var combinations = []combination{
	{"stores-webhook", true, true, false, 2},
	{"embedded-polling", false, false, true, 1},
	{"stores-polling", true, false, false, 1},
	{"embedded-webhook", false, true, false, 1},
}

// shortForm is how long each of the two combinations of a short form is disturbed.
const shortForm = 15 * time.Second

// Whatever is broken, nothing is lost, nothing is told that is not so, and nobody is
// stuck a minute after it was mended.
func TestChaos(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the program as a process, which a short run leaves out")
	}
	if os.Getenv("DENGWEN_CHAOS_MINUTES") == "" && os.Getenv("DENGWEN_CHAOS") == "" {
		t.Skip("make chaos runs it: its load depends on the speed of the machine, and too much of it fails the minute in which everybody must get on")
	}
	seed := uint64(faults.Size(t, "DENGWEN_CHAOS_SEED", rand.IntN(1_000_000)+1))
	long := os.Getenv("DENGWEN_CHAOS_MINUTES") != ""
	storm, all := shortForm, combinations[:2]
	if long {
		all = combinations
		storm = time.Duration(faults.Size(t, "DENGWEN_CHAOS_MINUTES", 10)) * time.Minute
	}
	for _, c := range all {
		t.Run(c.name, func(t *testing.T) {
			if !long {
				t.Parallel()
			}
			r := newRun(t, c, seed, long)
			r.start()
			r.storm(storm)
			r.home()
			r.judge()
		})
	}
}
