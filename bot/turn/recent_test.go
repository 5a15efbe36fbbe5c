package turn

import (
	"testing"
	"time"

	"dengwen/bot"
)

func TestRecentSessionsAreThoseTheStoreHolds(t *testing.T) {
	t.Parallel()
	var c recent
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	m := memory{"tg:1", bot.Session{State: "story"}}
	c.put("a", []byte("one"), m, now)
	if _, ok := c.take("a", []byte("two")); ok {
		t.Error("a session the store no longer holds was used")
	}
	c.put("a", []byte("one"), m, now)
	if got, ok := c.take("a", []byte("one")); !ok || got.Conv != "tg:1" || got.Session.State != "story" {
		t.Errorf("got %+v, %v", got, ok)
	}
	if _, ok := c.take("a", []byte("one")); ok {
		t.Error("a session was handed out twice")
	}
	c.put("a", nil, m, now)
	if _, ok := c.take("a", nil); ok {
		t.Error("a forgotten session was used")
	}
	c.put("a", []byte("one"), m, now)
	c.drop("a")
	c.put("b", []byte("one"), m, now)
	c.tidy(now.Add(recentFor))
	if len(c.held) != 0 {
		t.Errorf("%d sessions are still held", len(c.held))
	}
	for i := range 2 * mostRecent {
		c.put(string(rune(i)), []byte("one"), m, now)
	}
	if len(c.held) > mostRecent {
		t.Errorf("%d sessions are held", len(c.held))
	}
}
