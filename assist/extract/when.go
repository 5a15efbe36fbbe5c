package extract

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"dengwen/assist/prefilter"
)

// A When is a point or stretch of time, resolved against the time of reading: days [From, To], both civil dates in
// the location of now. Lasting where the words say for how long. Value is "2026-03-05", "2026-03", "2026" or, where
// the days fit none of these, "2026-01-19/2026-02-20".
type When struct {
	Slot
	From, To time.Time
	Lasting  bool
}

const (
	cn    = `(?:\d{1,2}|[一二三四五六七八九十两]{1,3})`
	years = `(\d{4}|[一二][零〇九][零〇一二三四五六七八九]{2}|\d{2})`
)

var (
	fullDate  = prefilter.MustCompile(years + `\s*(?:年|[./-])\s*(` + cn + `)\s*(?:月份?|[./-])(?:\s*(?:(` + cn + `)\s*[日号]?))?`)
	yearMonth = prefilter.MustCompile(`(今年|去年|前年|大前年|明年|当年|本年)(?:的)?(` + cn + `)月(?:份)?(?:(` + cn + `)\s*[日号])?`)
	monthDay  = prefilter.MustCompile(`(` + cn + `)\s*月\s*(` + cn + `)\s*[日号]`)
	monthOnly = prefilter.MustCompile(`(` + cn + `)月份`)
	lastMonth = prefilter.MustCompile(`(上上个?月|上个?月|这个?月|本月)(?:的)?(?:(` + cn + `)\s*[日号])?`)
	season    = prefilter.MustCompile(`(今年|去年|前年|大前年|\d{4})?(?:的)?(腊月|正月|春节|过年|年前|年底|年初|春天|夏天|秋天|冬天|暑假|寒假|国庆|五一|元旦|中秋|端午|清明|上半年|下半年|元宵)`)
	yearEnd   = prefilter.MustCompile(`(今|去|前)(年底|年初)`)
	yearOnly  = prefilter.MustCompile(`(?:^|\D)(\d{4}|[5-9]\d)\s*年`)
	yearWord  = prefilter.MustCompile(`(大前年|前年|去年|今年)(?:\D|$)`)
	dayWord   = prefilter.MustCompile(`(大前天|前天|昨天|昨日|昨晚|昨夜|前晚|今天|今日|今早|今晚|刚才|今晨|前几天|这几天|最近几天|明天)`)
	weekday   = prefilter.MustCompile(`(上上|上|这|本)个?(?:周|星期|礼拜)([一二三四五六日天末])?`)
	ago       = prefilter.MustCompile(leadingNumeral + `\s*(?:多|余|来)?\s*(?:个)?(多)?(年|月|天|周|星期|礼拜|小时)(半|多)?(之?前|以前)`)
	lasting   = prefilter.MustCompile(leadingNumeral + `\s*(?:多|余|来)?\s*(个)?(多|半)?(年|月|天|周|星期|礼拜)(多|半)?(?:了|没|未|都|一直|还|也|拿|不|以来|时间|仍|[,。!;\s]|$)`)
	enAgo     = prefilter.MustCompile(`(\d{1,4}|a|an|one|two|three|four|five|six|half a) (day|week|month|year)s? ago`)
	enDate    = prefilter.MustCompile(`(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?`)
	enWord    = prefilter.MustCompile(`\b(yesterday|last week|last month|last year|today)\b`)
)

// times returns every time said, in the order of the text; where two readings overlap the longer stays.
func times(t *text, now time.Time) []When {
	r := clock{t: t, today: time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())}
	for _, read := range []struct {
		pattern *prefilter.Regexp
		resolve func(g []string) (from, to time.Time, ok bool)
	}{
		{fullDate, r.fullDate}, {yearMonth, r.yearMonth}, {ago, r.ago}, {yearEnd, r.yearEnd}, {season, r.season}, {monthDay, r.monthDay}, {lastMonth, r.lastMonth},
		{dayAlone, r.dayAlone}, {weekday, r.weekday}, {lasting, r.lasting}, {dayWord, r.dayWord}, {monthOnly, r.monthOnly},
		{yearOnly, r.yearOnly}, {yearWord, r.yearWord}, {enAgo, r.enAgo}, {enDate, r.enDate}, {enWord, r.enWord},
	} {
		r.find(read.pattern, read.resolve)
	}
	slices.SortFunc(r.out, func(a, b When) int { return cmp.Compare(a.Slot.From.Start, b.Slot.From.Start) })
	return r.out
}

