package kill

import (
	"math/rand/v2"
	"testing"
	"time"

	"dengwen/internal/seal"
	"dengwen/internal/test/fakeapi"
	"dengwen/internal/test/faults"
	"dengwen/internal/test/servers"
)

func TestMain(m *testing.M) { faults.Main(m) }

// Killed at any moment, the bot files what was confirmed once and tells everybody.
func TestKill(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name        string
		poll, redis bool
	}{
		{"webhook, Redis", false, true}, {"polling, Redis", true, true},
		{"webhook, SQLite", false, false}, {"polling, SQLite", true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			at := faults.Places{}
			if c.redis {
				at.Redis = servers.Redis(t)
			}
			kill(t, c.poll, at)
		})
	}
}

// kill runs once: a program, the people who talk to it and what came of it.
func kill(t *testing.T, poll bool, at faults.Places) {
	kills, citizens := faults.Size(t, "DENGWEN_KILLS", 2), faults.Size(t, "DENGWEN_KILL_CITIZENS", 30)
	api, err := fakeapi.Start(fakeapi.Options{Redeliver: func(int) bool { return rand.IntN(8) == 0 }, FailEvery: 50})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(api.Close)
	if at.Key, err = seal.NewKey(); err != nil {
		t.Fatal(err)
	}
	bot := faults.NewProgram(t, "DENGWEN_KEY="+at.Key, "REDIS_URL="+at.Redis)
	at.Data = bot.Data
	hook := bot.URL
	if poll {
		hook = ""
	}
	bot.Set(faults.Telegram(api, hook)...)
	if err := bot.Start(); err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	crowd := faults.Gather(t, api, citizens)
	killAgainAndAgain(t, bot, kills)
	crowd.Home()
	if err := bot.Stop(); err != nil {
		t.Error(err)
	}
	sum := crowd.Check(at)
	t.Logf("%d kills in %v, %v", kills, time.Since(begin).Round(time.Second), sum)
}

func killAgainAndAgain(t *testing.T, bot *faults.Program, kills int) {
	for n := range kills {
		time.Sleep(time.Duration(100+rand.IntN(1400)) * time.Millisecond) // a random moment
		if err := bot.Kill(); err != nil {
			t.Fatalf("kill %d: %v", n+1, err)
		}
		if err := bot.Start(); err != nil {
			t.Fatalf("start after kill %d: %v", n+1, err)
		}
	}
}
