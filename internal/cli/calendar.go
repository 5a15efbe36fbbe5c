package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"dengwen/internal/config"
	"dengwen/internal/office"
	"dengwen/petition"
)

type calendarCmd struct {
	Import calendarImportCmd `cmd:""`
	Show   calendarShowCmd   `cmd:"" default:"1"`
}

type calendarImportCmd struct {
	File string `arg:"" type:"existingfile"`
}

func (c calendarImportCmd) Run(s *config.Settings, std streams, sp *speech) error {
	return sp.importCalendar(c.File, std.out, s.DataDir)
}

type calendarShowCmd struct{}

func (calendarShowCmd) Run(s *config.Settings, std streams, sp *speech) error {
	return sp.showCalendar(std.out, s.DataDir)
}

// importCalendar checks a file of a year's notice and keeps it in dir. Dates stored
// before stay as they are until somebody recalculates them.
func (s *speech) importCalendar(file string, out io.Writer, dir string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return fault("cli.file_unread", err, "file", file)
	}
	added, err := new(petition.Calendar).With(data)
	if err != nil {
		return fault("cli.calendar.refused", errors.New(calendarWhy(err)), "file", file)
	}
	if err := office.WriteCalendar(data, added.Years(), dir); err != nil {
		return err
	}
	c, err := office.LoadCalendar(dir)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, s.say("cli.calendar.imported", "Years", joinYears(added.Years(), s.say("list.and")), "Version", c.Version()))
	return err
}

func (s *speech) showCalendar(out io.Writer, dir string) error {
	c, err := office.LoadCalendar(dir)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, s.say("cli.calendar.version", "Version", c.Version()))
	for _, y := range c.Years() {
		off, work, notice := c.Notice(y)
		fmt.Fprintln(out, s.say("cli.calendar.year", "Year", y, "Off", off, "Work", work, "Notice", notice))
	}
	_, err = fmt.Fprintln(out, s.say("cli.calendar.other"))
	return err
}

func calendarWhy(err error) string {
	var e *petition.Error
	if errors.As(err, &e) && e.Args["why"] != "" {
		return e.Args["why"]
	}
	return err.Error()
}

func joinYears(years []int, between string) string {
	var s []string
	for _, y := range years {
		s = append(s, fmt.Sprint(y))
	}
	return strings.Join(s, between)
}
