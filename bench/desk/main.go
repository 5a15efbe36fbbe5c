// Command desk measures the desk as a county's officers use it: it fills a folder, starts the program, and
// asks for each page, one at a time; then 50 officers press something every two seconds while 500 citizens
// write to the bot, each a message in five seconds. What the one costs the other is told by measuring each alone too.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"dengwen/bench/postgres"
)

type options struct {
	program  string
	script   string
	data     string
	engine   string
	database string // that of the engine
	cases    int
	rounds   int
	officers int
	citizens int
	measure  time.Duration
}

func main() {
	var o options
	flag.StringVar(&o.program, "program", "bench/out/dengwen", "the program")
	flag.StringVar(&o.script, "script", "bench/scripts/story.json", "what a citizen says")
	flag.StringVar(&o.data, "data", "", "data folder, which stays filled for the next time (default: a temporary one)")
	flag.StringVar(&o.engine, "engine", "sqlite", "sqlite or postgres, which is started in the folder")
	flag.IntVar(&o.cases, "cases", 2000, "cases to fill, where the folder is not filled yet")
	flag.IntVar(&o.rounds, "rounds", 30, "times each page is asked for by one officer alone")
	flag.IntVar(&o.officers, "officers", 50, "officers at once")
	flag.IntVar(&o.citizens, "citizens", 500, "citizens at once")
	flag.DurationVar(&o.measure, "measure", 30*time.Second, "how long each crowd is measured")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench/desk:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) (err error) {
	if o.data == "" {
		if o.data, err = os.MkdirTemp("", "dengwen-desk-"); err != nil {
			return fmt.Errorf("make the data folder: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(o.data)) }()
	}
	if o.engine == "postgres" {
		var stop func()
		if o.database, _, stop, err = postgres.Start(ctx, filepath.Join(o.data, "postgres")); err != nil {
			return err
		}
		defer stop()
	}
	p, err := start(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	all, err := p.admit(o.officers)
	if err != nil {
		return err
	}
	p.printMemory("officers in, nothing asked yet")
	if err := alone(all[0], o.rounds); err != nil {
		return err
	}
	p.printMemory("after each page alone")
	return p.crowds(ctx, all, o)
}

// crowds measures citizens alone, officers alone, and both.
func (p *program) crowds(ctx context.Context, all []*officer, o options) error {
	citizens, err := p.citizens(ctx, o)
	if err != nil {
		return err
	}
	fmt.Printf("\n%d citizens without officers: %s\n", o.citizens, citizens)
	pages, err := crowd(ctx, all, o.measure)
	if err != nil {
		return err
	}
	fmt.Printf("\n%d officers without citizens\n", len(all))
	pages.print()
	type told struct {
		pages results
		err   error
	}
	done := make(chan told, 1)
	go func() {
		pages, err := crowd(ctx, all, warm+o.measure)
		done <- told{pages, err}
	}()
	both, err := p.citizens(ctx, o)
	officers := <-done
	if err := errors.Join(err, officers.err); err != nil {
		return err
	}
	fmt.Printf("\n%d officers and %d citizens at once\n", len(all), o.citizens)
	officers.pages.print()
	fmt.Printf("citizens: %s; beside those without officers: p50 %+.0f %%, p95 %+.0f %%\n", both,
		100*(float64(both.Latency.P50)/float64(citizens.Latency.P50)-1), 100*(float64(both.Latency.P95)/float64(citizens.Latency.P95)-1))
	p.printMemory("at the end")
	return ctx.Err()
}
