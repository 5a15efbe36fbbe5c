package office

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"dengwen/petition"
)

// LoadCalendar is the shipped calendar with every file that the command calendar imported
// into dir (dir/calendar/*.json), in the order of their names. A folder that is not
// there adds nothing.
func LoadCalendar(dir string) (*petition.Calendar, error) {
	c := petition.DefaultCalendar()
	files, err := filepath.Glob(filepath.Join(dir, "calendar", "*.json"))
	if err != nil {
		return nil, fmt.Errorf("list calendars in %s: %w", dir, err)
	}
	slices.Sort(files)
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read calendar: %w", err)
		}
		if c, err = c.With(data); err != nil {
			return nil, fmt.Errorf("read calendar %s: %w", name, err)
		}
	}
	return c, nil
}
