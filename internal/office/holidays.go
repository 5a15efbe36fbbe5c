package office

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"dengwen/petition"
)

// Holidays are what the yearly notice of the State Council says: days off, and days of weekends at work. Days are
// written as 2027-01-01, a span as 2027-01-01/2027-01-03.
type Holidays struct {
	Notice string   `json:"notice"`
	Off    []string `json:"off"`
	Work   []string `json:"work"`
}

// HolidaysOf are those of a year as a calendar has them, day by day; none of a year it does not know.
func HolidaysOf(c *petition.Calendar, y int) (h Holidays) {
	_, _, h.Notice = c.Notice(y)
	h.Off, h.Work = c.Days(y)
	return h
}

// With is a calendar with those of a year in the place of what it had, and the file for them. Invalid "calendar.bad" names every fault.
func (h Holidays) With(c *petition.Calendar, y int) (*petition.Calendar, []byte, error) {
	data, err := json.MarshalIndent(map[string]any{"years": map[string]Holidays{strconv.Itoa(y): h}}, "", "  ")
	if err != nil {
		return nil, nil, err
	}
	next, err := c.With(data)
	return next, data, err
}

// WriteCalendar keeps a file of years in dir, where LoadCalendar finds it. It writes beside and renames, so that a
// crash leaves no half file.
func WriteCalendar(data []byte, years []int, dir string) error {
	folder := filepath.Join(dir, "calendar")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make %s: %w", folder, err)
	}
	var names []string
	for _, y := range years {
		names = append(names, strconv.Itoa(y))
	}
	name := filepath.Join(folder, strings.Join(names, "-")+".json")
	if err := errors.Join(os.WriteFile(name+".new", data, 0o600), os.Rename(name+".new", name)); err != nil {
		return fmt.Errorf("keep calendar: %w", err)
	}
	return nil
}
