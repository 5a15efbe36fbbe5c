package turn

import (
	"bytes"
	"sync"
	"time"
)

// recent holds the sessions this process has just written, opened: people answer within
// seconds, and opening a session costs more than stepping it. What the store hands over
// decides: a session counts only while it is byte for byte the one that was written. It
// is safe for concurrent use.
type recent struct {
	mu   sync.Mutex
	held map[string]opened
}

type opened struct {
	sealed []byte
	memory memory
	at     time.Time
}

const (
	mostRecent = 1024            // sessions held, 2 to 4 KB each
	recentFor  = 5 * time.Minute // words of people are not kept open for longer than their talk lasts
)

// take hands a session out, once.
func (c *recent) take(key string, sealed []byte) (m memory, held bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	o, ok := c.held[key]
	delete(c.held, key)
	if !ok || sealed == nil || !bytes.Equal(o.sealed, sealed) {
		return memory{}, false
	}
	return o.memory, true
}

// put keeps a session that was written; without room it is opened again next time.
func (c *recent) put(key string, sealed []byte, m memory, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held == nil {
		c.held = map[string]opened{}
	}
	if _, known := c.held[key]; known || len(c.held) < mostRecent {
		c.held[key] = opened{sealed, m, now}
	}
}

func (c *recent) drop(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.held, key)
}

// tidy lets go of what has not been asked for.
func (c *recent) tidy(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for key, o := range c.held {
		if now.Sub(o.at) >= recentFor {
			delete(c.held, key)
		}
	}
}
