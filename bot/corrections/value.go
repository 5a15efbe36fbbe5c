package corrections

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A pair is a value of the story and the one that may belong in its place.
type pair struct {
	was, then value
	score     int
	denied    bool // the old one is said to be wrong
	known     bool // the old one is said at all
}

// shortest is how many characters words have at most that set a number right without saying the wrong one.
const shortest = 30

// strongWords say of what was written that it was wrong.
var strongWords = regexp.MustCompile(`(?i)错|岔|颠倒|掉转|反了|打反|写反|混了|不对|有误|才对|更正|改[成为到]|改改|为准|[多少]写|[多少]说|写[多少早]|说[多少]|少打|漏[了写打]|哪[有来才够止]|何止|不止|不是|言过其实|[写打说听看算记]成|[听看记]差|上头少了|听反|make that|actually|wrong|should be|mistake|left out`)

// ofValue finds the number or the day that words set right.
func ofValue(text string, told Told) []Change {
	story, said := valuesIn(told.Story), valuesIn(text)
	pairs := pairsOf(text, told.Story, said, story)
	if len(pairs) == 0 {
		return ofOperator(text, told, story)
	}
	best := pairs[0]
	plain := best.denied || strongWords.MatchString(text) && utf8.RuneCountInString(text) <= shortest
	if best.known {
		plain = best.denied || wrongness.MatchString(text) && assertsNext.MatchString(before(text, best.then.start))
	}
	change := func(p pair) Change { return put(text, told.Story, p, plain) }
	first := change(best)
	if first.Wrong == first.Then || first.Then == "" {
		return nil
	}
	for _, p := range pairs[1:] {
		second := change(p)
		if second == first || best.score-p.score >= 2 {
			continue
		}
		if p.was.start != best.was.start && p.then.start != best.then.start || len(pairs) > 4 {
			return nil
		}
		return []Change{first, second}
	}
	return []Change{first}
}

// pairsOf are the values that may change places, the likeliest first. A value that the story has and words on it say
// again is the one that was wrong.
func pairsOf(text, tale string, said, story []value) (all []pair) {
	type knownAt struct {
		value
		denied bool
	}
	var known []knownAt
	var fresh []value
	for _, v := range said {
		denied := deniesNext.MatchString(before(text, v.start)) || deniesLast.MatchString(after(text, v.end))
		found := false
		for _, s := range story {
			if same(v, s) {
				known, found = append(known, knownAt{s, denied}), true
			}
		}
		if !found && !(denied && !assertsNext.MatchString(before(text, v.start))) {
			fresh = append(fresh, v)
		}
	}
	for _, k := range known {
		if k.denied {
			known = slices.DeleteFunc(known, func(o knownAt) bool { return !o.denied })
			break
		}
	}
	for _, s := range story {
		p := pair{was: s}
		if len(known) > 0 {
			i := slices.IndexFunc(known, func(k knownAt) bool { return k.start == s.start })
			if i < 0 {
				continue
			}
			p.known, p.denied = true, known[i].denied
		}
		for _, n := range fresh {
			like := alike(s, n)
			if p.known && n.class == "" && s.class != date {
				like = max(like, 1) // two weeks? try six
			}
			if like == 0 {
				continue
			}
			p.then, p.score = n, like+near(text, tale, n, s)
			if assertsNext.MatchString(before(text, n.start)) {
				p.score += 2
			}
			if asideLast.MatchString(after(text, n.end)) || asideNext.MatchString(before(text, n.start)) {
				p.score -= 4
			}
			if adds.MatchString(clauseOf(text, n)) {
				p.score -= 4
			}
			if strings.HasPrefix(text[n.end:], "整") {
				p.score += 2
			}
			if p.score <= 0 {
				continue
			}
			all = append(all, p)
		}
	}
	slices.SortStableFunc(all, func(a, b pair) int { return b.score - a.score })
	return all
}

// clauseOf is the clause that a value stands in.
func clauseOf(text string, v value) string {
	start := strings.LastIndexAny(text[:v.start], ",，。；;！!？?") + 1
	if end := strings.IndexAny(text[v.end:], ",，。；;！!？?"); end >= 0 {
		return text[start : v.end+end]
	}
	return text[start:]
}

// near counts the pairs of characters that stand beside both values.
func near(text, tale string, then, was value) (n int) {
	around := func(s string, v value) string { return before(s, v.start) + " " + after(s, v.end) }
	a, b := around(text, then), around(tale, was)
	r := []rune(a)
	for i := 0; i+2 <= len(r) && n < 2; i++ {
		if two := string(r[i : i+2]); r[i] > 0x2E80 && r[i+1] > 0x2E80 && strings.Contains(b, two) {
			n++
		}
	}
	return n
}

// put is the change of one value: in the story's way of writing it, with as much around it as tells it from others.
func put(text, tale string, p pair, plain bool) Change {
	start, end := p.was.start, p.was.end
	then := ""
	if p.was.class == date {
		then = dayPut(text, tale, p)
	} else {
		end = p.was.start + len(tale[p.was.start:p.was.end])
		then = numberPut(text, tale, p)
	}
	for strings.Count(tale, tale[start:end]) > 1 && start > 0 { // the one that is meant
		_, size := utf8.DecodeLastRuneInString(tale[:start])
		start -= size
		for start > 0 && tale[start] < 0x80 && tale[start-1] > ' ' && tale[start-1] < 0x80 { // a whole word
			start--
		}
	}
	return Change{Field: Story, Wrong: tale[start:end], Then: tale[start:p.was.start] + then, Plain: plain}
}

