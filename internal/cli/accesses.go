package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"dengwen/internal/app"
	"dengwen/internal/config"
	"dengwen/petition"
)

type accessesCmd struct {
	Number string `arg:"" optional:""`
	Staff  string
	Limit  int  `default:"50"`
	JSON   bool `name:"json"`
}

// Run prints the access log, newest first. That it was read is a line of it.
func (c accessesCmd) Run(ctx context.Context, s *config.Settings, std streams, sp *speech) error {
	return app.WithRoster(ctx, s, app.NewLog(s, std.err), func(a *app.App) error {
		me := petition.Actor{Staff: "command-line", Unit: a.Office.Unit, Roles: []petition.Role{petition.Rights}}
		q := petition.AccessQuery{Number: c.Number, Staff: c.Staff, Limit: 100}
		w := tabwriter.NewWriter(std.out, 0, 4, 2, ' ', 0)
		for printed := 0; ; {
			p, err := a.Cases.Accesses(ctx, me, q)
			if err != nil {
				return errors.Join(err, w.Flush())
			}
			for _, x := range p.Lines {
				if c.Limit > 0 && printed == c.Limit {
					return w.Flush()
				}
				printed++
				if err := c.print(ctx, a, std, sp, w, x); err != nil {
					return err
				}
			}
			if q.After = p.After; q.After == "" {
				return w.Flush()
			}
		}
	})
}

func (c accessesCmd) print(ctx context.Context, a *app.App, std streams, sp *speech, w *tabwriter.Writer, x petition.Access) error {
	if c.JSON {
		return json.NewEncoder(std.out).Encode(x)
	}
	who := x.Staff
	if name := a.Roster.Name(ctx, x.Staff); x.Staff != "" && name != "" {
		who += " " + name
	}
	if x.Unit == "" && who == "" {
		who = sp.say("desk.by.citizen")
	}
	door := x.Door
	if x.Key != "" {
		door += ":" + x.Key
	}
	_, err := fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s %s\t%s\t%s\n",
		x.At.Local().Format("2006-01-02 15:04:05"), x.Unit, who, door, sp.say("desk.access.act."+string(x.Act)), x.What, strings.Join(x.Numbers, " "), x.Reason)
	return err
}
