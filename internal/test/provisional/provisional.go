// Package provisional finds dates that do not say that they rest on a calendar not yet published.
package provisional

import (
	"regexp"
	"strings"
)

// Unmarked are the dates in a text that something is due on by computation and that do not say that they are
// provisional.
func Unmarked(text string) (all []string) {
	for line := range strings.Lines(text) {
		if chosen.MatchString(line) {
			continue
		}
		for _, d := range deadline.FindAllString(line, -1) {
			if !strings.Contains(d, "暂定") && !strings.Contains(d, "provisional") {
				all = append(all, d)
			}
		}
	}
	return all
}

// chosen are lines about a day that somebody wrote: an officer's own words, what a superior or a supervisor
// wants to hear by, and disputes, whose days are counted plainly (人民调解法 Art 33).
var chosen = regexp.MustCompile(`TJ-\d|司法确认|^(?:甲方|乙方|张家) |书面反馈|报结果|修复塌方段`)

// deadline is a date that something is due on.
var deadline = regexp.MustCompile(`(?:最迟|截止|之前是|最后一天是)(?:明年|\d+ 年)? ?\d+ 月 \d+ 日(?:（周.）)?(?:（暂定）)?|(?:明年|\d+ 年)? ?\d+ 月 \d+ 日(?:（周.）)?(?:（暂定）)?(?:（含当日）)?(?:以?前|之前|截止)`)
