package turn

import (
	"container/list"
	"sync"
	"time"
)

// recent holds the sessions this process has just written, opened: people answer within
// seconds, and opening a session costs more than stepping it. The store decides whether
// one is still the newest, see Seen. It is safe for concurrent use.
type recent struct {
	mu    sync.Mutex
	held  map[string]*list.Element
	order list.List // of opened, the longest held first
}

type opened struct {
	key    string
	seen   Seen
	memory memory
	at     time.Time
}

const (
	mostRecent = 1024            // sessions held, 2 to 4 KB each
	recentFor  = 5 * time.Minute // words of people are not kept open for longer than their talk lasts
)

// take hands a session out, once; the zero opened where there is none.
func (c *recent) take(key string) opened {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.held[key]
	if e == nil {
		return opened{}
	}
	return c.remove(e)
}

// put keeps a session that was written; where there is no room the longest held goes.
func (c *recent) put(key string, seen Seen, m memory, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held == nil {
		c.held = map[string]*list.Element{}
	}
	if e := c.held[key]; e != nil {
		c.remove(e)
	}
	if len(c.held) == mostRecent {
		c.remove(c.order.Front())
	}
	c.held[key] = c.order.PushBack(opened{key, seen, m, now})
}

func (c *recent) remove(e *list.Element) opened {
	o := c.order.Remove(e).(opened)
	delete(c.held, o.key)
	return o
}

func (c *recent) drop(key string) { c.take(key) }

// tidy lets go of what has not been asked for.
func (c *recent) tidy(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for e := c.order.Front(); e != nil && now.Sub(e.Value.(opened).at) >= recentFor; e = c.order.Front() {
		c.remove(e)
	}
}