type clock struct {
	t     *text
	today time.Time
	out   []When
	taken []clause
}

func (c *clock) find(p *prefilter.Regexp, resolve func(g []string) (from, to time.Time, ok bool)) {
	for _, m := range p.FindAllStringSubmatchIndex(c.t.normal, -1) {
		start, end := m[0], m[1]
		if p == yearOnly {
			start = m[2]
		}
		if p == season && m[2] < 0 && everyYear.MatchString(c.t.normal[start:end]+" "+c.t.before(start, 15)) {
			continue
		}
		if p == yearWord {
			end = m[3]
		}
		if p == dayAlone {
			end = max(m[3], m[7])
			if isHouseNumber(c.t, start, m) {
				continue
			}
		}
		if p == lasting { // what follows only tells that it is a duration
			end = max(m[9], m[11])
			if end == m[1] || strings.ContainsAny(c.t.normal[end:m[1]], ",。!; \n") && !going.MatchString(c.t.before(start, 15)) {
				continue
			}
		}
		if c.overlaps(start, end) || c.inNumber(start) {
			continue
		}
		groups := make([]string, len(m)/2)
		for i := range groups {
			if m[2*i] >= 0 {
				groups[i] = c.t.normal[m[2*i]:m[2*i+1]]
			}
		}
		from, to, ok := resolve(groups)
		if !ok {
			continue
		}
		c.taken = append(c.taken, clause{start, end})
		w := When{Slot: c.t.slot(start, end, 0.9), From: from, To: to, Lasting: p == lasting}
		w.Value = span(from, to)
		if to.Sub(from) > 40*24*time.Hour || p == lasting || p == ago {
			w.Confidence = 0.7
		}
		c.out = append(c.out, w)
	}
}

func (c *clock) overlaps(start, end int) bool {
	return slices.ContainsFunc(c.taken, func(t clause) bool { return start < t.end && t.start < end })
}

// inNumber says whether a match begins inside a longer number.
func (c *clock) inNumber(start int) bool {
	if start == 0 {
		return false
	}
	b, first := c.t.normal[start-1], c.t.normal[start]
	if strings.HasSuffix(c.t.before(start, 3), "数") {
		return true
	}
	return first >= '0' && first <= '9' && (b >= '0' && b <= '9' || b == '.')
}

func span(from, to time.Time) string {
	last := to.AddDate(0, 0, 1)
	switch {
	case from.Equal(to):
		return from.Format(time.DateOnly)
	case from.Day() == 1 && last.Equal(from.AddDate(0, 1, 0)):
		return from.Format("2006-01")
	case from.Day() == 1 && from.Month() == 1 && last.Equal(from.AddDate(1, 0, 0)):
		return from.Format("2006")
	}
	return from.Format(time.DateOnly) + "/" + to.Format(time.DateOnly)
}

func (c *clock) date(y int, m int, d int) time.Time {
	return time.Date(y, time.Month(m), d, 0, 0, 0, 0, c.today.Location())
}

// days is the day y-m-d, or the whole month where d is 0; ok is false for days that no calendar has.
func (c *clock) days(y, m, d int) (from, to time.Time, ok bool) {
	if m < 1 || m > 12 || d < 0 || d > 31 || y < 1949 || y > c.today.Year()+3 {
		return from, to, false
	}
	if d == 0 {
		from = c.date(y, m, 1)
		return from, from.AddDate(0, 1, -1), true
	}
	from = c.date(y, m, d)
	return from, from, int(from.Month()) == m
}

func small(s string) int {
	if s == "" {
		return 0
	}
	n, _, ok := number(s)
	if !ok {
		return -1
	}
	return int(n)
}

func (c *clock) year(s string) int {
	switch s {
	case "今年", "当年", "本年":
		return c.today.Year()
	case "去年":
		return c.today.Year() - 1
	case "前年":
		return c.today.Year() - 2
	case "大前年":
		return c.today.Year() - 3
	case "明年":
		return c.today.Year() + 1
	}
	n := 0
	for _, r := range s {
		d, ok := digits[r]
		if r >= '0' && r <= '9' {
			d, ok = float64(r-'0'), true
		}
		if !ok {
			return 0
		}
		n = n*10 + int(d)
	}
	if len(s) == 2 { // 19年 is 2019, 98年 is 1998
		n += 2000
		if n > c.today.Year()+1 {
			n -= 100
		}
	}
	return n
}

