// Fakeapi serves the fake Bot API for a bot started by hand and, with a script,
// lets citizens talk to it:
//
//	go run ./bench/fakeapi -addr 127.0.0.1:8081 -script bench/scripts/petition.json -citizens 64
//	TELEGRAM_BOT_TOKEN=123456:TEST TELEGRAM_API_URL=http://127.0.0.1:8081 dengwen serve
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"syscall"
	"time"

	"dengwen/internal/test/fakeapi"
)

func main() {
	var o fakeapi.Options
	var l fakeapi.Load
	flag.StringVar(&o.Addr, "addr", "127.0.0.1:8081", "loopback address to serve on")
	flag.DurationVar(&o.Delay, "delay", 0, "answer sends after this long")
	flag.DurationVar(&o.IdleClose, "idle-close", 0, "close idle connections after this long")
	flag.IntVar(&o.RedeliverEvery, "redeliver", 0, "deliver every k-th update twice")
	flag.IntVar(&o.FloodEvery, "flood", 0, "refuse every k-th send with 429")
	flag.IntVar(&o.FailEvery, "fail", 0, "refuse every k-th send with 500")
	script := flag.String("script", "", "script for the citizens; none = serve only")
	flag.IntVar(&l.Citizens, "citizens", 1, "citizens at once")
	flag.Int64Var(&l.Dialogues, "dialogues", 0, "stop after so many dialogues; 0 = by time")
	flag.DurationVar(&l.Measure, "measure", 10*time.Second, "measured time")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o, l, *script); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, o fakeapi.Options, l fakeapi.Load, script string) error {
	s, err := fakeapi.Start(o)
	if err != nil {
		return err
	}
	defer s.Close()
	fmt.Printf("fake Bot API at %s, token %s\n", s.URL(), s.Token())
	if script == "" {
		<-ctx.Done()
		return nil
	}
	if l.Script, err = fakeapi.LoadScript(script); err != nil {
		return err
	}
	if l.Dialogues > 0 {
		l.Measure = 0
	}
	for s.Hook() == "" && s.Counts().Polls == 0 && ctx.Err() == nil {
		time.Sleep(50 * time.Millisecond) // for the bot
	}
	r := s.Drive(ctx, l, nil)
	fmt.Printf("%.1f dialogues/s, %d completed, %d failed, p50 %v, p95 %v, p99 %v\n", r.PerSecond, r.Completed, r.Failed, r.Latency.P50, r.Latency.P95, r.Latency.P99)
	for _, sample := range r.Samples {
		fmt.Println(sample)
	}
	fmt.Printf("%+v\n", s.Counts())
	return nil
}
