// Package ratelimit is a token bucket for each of many names, as network addresses, in
// bounded memory.
package ratelimit

import (
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"
)

// ByName holds the buckets. It is safe for concurrent use.
type ByName struct {
	limit rate.Limit
	burst int

	mu      sync.Mutex
	buckets *simplelru.LRU[string, *rate.Limiter]
}

// New makes buckets of burst tokens that fill with limit a second. It remembers the most names
// asked last; one forgotten begins with a full bucket.
func New(limit rate.Limit, burst, most int) *ByName {
	buckets, err := simplelru.NewLRU[string, *rate.Limiter](max(most, 1), nil)
	if err != nil { // of a size below one alone
		panic("ratelimit: " + err.Error())
	}
	return &ByName{limit: limit, burst: burst, buckets: buckets}
}

// Allow takes n tokens of name's bucket; false when there are not as many.
func (b *ByName) Allow(name string, now time.Time, n int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	l, ok := b.buckets.Get(name)
	if !ok {
		l = rate.NewLimiter(b.limit, b.burst)
		b.buckets.Add(name, l)
	}
	return l.AllowN(now, n)
}
