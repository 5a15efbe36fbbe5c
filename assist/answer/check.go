package answer

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// ErrUnbacked says that a rephrased text has a number or an article which its entries lack.
var ErrUnbacked = errors.New("not in the entries")

// Check tests a rephrased answer: every number in it (Arabic, Han or English, with what it counts)
// and every article must occur in one of the given entries (ids) in any language or in the
// articles they rest on. It errs on the strict side: 两个月 does not pass for 60日. An unknown id is
// an error, and with no ids every number is.
func (b *Book) Check(text string, entries []string) error {
	backed, err := b.backedBy(entries)
	if err != nil {
		return err
	}
	for _, q := range quantities(text) {
		if !backed.holds(q) {
			return fmt.Errorf("check the text: %g %s: %w", float64(q.milli)/1000, q.unit, ErrUnbacked)
		}
	}
	return nil
}

type backing []quantity

func (b *Book) backedBy(ids []string) (backing, error) {
	var out backing
	for _, id := range ids {
		for _, lang := range b.locales.Languages() {
			e, err := b.Entry(id, lang.Tag)
			if err != nil {
				return nil, fmt.Errorf("check the text: %w", err)
			}
			out = append(out, quantities(e.Title+"\n"+e.Text)...)
			for _, n := range e.Articles {
				out = append(out, quantity{int64(n) * 1000, articleUnit})
			}
		}
	}
	return out, nil
}

// holds accepts a number without a unit when the entries have it with any unit but that of an
// article; a number with a unit needs the same unit, or none.
func (b backing) holds(q quantity) bool {
	return slices.ContainsFunc(b, func(have quantity) bool {
		if have.milli != q.milli {
			return false
		}
		if q.unit == articleUnit || have.unit == articleUnit {
			return q.unit == have.unit
		}
		return q.unit == "" || have.unit == q.unit || have.unit == ""
	})
}

// quantity is a number as a text uses it: its value in thousandths and what it counts.
type quantity struct {
	milli int64
	unit  string // "" when the text names no unit that is known here
}

const (
	hanNumeral  = "〇零一二两三四五六七八九十百千万亿半廿卅壹贰叁肆伍陆柒捌玖拾佰仟"
	articleUnit = "article"
)

var (
	digitNumber = regexp.MustCompile(`(\d[\d,]*(?:\.\d+)?)\s*([` + hanNumeral + `]?)\s*-?\s*(个工作日|工作日|working days?|business days?|个月|个小时|小时|个星期|星期|天|日|周|年|月|条|款|项|人|名|元|次|%|个|days?|weeks?|months?|years?|hours?|people|persons?|representatives?)?`)
	hanCounted  = regexp.MustCompile(`(第)?([` + hanNumeral + `]+)(个工作日|工作日|个月|个小时|小时|个星期|星期|天|日|周|年|月|条|款|项|人|名|元|次|成|倍|个|级|份|分之)`)
	digitsOnly  = regexp.MustCompile(`\d+`)
	articleEn   = regexp.MustCompile(`(?i)\b(?:articles?|arts?\.?)\s*(\d+(?:\s*(?:,|and|&|to|–|-)\s*\d+)*)`)
	englishWord = regexp.MustCompile(`(?i)\b(` + strings.Join(sortedKeys(englishNumbers), "|") + `)\b(?:[\s-]+(` + strings.Join(sortedKeys(englishNumbers), "|") + `))?[\s-]+(working days?|business days?|days?|weeks?|months?|years?|hours?|people|persons?|representatives?)`)
)

var englishNumbers = map[string]int64{
	"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
	"ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
	"seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
	"sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100,
}

var unitNames = map[string]string{
	"天": "day", "日": "day", "day": "day", "个工作日": "workday", "工作日": "workday", "working day": "workday",
	"business day": "workday", "个月": "month", "月": "month", "month": "month", "年": "year", "year": "year",
	"周": "week", "星期": "week", "个星期": "week", "week": "week", "小时": "hour", "个小时": "hour", "hour": "hour",
	"条": articleUnit, "款": "paragraph", "项": "item", "人": "person", "名": "person", "people": "person",
	"person": "person", "representative": "person", "元": "yuan", "%": "percent",
}

