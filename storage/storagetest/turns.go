package storagetest

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dengwen/bot"
	"dengwen/bot/turn"
	"dengwen/internal/seal"
	"dengwen/petition"
)

// office answers at once.
type office struct{ petition.Cases }

func (office) File(context.Context, petition.Actor, petition.Filing) (petition.Ticket, error) {
	return petition.Ticket{Number: "ZS26-0001-1A"}, nil
}

func (office) Look(context.Context, petition.Actor, string, string) (petition.View, error) {
	return petition.View{Number: "ZS26-0001-1A"}, nil
}

type offline struct{}

func (offline) Read(context.Context, string, string, time.Time) (bot.Reading, error) {
	return bot.Reading{Kind: "story"}, nil
}

// deliver is a door made of a function.
type deliver func(conv, text string)

func (f deliver) Send(_ context.Context, conv, _ string, s bot.Say) error {
	f(conv, s.Text)
	return nil
}

// step is a conversation of one line per message: it asks what the words name.
func step(s bot.Session, e bot.Event, _ time.Time) (bot.Session, []bot.Effect) {
	s.Step++
	if e.Outcome != nil {
		return s, []bot.Effect{{Say: &bot.Say{Text: "done " + e.Outcome.Effect}}}
	}
	var effects []bot.Effect
	for _, w := range strings.Fields(e.Text) {
		switch w {
		case "look":
			effects = append(effects, bot.Effect{Tag: w, Look: &bot.Look{Number: "ZS26-0001-1A"}})
		case "file":
			effects = append(effects, bot.Effect{Tag: w, File: &petition.Filing{Key: "d", Facts: e.Text}})
		case "read":
			effects = append(effects, bot.Effect{Tag: w, Read: &bot.Read{Text: e.Text}})
		}
	}
	if effects == nil {
		effects = []bot.Effect{{Say: &bot.Say{Text: "answer to " + e.Text}}}
	}
	return s, effects
}

// Runner runs a small conversation on a store: it asks what the words of a message
// name (look, read, file) and else answers it. say is the door "tg".
func Runner(t testing.TB, s turn.Store, say func(conv, text string)) *turn.Runner {
	t.Helper()
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	box, err := seal.Open(key)
	if err != nil {
		t.Fatal(err)
	}
	r, err := turn.New(turn.Parts{
		Store: s, Box: box, Step: step, Cases: office{}, Reader: offline{},
		Answer: func(string, string, time.Time) bot.Answer { return bot.Answer{} },
		Doors:  map[string]turn.Door{"tg": {Send: deliver(say)}},
	}, turn.Options{Sweep: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Stop(context.Background()); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	return r
}

// Citizens has people talk at once, b.N messages in all, each saying the next thing
// once answered.
func Citizens(b *testing.B, store turn.Store, people int) {
	heard := make([]chan struct{}, people)
	for i := range heard {
		heard[i] = make(chan struct{}, 1)
	}
	r := Runner(b, store, func(conv, _ string) {
		i, _ := strconv.Atoi(conv[3:])
		heard[i] <- struct{}{}
	})
	var left atomic.Int64
	left.Store(int64(b.N))
	b.ReportAllocs()
	b.ResetTimer()
	var all sync.WaitGroup
	for i := range people {
		all.Go(func() {
			conv := "tg:" + strconv.Itoa(i)
			for n := 0; left.Add(-1) >= 0; n++ {
				e := bot.Event{ID: "tg:" + strconv.Itoa(n), At: time.Now(), Text: "村里的路塌了一截，车过不去"}
				if err := r.Accept(context.Background(), conv, e); err != nil {
					b.Error(err)
					return
				}
				<-heard[i]
			}
		})
	}
	all.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "turns/s")
}
