package extract

import (
	"strconv"
	"strings"
)

var digits = map[rune]float64{'零': 0, '〇': 0, '一': 1, '壹': 1, '幺': 1, '二': 2, '贰': 2, '两': 2, '俩': 2, '三': 3, '叁': 3, '仨': 3, '四': 4, '肆': 4,
	'五': 5, '伍': 5, '六': 6, '陆': 6, '七': 7, '柒': 7, '八': 8, '捌': 8, '九': 9, '玖': 9, '半': 0.5}

var places = map[rune]float64{'十': 10, '拾': 10, '百': 100, '佰': 100, '千': 1000, '仟': 1000, 'k': 1000, '万': 1e4, '萬': 1e4, 'w': 1e4, '亿': 1e8}

// numeral is the pattern of a number in figures, in Chinese, or mixed (3万5, 一千二百, 1.5万, 两万多).
const numeral = `(?:\d[\d,]*(?:\.\d+)?|[零〇一壹二贰两三叁四肆五伍六陆七柒八捌九玖十拾百佰千仟万萬亿几半])[\d.零〇一壹二贰两三叁四肆五伍六陆七柒八捌九玖十拾百佰千仟万萬亿几余多kw]*`

const leadingNumeral = `(` + numeral + `)`

// number reads a number; about is true where it is only roughly said (几十, 三百多). It fails on words that are no
// number and on 几 alone.
func number(s string) (value float64, about, ok bool) {
	trimmed := strings.TrimRight(strings.TrimRight(s, "多余"), "来")
	about = trimmed != s || strings.ContainsAny(s, "几余多")
	runes := []rune(strings.NewReplacer(",", "", "，", "", "多", "", "余", "").Replace(trimmed))
	total, section, current, last := 0.0, 0.0, 0.0, 1.0
	seen := false
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		switch {
		case r >= '0' && r <= '9' || r == '.':
			j := i
			for j < len(runes) && (runes[j] >= '0' && runes[j] <= '9' || runes[j] == '.') {
				j++
			}
			n, err := strconv.ParseFloat(strings.TrimRight(string(runes[i:j]), "."), 64)
			if err != nil {
				return 0, false, false
			}
			current, seen, i = n, true, j-1
		case r == '几':
			if i+1 < len(runes) || i == 0 {
				current = 3 // the least that 几十 means; 四十几 is 40
			}
		case isDigit(r):
			if seen && current >= 1 && i > 0 && isDigit(runes[i-1]) && r != '半' && runes[i-1] != '零' && runes[i-1] != '〇' {
				current = current*10 + digits[r] // 二零一九, 一九八五
			} else if seen && i > 0 && isDigit(runes[i-1]) {
				current = current*10 + digits[r]
			} else {
				current = digits[r]
			}
			seen = true
		default:
			p, known := places[r]
			if !known {
				return 0, false, false
			}
			if current == 0 && section == 0 && p >= 10 && !seen {
				current = 1
			}
			seen = true
			switch {
			case p == 1e8:
				total, section = (total+section+current)*p, 0
			case p == 1e4:
				total, section = total+(section+current)*p, 0
			default:
				section += max(current, boolTo(current == 0 && section == 0)) * p
			}
			current, last = 0, p
			continue
		}
	}
	if current > 0 && last > 10 && current < 10 && current == float64(int(current)) && endsShort(runes) {
		current *= last / 10 // 三千五, 3万5
	}
	value = total + section + current
	return value, about, seen && value > 0
}

func isDigit(r rune) bool { _, ok := digits[r]; return ok }

func boolTo(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// endsShort says whether the last digit follows a place directly (三千五 is 3500, 三千零五 is 3005).
func endsShort(r []rune) bool {
	if len(r) < 2 {
		return false
	}
	_, place := places[r[len(r)-2]]
	return place
}