// quantities finds every number in a text, however it is written. Han numerals count only before a
// unit (一般 and 统一 are words), and 一个, 一次, 一份 are articles of speech, not numbers.
func quantities(text string) []quantity {
	text = norm.NFKC.String(text)
	var out []quantity
	for _, m := range articleEn.FindAllStringSubmatch(text, -1) {
		for _, n := range digitsOnly.FindAllString(m[1], -1) {
			out = append(out, quantity{milli(n), articleUnit})
		}
	}
	text = articleEn.ReplaceAllString(text, " ")
	for _, m := range hanCounted.FindAllStringSubmatch(text, -1) {
		if q, ok := hanQuantity(m[1], m[2], m[3]); ok {
			out = append(out, q)
		}
	}
	for _, m := range digitNumber.FindAllStringSubmatch(text, -1) {
		out = append(out, quantity{milli(m[1]) * max(1, hanValue(m[2])/1000), unitOf(m[3])})
	}
	for _, m := range englishWord.FindAllStringSubmatch(text, -1) {
		n := englishNumbers[strings.ToLower(m[1])]
		if m[2] != "" {
			n = joinEnglish(n, englishNumbers[strings.ToLower(m[2])])
		}
		out = append(out, quantity{n * 1000, unitOf(strings.ToLower(m[3]))})
	}
	return out
}

func joinEnglish(a, b int64) int64 {
	if b == 100 {
		return a * b
	}
	return a + b
}

func hanQuantity(ordinal, digits, unit string) (quantity, bool) {
	v := hanValue(digits)
	idle := ordinal == "" && v == 1000 && (unitNames[unit] == "" || unit == "项" || unit == "条")
	if idle {
		return quantity{}, false
	}
	return quantity{v, unitOf(unit)}, true
}

func unitOf(s string) string {
	s = strings.TrimSpace(s)
	if u := unitNames[s]; u != "" {
		return u
	}
	return unitNames[strings.TrimSuffix(s, "s")]
}

func milli(digits string) int64 {
	f, err := strconv.ParseFloat(strings.ReplaceAll(digits, ",", ""), 64)
	if err != nil {
		return -1 // a number that no entry has, so that the check fails
	}
	return int64(f*1000 + 0.5)
}

var hanValues = map[rune]int64{
	'〇': 0, '零': 0, '一': 1, '壹': 1, '二': 2, '两': 2, '贰': 2, '三': 3, '叁': 3, '四': 4, '肆': 4, '五': 5, '伍': 5,
	'六': 6, '陆': 6, '七': 7, '柒': 7, '八': 8, '捌': 8, '九': 9, '玖': 9,
}

var hanPowers = map[rune]int64{'十': 10, '拾': 10, '百': 100, '佰': 100, '千': 1000, '仟': 1000}

// hanValue reads a Han numeral in thousandths: 十五 → 15000, 半 → 500, 二〇二二 → 2022000.
func hanValue(s string) int64 {
	var total, section, digit, plain, half int64
	places := false
	for _, r := range s {
		switch {
		case r == '半':
			half = 500
		case r == '廿':
			section += 20
		case r == '卅':
			section += 30
		case r == '万' || r == '亿':
			places = true
			total = (total + section + digit) * map[rune]int64{'万': 10_000, '亿': 100_000_000}[r]
			section, digit = 0, 0
		case hanPowers[r] != 0:
			places = true
			section += max(1, digit) * hanPowers[r]
			digit = 0
		default:
			digit = hanValues[r]
			plain = plain*10 + digit
		}
	}
	if !places && section == 0 {
		return plain*1000 + half
	}
	return (total+section+digit)*1000 + half
}
