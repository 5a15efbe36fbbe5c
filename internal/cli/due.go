package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"
	"text/tabwriter"

	"dengwen/internal/app"
	"dengwen/internal/config"
	"dengwen/internal/office"
	"dengwen/petition"
)

type dueCmd struct {
	Rule string
	From string
	On   string
	JSON bool
}

func (c dueCmd) Run(s *config.Settings, std streams, sp *speech) error {
	o, err := app.LoadOffice(s.Office)
	if err != nil {
		return err
	}
	cal, err := office.LoadCalendar(s.DataDir)
	if err != nil {
		return err
	}
	if c.Rule == "" || c.From == "" {
		return fault("cli.due.usage", nil, "rules", sp.rules())
	}
	d, err := c.date(cal, o.Settings)
	if err != nil {
		return sp.dueFault(err)
	}
	if c.JSON {
		return json.NewEncoder(std.out).Encode(d)
	}
	return sp.writeDue(std.out, d, o.Settings)
}

func (c dueCmd) date(cal *petition.Calendar, s petition.Settings) (petition.DueDate, error) {
	if c.On != "" {
		return petition.DueOn(c.Rule, c.From, c.On, cal)
	}
	return petition.Due(c.Rule, c.From, cal, s)
}

// dueFault is the failure with what a person at the keyboard needs: which periods there are, which
// flag is missing.
func (s *speech) dueFault(err error) error {
	var e *petition.Error
	if !errors.As(err, &e) || !s.words.Has("cli."+e.Key) {
		return err
	}
	more := petition.Fail(e.Code, "cli."+e.Key)
	more.Args = maps.Clone(e.Args)
	more.Args["rules"] = s.rules()
	return more
}

// rules lists the periods, one a line.
func (s *speech) rules() string {
	var b strings.Builder
	fmt.Fprintln(&b, s.say("cli.due.list"))
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, r := range petition.Rules() {
		fmt.Fprintf(w, "  %s\t%s\n", r.ID, s.say("rule."+r.ID))
	}
	w.Flush()
	return strings.TrimRight(b.String(), "\n")
}

func (s *speech) writeDue(out io.Writer, d petition.DueDate, set petition.Settings) error {
	r, err := petition.RuleOf(d.Rule)
	if err != nil {
		return err
	}
	day := func(date string) string { return s.words.Day(s.lang, date, "") }
	lines := []string{
		s.say("cli.due.title", "Name", s.say("rule."+r.ID), "Basis", s.basis(r)),
		s.say("cli.due.from", "Start", s.say("rule."+r.ID+".start"), "Day", day(d.From)),
		s.say("cli.due.due", "Length", s.length(r, set), "Day", day(d.Due)),
	}
	if d.Due != d.Rolled {
		lines = append(lines, s.say("cli.due.rolled", "Day", day(d.Rolled)))
	}
	if d.Due != d.Internal {
		lines = append(lines, s.say("cli.due.internal", "Day", day(d.Internal)))
	}
	if d.Provisional {
		lines = append(lines, s.say("cli.due.provisional"))
	}
	_, err = fmt.Fprintln(out, strings.Join(lines, "\n"))
	return err
}

// basis is where a period is from.
func (s *speech) basis(r petition.Rule) string {
	switch {
	case r.Article == "":
		return s.say("rule.source." + r.Source)
	case r.Source != "":
		return s.say("rule.basis_own", "Article", r.Article)
	}
	return s.say("rule.basis", "Article", r.Article)
}

func (s *speech) length(r petition.Rule, set petition.Settings) string {
	if r.Set {
		return s.say("rule.length.set")
	}
	return s.say("rule.length", "Days", r.Length(set), "Working", r.Working)
}
