package turn

import (
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// sessionCache holds the sessions this process has just written, decrypted and decoded:
// people answer within seconds, and that costs more than a step. The store decides whether
// one is still the newest, see Seen. The oldest is evicted first. It is safe for concurrent use.
type sessionCache struct {
	mu      sync.Mutex
	entries *simplelru.LRU[string, cachedSession]
}

type cachedSession struct {
	seen    Seen
	session storedSession
	at      time.Time
}

const (
	maxCachedSessions = 1024            // sessions held, 2 to 4 KB each
	cacheSessionFor   = 5 * time.Minute // decrypted words of people stay in memory no longer than a conversation lasts
)

func newSessionCache() *sessionCache {
	entries, err := simplelru.NewLRU[string, cachedSession](maxCachedSessions, nil)
	if err != nil { // of a size below one alone
		panic("turn: " + err.Error())
	}
	return &sessionCache{entries: entries}
}

// take removes a session and returns it, the zero cachedSession where there is none: the
// turn that took it may change it.
func (c *sessionCache) take(key string) cachedSession {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, _ := c.entries.Peek(key)
	c.entries.Remove(key)
	return s
}

// put adds a session that was written, evicting the oldest when the cache is full.
func (c *sessionCache) put(key string, seen Seen, m storedSession, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.entries.Add(key, cachedSession{seen, m, now})
}

// expire removes sessions older than cacheSessionFor.
func (c *sessionCache) expire(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s, ok := c.entries.GetOldest(); ok && now.Sub(s.at) >= cacheSessionFor; _, s, ok = c.entries.GetOldest() {
		c.entries.RemoveOldest()
	}
}
