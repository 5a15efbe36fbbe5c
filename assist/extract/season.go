package extract

import "time"

// everyYear tells a season of every year, or the next, from one that was; "夏天" alone says nothing.
var everyYear = matching(`^[春夏秋冬]天|(?:每年|年年|快|快要|都快|每到|一到|等到|平时)(?:了|的|个)?$`)

var manyYears = matching(`[几多\d一二三四五六七八九十]年前`)

// seasons are months and days within a year; a lunar month, which moves, is the days it can fall on.
var seasons = map[string][4]int{
	"正月": {1, 21, 3, 20}, "春节": {1, 21, 2, 20}, "过年": {1, 21, 2, 20}, "元宵": {2, 4, 3, 6}, "年前": {1, 1, 2, 19}, "年底": {11, 15, 12, 31}, "年初": {1, 1, 2, 28}, "春天": {3, 1, 5, 31},
	"夏天": {6, 1, 8, 31}, "秋天": {9, 1, 11, 30}, "冬天": {12, 1, 14, 28}, "暑假": {7, 1, 8, 31}, "寒假": {1, 10, 2, 28}, "国庆": {10, 1, 10, 7}, "五一": {5, 1, 5, 5},
	"元旦": {1, 1, 1, 3}, "中秋": {9, 7, 10, 8}, "端午": {5, 27, 6, 25}, "清明": {4, 4, 4, 6}, "上半年": {1, 1, 6, 30}, "下半年": {7, 1, 12, 31},
	"腊月": {12, 21, 14, 20}, // of the lunar year, which ends in the next one
}

func (c *clock) season(g []string) (from, to time.Time, ok bool) {
	s := seasons[g[2]]
	y := c.today.Year()
	if g[1] != "" {
		y = c.year(g[1])
	} else if c.date(y, s[0], s[1]).After(c.today) {
		y--
	}
	if g[1] == "" && g[2] == "年前" && manyYears.MatchString(c.t.plain) {
		return from, to, false // 十几年前
	}
	return c.date(y, s[0], s[1]), c.date(y, s[2], s[3]), true
}

func (c *clock) yearEnd(g []string) (from, to time.Time, ok bool) {
	return c.season([]string{g[0], g[1] + "年", g[2]})
}
