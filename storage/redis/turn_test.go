package redis_test

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"dengwen/bot"
	"dengwen/bot/turn"
	"dengwen/internal/test/servers"
	"dengwen/storage/redis"
	"dengwen/storage/storagetest"
)

// trips counts round trips: a write of many calls at once is one. What opens a new
// connection of the pool is no part of a turn.
type trips struct{ n atomic.Int64 }

func (c *trips) DialHook(next goredis.DialHook) goredis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) { return next(ctx, network, addr) }
}

func (c *trips) ProcessHook(next goredis.ProcessHook) goredis.ProcessHook {
	return func(ctx context.Context, cmd goredis.Cmder) error {
		if cmd.Name() != "hello" {
			c.n.Add(1)
		}
		return next(ctx, cmd)
	}
}

func (c *trips) ProcessPipelineHook(next goredis.ProcessPipelineHook) goredis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []goredis.Cmder) error {
		if cmds[0].Name() != "hello" {
			c.n.Add(1)
		}
		return next(ctx, cmds)
	}
}

// Between an update's arrival and its answer's departure lie two round trips, also
// when the answer takes a look-up, a reading or a filing.
func TestTwoRoundTrips(t *testing.T) {
	t.Parallel()
	twoRoundTrips(t, servers.Redis(t))
}

// teach has every server of the store know the scripts: conversations lie on all of them.
func teach(t *testing.T, s turn.Store) {
	ctx, now := t.Context(), time.Now()
	for i := range 40 {
		conv := fmt.Sprint("lesson", i)
		l := turn.Lease{Owner: conv, For: time.Minute, Now: now}
		w, err := s.Accept(ctx, conv, "1", []byte("x"), l)
		if err == nil {
			err = s.Commit(ctx, conv, turn.Change{Fence: w.Fence, Done: "1", Retention: time.Hour, Now: now})
		}
		if err == nil {
			_, err = s.Settle(ctx, conv, turn.Settlement{Fence: w.Fence, Lease: l})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func twoRoundTrips(t *testing.T, url string) {
	count := &trips{}
	store := opener(t, url)(t, redis.Hook(count))
	teach(t, store)
	left := make(chan int64, 10)
	r := storagetest.Runner(t, store, func(string, string) { left <- count.n.Load() })
	for i, text := range []string{"hello", "look", "read", "file", "look read file"} {
		at := count.n.Load()
		if err := r.Accept(context.Background(), "tg:1", bot.Event{ID: fmt.Sprint(i), At: time.Now(), Text: text}); err != nil {
			t.Fatal(err)
		}
		if n := <-left - at; n != 2 {
			t.Errorf("%q: %d round trips before the answer left", text, n)
		}
		for range len(strings.Fields(text)) - 1 {
			<-left
		}
		const want = 3 // and one after it, to record it as sent
		for end := time.Now().Add(10 * time.Second); count.n.Load()-at < want; time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%q: %d round trips within 10 s", text, count.n.Load()-at)
			}
		}
		if n := count.n.Load() - at; n != want {
			t.Errorf("%q: %d round trips in all", text, n)
		}
	}
}

// BenchmarkTurns has citizens talk, each saying the next thing once answered.
func BenchmarkTurns(b *testing.B) {
	for _, people := range []int{1, 64, 1000} {
		b.Run(strconv.Itoa(people), func(b *testing.B) { benchmark(b, people) })
	}
}

func benchmark(b *testing.B, people int) {
	at := servers.Redis(b)
	store := opener(b, at)(b)
	server, own := serverTime(b, at), ownTime(b)
	storagetest.Citizens(b, store, people)
	b.ReportMetric(float64((serverTime(b, at)-server).Microseconds())/float64(b.N), "µs-Redis/turn")
	b.ReportMetric(float64((ownTime(b)-own).Microseconds())/float64(b.N), "µs-own/turn")
}

// serverTime is the processor time Redis has used.
func serverTime(b *testing.B, at string) time.Duration {
	o, err := goredis.ParseURL(at)
	if err != nil {
		b.Fatal(err)
	}
	c := goredis.NewClient(o)
	defer c.Close()
	info, err := c.Info(context.Background(), "cpu").Result()
	if err != nil {
		b.Fatal(err)
	}
	sum := 0.0
	for _, line := range strings.Fields(info) {
		if name, v, _ := strings.Cut(line, ":"); name == "used_cpu_sys" || name == "used_cpu_user" {
			s, err := strconv.ParseFloat(v, 64)
			if err != nil {
				b.Fatal(err)
			}
			sum += s
		}
	}
	return time.Duration(sum * float64(time.Second))
}

// ownTime is the processor time this process has used, driver included.
func ownTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
