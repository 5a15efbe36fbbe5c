package api_test

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"dengwen/handlers/api"
	"dengwen/internal/office"
	"dengwen/internal/test/servers"
	"dengwen/petition"

	"github.com/google/uuid"
)

var benchCases = flag.Int("cases", 10_000, "how many cases are there before the second half of BenchmarkLifecycle")

// BenchmarkLifecycle drives the life of a case through HTTP, from 16 callers at once:
// file, look, supplement, transfer, accept, a page of the office's list. One op is
// one life of six calls. It runs in an empty store and among many cases.
func BenchmarkLifecycle(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		for _, many := range []int{0, *benchCases} {
			b.Run(fmt.Sprintf("%s/%d", engine, many), func(b *testing.B) {
				url := ""
				if engine == "postgres" {
					url = servers.Postgres(b)
				}
				lifecycle(b, service(b, url), many)
			})
		}
	}
}

func lifecycle(b *testing.B, svc *petition.Service, many int) {
	key, line := newKey(b, "all", "", api.Admin)
	srv := serve(b, api.Config{Cases: svc, Keys: keys(b, line), PerKey: 1e6})
	c, o := api.NewClient(srv.URL, key, nil), office.Example()
	crowd(many, func(i int) {
		if _, err := fileOne(svc, i); err != nil {
			b.Error(err)
		}
	})
	var mu sync.Mutex
	var calls []time.Duration
	var next atomic.Int64
	b.ResetTimer()
	before := cpu()
	b.SetParallelism(8)
	b.RunParallel(func(pb *testing.PB) {
		var mine []time.Duration
		for pb.Next() {
			took, err := life(c, o, int(next.Add(1)))
			if err != nil {
				b.Error(err)
				return
			}
			mine = append(mine, took...)
		}
		mu.Lock()
		calls = append(calls, mine...)
		mu.Unlock()
	})
	b.StopTimer()
	spent := cpu() - before
	if len(calls) == 0 {
		return
	}
	slices.Sort(calls)
	b.ReportMetric(float64(len(calls))/b.Elapsed().Seconds(), "calls/s")
	b.ReportMetric(float64(spent.Microseconds())/1000/float64(len(calls)), "cpu-ms/call")
	for _, p := range []int{50, 95, 99} {
		b.ReportMetric(float64(calls[len(calls)*p/100].Microseconds())/1000, fmt.Sprintf("p%d-ms", p))
	}
}

// cpu is what this process, both sides of the calls, has used. Unlike the time it
// does not change with what else the machine does.
func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func crowd(n int, do func(i int)) {
	var wg sync.WaitGroup
	var next atomic.Int64
	for range 32 {
		wg.Go(func() {
			for i := next.Add(1); i <= int64(n); i = next.Add(1) {
				do(int(i))
			}
		})
	}
	wg.Wait()
}

func fileOne(c petition.Cases, i int) (petition.Ticket, error) {
	owner := fmt.Sprintf("tg:%d", i)
	return c.File(context.Background(), petition.Actor{Owner: owner}, petition.Filing{
		Key: uuid.NewString(), Owner: owner, Class: petition.Claim, Request: "请尽快修好",
		Facts: fmt.Sprintf("村口到第%d小学的路去年下雨塌了一段，一直没有人修，孩子上学要绕两公里，晚上没有路灯很危险。", i),
	})
}

// life is one case's; it answers how long each call took.
func life(c petition.Cases, o *petition.Office, i int) ([]time.Duration, error) {
	ctx := context.Background()
	unit := o.Units[slices.IndexFunc(o.Units, func(u petition.Unit) bool {
		return u.Kind == "department" && u.Code != o.Unit && u.Code != o.SealedUnit
	})].Code
	clerk := petition.Actor{Staff: "s-1", Unit: o.Unit, Roles: []petition.Role{petition.Intake}}
	officer := petition.Actor{Staff: "s-2", Unit: unit, Roles: []petition.Role{petition.Officer}}
	owner := petition.Actor{Owner: fmt.Sprintf("tg:%d", i)}
	var number string
	do := func(a petition.Actor, m petition.Move) error {
		m.Key = uuid.NewString()
		_, err := c.Do(ctx, a, number, m)
		return err
	}
	var took []time.Duration
	for _, step := range []func() error{
		func() error { t, err := fileOne(c, i); number = t.Number; return err },
		func() error { _, err := c.Look(ctx, owner, number, ""); return err },
		func() error {
			return do(owner, petition.Move{Name: petition.MoveSupplement, Text: "昨晚又塌了一块"})
		},
		func() error { return do(clerk, petition.Move{Name: petition.MoveTransfer, Unit: unit}) },
		func() error { return do(officer, petition.Move{Name: petition.MoveAccept}) },
		func() error { _, err := c.List(ctx, officer, petition.Query{Open: true, Limit: 20}); return err },
	} {
		began := time.Now()
		if err := step(); err != nil {
			return nil, err
		}
		took = append(took, time.Since(began))
	}
	return took, nil
}
