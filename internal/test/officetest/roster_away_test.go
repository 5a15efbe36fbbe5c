package officetest

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dengwen/bot"
	"dengwen/internal/test/memory"
	"dengwen/petition"
	"dengwen/petition/roster"
)

// away is a roster whose store can't be reached at times.
type away struct {
	roster.Store
	yes atomic.Bool
}

func (a *away) People(ctx context.Context, unit string) ([]roster.Person, error) {
	if a.yes.Load() {
		return nil, petition.Fail(petition.Unavailable, "")
	}
	return a.Store.People(ctx, unit)
}

// An officer is not answered as a stranger while the roster can't be read, and what
// the office is to be told then is told afterwards.
func TestRosterAway(t *testing.T) {
	t.Parallel()
	people := &away{Store: memory.NewRoster()}
	w := newWorld(t, nil, parts{box: newBox(t), cases: memory.NewMemory(), people: people})
	w.Hire("tg:11", "王芳", "petition", petition.Intake)
	w.Hire("tg:12", "赵敏", "petition", petition.Intake)
	w.Tell("tg:11", bot.Event{Command: "queue"})
	w.Settle()
	w.Post.Flood("tg:12", 1) // so that the notice is still to be sent
	number := w.Lodge(petition.Filing{Owner: "tg:1", Class: petition.Claim, Title: "路塌了", Facts: "三组的路塌了"}).Number
	w.Settle()
	before := len(w.Post.Log(0))
	people.yes.Store(true)
	w.Pass(2 * time.Minute) // nobody keeps access for longer than a minute on an old list
	w.Tell("tg:11", bot.Event{Command: "case", Args: number})
	for range 30 { // claimed again and again, as leases run out
		w.Pass(time.Second)
		time.Sleep(15 * time.Millisecond)
	}
	for _, s := range w.Post.Log(before) {
		t.Errorf("while the roster was away %s was told %q", s.Conv, s.Say.Text)
	}
	before = len(w.Post.Log(0))
	people.yes.Store(false)
	w.Pass(time.Minute)
	w.Settle()
	for chat, want := range map[string]string{"tg:11": "○", "tg:12": "来了一件新的信访\n"} {
		if !slices.ContainsFunc(w.Post.Log(before), func(s Sent) bool {
			return s.Conv == chat && strings.HasPrefix(s.Say.Text, want) && s.Say.About == number
		}) {
			t.Errorf("afterwards %s was not told %q but %+v", chat, want, w.Post.Log(before))
		}
	}
}
