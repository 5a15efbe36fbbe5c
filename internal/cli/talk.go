package cli

import (
	"context"
	"errors"
	"os"
	"time"

	"dengwen/bot/turn"
	"dengwen/handlers/terminal"
	"dengwen/internal/app"
	"dengwen/internal/config"
)

type talkCmd struct {
	Name string `default:"me"`
	Lang string
}

// Run holds a conversation on the standard streams, on the same data as serve.
func (c talkCmd) Run(ctx context.Context, s *config.Settings, std streams, sp *speech) error {
	lang, err := sp.choose(c.Lang)
	if err != nil {
		return err
	}
	if s.LogLevel == "info" {
		s.LogLevel = "error" // the conversation is what the terminal is for
	}
	log := app.NewLog(s, std.err)
	var door *terminal.Door
	a, err := app.Build(ctx, s, log, func(a *app.App) (map[string]turn.Door, error) {
		door = terminal.New(c.config(a, std, lang))
		return map[string]turn.Door{"term": {Send: door, Only: "term:" + c.Name, Channel: "terminal"}}, nil
	})
	if err != nil {
		return err
	}
	return errors.Join(a.RunTalk(ctx, door), a.Close())
}

func (c talkCmd) config(a *app.App, std streams, lang string) terminal.Config {
	width, person := screen(std)
	return terminal.Config{
		In: std.in, Out: std.out, Cases: a.Cases, Who: a.ActorOf, Folder: ".", Conv: "term:" + c.Name,
		Office: a.Office.Name, Lang: lang, Locales: a.Locales, Person: person, Width: width,
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