func (c *clock) fullDate(g []string) (from, to time.Time, ok bool) {
	day := small(g[3])
	if !strings.Contains(g[0], "年") && (g[3] == "" || len(g[1]) != 4) {
		return from, to, false // 10.5 is a number
	}
	if strings.Contains(g[0], "年") && !strings.Contains(g[0], "月") {
		return from, to, false
	}
	return c.days(c.year(g[1]), small(g[2]), day)
}

func (c *clock) yearMonth(g []string) (from, to time.Time, ok bool) {
	return c.days(c.year(g[1]), small(g[2]), small(g[3]))
}

// monthDay is the last such day that has come.
func (c *clock) monthDay(g []string) (from, to time.Time, ok bool) {
	from, to, ok = c.days(c.today.Year(), small(g[1]), small(g[2]))
	if ok && from.After(c.today.AddDate(0, 0, 31)) {
		return c.days(c.today.Year()-1, small(g[1]), small(g[2]))
	}
	return from, to, ok
}

func (c *clock) monthOnly(g []string) (from, to time.Time, ok bool) {
	m := small(g[1])
	if m > int(c.today.Month()) {
		return c.days(c.today.Year()-1, m, 0)
	}
	return c.days(c.today.Year(), m, 0)
}

func (c *clock) lastMonth(g []string) (from, to time.Time, ok bool) {
	back := map[string]int{"上上": 2, "上": 1}[strings.TrimRight(g[1], "个月")]
	at := c.date(c.today.Year(), int(c.today.Month())-back, 1)
	return c.days(at.Year(), int(at.Month()), small(g[2]))
}

// going are the verbs after which a stretch of time lasts until now even where nothing else says so.
var going = prefilter.MustCompile(`(?:拖|停|坏|欠|等|过|断|漏|漏水|排队|已经?|失踪|超过|推|断粮|丢|堵|关)了?$`)

func (c *clock) yearOnly(g []string) (from, to time.Time, ok bool) { return c.wholeYear(c.year(g[1])) }

func (c *clock) yearWord(g []string) (from, to time.Time, ok bool) { return c.wholeYear(c.year(g[1])) }

func (c *clock) wholeYear(y int) (from, to time.Time, ok bool) {
	if y < 1949 || y > c.today.Year()+10 {
		return from, to, false
	}
	return c.date(y, 1, 1), c.date(y, 12, 31), true
}

func (c *clock) dayWord(g []string) (from, to time.Time, ok bool) {
	day := func(n int) (time.Time, time.Time, bool) {
		d := c.today.AddDate(0, 0, n)
		return d, d, true
	}
	switch g[1] {
	case "大前天":
		return day(-3)
	case "前天", "前晚":
		return day(-2)
	case "昨天", "昨日", "昨晚", "昨夜":
		return day(-1)
	case "明天":
		return day(1)
	case "前几天", "这几天", "最近几天":
		return c.today.AddDate(0, 0, -7), c.today, true
	}
	return day(0)
}

func (c *clock) weekday(g []string) (from, to time.Time, ok bool) {
	monday := c.today.AddDate(0, 0, -(int(c.today.Weekday())+6)%7)
	monday = monday.AddDate(0, 0, -7*map[string]int{"上上": 2, "上": 1}[g[1]])
	if g[2] == "" {
		return monday, monday.AddDate(0, 0, 6), true
	}
	if g[2] == "末" {
		return monday.AddDate(0, 0, 5), monday.AddDate(0, 0, 6), true
	}
	d := monday.AddDate(0, 0, strings.Index("一二三四五六日天", g[2])/len("一"))
	if g[2] == "天" {
		d = monday.AddDate(0, 0, 6)
	}
	return d, d, true
}

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

// everyYear tells a season of every year, or the next, from one that was; "夏天" alone says nothing.
var everyYear = prefilter.MustCompile(`^[春夏秋冬]天|(?:每年|年年|快|快要|都快|每到|一到|等到|平时)(?:了|的|个)?$`)

var manyYears = prefilter.MustCompile(`[几多\d一二三四五六七八九十]年前`)

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
	if g[1] == "" && g[2] == "年前" && manyYears.MatchString(c.t.normal) {
		return from, to, false // 十几年前
	}
	return c.date(y, s[0], s[1]), c.date(y, s[2], s[3]), true
}

func (c *clock) yearEnd(g []string) (from, to time.Time, ok bool) {
	return c.season([]string{g[0], g[1] + "年", g[2]})
}
