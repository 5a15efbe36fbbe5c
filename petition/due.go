package petition

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// RunDue is the command "due": --rule R --from 2026-08-03 [--on DATE] [--json]. It
// prints the period to out. An error is a sentence for the person at the keyboard.
func RunDue(args []string, out io.Writer, c *Calendar, s Settings) error {
	fs := flag.NewFlagSet("due", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	rule := fs.String("rule", "", "")
	from := fs.String("from", "", "")
	on := fs.String("on", "", "")
	asJSON := fs.Bool("json", false, "")
	if err := fs.Parse(args); err != nil || *rule == "" || *from == "" || fs.NArg() > 0 {
		return errors.New("用法：due --rule 期限 --from 起算日 [--on 指定日期] [--json]，例如 due --rule notify --from 2026-08-03\n" + ruleList())
	}
	d, err := dueFor(*rule, *from, *on, c, s)
	if err != nil {
		return errors.New(dueSentence(err, *from))
	}
	if *asJSON {
		return json.NewEncoder(out).Encode(d)
	}
	return writeDue(out, d, s)
}

func dueFor(rule, from, on string, c *Calendar, s Settings) (DueDate, error) {
	if on != "" {
		return DueOn(rule, from, on, c)
	}
	return Due(rule, from, c, s)
}

func dueSentence(err error, from string) string {
	var e *Error
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
	for _, r := range Rules() {
		fmt.Fprintf(w, "  %s\t%s\n", r.ID, r.Name)
	}
	w.Flush()
	return strings.TrimRight(b.String(), "\n")
}

func writeDue(out io.Writer, d DueDate, s Settings) error {
	r, err := RuleOf(d.Rule)
	if err != nil {
		return err
	}
	lines := []string{
		fmt.Sprintf("%s（%s）", r.Name, r.Basis()),
		fmt.Sprintf("%s：%s，当日不计", r.Start, SayDay(d.From)),
		fmt.Sprintf("期限：%s，到 %s", r.Length(s), SayDay(d.Due)),
	}
	if d.Due != d.Rolled {
		lines = append(lines, "这一天不上班，之后第一个工作日："+SayDay(d.Rolled))
	}
	if d.Due != d.Internal {
		lines = append(lines, "单位自己的目标，之前最后一个工作日："+SayDay(d.Internal))
	}
	if d.Provisional {
		lines = append(lines, "暂定：涉及的年份还没有放假通知，通知发布后用 calendar import 导入再算一次")
	}
	_, err = fmt.Fprintln(out, strings.Join(lines, "\n"))
	return err
}

// Basis names where the period is from, in words for a person.
func (r Rule) Basis() string {
	switch {
	case r.Source == house && r.Article != "":
		return "条例第 " + r.Article + " 条；天数" + r.Source
	case r.Article != "":
		return "条例第 " + r.Article + " 条"
	}
	return r.Source
}

// Length says the length in words: 15 日, 5 个工作日, 当日, 另行指定.
func (r Rule) Length(s Settings) string {
	n := r.length(s)
	switch {
	case r.Set:
		return "另行指定"
	case n == 0:
		return "当日"
	case r.Working:
		return fmt.Sprintf("%d 个工作日", n)
	}
	return fmt.Sprintf("%d 日", n)
}

// SayDay writes a civil date for reading: 2026 年 12 月 8 日（周二）.
func SayDay(day string) string {
	t, err := parseDay(day)
	if err != nil {
		return day
	}
	week := []string{"日", "一", "二", "三", "四", "五", "六"}[t.Weekday()]
	return fmt.Sprintf("%d 年 %d 月 %d 日（周%s）", t.Year(), t.Month(), t.Day(), week)
}
