package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"dengwen/internal/config"
	"dengwen/locales"
	"dengwen/petition"
	"dengwen/storage/cases"
)

type staffCmd struct {
	Invite staffInviteCmd `cmd:"" help:"make a one-time invitation for an officer or a group"`
	List   staffListCmd   `cmd:"" default:"1" help:"list the office's people"`
	Revoke staffRevokeCmd `cmd:"" help:"end somebody's access at once and hand their cases over"`
}

// withDesk opens only what the roster needs, beside a running bot too; over a case API
// h.store is nil.
func withDesk(ctx context.Context, s *config.Settings, std streams, do func(h *house) error) error {
	h := &house{set: s, log: newLog(s, std.err)}
	var err error
	if h.office, err = loadOffice(s.Office); err != nil {
		return err
	}
	if h.words, err = locales.New(); err != nil {
		return fmt.Errorf("read the sentences: %w", err)
	}
	if s.CaseAPI != "" {
		return h.withRemote(ctx, do)
	}
	if h.box, err = openKey(s, h.log); err != nil {
		return err
	}
	if h.store, err = cases.Open(ctx, s.Database(), s.DataDir, h.box); err != nil {
		return fmt.Errorf("open cases: %w", err)
	}
	cal, err := petition.LoadCalendar(s.DataDir)
	if err != nil {
		return errors.Join(err, h.store.Close())
	}
	h.cases = petition.NewService(h.store, h.office, cal, h.box.Hash, time.Now, newID, nil)
	h.desk = petition.NewDesk(h.store, h.cases, h.office, time.Now, newID)
	h.board = petition.NewBoard(h.store, h.office, time.Now, newID)
	return errors.Join(do(h), h.store.Close())
}

// withStore opens the cases themselves, which a case API elsewhere does not hand out.
func withStore(ctx context.Context, s *config.Settings, std streams, do func(h *house) error) error {
	if s.CaseAPI != "" {
		return fmt.Errorf("这条命令要直接读案件，案件在案件接口那边（CASE_API_URL=%[1]s）：请到那台机器上运行，不设 CASE_API_URL / "+
			"this command reads the cases themselves, which are with the case API (CASE_API_URL=%[1]s): run it on that machine, without CASE_API_URL", caseAPIAt(s))
	}
	return withDesk(ctx, s, std, do)
}

type staffInviteCmd struct {
	Unit    string          `required:"" help:"unit's code in the office file"`
	Role    []petition.Role `help:"roles, by commas: intake, officer, head, supervisor, sealed, admin"`
	Name    string          `help:"the person's name, as colleagues know it"`
	Group   bool            `help:"for a Telegram group instead of a person"`
	Expires time.Duration   `default:"72h" help:"how long it may be used, 168h at most"`
}

func (c staffInviteCmd) Run(ctx context.Context, s *config.Settings, std streams) error {
	return withDesk(ctx, s, std, func(h *house) error {
		token, i, err := h.desk.Invite(ctx, petition.System(), petition.Invite{Unit: c.Unit, Roles: c.Role, Group: c.Group, Name: c.Name}, c.Expires)
		if err != nil {
			return h.said(err)
		}
		fmt.Fprintf(std.out, "%s\n一次有效，到 %s / for one use, until then\n", h.invitation(token, c.Group), i.Expires.Local().Format("2006-01-02 15:04"))
		return nil
	})
}

type staffListCmd struct {
	Unit string `help:"of one unit only"`
}

func (c staffListCmd) Run(ctx context.Context, s *config.Settings, std streams) error {
	return withDesk(ctx, s, std, func(h *house) error {
		people, err := h.desk.People(ctx, c.Unit)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(std.out, 0, 4, 2, ' ', 0)
		fmt.Fprintln(w, "id\tname\tunit\troles\tstate")
		for _, p := range people {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", p.ID, p.Name, p.Unit, roles(p.Roles), state(p))
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

func state(p petition.Person) string {
	switch {
	case !p.Active():
		return "left " + p.Left.Format(time.DateOnly)
	case p.Mute:
		return "can't be reached"
	case p.Away:
		return "away"
	}
	return "here"
}

type staffRevokeCmd struct {
	ID string `arg:"" help:"id from staff list"`
}

func (c staffRevokeCmd) Run(ctx context.Context, s *config.Settings, std streams) error {
	return withDesk(ctx, s, std, func(h *house) error {
		p, err := h.desk.Leave(ctx, petition.System(), c.ID)
		if err != nil {
			return h.said(err)
		}
		fmt.Fprintf(std.out, "%s has no access any more; open cases were handed over\n", p.Name)
		return nil
	})
}

// said puts a refusal into the words that people in chat read, in both languages.
func (h *house) said(err error) error {
	var e *petition.Error
	if !errors.As(err, &e) || h.words == nil || !h.words.Has(e.Key) {
		return said(err)
	}
	return fmt.Errorf("%s / %s", h.words.Say(locales.Chinese, e.Key, e.Args), h.words.Say(locales.English, e.Key, e.Args))
}

// said puts a refusal into words where there are no sentences at hand.
func said(err error) error {
	var e *petition.Error
	if !errors.As(err, &e) || e.Key == "" {
		return err
	}
	var args []string
	for k, v := range e.Args {
		args = append(args, k+" "+v)
	}
	return fmt.Errorf("refused: %s %s", e.Key, strings.Join(args, ", "))
}
