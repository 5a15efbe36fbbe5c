package extract

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// back is n units before today.
func (c *clock) back(n float64, unit string) time.Time {
	whole := int(math.Floor(n))
	half := n - float64(whole)
	switch unit {
	case "年", "year":
		return c.today.AddDate(-whole, -int(math.Round(half*12)), 0)
	case "月", "month":
		return c.today.AddDate(0, -whole, -int(math.Round(half*30)))
	case "周", "星期", "礼拜", "week":
		return c.today.AddDate(0, 0, -int(math.Round(n*7)))
	case "小时":
		return c.today
	}
	return c.today.AddDate(0, 0, -int(math.Round(n)))
}

func (c *clock) ago(g []string) (from, to time.Time, ok bool) {
	n, _, ok := number(g[1])
	if !ok || n > 100 {
		return from, to, false
	}
	if g[4] == "半" {
		n += 0.5
	}
	d := c.back(n, g[3])
	return d, d, true
}

func (c *clock) lasting(g []string) (from, to time.Time, ok bool) {
	n, _, ok := number(g[1])
	if !ok || n > 100 || g[4] == "月" && g[2] == "" { // 三月了 names a month
		return from, to, false
	}
	if g[3] == "半" || g[5] == "半" {
		n += 0.5
	}
	return c.back(n, g[4]), c.today, true
}

func (c *clock) enAgo(g []string) (from, to time.Time, ok bool) {
	n, known := map[string]float64{"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "half a": 0.5}[g[1]]
	if !known {
		n, _ = strconv.ParseFloat(g[1], 64)
	}
	if n > 100 {
		return from, to, false
	}
	d := c.back(n, g[2])
	return d, d, true
}

func (c *clock) enDate(g []string) (from, to time.Time, ok bool) {
	m := strings.Index("janfebmaraprmayjunjulaugsepoctnovdec", g[1])/3 + 1
	if g[3] == "" {
		return c.monthDay([]string{"", fmt.Sprint(m), g[2]})
	}
	return c.days(c.year(g[3]), m, small(g[2]))
}

func (c *clock) enWord(g []string) (from, to time.Time, ok bool) {
	switch g[1] {
	case "yesterday":
		return c.dayWord([]string{"", "昨天"})
	case "today":
		return c.dayWord([]string{"", "今天"})
	case "last week":
		return c.weekday([]string{"", "上", ""})
	case "last month":
		return c.lastMonth([]string{"", "上月", ""})
	}
	return c.wholeYear(c.today.Year() - 1)
}
