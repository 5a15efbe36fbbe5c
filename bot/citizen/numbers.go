package citizen

import (
	"regexp"
	"strconv"
	"strings"
)

// counted is a number as somebody wrote it, with the unit behind it.
type counted struct {
	words, unit string
	value       float64
}

var (
	hanNumeral = regexp.MustCompile(`[零〇一二两三四五六七八九十百千万]+`)
	countedIn  = regexp.MustCompile(`([0-9]+(?:\.[0-9]+)?万?|[零〇一二两三四五六七八九十百千万]+)(块钱?|元|平米?|平方|个?多?月|天|年|亩|分钟|分|次|回|米|里|公里|车|只|头|条|根|户|个人|人|家|层|楼|号楼?|栋|单元|个半?钟头?|小时|周|星期|岁|袋|斤|吨|台|位|张|间|套)?`)
)

// doubtsCount are words that say that a number was another: 哪有两年, 不止三百.
var doubtsCount = regexp.MustCompile(`哪有|哪来|哪止|何止|不止|不光|才对|我记得是|系`)

// longNumber is how many digits a number has that is one to call.
const longNumber = 7

// countsIn are the numbers of a text that count something: with a unit, or of more than one character.
func countsIn(text string) (all []counted) {
	for _, m := range countedIn.FindAllStringSubmatch(text, -1) {
		n := len([]rune(m[1]))
		if m[2] == "" && n < 2 || n >= longNumber && hanNumeral.FindString(m[1]) == "" {
			continue
		}
		if v := valueOf(m[1]); v > 0 {
			all = append(all, counted{m[1], m[2], v})
		}
	}
	return all
}

func valueOf(words string) float64 {
	number, tenThousands := strings.CutSuffix(words, "万")
	if v, err := strconv.ParseFloat(number, 64); err == nil {
		if tenThousands {
			v *= 10000
		}
		return v
	}
	return hanValue(words)
}

// hanValue is a number in Chinese numerals below a hundred million, also as it is said short: 三万二 is 32,000.
// 0 where there is none.
func hanValue(words string) float64 {
	var sum, part, digit float64
	last := 1.0 // the unit before
	for _, r := range words {
		switch unit := map[rune]float64{'十': 10, '百': 100, '千': 1000, '万': 10000}[r]; {
		case unit == 10000:
			sum, part, digit, last = (sum+part+digit)*unit, 0, 0, unit
		case unit > 0:
			part += max(digit, 1) * unit
			digit, last = 0, unit
		case r == '零' || r == '〇':
			digit, last = 0, 1
		case r == '两':
			digit = 2
		default:
			digit = float64(strings.Index("一二三四五六七八九", string(r))/len("一") + 1)
		}
	}
	if last >= 100 {
		digit *= last / 10
	}
	return sum + part + digit
}

// numberMended finds the number of a story that words set right: they say the wrong one too, 去了两回，不是五次,
// or one whose like the story has once.
func numberMended(text, story string) (c correction, ok bool) {
	told, said := countsIn(story), countsIn(text)
	var wrong, fresh []counted
	for _, n := range said {
		was, known := sameCount(n, told)
		switch {
		case !known:
			fresh = append(fresh, n)
		case len(wrong) == 0 || wrong[0] != was:
			wrong = append(wrong, was)
		}
	}
	if len(wrong) == 0 && len(fresh) == 1 && (mends.MatchString(text) || doubtsCount.MatchString(text)) {
		for _, n := range told {
			if n.unit != "" && n.unit == fresh[0].unit || fresh[0].unit == "" && isSum(n) && isSum(fresh[0]) {
				wrong = append(wrong, n)
			}
		}
	}
	if len(wrong) != 1 || len(fresh) == 0 {
		return c, false
	}
	then := fresh[0].words + fresh[0].unit
	if fresh[0].unit == "" {
		then += wrong[0].unit
	}
	return correction{wrong: wrong[0].words + wrong[0].unit, then: then}, true
}

// isSum reports a number that is large enough to be money.
func isSum(n counted) bool {
	return n.value >= 100 && (n.unit == "" || strings.HasPrefix(n.unit, "块") || n.unit == "元")
}

func sameCount(n counted, all []counted) (counted, bool) {
	for _, o := range all {
		if o.value == n.value && (n.unit == "" || o.unit == "" || n.unit == o.unit) {
			return o, true
		}
	}
	return counted{}, false
}
