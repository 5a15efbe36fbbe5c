package extract

import (
	"strconv"
	"strings"

	"dengwen/assist/prefilter"
)

// An Amount is money. Yuan is its value in yuan; About where it was only roughly said.
type Amount struct {
	Slot
	Yuan  float64
	About bool
}

var (
	yuan = prefilter.MustCompile(leadingNumeral + `\s*(?:多|余|来)?(?:元钱|元|块钱|块|圆|人民币|rmb|yuan|大洋|美元)`)
	sign = prefilter.MustCompile(`(?:[¥￥]|rmb|cny)\s*(\d[\d,]*(?:\.\d+)?(?:\s*[万kw])?)`)
	bare = prefilter.MustCompile(leadingNumeral + `(?:的|左右|上下)?`)
)

// What makes a number without 元 money: a verb of paying before it, or a thing paid for after it.
var (
	paying  = prefilter.MustCompile(`(?:欠[^,。]{0,8}|(?:一|每)[天月台辆套张个]|本金|凑了?|垫了?|差了?|还差|欠款|工资|赔偿?|赔了|花了?|交了?|付了?|借了?|骗了?|骗走|罚了?|罚款|补偿款?|补助|押金|定金|首付|价|卖|买|收了?|要了?|给了?|拿了?|贷款|贷了|集资|报销|存了?|损失|亏了?|投了?|充了?|一共|总共|合计|共计|(?:钱|费|款|金)[^,。\d]{0,3}|报了|谈好|(?:费|价|钱)[^,。]{0,6}从|(?:费|价)[^,。]{0,14}[涨降][到至])(?:我们?|他们?|她|人民币|大约|大概|将近|近|差不多|了|款|各|共|一共|总共|是|金额|为|好|给了|报了|只|退|,)*$`)
	paidFor = prefilter.MustCompile(`^(?:的)?(?:存款|贷款|罚款|现金|押金|彩礼|工资|赔偿|补偿|欠款|借款|定金|医药费|全在|生活费|本金|块?[^,。]{0,2}钱)`)
	counted = prefilter.MustCompile(`^\s*(?:个|名|人|户|亩|平|米|年|月|天|日|号|岁|次|斤|吨|栋|层|楼|间|家|口|位|公里|里|度|点|分|小时|%|%|套|辆|头|只|棵|块地|期|组|届|级|条|份|本|张|件|路|区|环|线|元|块|座|平方)`)
)

func amounts(t *text) []Amount {
	var out []Amount
	taken, known := map[int]bool{}, map[float64]bool{}
	take := func(m []int, from, to int, confidence float64) {
		value, about, ok := number(strings.ReplaceAll(t.normal[from:to], " ", ""))
		if !ok || taken[from] || known[value] || from > 0 && t.normal[from-1] >= '0' && t.normal[from-1] <= '9' {
			return
		}
		taken[from], known[value] = true, true
		a := Amount{Slot: t.slot(m[0], m[1], confidence), Yuan: value, About: about || strings.ContainsAny(t.normal[m[0]:m[1]], "多余几")}
		a.Value = strconv.FormatFloat(value, 'f', -1, 64)
		out = append(out, a)
	}
	for _, m := range yuan.FindAllStringSubmatchIndex(t.normal, -1) {
		if t.normal[m[2]:m[3]] != "半" && !strings.HasPrefix(t.after(m[1], 6), "地") && !strings.HasPrefix(t.normal[m[2]:m[1]], "一块") {
			take(m, m[2], m[3], 0.95)
		}
	}
	for _, m := range sign.FindAllStringSubmatchIndex(t.normal, -1) {
		take(m, m[2], m[3], 0.95)
	}
	for _, m := range bare.FindAllStringSubmatchIndex(t.normal, -1) {
		said := t.normal[m[2]:m[3]]
		money := paidFor.MatchString(t.after(m[3], 9)) || paying.MatchString(t.before(m[0], 60))
		if strings.ContainsAny(said, "百千万亿kw0") && strings.ContainsAny(said, "0123456789一二三四五六七八九十两几壹贰叁肆伍陆柒捌玖") && money && !counted.MatchString(t.after(m[3], 9)) {
			take(m, m[2], m[3], 0.75)
		}
	}
	return out
}

// People is how many petition together. How many there are in a village, or are concerned, is not counted.
type People struct {
	Slot
	Count int
}

const who = `(?:个|名|位)?(?:人|工人|村民|业主|居民|农民工|民工|职工|家长|住户|工友|员工|老师|司机|同学|乡亲|群众|兄弟|姐妹|党员|党员群众)`

// Those who petition say so of themselves, or sign together.
var (
	together  = prefilter.MustCompile(`(?:联名|签名|署名)(?:人数?|的)?[:共有是]{0,2}(` + numeral + `)` + who + `|(` + numeral + `)` + who + `(?:共同|一起|一致)?(?:联名|签名|署名)`)
	andMore   = prefilter.MustCompile(`(?:代表|联系人|信访人|反映人|申请人|投诉人|我)[^。!?\n]{0,30}等\s*(` + numeral + `)` + who + `()`)
	ourselves = prefilter.MustCompile(`(?:我们|咱们|俺们)(?:兄弟|姐妹|工友|工人|民工|家长|业主|一共|总共|共|这|就|一起来的)?(?:有|是)?(` + numeral + `)` + who + `()`)
	ofUs      = prefilter.MustCompile(`(?:we are|we're|the) (two|three|four|five|six|seven|eight|nine|ten|\d{1,3})\b|(\d{1,3}) of us`)
)

var englishNumbers = map[string]int{"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}

func people(t *text) People {
	for _, p := range []*prefilter.Regexp{together, andMore, ourselves, ofUs} {
		for _, m := range p.FindAllStringSubmatchIndex(t.normal, 8) {
			from, to := m[2], m[3]
			if from < 0 {
				from, to = m[4], m[5]
			}
			n, ok := counting(t.normal[from:to])
			if !ok || n < 2 || n > 1e5 {
				continue
			}
			s := t.slot(from, m[1], 0.9)
			s.Value = strconv.Itoa(n)
			return People{s, n}
		}
	}
	return People{}
}

// counting is a whole number said exactly.
func counting(s string) (int, bool) {
	if n, ok := englishNumbers[s]; ok {
		return n, true
	}
	n, about, ok := number(s)
	return int(n), ok && !about && n == float64(int(n))
}
