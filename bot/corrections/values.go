package corrections

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A value is something in a text that has its like: a number with what it counts, or a day.
type value struct {
	start, end int    // bytes of the text
	class      string // of its unit, "" for a number alone, date for a day
	words      string // the numeral as it is written
	unit       string
	number     float64
	parts      []part // of a day
}

// A part of a day: its year, its month, its day, its weekday.
type part struct {
	name       byte
	start, end int // bytes of the text
	norm       string
}

const date = "date"

// units are what numbers count, by class. A unit is read before those that are its beginning.
var units = map[string]string{}

var classes = []struct{ class, units string }{
	{"money", "块钱 元钱 块 元 圆 yuan rmb RMB"},
	{"year", "年 years year"}, {"month", "个月 月 months month"}, {"week", "个星期 个礼拜 星期 礼拜 周 weeks week"}, {"day", "天 days day"},
	{"hour", "个小时 个钟头 小时 钟头 个钟 hours hour"}, {"minute", "分钟 minutes minute"}, {"clock", "点钟 点"},
	{"age", "岁"}, {"people", "个人 口人 人 名 位 个 people persons"}, {"home", "户 家 families households"}, {"time", "次 回 趟 遍 times"},
	{"area", "平方米 平米 平方 亩 平 分"}, {"length", "公里 里路 米 里 丈 尺 km"}, {"weight", "公斤 斤 吨 袋 kg"}, {"percent", "% 成"},
	{"house", "号楼 号院 栋 幢 号 排"}, {"floor", "楼 层"}, {"door", "单元"}, {"zone", "区 期"}, {"group", "组 社 队"}, {"grade", "年级 班"},
	{"thing", "条 棵 头 只 台 辆 间 张 套 件 盏 根 座 道 处 份 本 车 瓶 箱 颗 口"},
}

// spans of time may be told in one unit for another.
var lasting = []string{"year", "month", "week", "day", "hour", "minute"}

const (
	hanDigits  = `[零〇一二两俩三四五六七八九十百千万亿半]`
	english    = `(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)`
	englishRun = english + `(?:[ -](?:` + english + `|hundred|thousand))*`
)

var numberIn, dateIn, monthIn, weekdayIn, phoneLike = func() (a, b, c, d, e *regexp.Regexp) {
	var all []string
	for _, c := range classes {
		for _, u := range strings.Fields(c.units) {
			units[u] = c.class
			all = append(all, regexp.QuoteMeta(u))
		}
	}
	slices.SortFunc(all, func(a, b string) int { return len(b) - len(a) })
	return regexp.MustCompile(`(百分之)?([0-9][0-9,]*[0-9](?:\.[0-9]+)?|[0-9](?:\.[0-9]+)?|` + hanDigits + `+|\b` + englishRun + `\b)([多来余]?)([万亿千百]?)([多来余]?) ?(` + strings.Join(all, "|") + `)?(半?)`),
		regexp.MustCompile(`(?:((?:19|20)?[0-9]{2}|[〇零一二三四五六七八九]{4}|[〇零一二三四五六七八九]{2})年)?((?:大?前|[今去明后当])年[底初]?)?[的 ]?(?:(正月|腊月|冬月|十?[一二三四五六七八九]月|十月|[0-9]{1,2}月)(?:份|底|中旬)?(初?[一二三四五六七八九十廿]{1,3}|[0-9]{1,2})?[日号]?|(上上个?月|[上本这]个?月)([一二三四五六七八九十]{1,3}|[0-9]{1,2})?[日号]?)?`),
		regexp.MustCompile(`(?:\b([0-9]{1,2})(?:st|nd|rd|th)? (?:of )?)?\b(January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b(?: ([0-9]{1,2})(?:st|nd|rd|th)?\b)?(?:,? ((?:19|20)[0-9]{2})\b)?`),
		regexp.MustCompile(`(上上|[上这本下])?个?(?:周|星期|礼拜)([一二三四五六日天])|(?i:\b(last |this |next )?(mon|tues|wednes|thurs|fri|satur|sun)day\b)`),
		regexp.MustCompile(`[0-9][0-9-]{6,}[0-9]`)
}()

// valuesIn are the numbers and days of a text in their order.
func valuesIn(text string) []value {
	masked := []byte(text)
	blank := func(from, to int) {
		for i := from; i < to; i++ {
			masked[i] = ' '
		}
	}
	for _, m := range phoneLike.FindAllStringIndex(text, -1) {
		blank(m[0], m[1])
	}
	all := daysIn(string(masked))
	for _, v := range all {
		blank(v.start, v.end)
	}
	for _, m := range numberIn.FindAllStringSubmatchIndex(string(masked), -1) {
		all = append(all, numbersOf(string(masked), m)...)
	}
	slices.SortFunc(all, func(a, b value) int { return a.start - b.start })
	return all
}

func sub(text string, m []int, i int) string {
	if m[2*i] < 0 {
		return ""
	}
	return text[m[2*i]:m[2*i+1]]
}

// idle are numerals that count nothing.
var idle = []string{"万一", "千万", "百", "千", "万", "亿", "十", "一", "半", "三七", "一一"}

