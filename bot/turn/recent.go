package turn

import (
	"bytes"
	"container/list"
	"sync"
	"time"
)

// recent holds the sessions this process has just written, opened: people answer within
// seconds, and opening a session costs more than stepping it. What the store hands over
// decides: a session counts only while it is byte for byte the one that was written. It
// is safe for concurrent use.
type recent struct {
	mu    sync.Mutex
	held  map[string]*list.Element
	order list.List // of opened, the longest held first
}

type opened struct {
	key    string
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
	e := c.held[key]
	if e == nil {
		return memory{}, false
	}
	o := c.remove(e)
	if sealed == nil || !bytes.Equal(o.sealed, sealed) {
		return memory{}, false
	}
	return o.memory, true
}

// put keeps a session that was written; where there is no room the longest held goes.
func (c *recent) put(key string, sealed []byte, m memory, now time.Time) {
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
	c.held[key] = c.order.PushBack(opened{key, sealed, m, now})
}

func (c *recent) remove(e *list.Element) opened {
	o := c.order.Remove(e).(opened)
	delete(c.held, o.key)
	return o
}

func (c *recent) drop(key string) { c.take(key, nil) }

// tidy lets go of what has not been asked for.
func (c *recent) tidy(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for e := c.order.Front(); e != nil && now.Sub(e.Value.(opened).at) >= recentFor; e = c.order.Front() {
		c.remove(e)
	}
}
