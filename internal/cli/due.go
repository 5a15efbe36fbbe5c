package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"dengwen/internal/app"
	"dengwen/internal/config"
	"dengwen/internal/office"
	"dengwen/petition"
)

type dueCmd struct {
	Rule string `help:"which period; an unknown one lists them all"`
	From string `help:"the day it starts, as 2026-08-03"`
	On   string `help:"the designated day, for periods that are set case by case"`
	JSON bool   `help:"print rule, article, from, due, rolled, internal and provisional as JSON"`
}

func (c dueCmd) Run(s *config.Settings, std streams) error {
	o, err := app.LoadOffice(s.Office)
	if err != nil {
		return err
	}
	cal, err := office.LoadCalendar(s.DataDir)
	if err != nil {
		return err
	}
	return c.print(std.out, cal, o.Settings)
}

// print writes the period to out. An error is a sentence for the person at the keyboard.
func (c dueCmd) print(out io.Writer, cal *petition.Calendar, s petition.Settings) error {
	if c.Rule == "" || c.From == "" {
		return errors.New("用法：due --rule 期限 --from 起算日 [--on 指定日期] [--json]，例如 due --rule notify --from 2026-08-03\n" + ruleList())
	}
	d, err := dueDate(c.Rule, c.From, c.On, cal, s)
	if err != nil {
		return errors.New(dueSentence(err, c.From))
	}
	if c.JSON {
		return json.NewEncoder(out).Encode(d)
	}
	return writeDue(out, d, s)
}

func dueDate(rule, from, on string, c *petition.Calendar, s petition.Settings) (petition.DueDate, error) {
	if on != "" {
		return petition.DueOn(rule, from, on, c)
	}
	return petition.Due(rule, from, c, s)
}

func dueSentence(err error, from string) string {
	var e *petition.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	switch e.Key {
	case "due.rule":
		return fmt.Sprintf("没有叫 %q 的期限。\n%s", e.Args["rule"], ruleList())
	case "due.set":
		return fmt.Sprintf("期限 %s 没有固定天数，由办案单位逐件指定；请用 --on 给出指定的日期。", e.Args["rule"])
	case "due.before":
		return fmt.Sprintf("指定的日期 %s 早于起算日 %s。", e.Args["due"], e.Args["from"])
	}
	return fmt.Sprintf("%q 不是日期。日期写成年-月-日，例如 2026-08-03。", e.Args["date"])
}

func ruleList() string {
	var b strings.Builder
	b.WriteString("可用的期限：\n")
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, r := range petition.Rules() {
		fmt.Fprintf(w, "  %s\t%s\n", r.ID, r.Name)
	}
	w.Flush()
	return strings.TrimRight(b.String(), "\n")
}

func writeDue(out io.Writer, d petition.DueDate, s petition.Settings) error {
	r, err := petition.RuleOf(d.Rule)
	if err != nil {
		return err
	}
	lines := []string{
		fmt.Sprintf("%s（%s）", r.Name, r.Basis()),
		fmt.Sprintf("%s：%s，当日不计", r.Start, petition.SayDay(d.From)),
		fmt.Sprintf("期限：%s，到 %s", r.Length(s), petition.SayDay(d.Due)),
	}
	if d.Due != d.Rolled {
		lines = append(lines, "这一天不上班，之后第一个工作日："+petition.SayDay(d.Rolled))
	}
	if d.Due != d.Internal {
		lines = append(lines, "单位自己的目标，之前最后一个工作日："+petition.SayDay(d.Internal))
	}
	if d.Provisional {
		lines = append(lines, "暂定：涉及的年份还没有放假通知，通知发布后用 calendar import 导入再算一次")
	}
	_, err = fmt.Fprintln(out, strings.Join(lines, "\n"))
	return err
}
