package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"dengwen/internal/app"
	"dengwen/internal/config"
	"dengwen/internal/demo"
	"dengwen/internal/office"
	"dengwen/petition"
	"dengwen/petition/mediation"
	"dengwen/petition/reception"
	"dengwen/petition/roster"
)

// usualFolder is the data folder of somebody who named none.
const usualFolder = "./data"

type demoCmd struct {
	Cases  int
	YesMix bool   `name:"yes-mix"`
	Seed   uint64 `default:"1"`
	Plain  bool
}

// Run shows the example office at work, or fills a store.
func (c demoCmd) Run(ctx context.Context, s *config.Settings, std streams, sp *speech) error {
	if c.Cases > 0 {
		return app.WithStore(ctx, s, app.NewLog(s, std.err), func(h *app.App) error { return c.fill(ctx, h, std.err) })
	}
	return c.show(ctx, s, std, sp)
}

// show plays the fifty lives in a folder of its own and serves what came of them. It
// takes no Telegram bot, no database and no office file from the settings, so that
// nothing real is touched.
func (c demoCmd) show(ctx context.Context, s *config.Settings, std streams, sp *speech) error {
	alone := apart(s)
	if s.DataDir == usualFolder {
		dir, err := os.MkdirTemp("", "dengwen-demo-")
		if err != nil {
			return fmt.Errorf("make a folder for the demo: %w", err)
		}
		defer os.RemoveAll(dir)
		alone.DataDir = dir
	}
	if err := c.ownOffice(alone); err != nil {
		return err
	}
	fmt.Fprintln(std.out, sp.say("cli.demo.wait", "Folder", alone.DataDir))
	if err := app.WithStore(ctx, alone, app.NewLog(alone, std.err), func(h *app.App) error { return c.stage(ctx, h, std.out, sp) }); err != nil {
		return err
	}
	return serveCmd{}.Run(ctx, alone, std)
}

// ownOffice puts the example office into the demo's folder as a file, so that it can be changed at the desk; a
// folder that has one already keeps it.
func (demoCmd) ownOffice(s *config.Settings) error {
	s.Office = filepath.Join(s.DataDir, "office.yaml")
	text, err := office.File("")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(s.DataDir, 0o700); err != nil {
		return fmt.Errorf("make %s: %w", s.DataDir, err)
	}
	f, err := os.OpenFile(s.Office, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("write the demo's office: %w", err)
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}

// apart are the settings without what is real: no bot, no database, no office file, no other program.
func apart(s *config.Settings) *config.Settings {
	alone := *s
	alone.Office, alone.Key, alone.TelegramToken, alone.WebhookURL = "", "", "", ""
	alone.RedisURL, alone.DatabaseURL, alone.BlobURL, alone.CaseAPI = "", "", "", ""
	if s.LogLevel == "info" {
		alone.LogLevel = "error"
	}
	return &alone
}

func (c demoCmd) stage(ctx context.Context, h *app.App, out io.Writer, sp *speech) error {
	if err := demo.OnlyDemo(ctx, h.Store, h.Office); err != nil {
		return fault("cli.demo.real", err, "folder", h.Settings.DataDir)
	}
	w, err := demo.NewWriter(h.Office, c.Seed)
	if err != nil {
		return err
	}
	for _, p := range w.Officers() {
		p.Joined = time.Now()
		if err := h.Store.PutPerson(ctx, p); err != nil {
			return fmt.Errorf("put officer: %w", err)
		}
	}
	cal, err := office.LoadCalendar(h.Settings.DataDir)
	if err != nil {
		return err
	}
	clock := new(demo.Clock)
	service := petition.NewService(demo.WithoutNotices{Store: h.Store}, h.Office, cal, h.Box.Hash, clock.Now, demo.NewID, nil)
	play, err := demo.NewPlay(service, clock, w)
	if err != nil {
		return err
	}
	now := time.Now()
	filed, err := play.Play(ctx, now)
	if err != nil {
		return err
	}
	days := reception.New(h.Store, service, h.Office, clock.Now, demo.NewID)
	clerk := petition.Actor{Staff: "demo-" + h.Office.Unit + "-a", Unit: h.Office.Unit, Roles: []petition.Role{petition.Intake}}
	if err := demo.Receptions(ctx, days, service, clock, clerk, filed, now); err != nil {
		return err
	}
	disputes := mediation.New(h.Store, h.Office, service, clock.Now, demo.NewID, rand.IntN)
	if err := demo.Disputes(ctx, disputes, clock, h.Office, now); err != nil {
		return err
	}
	return c.tell(ctx, h, filed, out, sp)
}

// tell says what to try: three cases as their citizens, and one side of the desk.
func (c demoCmd) tell(ctx context.Context, h *app.App, filed []demo.Filed, out io.Writer, sp *speech) error {
	fmt.Fprintln(out, sp.say("cli.demo.cases", "Count", len(filed)))
	for _, want := range []petition.Status{petition.Accepted, petition.Replied, petition.Reviewing} {
		for _, f := range filed {
			if f.Status == want && f.Code != "" {
				fmt.Fprintln(out, sp.say("cli.demo.case", "Number", f.Number, "Code", f.Code, "Title", f.Title, "Status", sp.say("status."+string(want))))
				break
			}
		}
	}
	roles := []petition.Role{petition.Intake, petition.Supervisor}
	token, _, err := h.Roster.Invite(ctx, petition.System(), roster.Invite{Unit: h.Office.Unit, Roles: roles, Name: sp.say("cli.demo.you")}, roster.InviteFor)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, sp.say("cli.demo.join", "Token", token))
	return c.links(ctx, h, out, sp)
}

