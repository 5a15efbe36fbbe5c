package turn

import (
	"container/list"
	"sync"
	"time"
)

// sessionCache holds the sessions this process has just written, decrypted and decoded:
// people answer within seconds, and that costs more than a step. The store decides whether
// one is still the newest, see Seen. The oldest is evicted first. It is safe for concurrent use.
type sessionCache struct {
	mu      sync.Mutex
	entries map[string]*list.Element
	order   list.List // of cachedSession, the oldest first
}

type cachedSession struct {
	key     string
	seen    Seen
	session storedSession
	at      time.Time
}

const (
	maxCachedSessions = 1024            // sessions held, 2 to 4 KB each
	cacheSessionFor   = 5 * time.Minute // decrypted words of people stay in memory no longer than a conversation lasts
)

// take removes a session and returns it, the zero cachedSession where there is none: the
// turn that took it may change it.
func (c *sessionCache) take(key string) cachedSession {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entries[key]
	if e == nil {
		return cachedSession{}
	}
	return c.remove(e)
}

// put adds a session that was written, evicting the oldest when the cache is full.
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

// expire removes sessions older than cacheSessionFor.
func (c *sessionCache) expire(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for e := c.order.Front(); e != nil && now.Sub(e.Value.(cachedSession).at) >= cacheSessionFor; e = c.order.Front() {
		c.remove(e)
	}
}
