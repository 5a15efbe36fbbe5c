package replay

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"time"

	"dengwen/bot"
)

// Report sums up runs.
type Report struct {
	Runs    int
	In      map[int]int       // tickets by the messages they took
	Asked   map[bot.State]int // runs in which a question stood open
	Ended   map[bot.State]int // runs without a ticket, by where they ended
	Slowest time.Duration
}

// Sum makes the report.
func Sum(runs []Run) Report {
	r := Report{Runs: len(runs), In: map[int]int{}, Asked: map[bot.State]int{}, Ended: map[bot.State]int{}}
	for _, one := range runs {
		r.Slowest = max(r.Slowest, one.Slowest)
		if one.Ticket == "" {
			r.Ended[one.End]++
		} else {
			r.In[one.Messages]++
		}
		slices.Sort(one.Asked)
		for _, st := range slices.Compact(one.Asked) {
			r.Asked[st]++
		}
	}
	return r
}

// Within is the share with a ticket after at most n messages.
func (r Report) Within(n int) float64 {
	sum := 0
	for k, v := range r.In {
		if k <= n {
			sum += v
		}
	}
	return float64(sum) / float64(max(r.Runs, 1))
}

// Print writes the report as lines.
func (r Report) Print(out io.Writer) {
	share := func(n int) float64 { return 100 * float64(n) / float64(max(r.Runs, 1)) }
	fmt.Fprintf(out, "%d first messages\n", r.Runs)
	for n := 2; n <= 4; n++ {
		fmt.Fprintf(out, "  ticket in %d messages: %5.1f %%\n", n, share(r.In[n]))
	}
	fmt.Fprintf(out, "  ticket in more:       %5.1f %%\n", 100*(r.Within(mostMessages)-r.Within(4)))
	fmt.Fprintf(out, "  no ticket:            %5.1f %%\n", 100*(1-r.Within(mostMessages)))
	fmt.Fprintln(out, "what was asked on the way:")
	for _, st := range most(r.Asked) {
		fmt.Fprintf(out, "  %-9s %5.1f %%\n", st, share(r.Asked[st]))
	}
	for _, st := range most(r.Ended) {
		fmt.Fprintf(out, "ended without a ticket at %s: %d\n", st, r.Ended[st])
	}
	fmt.Fprintf(out, "slowest answer: %s\n", r.Slowest.Round(time.Millisecond))
}

func most(m map[bot.State]int) []bot.State {
	var out []bot.State
	for st := range m {
		out = append(out, st)
	}
	slices.SortFunc(out, func(a, b bot.State) int { return cmp.Or(cmp.Compare(m[b], m[a]), cmp.Compare(a, b)) })
	return out
}