// links prints four ways into the desk: for who takes in, who handles, and who leads the unit with
// the most open cases and the office.
func (c demoCmd) links(ctx context.Context, h *app.App, out io.Writer, sp *speech) error {
	fmt.Fprintln(out, sp.say("cli.demo.desk"))
	busy, err := busiest(ctx, h)
	if err != nil {
		return err
	}
	for _, id := range []string{"demo-" + h.Office.Unit + "-a", "demo-" + busy + "-a", "demo-" + busy + "-b", "demo-" + h.Office.Unit + "-b"} {
		p, err := h.Roster.Person(ctx, id)
		if err != nil {
			return err
		}
		link, err := h.DeskLink(ctx, id, true)
		if err != nil {
			return err
		}
		fmt.Fprintln(out, sp.say("cli.demo.desk_link", "Unit", h.Office.UnitName(p.Unit), "Role", sp.say("desk.role."+string(p.Roles[0])), "Link", link))
	}
	return nil
}

// busiest is the unit, the petition office left aside, that has the most open cases.
func busiest(ctx context.Context, h *app.App) (string, error) {
	page, err := h.Cases.List(ctx, petition.System(), petition.Query{Open: true, Limit: 100})
	if err != nil {
		return "", err
	}
	unit, open := h.Office.Places[0].Unit, map[string]int{}
	for _, i := range page.Items {
		if open[i.Unit]++; i.Unit != h.Office.Unit && open[i.Unit] > open[unit] {
			unit = i.Unit
		}
	}
	return unit, nil
}

// fill puts cases into the store of the settings, with a bar.
func (c demoCmd) fill(ctx context.Context, h *app.App, out io.Writer) error {
	switch err := demo.OnlyDemo(ctx, h.Store, h.Office); {
	case errors.Is(err, demo.ErrReal) && c.YesMix:
	case errors.Is(err, demo.ErrReal):
		return fault("cli.demo.mix", err)
	case err != nil:
		return err
	}
	cal, err := office.LoadCalendar(h.Settings.DataDir)
	if err != nil {
		return err
	}
	f := demo.Filler{
		Store: h.Store, Office: h.Office, Calendar: cal, Hash: h.Box.Hash, Now: time.Now(), Seed: c.Seed,
		Workers: 128 * runtime.NumCPU(), Plain: c.Plain,
	}
	var done atomic.Int64
	stop := bar(out, &done, c.Cases)
	err = f.Fill(ctx, 0, c.Cases, func() { done.Add(1) })
	stop()
	return err
}

// bar draws progress twice a second until the answer is called.
func bar(out io.Writer, done *atomic.Int64, all int) (stop func()) {
	began, end, gone := time.Now(), make(chan struct{}), make(chan struct{})
	draw := func() {
		n := done.Load()
		rate := float64(n) / max(time.Since(began).Seconds(), 0.001)
		full := int(40 * n / int64(max(all, 1)))
		left := time.Duration(float64(int64(all)-n) / max(rate, 0.001) * float64(time.Second)).Round(time.Second)
		fmt.Fprintf(out, "\r[%s%s] %d/%d  %.0f/s  %s left   ", strings.Repeat("#", full), strings.Repeat(".", 40-full), n, all, rate, left)
	}
	go func() {
		defer close(gone)
		tick := time.NewTicker(500 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-end:
				draw()
				fmt.Fprintln(out)
				return
			case <-tick.C:
				draw()
			}
		}
	}()
	return func() { close(end); <-gone }
}
