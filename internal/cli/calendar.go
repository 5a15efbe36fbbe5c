package cli

import (
	"dengwen/internal/config"
	"dengwen/petition"
)

type calendarCmd struct {
	Import calendarImportCmd `cmd:"" help:"take in a year's notice"`
	Show   calendarShowCmd   `cmd:"" default:"1" help:"list the years"`
}

type calendarImportCmd struct {
	File string `arg:"" help:"JSON with the rest days and make-up working days of a year" type:"existingfile"`
}

func (c calendarImportCmd) Run(s *config.Settings, std streams) error {
	return petition.RunCalendar([]string{"import", c.File}, std.out, s.DataDir)
}

type calendarShowCmd struct{}

func (calendarShowCmd) Run(s *config.Settings, std streams) error {
	return petition.RunCalendar([]string{"show"}, std.out, s.DataDir)
}
