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
	Invite staffInviteCmd `cmd:"" help:"make a one-time invitation for an officer or a group"`
	Desk   staffDeskCmd   `cmd:"" help:"make a link that opens the desk in the browser once, within a day"`
	List   staffListCmd   `cmd:"" default:"1" help:"list the office's people"`
	Revoke staffRevokeCmd `cmd:"" help:"end somebody's access at once and hand their cases over"`
}

type staffInviteCmd struct {
	Unit    string          `help:"unit's code in the office file"`
	Role    []petition.Role `help:"roles, by commas: ${roles}"`
	Name    string          `help:"the person's name, as colleagues know it"`
	Group   bool            `help:"for a Telegram group instead of a person"`
	Person  string          `help:"id from staff list: a way back in for somebody who works here, with the unit and roles they have"`
	Expires time.Duration   `default:"72h" help:"how long it may be used, 168h at most"`
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

type staffDeskCmd struct {
	ID string `arg:"" help:"id from staff list"`
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
	Unit string `help:"of one unit only"`
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
	ID string `arg:"" help:"id from staff list"`
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
