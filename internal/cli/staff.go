package cli

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"dengwen/internal/app"
	"dengwen/internal/config"
	"dengwen/petition"
	"dengwen/petition/roster"
)

type staffCmd struct {
	Invite staffInviteCmd `cmd:""`
	Add    staffAddCmd    `cmd:""`
	Desk   staffDeskCmd   `cmd:""`
	List   staffListCmd   `cmd:"" default:"1"`
	Revoke staffRevokeCmd `cmd:""`
}

type staffInviteCmd struct {
	Unit    string
	Role    []petition.Role
	Name    string
	Group   bool
	Person  string
	Expires time.Duration `default:"72h"`
}

func (c staffInviteCmd) Run(ctx context.Context, s *config.Settings, std streams, sp *speech) error {
	return app.WithRoster(ctx, s, app.NewLog(s, std.err), func(a *app.App) error {
		token, i, err := a.Roster.Invite(ctx, petition.System(), roster.Invite{Unit: c.Unit, Roles: c.Role, Group: c.Group, Name: c.Name, Person: c.Person}, c.Expires)
		if err != nil {
			return err
		}
		fmt.Fprintf(std.out, "%s\n%s\n", a.Invitation(token, c.Group), sp.say("cli.staff.invited", "Until", i.Expires.Local().Format("2006-01-02 15:04")))
		return nil
	})
}

type staffAddCmd struct {
	Unit string          `required:""`
	Role []petition.Role `required:""`
	Name string          `required:""`
}

// Run takes somebody on who works in the browser alone, and prints the link that lets them in.
func (c staffAddCmd) Run(ctx context.Context, s *config.Settings, std streams, sp *speech) error {
	return app.WithStore(ctx, s, app.NewLog(s, std.err), func(a *app.App) error {
		p, err := a.Roster.Add(ctx, petition.System(), c.Name, c.Unit, c.Role)
		if err != nil {
			return err
		}
		link, err := a.DeskLink(ctx, p.ID, true)
		if err != nil {
			return err
		}
		fmt.Fprintf(std.out, "%s\n%s\n", link, sp.say("cli.staff.added", "Name", p.Name, "ID", p.ID))
		return nil
	})
}

type staffDeskCmd struct {
	ID string `arg:""`
}

func (c staffDeskCmd) Run(ctx context.Context, s *config.Settings, std streams) error {
	return app.WithStore(ctx, s, app.NewLog(s, std.err), func(a *app.App) error {
		link, err := a.DeskLink(ctx, c.ID, true)
		if err == nil {
			fmt.Fprintln(std.out, link)
		}
		return err
	})
}

type staffListCmd struct {
	Unit string
}

func (c staffListCmd) Run(ctx context.Context, s *config.Settings, std streams, sp *speech) error {
	return app.WithRoster(ctx, s, app.NewLog(s, std.err), func(a *app.App) error {
		people, err := a.Roster.People(ctx, c.Unit)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(std.out, 0, 4, 2, ' ', 0)
		fmt.Fprintln(w, sp.say("cli.staff.head"))
		for _, p := range people {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", p.ID, p.Name, p.Unit, roles(p.Roles), sp.state(p))
		}
		return w.Flush()
	})
}

func roles(rs []petition.Role) string {
	var s []string
	for _, r := range rs {
		s = append(s, string(r))
	}
	return strings.Join(s, ",")
}

func (s *speech) state(p roster.Person) string {
	switch {
	case !p.Active():
		return s.say("cli.staff.left", "Date", p.Left.Format(time.DateOnly))
	case p.Mute:
		return s.say("cli.staff.mute")
	case p.Away:
		return s.say("cli.staff.away")
	}
	return s.say("cli.staff.here")
}

type staffRevokeCmd struct {
	ID string `arg:""`
}

func (c staffRevokeCmd) Run(ctx context.Context, s *config.Settings, std streams, sp *speech) error {
	return app.WithRoster(ctx, s, app.NewLog(s, std.err), func(a *app.App) error {
		p, err := a.Roster.Leave(ctx, petition.System(), c.ID)
		if err != nil {
			return err
		}
		fmt.Fprintln(std.out, sp.say("cli.staff.revoked", "Name", p.Name))
		return nil
	})
}
