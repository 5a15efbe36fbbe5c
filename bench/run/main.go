// Run measures Dengwen beside the least a bot can do (limit) and a telebot of the
// same conversation length, in one run on one machine, against a real Redis and a
// fake Bot API, and prints a table with the ratios. Absolute figures belong to the
// machine; ratios carry over.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"syscall"
	"time"

	"dengwen/internal/test/fakeapi"
)

// options are the settings of a run.
type options struct {
	out     string
	only    *regexp.Regexp
	measure time.Duration
	warm    time.Duration
	repeat  int
}

func main() {
	out := flag.String("out", "bench/out", "folder with the programs dengwen, limit and telebot")
	only := flag.String("only", "", "measure only what matches this: bot, way in, citizens, as in \"dengwen webhook 64\"")
	measure := flag.Duration("measure", 5*time.Second, "measured time")
	warm := flag.Duration("warm", 2*time.Second, "time before measuring")
	repeat := flag.Int("repeat", 1, "times each is measured; the middle one counts")
	flag.Parse()
	re, err := regexp.Compile(*only)
	if err != nil {
		log.Fatal(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, options{*out, re, *measure, *warm, *repeat}); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, o options) error {
	var err error
	if o.out, err = filepath.Abs(o.out); err != nil {
		return err
	}
	rds, err := startRedis(ctx)
	if err != nil {
		return err
	}
	defer rds.stop()
	var results []result
	for _, c := range matrix() {
		if !o.only.MatchString(c.String()) || ctx.Err() != nil {
			continue
		}
		var same []result
		for range o.repeat {
			r, err := measure(ctx, o, c, rds)
			if err != nil {
				return fmt.Errorf("%s: %w", c, err)
			}
			same = append(same, r)
		}
		r := middle(same)
		results = append(results, r)
		fmt.Println(r.line())
		for _, s := range r.Samples {
			fmt.Println("    ", s)
		}
	}
	printRatios(results)
	return ctx.Err()
}

// setup is one thing to measure.
type setup struct {
	bot      string // dengwen, telebot, limit
	way      string // webhook, poll
	citizens int
	fault    string // "", "50ms", "faults"
	story    bool   // story first: four updates instead of nine
}

func (c setup) String() string {
	s := fmt.Sprintf("%s %s %d", c.bot, c.way, c.citizens)
	if c.fault != "" {
		s += " " + c.fault
	}
	if c.story {
		s += " story"
	}
	return s
}

func matrix() (all []setup) {
	for _, n := range []int{1, 64, 1000} {
		all = append(all, setup{bot: "limit", way: "webhook", citizens: n})
		all = append(all, beside(n, "")...)
	}
	return append(append(all, beside(1000, "50ms")...), beside(64, "faults")...)
}

// beside is Dengwen, in both of its conversations, beside telebot.
func beside(citizens int, fault string) (all []setup) {
	for _, way := range []string{"webhook", "poll"} {
		for _, c := range []setup{{bot: "telebot"}, {bot: "dengwen"}, {bot: "dengwen", story: true}} {
			c.way, c.citizens, c.fault = way, citizens, fault
			all = append(all, c)
		}
	}
	return all
}

// api is how the fake Bot API behaves for this setup.
func (c setup) api() fakeapi.Options {
	switch c.fault {
	case "50ms":
		return fakeapi.Options{Delay: 50 * time.Millisecond}
	case "faults":
		return fakeapi.Options{RedeliverEvery: 7, FailEvery: 20, FloodEvery: 10}
	}
	return fakeapi.Options{}
}

// load is how citizens come. With faults the number of dialogues is fixed, so that
// the share of failed ones compares.
func (c setup) load(o options) (fakeapi.Load, error) {
	name := map[string]string{"limit": "echo", "telebot": "complaint", "dengwen": "petition"}[c.bot]
	if c.story {
		name = "story"
	}
	script, err := loadScript(name)
	l := fakeapi.Load{Script: script, Citizens: c.citizens, Warm: o.warm, Measure: o.measure, Timeout: 30 * time.Second}
	if c.fault == "faults" {
		l.Warm, l.Measure, l.Dialogues = 0, 0, 256
	}
	return l, err
}

func loadScript(name string) (*fakeapi.Script, error) {
	return fakeapi.LoadScript(filepath.Join("bench", "scripts", name+".json"))
}
