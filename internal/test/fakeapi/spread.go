package fakeapi

import (
	"slices"
	"time"
)

// Spread is how a set of durations lies.
type Spread struct {
	N                  int
	P50, P95, P99, Max time.Duration
}

func spread(all []time.Duration) Spread {
	if len(all) == 0 {
		return Spread{}
	}
	s := slices.Clone(all)
	slices.Sort(s)
	at := func(share float64) time.Duration { return s[min(len(s)-1, int(share*float64(len(s))))] }
	return Spread{N: len(s), P50: at(.5), P95: at(.95), P99: at(.99), Max: s[len(s)-1]}
}
