package main

import (
	"fmt"
	"time"
)

func (r result) line() string {
	l := r.Latency
	if r.bot == "limit" { // says the same nine times
		r.Doubled = 0
	}
	return fmt.Sprintf("%-30s %8.1f dialogues/s  p50 %7s  p95 %7s  p99 %7s  cpu %6.2f ms  redis %5.2f ms  rss %4.0f MiB (peak %4.0f)  done %5d  failed %3d  doubled %3d",
		r.setup, r.PerSecond, ms(l.P50), ms(l.P95), ms(l.P99), r.CPU, r.Redis, r.RSS, r.Peak, r.Completed, r.Failed, r.Doubled)
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond)) }

// printRatios holds Dengwen against the others measured in the same run.
func printRatios(all []result) {
	find := func(c setup) *result {
		for i := range all {
			if all[i].setup == c {
				return &all[i]
			}
		}
		return nil
	}
	fmt.Println()
	for _, r := range all {
		if r.bot != "dengwen" || r.fault == "faults" {
			continue
		}
		fmt.Printf("%-30s", r.setup)
		ratio("the limit", r, find(setup{bot: "limit", way: "webhook", citizens: r.citizens}))
		ratio("telebot", r, find(setup{bot: "telebot", way: r.way, citizens: r.citizens, fault: r.fault}))
		fmt.Println()
	}
	for _, r := range all {
		if r.fault == "faults" {
			n := r.Completed + r.Failed
			fmt.Printf("%-30s %d of %d dialogues failed (%.0f %%), %d updates came twice, %d sends got 500, %d got 429\n",
				r.setup, r.Failed, n, 100*float64(r.Failed)/float64(max(n, 1)), r.Counts.Redelivered, r.Counts.Failed, r.Counts.Flooded)
		}
	}
}

func ratio(name string, r result, to *result) {
	if to == nil || to.PerSecond == 0 {
		return
	}
	fmt.Printf("  %3.0f %% of %s", 100*r.PerSecond/to.PerSecond, name)
}
