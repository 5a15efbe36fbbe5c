// Command cases measures the case service by itself: lives of petitions through the
// HTTP API (create, transfer or assign, accept, answer, find by number, find by
// words) beside as many cases as a store may come to hold. Both sides of the calls
// run in this process, so two cores do the work of client and server.
//
//	go run ./bench/cases -engines sqlite,postgres -sizes 0,100000 -seconds 20
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/pprof"
	"strconv"
	"strings"
	"time"
)

type options struct {
	engines string
	sizes   string
	seconds int
	callers int
	turns   int
	dir     string
	profile string
	sweep   bool
}

func main() {
	var o options
	flag.StringVar(&o.engines, "engines", "sqlite,postgres", "sqlite, postgres or both")
	flag.StringVar(&o.sizes, "sizes", "0,100000", "how many cases lie in the stores; growth is told against the first")
	flag.IntVar(&o.seconds, "seconds", 20, "how long to measure lives at each size; 0 = not at all")
	flag.IntVar(&o.callers, "callers", 16, "callers at once")
	flag.IntVar(&o.turns, "turns", 4, "into how many turns the time at each size is split")
	flag.StringVar(&o.dir, "data", "", "folder for the stores, which stay there filled for the next time (default: a temporary one)")
	flag.StringVar(&o.profile, "cpuprofile", "", "write a profile of the last turn into this file")
	flag.BoolVar(&o.sweep, "sweep", false, "then make what time makes of the cases, which takes minutes, and time the sweeps of a minute")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	sizes, err := numbers(o.sizes)
	if err != nil {
		return err
	}
	if o.dir == "" {
		if o.dir, err = os.MkdirTemp("", "dengwen-bench-"); err != nil {
			return fmt.Errorf("make a folder for the stores: %w", err)
		}
		defer os.RemoveAll(o.dir)
	}
	if err := os.MkdirAll(o.dir, 0o755); err != nil {
		return fmt.Errorf("make the folder for the stores: %w", err)
	}
	if err := os.Chmod(o.dir, 0o755); err != nil { // PostgreSQL runs as somebody else
		return fmt.Errorf("open the folder for the stores: %w", err)
	}
	for _, engine := range strings.Split(o.engines, ",") {
		if err := measureEngine(ctx, engine, sizes, o); err != nil {
			return fmt.Errorf("%s: %w", engine, err)
		}
	}
	return nil
}

func numbers(text string) (sizes []int, err error) {
	for _, s := range strings.Split(text, ",") {
		n, err := strconv.Atoi(s)
		if err != nil {
			return nil, fmt.Errorf("size %q: %w", s, err)
		}
		sizes = append(sizes, n)
	}
	return sizes, nil
}

// measureEngine measures one engine at every size, each in a store of its own. The
// stores take turns, so that whatever else the machine does meets them alike.
func measureEngine(ctx context.Context, engine string, sizes []int, o options) error {
	fmt.Printf("\n%s, %d callers, load of the machine before: %s\n", engine, o.callers, load())
	var servers []*caseServer
	defer func() {
		for _, h := range servers {
			h.close()
		}
	}()
	for _, n := range sizes {
		dir := filepath.Join(o.dir, fmt.Sprintf("%s-%d", engine, n))
		if n == 0 { // of the lives of a run before, too
			if err := os.RemoveAll(dir); err != nil {
				return fmt.Errorf("empty a store: %w", err)
			}
		}
		h, err := openServer(ctx, engine, dir)
		if err != nil {
			return err
		}
		servers = append(servers, h)
		if err := h.grow(ctx, n); err != nil {
			return err
		}
	}
	if o.seconds > 0 {
		if err := takeTurns(ctx, servers, o); err != nil {
			return err
		}
	}
	for _, h := range servers {
		if !o.sweep {
			break
		}
		if err := h.measureSweeps(ctx); err != nil {
			return err
		}
	}
	return nil
}

func takeTurns(ctx context.Context, servers []*caseServer, o options) error {
	for _, h := range servers {
		if err := h.warm(ctx, o.callers); err != nil {
			return err
		}
	}
	sums := make([]result, len(servers))
	for turn := range o.turns {
		for i, h := range servers {
			end := func() {}
			if o.profile != "" && turn == o.turns-1 && i == len(servers)-1 {
				var err error
				if end, err = profile(o.profile); err != nil {
					return err
				}
			}
			r, err := h.measure(ctx, time.Duration(o.seconds)*time.Second/time.Duration(o.turns), o.callers)
			end()
			if err != nil {
				return err
			}
			sums[i].add(r)
		}
	}
	for i, h := range servers {
		sums[i].print(h.held, sums[0])
		if err := h.measureSearches(ctx, o.callers); err != nil {
			return err
		}
	}
	return nil
}

// profile begins to write a profile of the processor's time; the answer ends it.
func profile(path string) (end func(), err error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("make the profile: %w", err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(fmt.Errorf("begin the profile: %w", err), f.Close())
	}
	return func() { pprof.StopCPUProfile(); _ = f.Close() }, nil
}

// load is the machine's load average, "?" where it has none.
func load() string {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "?"
	}
	return strings.Join(strings.Fields(string(b))[:3], " ")
}
