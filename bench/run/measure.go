package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"time"

	"dengwen/internal/test/fakeapi"
)

// result is what one setup came to.
type result struct {
	setup
	fakeapi.Report
	CPU    float64 // ms of the bot a dialogue
	Redis  float64 // ms of Redis a dialogue
	RSS    float64 // MiB on average while measured
	Peak   float64 // MiB at most, from the start on
	Counts fakeapi.Counts
}

func measure(ctx context.Context, o options, c setup, redis *child) (result, error) {
	if err := flush(redis.url); err != nil {
		return result{}, err
	}
	l, err := c.load(o)
	if err != nil {
		return result{}, err
	}
	api, err := fakeapi.Start(c.api())
	if err != nil {
		return result{}, err
	}
	defer api.Close()
	bot, err := startBot(ctx, o, c, api, redis.url)
	if err != nil {
		return result{}, err
	}
	defer bot.stop()
	r := result{setup: c}
	var cpu, rcpu float64
	var mean func() float64
	r.Report = api.Drive(ctx, l, func(begin bool) {
		if begin {
			cpu, rcpu, mean = cpuSeconds(bot.pid()), cpuSeconds(redis.pid()), watchMemory(bot.pid())
			return
		}
		cpu, rcpu, r.RSS = cpuSeconds(bot.pid())-cpu, cpuSeconds(redis.pid())-rcpu, mean()
	})
	dialogues := r.PerSecond * r.Seconds
	r.CPU, r.Redis = 1000*cpu/dialogues, 1000*rcpu/dialogues
	_, r.Peak = memory(bot.pid())
	r.Counts = api.Counts()
	if text, err := os.ReadFile(bot.log.Name()); err == nil && len(text) > 0 && os.Getenv("BENCH_LOG") != "" {
		fmt.Println(string(text[:min(len(text), 4000)]))
	}
	return r, ctx.Err()
}

// middle is the result with the middle throughput.
func middle(all []result) result {
	slices.SortFunc(all, func(a, b result) int { return int(a.PerSecond*1000) - int(b.PerSecond*1000) })
	return all[len(all)/2]
}

// flush empties Redis between measurements.
func flush(url string) error {
	addr := strings.TrimSuffix(strings.TrimPrefix(url, "redis://"), "/0")
	conn, err := net.DialTimeout("tcp", addr, time.Second)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.Write([]byte("FLUSHALL\r\n")); err != nil {
		return err
	}
	_, err = conn.Read(make([]byte, 16))
	return err
}