// oneName are the classes whose units are names of one thing.
var oneName = []string{"money", "people", "home", "time", "house", "year", "month", "day", "percent"}

func numberPut(text, tale string, p pair) string {
	was, then := tale[p.was.start:p.was.end], text[p.then.start:p.then.end]
	words := then
	if i := strings.LastIndex(then, p.then.unit); p.then.unit != "" && i >= 0 {
		words = then[:i]
	}
	words = strings.TrimPrefix(strings.TrimSpace(words), "百分之")
	half := ""
	if strings.HasSuffix(then, "半") && p.then.unit != "" {
		half = "半"
	}
	digits := p.was.words[0] < 0x80 && p.was.words[0] <= '9'
	whole := p.then.number == math.Trunc(p.then.number)
	rough := strings.ContainsAny(words, "多来余几")
	if digits && whole && half == "" && words[0] >= 0x80 {
		words = inDigits(p.then.number)
		if rough {
			words += "多"
		}
	}
	unit := p.was.unit
	switch {
	case p.was.class != p.then.class && p.then.class != "" && p.was.class != "":
		unit = p.then.unit // 四十分钟 → 半个钟
		if strings.Contains(then, " ") {
			unit = " " + unit
		}
	case strings.HasPrefix(was, "百分之"):
		words, unit = "百分之"+words, ""
	case p.then.unit != "" && (p.was.unit == "" || !slices.Contains(oneName, p.was.class)):
		unit = p.then.unit
		if strings.Contains(then, " ") {
			unit = " " + unit
		}
	case strings.Contains(was, " ") && p.was.unit != "":
		unit = " " + p.was.unit
	}
	return words + unit + half
}

// inDigits is a whole number in digits, tens of thousands with their word.
func inDigits(n float64) string {
	if n >= 10000 && math.Mod(n, 1000) == 0 {
		return strconv.FormatFloat(n/10000, 'f', -1, 64) + "万"
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

// dayPut is the day of the story with the parts that are told otherwise.
func dayPut(text, tale string, p pair) string {
	was := tale[p.was.start:p.was.end]
	for i := len(p.was.parts) - 1; i >= 0; i-- {
		old := p.was.parts[i]
		j := slices.IndexFunc(p.then.parts, func(q part) bool { return q.name == old.name })
		if j < 0 || p.then.parts[j].norm == old.norm && !strings.HasPrefix(text[p.then.parts[j].start:], "初") {
			continue
		}
		q := p.then.parts[j]
		now := text[q.start:q.end]
		if old.name == 'y' && len(tale[old.start:old.end]) == 4 && len(now) == 2 {
			now = q.norm // 22年 beside 2021年
		}
		if old.name == 'd' && strings.HasPrefix(now, "初") && strings.HasSuffix(was, tale[old.end:p.was.end]) {
			was = strings.TrimRight(was, "日号")
		}
		rest := was[old.end-p.was.start:]
		if old.name == 'y' && strings.HasSuffix(now, "年") {
			rest = strings.TrimPrefix(rest, "年") // 2031年, 前年
		}
		was = was[:old.start-p.was.start] + now + rest
	}
	for _, q := range p.then.parts { // the day that was left open
		if q.name == 'd' && !slices.ContainsFunc(p.was.parts, func(o part) bool { return o.name == 'd' }) && slices.ContainsFunc(p.was.parts, func(o part) bool { return o.name == 'm' }) && tale[p.was.start] >= 0x80 {
			was = strings.TrimSuffix(was, "份") + text[q.start:p.then.end]
		}
	}
	return was
}

// operators say what to do to a number without saying it.
var operators = []struct {
	words *regexp.Regexp
	by    float64
}{
	{regexp.MustCompile(`[加添补少漏][了写打掉说]*个?一?个?零|后[面头]再?[加添]个零|少[说写]了?十倍|a zero (?:is )?missing|missing a zero|add(?:ed)? a zero`), 10},
	{regexp.MustCompile(`多[了写打说]*一?个零|多[说写]了?十倍|一?个零(?:是)?多[的了出]|one zero too many|an extra zero`), 0.1},
	{regexp.MustCompile(`要?翻一?倍才对|少[说写]了?一半|应该?是?(?:两倍|翻倍)|twice that`), 2},
	{regexp.MustCompile(`多[说写]了?一[半倍]|只有一半|一半才对|half of that`), 0.5},
}

// ofOperator finds the number to which a nought was added, that was halved; the sums of money come first.
func ofOperator(text string, told Told, story []value) []Change {
	for _, o := range operators {
		if !o.words.MatchString(text) {
			continue
		}
		var like []value
		for _, v := range story {
			if v.class == "money" || v.class == "" && v.number >= 100 {
				like = append(like, v)
			}
		}
		if len(like) > 1 {
			close := slices.DeleteFunc(slices.Clone(like), func(v value) bool {
				return near(text, told.Story, value{end: len(text)}, v) == 0
			})
			if len(close) == 1 {
				like = close
			}
		}
		var out []Change
		for _, v := range like {
			n := v.number * o.by
			words := strconv.FormatFloat(n, 'f', -1, 64)
			if v.words[0] >= 0x80 || strings.ContainsAny(v.words, "万亿") {
				words = inDigits(n)
			}
			then := words + v.unit
			out = append(out, Change{Field: Story, Wrong: told.Story[v.start:v.end], Then: then, Plain: true})
		}
		if len(out) > 2 {
			return nil
		}
		return out
	}
	return nil
}
