package cli

import (
	"context"
	"fmt"

	"dengwen/internal/app"
	"dengwen/internal/config"
)

// later is an error after which a mail server is to hand the mail over again; exitLater is what it
// understands so (EX_TEMPFAIL of sysexits.h).
type later struct{ error }

func (l later) Unwrap() error { return l.error }

const exitLater = 75

// bounceCmd takes the report of a mail server that a mail did not arrive from standard input.
type bounceCmd struct{}

func (bounceCmd) Run(ctx context.Context, s *config.Settings, std streams, sp *speech) error {
	said := map[app.Bounced]string{app.NotOurs: "cli.bounce.not_ours", app.Late: "cli.bounce.late", app.NotTold: "cli.bounce.not_told", app.NoLonger: "cli.bounce.no_longer"}
	err := app.WithStore(ctx, s, app.NewLog(s, std.err), func(a *app.App) error {
		what, err := a.TakeBounce(ctx, std.in)
		if err == nil {
			fmt.Fprintln(std.out, sp.say(said[what]))
		}
		return err
	})
	if err != nil {
		return later{err}
	}
	return nil
}