// numbersOf are the numbers of one match: numerals that follow each other without a mark are told apart.
func numbersOf(text string, m []int) []value {
	numeral, scale, unit := sub(text, m, 2), sub(text, m, 4), sub(text, m, 6)
	if m[2] >= 0 {
		unit = "%"
	}
	var out []value
	start := m[4]
	runs := splitRuns(numeral)
	for i, run := range runs {
		v := value{start: start, end: start + len(run), words: run, number: Number(run)}
		start = v.end
		if i == len(runs)-1 {
			v.words += scale
			v.number = Number(run + scale)
			v.unit, v.end = unit, m[1]
			if m[14] < m[15] && units[unit] != "" && v.number >= 1 { // 两年半
				v.number += 0.5
			}
			if m[2] >= 0 {
				v.start = m[0]
			}
		}
		v.class = units[v.unit]
		if v.class == "" && run[0] >= 'A' && run[0] < 0x80 {
			v.class = nextWord.FindString(text[v.end:]) // eleven other
		}
		r := []rune(run)
		approx := len(r) == 2 && v.unit != "" && digit(r[0]) > 0 && digit(r[1]) == digit(r[0])+1 // 三四个
		switch {
		case v.number <= 0 || approx, v.unit == "" && (len(r) < 2 && r[0] > 0x7F || slices.Contains(idle, run)), v.unit == "点" && v.number == 1 && m[14] == m[15]:
			continue
		case v.unit == "年" && ofAYear.MatchString(text[v.end:]):
			continue // 25年过年前
		}
		out = append(out, v)
	}
	return out
}

var ofAYear = regexp.MustCompile(`^(?:过年|春|夏|秋|冬|[底初]|上半|下半)`)

var nextWord = regexp.MustCompile(`^ ?[a-z]+`)

// splitRuns parts numerals said one after the other: 两千四四千二, 九十八一平.
func splitRuns(run string) []string {
	r := []rune(run)
	if r[0] < 0x80 {
		return []string{run}
	}
	var out []string
	from, scaled := 0, false
	for i := 1; i < len(r); i++ {
		scaled = scaled || strings.ContainsRune("十百千万", r[i-1])
		if scaled && digit(r[i]) > 0 && digit(r[i-1]) > 0 {
			out, from, scaled = append(out, string(r[from:i])), i, false
		}
	}
	return append(out, string(r[from:]))
}

// digit is the value of a Chinese digit, 0 where it is none.
func digit(r rune) int {
	if r == '两' || r == '俩' {
		return 2
	}
	if i := strings.IndexRune("一二三四五六七八九", r); i >= 0 {
		return i/len("一") + 1
	}
	return 0
}

// Number is the value of a numeral below a trillion, in digits, Chinese or English, also as it is said short: 三万二
// is 32,000, 一百七 is 170. A row of Chinese digits is read as one of digits. 0 where there is none.
func Number(words string) float64 {
	words = strings.ReplaceAll(words, ",", "")
	if words == "" {
		return 0
	}
	if words[0] >= 'A' && words[0] < 0x80 {
		return englishNumber(words)
	}
	if words[0] < 0x80 {
		return scaledNumber(words)
	}
	if !strings.ContainsAny(words, "十百千万亿") {
		return rowOfDigits(words)
	}
	var sum, part, last float64
	one := 0.0 // the digit that waits for its scale
	for _, r := range words {
		scale := map[rune]float64{'十': 10, '百': 100, '千': 1000, '万': 1e4, '亿': 1e8}[r]
		switch {
		case scale >= 1e4:
			sum, part, one, last = (sum+part+one)*scale, 0, 0, scale
		case scale > 0:
			part += max(one, 1) * scale
			one, last = 0, scale
		case r == '零' || r == '〇':
			one, last = 0, 1
		case r == '半':
			one = 5
		default:
			one = float64(digit(r))
		}
	}
	if last >= 100 {
		one *= last / 10
	}
	return sum + part + one
}

func rowOfDigits(words string) float64 {
	if words == "半" {
		return 0.5
	}
	n := 0.0
	for _, r := range words {
		if r == '半' {
			return 0
		}
		n = n*10 + float64(digit(r))
	}
	return n
}

func scaledNumber(words string) float64 {
	digits := strings.TrimRight(words, "百千万亿")
	n, err := strconv.ParseFloat(digits, 64)
	if err != nil {
		return 0
	}
	for _, r := range words[len(digits):] {
		n *= map[rune]float64{'百': 100, '千': 1000, '万': 1e4, '亿': 1e8}[r]
	}
	return n
}

var englishOnes = strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")

