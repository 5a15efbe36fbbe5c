package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"dengwen/internal/config"
	"dengwen/internal/office"
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
	return importCalendar(c.File, std.out, s.DataDir)
}

type calendarShowCmd struct{}

func (calendarShowCmd) Run(s *config.Settings, std streams) error {
	return showCalendar(std.out, s.DataDir)
}

// importCalendar checks a file of a year's notice and keeps it in dir. Dates stored
// before stay as they are until somebody recalculates them.
func importCalendar(file string, out io.Writer, dir string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("读不到 %s：%w", file, err)
	}
	added, err := new(petition.Calendar).With(data)
	if err != nil {
		return fmt.Errorf("没有导入 %s：%s", file, calendarWhy(err))
	}
	if err := writeCalendar(data, added.Years(), dir); err != nil {
		return err
	}
	c, err := office.LoadCalendar(dir)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "已导入 %s 年。现在的日历：%s\n已经记下的日期不变；要重算请在案件里逐件操作。\n", joinYears(added.Years()), c.Version())
	return err
}

// writeCalendar writes beside and renames, so that a crash leaves no half file.
func writeCalendar(data []byte, years []int, dir string) error {
	folder := filepath.Join(dir, "calendar")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make %s: %w", folder, err)
	}
	name := filepath.Join(folder, strings.ReplaceAll(joinYears(years), "、", "-")+".json")
	if err := os.WriteFile(name+".new", data, 0o600); err != nil {
		return fmt.Errorf("keep calendar: %w", err)
	}
	if err := os.Rename(name+".new", name); err != nil {
		return fmt.Errorf("keep calendar: %w", err)
	}
	return nil
}

func showCalendar(out io.Writer, dir string) error {
	c, err := office.LoadCalendar(dir)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "日历 %s\n", c.Version())
	for _, y := range c.Years() {
		off, work, notice := c.Notice(y)
		fmt.Fprintf(out, "%d 年：休息 %d 天（通知所列），周末上班 %d 天 %s\n", y, off, work, notice)
	}
	_, err = fmt.Fprintln(out, "其他年份：周一至周五减法定节假日，日期都标为暂定")
	return err
}

func calendarWhy(err error) string {
	var e *petition.Error
	if errors.As(err, &e) && e.Args["why"] != "" {
		return e.Args["why"]
	}
	return err.Error()
}

func joinYears(years []int) string {
	var s []string
	for _, y := range years {
		s = append(s, fmt.Sprint(y))
	}
	return strings.Join(s, "、")
}
