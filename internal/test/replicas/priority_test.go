package replicas

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"dengwen/internal/seal"
	"dengwen/internal/test/fakeapi"
	"dengwen/internal/test/faults"
	"dengwen/internal/test/servers"
	"dengwen/petition"
	"dengwen/petition/bulletin"
)

// While a service notice goes out, people who talk to the bot are answered as quickly as
// without it: at the pace Telegram allows, what they are told goes first.
func TestNoticesWaitForEverythingElse(t *testing.T) {
	t.Parallel()
	api, err := fakeapi.Start(fakeapi.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(api.Close)
	at := faults.Places{Redis: servers.Redis(t), Database: servers.Postgres(t)}
	if at.Key, err = seal.NewKey(); err != nil {
		t.Fatal(err)
	}
	p := faults.NewProgram(t, "DENGWEN_KEY="+at.Key, "REDIS_URL="+at.Redis, "DATABASE_URL="+at.Database, "DENGWEN_BROADCAST_PER_SECOND=15")
	p.Set(faults.Telegram(api, "")...)
	p.Set("TELEGRAM_PER_SECOND=30")
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	agreeAll(t, api, firstOne, readers)
	without := talkers(t, api, 20_000)
	bulletins := openBulletins(t, at)
	if _, err := bulletins.Post(t.Context(), petition.System(), bulletin.Bulletin{Text: words}); err != nil {
		t.Fatal(err)
	}
	with := talkers(t, api, 30_000)
	n, err := bulletins.Bulletin(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	done := over(t, bulletins, n.ID)
	t.Logf("the slowest tenth of answers took %v without and %v with a notice going out; %d of %d were told meanwhile, the last after %v",
		tenth(without), tenth(with), n.Sent, n.Total, done.Ended.Sub(done.At).Round(time.Second))
	if slow := tenth(with); slow > 2*tenth(without)+time.Second {
		t.Errorf("answers wait for the notice: %v with it, %v without", slow, tenth(without))
	}
	if done.Sent != readers {
		t.Errorf("in the end %+v", done.Reach)
	}
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
}

// talkers are 24 people who ask something six times each; it answers how long each
// answer took.
func talkers(t *testing.T, api *fakeapi.Server, from int64) []time.Duration {
	var mu sync.Mutex
	var took []time.Duration
	var all sync.WaitGroup
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	for i := range 24 {
		all.Go(func() {
			me := api.Citizen(from + int64(i))
			for range 6 {
				began := time.Now()
				me.Say("/rights")
				if _, err := me.Expect(ctx, "您的权利"); err != nil {
					t.Errorf("talker %d: %v", i, err)
					return
				}
				mu.Lock()
				took = append(took, time.Since(began))
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return took
}

// tenth is what nine answers of ten took at most.
func tenth(took []time.Duration) time.Duration {
	if len(took) == 0 {
		return 0
	}
	slices.Sort(took)
	return took[len(took)*9/10].Round(time.Millisecond)
}
