package cli

import (
	"context"
	"errors"
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
	Text   string `help:"what everybody who agreed shall know"`
	File   string `help:"or a text file with it, - for standard input" type:"path"`
	Yes    bool   `help:"send without asking (needed where nobody sits at the terminal)"`
	Status bool   `help:"show how far the latest notice got, and follow it while it goes out"`
	Stop   bool   `help:"stop the notice that is going out"`
	List   bool   `help:"who sent what when, in the last 400 days"`
}

// Run sends a service notice off, follows it, stops it or lists what was sent. A
// running dengwen serve does the sending; leaving the command stops nothing.
func (c broadcastCmd) Run(ctx context.Context, s *config.Settings, std streams) error {
	return app.WithRoster(ctx, s, app.NewLog(s, std.err), func(a *app.App) error {
		switch {
		case c.List:
			return listBroadcasts(ctx, a, std)
		case c.Stop:
			return stopBroadcast(ctx, a, std)
		case c.Status:
			n, err := a.Bulletins.Bulletin(ctx, "")
			if err != nil || n == nil {
				return orSay(err, "还没有发过服务通知 / no service notice was sent yet", std)
			}
			fmt.Fprintf(std.out, "%s  %s\n%s\n", n.At.Local().Format("2006-01-02 15:04"), sender(*n), n.Text)
			return followBroadcast(ctx, a, n.ID, std)
		case c.Text == "" && c.File == "":
			return fmt.Errorf("%w: --text or --file, or --status, --stop, --list", errUsage)
		}
		return c.send(ctx, a, std)
	})
}

func (c broadcastCmd) send(ctx context.Context, a *app.App, std streams) error {
	text, err := c.words(std)
	if err != nil {
		return err
	}
	count, err := a.Bulletins.Agreed(ctx)
	if err != nil {
		return a.Explain(err)
	}
	fmt.Fprintf(std.out, "%s\n\n%d 人会收到 / people will get it\n", bot.BulletinText(a.Locales, a.Office, "zh-CN", text), count)
	if count == 0 {
		return errors.New("nobody has agreed to service notices: nothing was sent")
	}
	if !c.Yes && !confirmed(std) {
		return errors.New("nothing was sent; --yes sends without asking")
	}
	n, err := a.Bulletins.Post(ctx, petition.System(), bulletin.Bulletin{Text: text, By: "shell", Name: whoami()})
	if err != nil {
		return a.Explain(err)
	}
	return followBroadcast(ctx, a, n.ID, std)
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
func confirmed(std streams) bool {
	in, ok := std.in.(*os.File)
	if !ok || !isatty.IsTerminal(in.Fd()) {
		return false
	}
	fmt.Fprint(std.out, "发出吗 / send it? [y/N] ")
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

func stopBroadcast(ctx context.Context, a *app.App, std streams) error {
	n, err := a.Bulletins.Bulletin(ctx, "")
	if err != nil || n == nil || n.State != bulletin.Running {
		return orSay(err, "现在没有在发的通知 / nothing is going out", std)
	}
	stopped, err := a.Bulletins.Stop(ctx, petition.System(), n.ID, whoami())
	if err != nil {
		return a.Explain(err)
	}
	fmt.Fprintln(std.out, reachLine(stopped))
	return nil
}

func listBroadcasts(ctx context.Context, a *app.App, std streams) error {
	past, err := a.Bulletins.Past(ctx, 400)
	if err != nil {
		return err
	}
	for _, n := range past {
		ended := ""
		if n.EndedBy != "" {
			ended = "  停发 / stopped by " + n.EndedBy
		}
		fmt.Fprintf(std.out, "%s  %s  %s%s\n  %s\n", n.At.Local().Format("2006-01-02 15:04"), sender(n), reachLine(n), ended, strings.ReplaceAll(n.Text, "\n", "\n  "))
	}
	return nil
}

func reachLine(n bulletin.Bulletin) string {
	state := map[string]string{bulletin.Running: "正在发", bulletin.Done: "发完了", bulletin.Stopped: "停下了"}[n.State]
	return fmt.Sprintf("%s：共 %d，送到 %d，还没到 %d，送不到 %d，退订 %d，没有发 %d", state, n.Total, n.Sent, n.OnWay+n.Waiting, n.Failed, n.Left, n.Withheld)
}

// followBroadcast shows progress until the notice is over: a bar at a terminal, a line
// for every change elsewhere.
func followBroadcast(ctx context.Context, a *app.App, id string, std streams) error {
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	out, began, last := newBar(std), time.Now(), bulletin.Reach{Total: -1}
	defer out.end()
	for warned := false; ; {
		n, err := a.Bulletins.Bulletin(ctx, id)
		if err != nil || n == nil {
			return a.Explain(err)
		}
		if n.Reach != last || n.State != bulletin.Running {
			last = n.Reach
			out.show(*n)
		} else if !warned && n.Waiting == n.Total && time.Since(began) > 20*time.Second {
			warned = true
			fmt.Fprintln(std.err, "\n还没有开始发：要有一个 dengwen serve 在运行 / nothing goes out until a dengwen serve runs")
		}
		if n.State != bulletin.Running {
			return nil
		}
		select {
		case <-ctx.Done():
			fmt.Fprintln(std.err, "\n通知还在发；停掉用 --stop / it goes on; --stop ends it")
			return nil
		case <-tick.C:
		}
	}
}

// progressBar draws on a terminal in place, elsewhere line by line.
type progressBar struct {
	out   io.Writer
	live  bool
	drawn bool
}

func newBar(std streams) *progressBar {
	f, ok := std.out.(*os.File)
	return &progressBar{out: std.out, live: ok && isatty.IsTerminal(f.Fd())}
}

func (b *progressBar) show(n bulletin.Bulletin) {
	if !b.live {
		fmt.Fprintln(b.out, reachLine(n))
		return
	}
	const width = 30
	full := width * (n.Total - n.OnWay - n.Waiting) / max(n.Total, 1)
	fmt.Fprintf(b.out, "\r\x1b[K[%s%s] %s", strings.Repeat("█", full), strings.Repeat("·", width-full), reachLine(n))
	b.drawn = true
}

func (b *progressBar) end() {
	if b.drawn {
		fmt.Fprintln(b.out)
	}
}
