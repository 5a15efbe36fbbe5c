package turn

import (
	"container/list"
	"sync"
	"time"
)

// sessionCache holds the sessions this process has just written, opened: people answer within
// seconds, and opening a session costs more than stepping it. The store decides whether
// one is still the newest, see Seen. It is safe for concurrent use.
type sessionCache struct {
	mu      sync.Mutex
	entries map[string]*list.Element
	order   list.List // of opened, the longest held first
}

type cachedSession struct {
	key     string
	seen    Seen
	session storedSession
	at      time.Time
}

const (
	maxCachedSessions = 1024            // sessions held, 2 to 4 KB each
	cacheSessionFor   = 5 * time.Minute // words of people are not kept open for longer than their talk lasts
)

// take hands a session out, once; the zero opened where there is none.
func (c *sessionCache) take(key string) cachedSession {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entries[key]
	if e == nil {
		return cachedSession{}
	}
	return c.remove(e)
}

// put keeps a session that was written; where there is no room the longest held goes.
func (c *sessionCache) put(key string, seen Seen, m storedSession, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.entries == nil {
		c.entries = map[string]*list.Element{}
	}
	if e := c.entries[key]; e != nil {
		c.remove(e)
	}
	if len(c.entries) == maxCachedSessions {
		c.remove(c.order.Front())
	}
	c.entries[key] = c.order.PushBack(cachedSession{key, seen, m, now})
}

func (c *sessionCache) remove(e *list.Element) cachedSession {
	o := c.order.Remove(e).(cachedSession)
	delete(c.entries, o.key)
	return o
}

func (c *sessionCache) drop(key string) { c.take(key) }

// expire lets go of what has not been asked for.
func (c *sessionCache) expire(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for e := c.order.Front(); e != nil && now.Sub(e.Value.(cachedSession).at) >= cacheSessionFor; e = c.order.Front() {
		c.remove(e)
	}
}
