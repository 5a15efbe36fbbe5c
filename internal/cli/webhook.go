package cli

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"dengwen/internal/app"
	"dengwen/internal/config"
	"dengwen/petition/telling"
)

// webhookCmd is about other systems that are told that a case moved.
type webhookCmd struct {
	Add    webhookAddCmd    `cmd:""`
	List   webhookListCmd   `cmd:"" default:"1"`
	Remove webhookRemoveCmd `cmd:""`
	Key    webhookKeyCmd    `cmd:""`
	On     webhookOnCmd     `cmd:""`
	Dead   webhookDeadCmd   `cmd:""`
	Resend webhookResendCmd `cmd:""`
}

func withSystems(ctx context.Context, s *config.Settings, std streams, do func(a *app.App) error) error {
	return app.WithStore(ctx, s, app.NewLog(s, std.err), do)
}

type webhookAddCmd struct {
	URL  string `arg:"" name:"url"`
	Unit string
}

func (c webhookAddCmd) Run(ctx context.Context, s *config.Settings, std streams, sp *speech) error {
	return withSystems(ctx, s, std, func(a *app.App) error {
		e, err := a.Systems().Add(ctx, c.URL, c.Unit)
		if err == nil {
			fmt.Fprintf(std.out, "%s\n%s\n", e.ID, sp.say("cli.webhook.key", "Key", e.Secrets[0]))
		}
		return err
	})
}

type webhookListCmd struct{}

func (webhookListCmd) Run(ctx context.Context, s *config.Settings, std streams, sp *speech) error {
	return withSystems(ctx, s, std, func(a *app.App) error {
		all, err := a.Systems().List(ctx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(std.out, 0, 4, 2, ' ', 0)
		fmt.Fprintln(w, sp.say("cli.webhook.head"))
		for _, e := range all {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", e.ID, e.Host(), e.Unit, sp.webhookState(e))
		}
		if err := w.Flush(); err != nil {
			return err
		}
		waiting, dead, err := a.Systems().Count(ctx)
		fmt.Fprintln(std.out, sp.say("cli.webhook.count", "Waiting", waiting, "Dead", dead))
		return err
	})
}

func (s *speech) webhookState(e telling.Endpoint) string {
	if e.Off.IsZero() {
		return s.say("cli.webhook.on")
	}
	return s.say("cli.webhook.off", "Date", e.Off.Local().Format(time.DateOnly), "Why", e.Why)
}

type webhookRemoveCmd struct {
	ID string `arg:""`
}

func (c webhookRemoveCmd) Run(ctx context.Context, s *config.Settings, std streams) error {
	return withSystems(ctx, s, std, func(a *app.App) error { return a.Systems().Remove(ctx, c.ID) })
}

type webhookKeyCmd struct {
	ID string `arg:""`
}

func (c webhookKeyCmd) Run(ctx context.Context, s *config.Settings, std streams, sp *speech) error {
	return withSystems(ctx, s, std, func(a *app.App) error {
		e, err := a.Systems().Rotate(ctx, c.ID)
		if err == nil {
			fmt.Fprintln(std.out, sp.say("cli.webhook.key", "Key", e.Secrets[0]))
		}
		return err
	})
}

type webhookOnCmd struct {
	ID string `arg:""`
}

func (c webhookOnCmd) Run(ctx context.Context, s *config.Settings, std streams) error {
	return withSystems(ctx, s, std, func(a *app.App) error {
		_, err := a.Systems().SwitchOn(ctx, c.ID)
		return err
	})
}

type webhookDeadCmd struct{}

func (webhookDeadCmd) Run(ctx context.Context, s *config.Settings, std streams, sp *speech) error {
	return withSystems(ctx, s, std, func(a *app.App) error {
		all, err := a.Systems().Dead(ctx)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(std.out, 0, 4, 2, ' ', 0)
		fmt.Fprintln(w, sp.say("cli.webhook.dead_head"))
		for _, d := range all {
			fmt.Fprintf(w, "%s\t%s\tcase.%s\t%s\t%s\n", d.ID, d.Event.Number, d.Event.Move, d.Event.At.Local().Format("2006-01-02 15:04"), d.Why)
		}
		return w.Flush()
	})
}

type webhookResendCmd struct {
	ID []string `arg:"" optional:""`
}

func (c webhookResendCmd) Run(ctx context.Context, s *config.Settings, std streams, sp *speech) error {
	return withSystems(ctx, s, std, func(a *app.App) error {
		n, err := a.Systems().Resend(ctx, c.ID...)
		if err == nil {
			fmt.Fprintln(std.out, sp.say("cli.webhook.resent", "Count", n))
		}
		return err
	})
}
