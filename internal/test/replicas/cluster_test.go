package replicas

import (
	"math/rand/v2"
	"testing"
	"time"

	"dengwen/internal/seal"
	"dengwen/internal/test/fakeapi"
	"dengwen/internal/test/faults"
	"dengwen/internal/test/servers"
)

// While citizens lodge petitions, slots of a Redis Cluster move from one master to
// another, and a master dies for good; its replica goes on.
func TestCluster(t *testing.T) {
	t.Parallel()
	api, err := fakeapi.Start(fakeapi.Options{Redeliver: func(int) bool { return rand.IntN(7) == 0 }, FailEvery: 50})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(api.Close)
	c := servers.NewRedisCluster(t, 3, 1, "--cluster-node-timeout", "2000", "--appendonly", "yes")
	at := faults.Places{Redis: c.URL}
	if at.Key, err = seal.NewKey(); err != nil {
		t.Fatal(err)
	}
	bot := faults.NewProgram(t, "DENGWEN_KEY="+at.Key, "REDIS_URL="+at.Redis)
	at.Data = bot.Data
	bot.Set(faults.Telegram(api, bot.URL)...)
	if err := bot.Start(); err != nil {
		t.Fatal(err)
	}
	crowd := faults.Gather(t, api, faults.Size(t, "REPLICAS_CITIZENS", 12))
	c.Move(t, 1000, 0, 1)
	moved := api.Counts()
	c.Kill(t, 0)
	begin := time.Now()
	crowd.Home()
	if took := time.Since(begin); took > 45*time.Second {
		t.Errorf("with the replica in its place it took %v until everybody was answered", took)
	}
	if err := bot.Stop(); err != nil {
		t.Error(err)
	}
	t.Logf("at the end of the move %d deliveries, of which not taken at first %d; %v", moved.Delivered, moved.NotTaken, crowd.Check(at))
}
