package replicas

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"dengwen/internal/seal"
	"dengwen/internal/test/fakeapi"
	"dengwen/internal/test/faults"
	"dengwen/internal/test/servers"
)

func TestMain(m *testing.M) { faults.Main(m) }

const ships = 3

// places are a Redis, a PostgreSQL, a data folder and a key of the test's own.
func places(t *testing.T) faults.Places {
	t.Helper()
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	return faults.Places{Redis: servers.Redis(t), Database: servers.Postgres(t), Data: t.TempDir(), Key: key}
}

// Three processes behind one address, killed at random and restarted one by one,
// lose nothing and do nothing twice.
func TestReplicas(t *testing.T) {
	t.Parallel()
	citizens, kills := faults.Size(t, "REPLICAS_CITIZENS", 60), faults.Size(t, "REPLICAS_KILLS", 4)
	api, err := fakeapi.Start(fakeapi.Options{Redeliver: func(int) bool { return rand.IntN(7) == 0 }, FailEvery: 50})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(api.Close)
	at := places(t)
	front := newBalancer(t)
	replicas := launch(t, front, api, at)
	begin := time.Now()
	crowd := faults.Gather(t, api, citizens)
	killSome(t, replicas, kills)
	began := time.Since(begin)
	replaceAll(t, replicas)
	crowd.Home()
	for i, p := range replicas {
		if err := p.Stop(); err != nil {
			t.Errorf("process %d: %v", i+1, err)
		}
	}
	sum := crowd.Check(at)
	for i := range front.taken {
		if front.taken[i].Load() == 0 {
			t.Errorf("process %d took no update", i+1)
		}
	}
	t.Logf("%d processes, %d kills in %v and one rolling restart, %v in all, %d calls lost to dead processes; %v",
		ships, kills, began.Round(time.Second), time.Since(begin).Round(time.Second), front.lost.Load(), sum)
}

// launch starts the processes all at once, so that they meet in the migrations.
func launch(t *testing.T, front *balancer, api *fakeapi.Server, at faults.Places) []*faults.Program {
	var replicas []*faults.Program
	var addresses []string
	for range ships {
		p := faults.NewProgram(t, "DENGWEN_KEY="+at.Key, "REDIS_URL="+at.Redis, "DATABASE_URL="+at.Database, "DENGWEN_BROADCAST_PER_SECOND=15")
		p.Set(faults.Telegram(api, front.URL)...)
		replicas, addresses = append(replicas, p), append(addresses, p.URL)
	}
	front.put(t, addresses)
	var up sync.WaitGroup
	faults := make([]error, ships)
	for i, p := range replicas {
		up.Go(func() { faults[i] = p.Start() })
	}
	up.Wait()
	for i, err := range faults {
		if err != nil {
			t.Fatalf("process %d: %v", i+1, err)
		}
	}
	return replicas
}

func killSome(t *testing.T, replicas []*faults.Program, kills int) {
	for n := range kills {
		p := replicas[rand.IntN(len(replicas))]
		time.Sleep(time.Duration(200+rand.IntN(1800)) * time.Millisecond) // a random moment
		if err := p.Kill(); err != nil {
			t.Fatalf("kill %d: %v", n+1, err)
		}
		time.Sleep(time.Duration(rand.IntN(1000)) * time.Millisecond) // the others go on without it
		if err := p.Start(); err != nil {
			t.Fatalf("start after kill %d: %v", n+1, err)
		}
	}
}

// replaceAll is an upgrade: each is asked to end, ends orderly and is started again
// before the next.
func replaceAll(t *testing.T, replicas []*faults.Program) {
	for i, p := range replicas {
		if err := p.Stop(); err != nil {
			t.Fatalf("rolling restart: process %d: %v", i+1, err)
		}
		if err := p.Start(); err != nil {
			t.Fatalf("rolling restart: process %d: %v", i+1, err)
		}
	}
}
