package cli

import (
	"dengwen/internal/app"
	"dengwen/internal/config"
	"dengwen/petition"
)

type dueCmd struct {
	Rule string `help:"which period; an unknown one lists them all"`
	From string `help:"the day it starts, as 2026-08-03"`
	On   string `help:"the designated day, for periods that are set case by case"`
	JSON bool   `help:"print rule, article, from, due, rolled, internal and provisional as JSON"`
}

func (c dueCmd) Run(s *config.Settings, std streams) error {
	office, err := app.LoadOffice(s.Office)
	if err != nil {
		return err
	}
	cal, err := petition.LoadCalendar(s.DataDir)
	if err != nil {
		return err
	}
	args := []string{"--rule", c.Rule, "--from", c.From}
	if c.On != "" {
		args = append(args, "--on", c.On)
	}
	if c.JSON {
		args = append(args, "--json")
	}
	return petition.RunDue(args, std.out, cal, office.Settings)
}
