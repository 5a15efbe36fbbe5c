package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"dengwen/bot/turn"
	"dengwen/handlers/terminal"
	"dengwen/internal/config"

	"golang.org/x/sync/errgroup"
)

type talkCmd struct {
	Name string `default:"me" help:"whose conversation: the same name goes on where it left off"`
	Lang string `default:"zh-CN" enum:"zh-CN,en" help:"language to begin in"`
}

// Run holds a conversation on the standard streams, on the same data as serve.
func (c talkCmd) Run(ctx context.Context, s *config.Settings, std streams) error {
	if s.LogLevel == "info" {
		s.LogLevel = "error" // the conversation is what the terminal is for
	}
	log := newLog(s, std.err)
	var door *terminal.Door
	h, err := build(ctx, s, log, func(h *house, take accept) (map[string]turn.Door, error) {
		door = terminal.New(c.config(h, take, std))
		return map[string]turn.Door{"term": {Send: door, Only: "term:" + c.Name, Channel: "terminal"}}, nil
	})
	if err != nil {
		return err
	}
	return errors.Join(h.talk(ctx, door), h.close())
}

func (c talkCmd) config(h *house, take accept, std streams) terminal.Config {
	width, person := screen(std)
	return terminal.Config{
		In: std.in, Out: std.out, Accept: take, Cases: h.cases, Who: h.who, Folder: ".", Conv: "term:" + c.Name,
		Quiet:  func(ctx context.Context) error { return h.runner.QuietOf(ctx, "term:"+c.Name) },
		Office: h.office.Name, Lang: c.Lang, Person: person, Width: width,
		Plain: os.Getenv("NO_COLOR") != "", Now: time.Now,
	}
}

// screen tells whether a person sits at a terminal, and how wide it is.
func screen(std streams) (width int, person bool) {
	in, ok := std.in.(*os.File)
	out, ok2 := std.out.(*os.File)
	if !ok || !ok2 || !terminal.IsPerson(in, out) {
		return 80, false
	}
	return terminal.Columns(out), true
}

func (h *house) talk(ctx context.Context, door *terminal.Door) error {
	g, run := errgroup.WithContext(ctx)
	run, over := context.WithCancel(run)
	g.Go(func() error { return ended(h.runner.Run(run)) })
	g.Go(func() error { return ended(h.runner.Follow(run)) })
	g.Go(func() error { return h.sweep(run) })
	g.Go(func() error {
		defer over()
		return door.Run(run)
	})
	g.Go(func() error {
		<-run.Done()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), h.set.StopWait)
		defer cancel()
		if err := h.runner.Stop(last); err != nil {
			return fmt.Errorf("finish what is in hand: %w", err)
		}
		return nil
	})
	return g.Wait()
}
