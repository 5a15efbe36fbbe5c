package extract

import (
	"strings"
	"time"
	"unicode"
)

var (
	door = matching(`^ ?[\d一二三四五六七八九十-]{1,11} ?(?:号(?:楼|院|门口|门前|井|店|铺|桥|电?杆|隧道|厂房|车间|窗口)?|[栋幢楼组期]|单元)`)
	// dayAlone is a day without its month; what follows tells it from a door.
	dayAlone = matching(`((` + cn + `)\s*号)\s*(?:(上午|下午|早上|晚上|中午|凌晨|半夜|夜里|傍晚|那天|当天|开始|以来|至今|到现在)|停[水电气]|断[水电])`)
)

// doorOf moves the end of a place, a byte of the plain form, over the numbers that follow it (12号, 3栋2单元,
// 5 号门口), but for one that is a day (下梁镇 5 号停水).
func doorOf(t *text, end int) int {
	for {
		m := door.FindStringIndex(t.after(end, 60))
		if m == nil || isDay(t, end) {
			return end
		}
		end += m[1]
		if strings.HasSuffix(t.plain[:end], "楼") && strings.ContainsAny(t.after(end, 3), "顶上下道梯") { // 51号, 楼顶
			return end - len("楼")
		}
	}
}

func isDay(t *text, at int) bool {
	at += len(t.plain[at:]) - len(strings.TrimLeft(t.plain[at:], " "))
	m := dayAlone.FindStringSubmatchIndex(t.after(at, 30))
	return m != nil && m[0] == 0 && small(t.plain[at+m[4]:at+m[5]]) <= 31 && !numbersDoors(t, at, m)
}

// numbersDoors says whether what stands before the day m at byte i gives its number another sense: in a street 5号停水
// is a house, and of 下月5号 the month is another one.
func numbersDoors(t *text, i int, m []int) bool {
	before := strings.TrimRight(t.before(i, 9), " ")
	return hasEnd(before, "月第") || m[6] < 0 && hasEnd(before, "路街巷道弄区院苑")
}

// dayAlone is the last such day that has come.
func (c *clock) dayAlone(g []string) (from, to time.Time, ok bool) {
	month, day := int(c.today.Month()), small(g[2])
	if day > c.today.Day() {
		month--
	}
	from = c.date(c.today.Year(), month, day)
	return from, from, day > 0 && from.Day() == day
}

func hasEnd(s, any string) bool { return strings.TrimRight(s, any) != s }

// numberBefore moves the start of a name over the number it begins in the middle of (5 号隧道).
func numberBefore(t *text, start int) int {
	if t.runes[start] != '号' {
		return start
	}
	number := start
	if number > 0 && t.runes[number-1] == ' ' {
		number--
	}
	from := number
	for from > 0 && unicode.IsDigit(t.runes[from-1]) {
		from--
	}
	if from == number {
		return start
	}
	return from
}