func englishNumber(words string) float64 {
	tens := map[string]float64{"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
	n := 0.0
	for _, w := range strings.FieldsFunc(strings.ToLower(words), func(r rune) bool { return r == ' ' || r == '-' }) {
		switch {
		case w == "hundred" || w == "thousand":
			n = max(n, 1) * map[string]float64{"hundred": 100, "thousand": 1000}[w]
		case tens[w] > 0:
			n += tens[w]
		default:
			n += float64(max(0, slices.Index(englishOnes, w)))
		}
	}
	return n
}

// daysIn are the days, months, years and weekdays of a text.
func daysIn(text string) (all []value) {
	add := func(m []int, parts []part) {
		if len(parts) > 0 {
			all = append(all, value{start: m[0], end: m[1], class: date, parts: parts})
		}
	}
	for _, m := range dateIn.FindAllStringSubmatchIndex(text, -1) {
		if m[0] == m[1] {
			continue
		}
		if short := sub(text, m, 1); m[2] >= 0 && m[6] < 0 && len([]rune(short)) < 4 {
			continue // 20年, 三四年: how long
		}
		for m[0] < m[1] && strings.HasPrefix(text[m[0]:], " ") {
			m[0]++
		}
		var parts []part
		for i, name := range []byte{'y', 'y', 'm', 'd', 'm', 'd'} {
			if s := sub(text, m, i+1); s != "" {
				parts = append(parts, part{name, m[2*i+2], m[2*i+3], normalDay(name, s)})
			}
		}
		if m[0] > 0 && len(parts) > 0 && parts[0].start == m[0] && strings.ContainsAny(text[m[0]-1:m[0]], "0123456789") {
			continue
		}
		add(m, parts)
	}
	for _, m := range monthIn.FindAllStringSubmatchIndex(text, -1) {
		var parts []part
		for i, name := range []byte{'d', 'm', 'd', 'y'} {
			if s := sub(text, m, i+1); s != "" {
				parts = append(parts, part{name, m[2*i+2], m[2*i+3], strings.ToLower(s[:min(3, len(s))])})
			}
		}
		add(m, parts)
	}
	for _, m := range weekdayIn.FindAllStringSubmatchIndex(text, -1) {
		i := 2
		if m[2*i] < 0 {
			i = 4
		}
		day := strings.ToLower(sub(text, m, i))
		if day == "天" {
			day = "日"
		}
		add(m, []part{{'w', m[2*i], m[2*i+1], day}})
	}
	return all
}

// normalDay is a part of a day, one as another way of writing it.
func normalDay(name byte, s string) string {
	s = strings.TrimRight(s, "年月底初")
	if name == 'd' {
		s = strings.TrimPrefix(s, "初")
	}
	if n := Number(strings.TrimPrefix(s, "廿")); n > 0 {
		if strings.HasPrefix(s, "廿") {
			n += 20
		}
		if name == 'y' && n < 100 {
			n += 2000
		}
		return strconv.Itoa(int(n))
	}
	return s
}

// alike says how well a number may stand where another one stood, 0 where it may not.
func alike(was, then value) int {
	if (was.class == date) != (then.class == date) {
		return 0
	}
	if was.class == date {
		return sharedParts(was, then)
	}
	score := 0
	switch {
	case was.unit == then.unit && was.unit != "":
		score = 4
	case was.class == then.class && was.class != "":
		score = 3
	case then.class == "" && was.class == "money" && then.number >= 100, was.class == "" && then.class == "money" && was.number >= 100:
		score = 2
	case was.class == "" && then.class == "" && min(was.number, then.number) >= 100:
		score = 2
	case (was.class == "" || then.class == "") && slip(was.number, then.number) >= 2:
		score = 1
	case slices.Contains(lasting, was.class) && slices.Contains(lasting, then.class):
		score = 1
	default:
		return 0
	}
	return score + slip(was.number, then.number)
}

// slip says how near a number is to one that a slip of the hand makes of another.
func slip(a, b float64) int {
	x, y := strconv.FormatFloat(a, 'f', -1, 64), strconv.FormatFloat(b, 'f', -1, 64)
	sorted := func(s string) string { r := []byte(s); slices.Sort(r); return string(r) }
	switch {
	case a == b*10 || b == a*10:
		return 3
	case len(x) > 1 && sorted(x) == sorted(y):
		return 3
	case len(x) > 1 && len(x) == len(y) && differ(x, y) == 1:
		return 2
	case max(a, b) <= 5*math.Min(a, b):
		return 1
	}
	return 0
}

func differ(a, b string) (n int) {
	for i := range len(a) {
		if a[i] != b[i] {
			n++
		}
	}
	return n
}

// sharedParts is how many parts two days both have; those that are equal count more.
func sharedParts(a, b value) (n int) {
	for _, p := range a.parts {
		for _, q := range b.parts {
			if p.name == q.name {
				n += 2
				if p.norm == q.norm {
					n++
				}
			}
		}
	}
	return n
}

// same reports that one value says what another one says.
func same(a, b value) bool {
	if (a.class == date) != (b.class == date) {
		return false
	}
	if a.class != date {
		return a.number == b.number && (a.unit == b.unit || a.class == b.class && slices.Contains(oneName, a.class) || a.class == "" || b.class == "")
	}
	shared := 0
	for _, p := range a.parts {
		for _, q := range b.parts {
			if p.name == q.name {
				if p.norm != q.norm {
					return false
				}
				shared++
			}
		}
	}
	return shared > 0
}
