package turn

import (
	"testing"
	"time"

	"dengwen/bot"
)

func TestRecentSessionsAreHandedOutOnce(t *testing.T) {
	t.Parallel()
	c := newSessionCache()
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	m := storedSession{"tg:1", bot.Session{State: "story"}}
	c.put("a", Seen{7, 1}, storedSession{"tg:1", bot.Session{State: "old"}}, now)
	c.put("a", Seen{7, 2}, m, now)
	if got := c.take("a"); got.seen != (Seen{7, 2}) || got.session.Conv != "tg:1" || got.session.Session.State != "story" {
		t.Errorf("got %+v", got)
	}
	if got := c.take("a"); got.seen != (Seen{}) {
		t.Error("a session was handed out twice")
	}
	c.put("a", Seen{7, 2}, m, now)
	c.take("a")
	c.put("b", Seen{7, 2}, m, now)
	c.expire(now.Add(cacheSessionFor))
	if c.entries.Len() != 0 {
		t.Errorf("%d sessions are still held", c.entries.Len())
	}
	for i := range 2 * maxCachedSessions {
		c.put(string(rune(i)), Seen{7, 2}, m, now)
	}
	if c.entries.Len() > maxCachedSessions {
		t.Errorf("%d sessions are held", c.entries.Len())
	}
}
