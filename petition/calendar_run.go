package petition

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// LoadCalendar is the shipped calendar with every file that RunCalendar imported
// into dir (dir/calendar/*.json), in the order of their names. A folder that is not
// there adds nothing.
func LoadCalendar(dir string) (*Calendar, error) {
	c := DefaultCalendar()
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

// RunCalendar is the command "calendar": "import FILE" checks a file of a year's
// notice and keeps it in dir, "show" lists the years. Dates stored before an import
// stay as they are until somebody recalculates them.
func RunCalendar(args []string, out io.Writer, dir string) error {
	switch {
	case len(args) == 2 && args[0] == "import":
		return importCalendar(args[1], out, dir)
	case len(args) == 1 && args[0] == "show":
		return showCalendar(out, dir)
	}
	return errors.New("用法：calendar import 文件 · calendar show")
}

func importCalendar(file string, out io.Writer, dir string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("读不到 %s：%w", file, err)
	}
	added, err := new(Calendar).With(data)
	if err != nil {
		return fmt.Errorf("没有导入 %s：%s", file, calendarWhy(err))
	}
	if err := keepCalendar(data, added.Years(), dir); err != nil {
		return err
	}
	c, err := LoadCalendar(dir)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "已导入 %s 年。现在的日历：%s\n已经记下的日期不变；要重算请在案件里逐件操作。\n", joinYears(added.Years()), c.Version())
	return err
}

// keepCalendar writes beside and renames, so that a crash leaves no half file.
func keepCalendar(data []byte, years []int, dir string) error {
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
	c, err := LoadCalendar(dir)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "日历 %s\n", c.Version())
	for _, y := range c.Years() {
		fmt.Fprintf(out, "%d 年：休息 %d 天（通知所列），周末上班 %d 天 %s\n", y, len(c.years[y].off), len(c.years[y].work), c.years[y].notice)
	}
	_, err = fmt.Fprintln(out, "其他年份：周一至周五减法定节假日，日期都标为暂定")
	return err
}

func calendarWhy(err error) string {
	var e *Error
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
