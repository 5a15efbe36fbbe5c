// Package provisional finds dates that do not say that they rest on a calendar not yet published.
package provisional

import (
	"regexp"
	"strings"
	"time"

	"dengwen/petition"
)

// Computed are the last days of a case's periods, as 2026-12-08.
func Computed(v petition.View) (all []string) {
	for _, k := range v.Clocks {
		for _, day := range []string{k.Due, k.Rolled, k.Internal} {
			if day != "" {
				all = append(all, day)
			}
		}
	}
	return all
}

// Bare are the places in a text where one of some days stands, in digits, as a language says it or as papers write it,
// without the mark that it is provisional behind it, each with the words around it.
func Bare(text string, days []string) (all []string) {
	seen := map[string]bool{}
	for _, day := range days {
		t, err := time.Parse(time.DateOnly, day)
		if err != nil || seen[day] {
			continue
		}
		seen[day] = true
		ways := regexp.MustCompile(t.Format(`2006-01-02|\b1 ?月 ?2 ?日|\b2 January`))
		for _, m := range ways.FindAllStringIndex(text, -1) {
			if mark.MatchString(text[m[1]:]) {
				continue
			}
			around := strings.ToValidUTF8(text[max(0, m[0]-60):min(len(text), m[1]+60)], "")
			if !seen[around] {
				seen[around] = true
				all = append(all, around)
			}
		}
	}
	return all
}

// mark is what stands behind a day that is marked.
var mark = regexp.MustCompile(`^(?: \d{4})?(?:（周.）)?(?:（含当日，暂定）| ?（暂定）| \(provisional\))`)

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
var chosen = regexp.MustCompile(`TJ-\d|司法确认|^(?:甲方|乙方|张家) |书面反馈|报结果|修复塌方段|疏通三组桥下|修好三组的路`)

// deadline is a date that something is due on.
var deadline = regexp.MustCompile(`(?:最迟|截止|之前是|最后一天是)(?:明年|\d+ 年)? ?\d+ 月 \d+ 日(?:（周.）)?(?:（暂定）)?|(?:明年|\d+ 年)? ?\d+ 月 \d+ 日(?:（周.）)?(?:（暂定）)?(?:（含当日）)?(?:以?前|之前|截止)`)
