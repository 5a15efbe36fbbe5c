package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"dengwen/documents"
	"dengwen/internal/app"
	"dengwen/internal/config"
	"dengwen/internal/demo"
	"dengwen/internal/office"
	"dengwen/internal/practice"
	"dengwen/petition"
	"dengwen/petition/roster"
)

type practiceCmd struct {
	Name    string
	Minutes int
	Result  string `default:"dengwen-practice.pdf" type:"path"`
	Lang    string
}

const (
	learnerID = "practice-learner"
	coachID   = "practice-coach"
)

// lookEvery is how soon the coach speaks after a move.
const lookEvery = 300 * time.Millisecond

// Run serves an office of ten invented cases in a folder of its own until they are done, the time is over or
// ctx ends, then writes the result. Like demo it takes nothing real from the settings.
func (c practiceCmd) Run(ctx context.Context, s *config.Settings, std streams, sp *speech) error {
	lang, err := sp.choose(c.Lang)
	if err != nil {
		return err
	}
	sp = &speech{sp.words, lang}
	alone := apart(s)
	if alone.DataDir, err = os.MkdirTemp("", "dengwen-practice-"); err != nil {
		return fmt.Errorf("make a folder to practise in: %w", err)
	}
	defer os.RemoveAll(alone.DataDir)
	fmt.Fprintln(std.out, sp.say("practice.cli.wait"))
	ctx, end := context.WithCancel(ctx)
	defer end()
	if c.Minutes > 0 {
		ctx, end = context.WithTimeout(ctx, time.Duration(c.Minutes)*time.Minute)
		defer end()
	}
	log := app.NewLog(alone, std.err)
	return app.WithStore(ctx, alone, log, func(h *app.App) error {
		coach, err := c.stage(ctx, h, std.out, sp)
		if err != nil {
			return err
		}
		began := time.Now()
		var results []practice.Result
		judged := make(chan error, 1)
		go func() {
			var err error
			results, err = coach.Run(ctx)
			judged <- err
			end()
		}()
		err = errors.Join(app.Serve(ctx, alone, log, io.Discard), <-judged)
		return errors.Join(err, c.tell(h, results, time.Since(began), std.out, sp))
	})
}

// stage plays the lives of the ten cases up to where the learner comes in, and says how to come in.
func (c practiceCmd) stage(ctx context.Context, h *app.App, out io.Writer, sp *speech) (*practice.Coach, error) {
	w, err := demo.NewWriter(h.Office, 1)
	if err != nil {
		return nil, err
	}
	name := c.Name
	if name == "" {
		name = sp.say("cli.demo.you")
	}
	learner := roster.Person{ID: learnerID, Unit: h.Office.Unit, Name: name, Roles: []petition.Role{petition.Intake, petition.Officer}}
	coach := roster.Person{ID: coachID, Unit: h.Office.Unit, Name: sp.say("practice.coach"), Roles: []petition.Role{petition.Head, petition.Intake}}
	for _, p := range append(w.Officers(), learner, coach) {
		p.Joined = time.Now()
		if err := h.Store.PutPerson(ctx, p); err != nil {
			return nil, fmt.Errorf("put officer: %w", err)
		}
	}
	cal, err := office.LoadCalendar(h.Settings.DataDir)
	if err != nil {
		return nil, err
	}
	clock := new(demo.Clock)
	past := petition.NewService(demo.WithoutNotices{Store: h.Store}, h.Office, cal, h.Box.Hash, clock.Now, demo.NewID, nil)
	play, err := demo.NewPlayOf(past, clock, w, practice.Lives())
	if err != nil {
		return nil, err
	}
	filed, err := play.Play(ctx, time.Now())
	if err != nil {
		return nil, err
	}
	var numbers []string
	for _, f := range filed {
		numbers = append(numbers, f.Number)
	}
	now := petition.NewService(h.Store, h.Office, cal, h.Box.Hash, time.Now, app.NewID, nil).WithColleagues(h.Colleagues())
	found, err := practice.New(practice.Config{
		Cases: now, Store: h.Store, Changed: h.Store.Changed, Office: h.Office, Learner: learner.Actor(), Coach: coach.Actor(), Name: name,
		Unit: func(unit string) (petition.Actor, bool) {
			p, err := h.Roster.Person(ctx, "demo-"+unit+"-a")
			return p.Actor(), err == nil
		},
		NewID: app.NewID, Words: sp.say, Out: out, Every: lookEvery,
	}, numbers)
	if err != nil {
		return nil, err
	}
	return found, errors.Join(found.Begin(ctx), c.invite(ctx, h, out, sp))
}

// invite prints the ways in.
func (c practiceCmd) invite(ctx context.Context, h *app.App, out io.Writer, sp *speech) error {
	link, err := h.DeskLink(ctx, learnerID, true)
	if err != nil {
		return err
	}
	token, _, err := h.Roster.Invite(ctx, petition.System(), roster.Invite{Person: learnerID, Unit: h.Office.Unit}, roster.InviteFor)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, sp.say("practice.cli.link", "Link", link, "Page", h.Settings.Public(), "Token", token))
	if c.Minutes > 0 {
		fmt.Fprintln(out, sp.say("practice.cli.time", "Minutes", c.Minutes))
		return nil
	}
	fmt.Fprintln(out, sp.say("practice.cli.no_limit"))
	return nil
}

// tell says how the ten went, and writes it as a paper.
func (c practiceCmd) tell(h *app.App, all []practice.Result, took time.Duration, out io.Writer, sp *speech) error {
	minutes := int(took.Round(time.Minute).Minutes())
	fmt.Fprintln(out, sp.say("practice.cli.results", "Right", practice.Count(all, practice.Right), "Detour", practice.Count(all, practice.Detour),
		"Missed", practice.Count(all, practice.Missed), "Open", practice.Count(all, practice.Open), "Minutes", minutes))
	rows := [][]string{{sp.say("practice.paper.head_case"), sp.say("practice.paper.head_mark"), sp.say("practice.paper.head_slips")}}
	for _, r := range all {
		rows = append(rows, []string{sp.say("practice." + r.ID + ".name"), sp.say("practice.mark." + string(r.Mark)), strings.Join(r.Slips, "\n")})
	}
	name := c.Name
	if name == "" {
		name = sp.say("cli.demo.you")
	}
	day := h.Locales.Day(sp.lang, petition.Day(time.Now()), "")
	paper := documents.Report{
		Title: sp.say("practice.paper.title"), Office: h.Office.Name, Day: day,
		Notes:  []string{sp.say("practice.paper.who", "Name", name, "Day", day, "Minutes", minutes), sp.say("practice.paper.note")},
		Tables: []documents.Table{{Title: sp.say("practice.paper.table"), Rows: rows, None: sp.say("practice.paper.none")}},
	}
	press, err := documents.New(h.Settings.Templates, h.Settings.Fonts)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := press.Report(context.Background(), &b, "pdf", paper); err != nil { // ctx ended the practice
		return err
	}
	if err := os.WriteFile(c.Result, b.Bytes(), 0o600); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	fmt.Fprintln(out, sp.say("practice.cli.saved", "File", c.Result))
	return nil
}
