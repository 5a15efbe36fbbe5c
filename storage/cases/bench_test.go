package cases_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dengwen/internal/test/servers"
	"dengwen/petition"
	"dengwen/storage/cases"
)

// story is of the length citizens write.
const story = "村口到小学的路去年下雨塌了一段，一直没有人修，孩子上学要绕两公里，晚上没有路灯很危险。村里说已经报到镇上，镇上说要等资金。请问什么时候能修，由哪个部门负责？"

func benchStores(b *testing.B, run func(b *testing.B, s *cases.Store)) {
	b.Run("sqlite", func(b *testing.B) { run(b, open(b, "", b.TempDir(), newBox(b))) })
	b.Run("postgres", func(b *testing.B) { run(b, open(b, servers.Postgres(b), "", newBox(b))) })
}

func BenchmarkCreate(b *testing.B) {
	for _, at := range []int{1, 64} {
		b.Run(fmt.Sprint(at, "-at-once"), func(b *testing.B) {
			benchStores(b, func(b *testing.B, s *cases.Store) {
				b.SetParallelism(at)
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						create(b, s, story)
					}
				})
			})
		})
	}
}

// BenchmarkAmong times reads and changes among many cases: they must not get slower
// with their number. -benchtime=2000x keeps the filling short.
func BenchmarkAmong(b *testing.B) {
	for _, many := range []int{100, 20_000} {
		b.Run(fmt.Sprint(many), func(b *testing.B) {
			benchStores(b, func(b *testing.B, s *cases.Store) { among(b, s, many) })
		})
	}
}

func among(b *testing.B, s *cases.Store, many int) {
	fill(b, s, many)
	ctx := context.Background()
	r := create(b, s, "井盖丢失 "+story)
	if err := s.WaitIndexed(ctx); err != nil {
		b.Fatal(err)
	}
	list := func(sc petition.Scope, q petition.Query) func() error {
		return func() error { _, _, err := s.List(ctx, sc, q); return err }
	}
	everyone, town := petition.Scope{All: true}, petition.Scope{Units: []string{"town"}}
	for name, do := range map[string]func() error{
		"load":          func() error { _, err := s.Load(ctx, r.Case.Number); return err },
		"list-due":      list(everyone, petition.Query{Order: "due", Open: true, Limit: 20}),
		"list-new":      list(town, petition.Query{Order: "new", Limit: 20}),
		"list-status":   list(everyone, petition.Query{Order: "due", Status: petition.Registered, Limit: 20}),
		"list-unit":     list(everyone, petition.Query{Order: "due", Unit: "town", Limit: 20}),
		"words-rare":    list(everyone, petition.Query{Order: "new", Words: "井盖", Limit: 20}),
		"words-common":  list(everyone, petition.Query{Order: "due", Words: "路灯", Limit: 20}),
		"words-nothing": list(everyone, petition.Query{Order: "due", Words: "没有写过的词", Limit: 20}),
		"notices":       func() error { _, err := s.Notices(ctx, "", 50); return err },
		"save":          saver(s, &r),
		"create":        func() error { create(b, s, story); return nil },
		"try": func() error {
			_, err := s.Try(ctx, fmt.Sprint(time.Now().UnixNano()), time.Now(), []petition.Limit{{Who: fmt.Sprint(time.Now().UnixNano()), Max: 5, Within: time.Hour}})
			return err
		},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := do(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func saver(s *cases.Store, r *petition.Record) func() error {
	n := 0
	return func() error {
		n++
		r.Due = fmt.Sprintf("2026-05-%02d", 1+n%28)
		v, err := s.Save(context.Background(), *r, []petition.Notice{{To: "x"}})
		r.Case.Version = v
		return err
	}
}

func fill(b *testing.B, s *cases.Store, many int) {
	b.Helper()
	var next atomic.Int64
	b.SetParallelism(32)
	start := time.Now()
	done := make(chan struct{})
	for range 32 {
		go func() {
			defer func() { done <- struct{}{} }()
			for n := next.Add(1); n <= int64(many); n = next.Add(1) {
				create(b, s, strings.Replace(story, "小学", fmt.Sprintf("第%d小学", n), 1))
			}
		}()
	}
	for range 32 {
		<-done
	}
	b.Logf("filled %d in %v", many, time.Since(start).Round(time.Millisecond))
	start = time.Now()
	if err := s.WaitIndexed(context.Background()); err != nil {
		b.Fatal(err)
	}
	b.Logf("indexed %d in %v", many, time.Since(start).Round(time.Millisecond))
}
