package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/user"
	"strings"
	"time"

	"dengwen/bot"
	"dengwen/internal/app"
	"dengwen/internal/config"
	"dengwen/petition"
	"dengwen/petition/bulletin"

	"github.com/mattn/go-isatty"
)

type broadcastCmd struct {
	Text   string
	File   string `type:"path"`
	Yes    bool
	Status bool
	Stop   bool
	List   bool
}

// Run sends a service notice off, follows it, stops it or lists what was sent. A
// running dengwen serve does the sending; leaving the command stops nothing.
func (c broadcastCmd) Run(ctx context.Context, s *config.Settings, std streams, sp *speech) error {
	return app.WithRoster(ctx, s, app.NewLog(s, std.err), func(a *app.App) error {
		switch {
		case c.List:
			return listBroadcasts(ctx, a, std, sp)
		case c.Stop:
			return stopBroadcast(ctx, a, std, sp)
		case c.Status:
			n, err := a.Bulletins.Bulletin(ctx, "")
			if err != nil || n == nil {
				return orSay(err, sp.say("cli.broadcast.none"), std)
			}
			fmt.Fprintf(std.out, "%s  %s\n%s\n", n.At.Local().Format("2006-01-02 15:04"), sender(*n), n.Text)
			return followBroadcast(ctx, a, n.ID, std, sp)
		case c.Text == "" && c.File == "":
			return fault("cli.broadcast.usage", nil)
		}
		return c.send(ctx, a, std, sp)
	})
}

func (c broadcastCmd) send(ctx context.Context, a *app.App, std streams, sp *speech) error {
	text, err := c.words(std)
	if err != nil {
		return err
	}
	count, err := a.Bulletins.Agreed(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(std.out, "%s\n\n%s\n", bot.BulletinText(a.Locales, a.Office, sp.lang, text), sp.say("cli.broadcast.count", "Count", count))
	if count == 0 {
		return fault("cli.broadcast.nobody", nil)
	}
	if !c.Yes && !confirmed(std, sp) {
		return fault("cli.broadcast.unsent", nil)
	}
	n, err := a.Bulletins.Post(ctx, petition.System(), bulletin.Bulletin{Text: text, By: "shell", Name: whoami()})
	if err != nil {
		return err
	}
	return followBroadcast(ctx, a, n.ID, std, sp)
}

func (c broadcastCmd) words(std streams) (string, error) {
	if c.File == "" {
		return c.Text, nil
	}
	var text string
	err := withInput(c.File, std.in, func(in io.Reader) error {
		b, err := io.ReadAll(io.LimitReader(in, 64<<10))
		text = strings.TrimSpace(string(b))
		return err
	})
	return text, err
}

// confirmed asks a person at a terminal; anything but yes is no.
func confirmed(std streams, sp *speech) bool {
	in, ok := std.in.(*os.File)
	if !ok || !isatty.IsTerminal(in.Fd()) {
		return false
	}
	fmt.Fprint(std.out, sp.say("cli.broadcast.ask")+" [y/N] ")
	var answer string
	_, _ = fmt.Fscanln(in, &answer)
	return strings.HasPrefix(strings.ToLower(answer), "y")
}

func whoami() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return "shell"
}

func orSay(err error, text string, std streams) error {
	if err == nil {
		fmt.Fprintln(std.out, text)
	}
	return err
}

func sender(n bulletin.Bulletin) string {
	if n.Name == "" || n.Name == n.By {
		return n.By
	}
	return n.Name + " (" + n.By + ")"
}

func stopBroadcast(ctx context.Context, a *app.App, std streams, sp *speech) error {
	n, err := a.Bulletins.Bulletin(ctx, "")
	if err != nil || n == nil || n.State != bulletin.Running {
		return orSay(err, sp.say("cli.broadcast.idle"), std)
	}
	stopped, err := a.Bulletins.Stop(ctx, petition.System(), n.ID, whoami())
	if err != nil {
		return err
	}
	fmt.Fprintln(std.out, sp.reach(stopped))
	return nil
}

func listBroadcasts(ctx context.Context, a *app.App, std streams, sp *speech) error {
	past, err := a.Bulletins.Past(ctx, 400)
	if err != nil {
		return err
	}
	for _, n := range past {
		ended := ""
		if n.EndedBy != "" {
			ended = "  " + sp.say("cli.broadcast.ended", "By", n.EndedBy)
		}
		fmt.Fprintf(std.out, "%s  %s  %s%s\n  %s\n", n.At.Local().Format("2006-01-02 15:04"), sender(n), sp.reach(n), ended, strings.ReplaceAll(n.Text, "\n", "\n  "))
	}
	return nil
}

// reach is how far a notice got, in a line.
func (s *speech) reach(n bulletin.Bulletin) string {
	return s.say("cli.broadcast.reach", "State", s.say("cli.broadcast.state."+n.State), "Total", n.Total, "Sent", n.Sent,
		"Waiting", n.OnWay+n.Waiting, "Failed", n.Failed, "Left", n.Left, "Withheld", n.Withheld)
}

// followBroadcast shows progress until the notice is over: a bar at a terminal, a line
// for every change elsewhere.
func followBroadcast(ctx context.Context, a *app.App, id string, std streams, sp *speech) error {
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	out, began, last := newBar(std.out), time.Now(), bulletin.Reach{Total: -1}
	defer out.end()
	for warned := false; ; {
		n, err := a.Bulletins.Bulletin(ctx, id)
		if err != nil || n == nil {
			return err
		}
		if n.Reach != last || n.State != bulletin.Running {
			last = n.Reach
			out.show(n.Total-n.OnWay-n.Waiting, n.Total, sp.reach(*n))
		} else if !warned && n.Waiting == n.Total && time.Since(began) > 20*time.Second {
			warned = true
			fmt.Fprintln(std.err, "\n"+sp.say("cli.broadcast.waiting"))
		}
		if n.State != bulletin.Running {
			return nil
		}
		select {
		case <-ctx.Done():
			fmt.Fprintln(std.err, "\n"+sp.say("cli.broadcast.goes_on"))
			return nil
		case <-tick.C:
		}
	}
}
