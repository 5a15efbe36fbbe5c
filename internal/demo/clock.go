package demo

import (
	"sync"
	"time"
)

// Clock is a time that only its owner moves. The zero Clock stands at the year 1. It
// is safe for concurrent use.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// Now is the time it was set to.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Set moves it, also backwards.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = t
}
