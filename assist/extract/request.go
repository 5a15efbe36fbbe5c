package extract

import (
	_ "embed"
	"strings"
	"unicode/utf8"

	"dengwen/assist/linear"
	"dengwen/assist/prefilter"
)

// requestWeights tell a clause in which the writer asks for something from one that tells what happened or what
// others asked. Trained on letters in which readers marked the request (request_train_test.go).
//
//go:embed request.bin
var requestWeights []byte

var (
	asked = prefilter.MustCompile(`(?:我的?|我们的?|本人)?(?:诉求|要求|请求)(?:是|为|如下|有|:|:)|强烈要求|恳请|恳求|请求|特请|敬请|盼望|盼|望(?:有关|相关|领导|政府|部门|上级|贵|各|能|早日|尽快|给|予)|希望|要求|祈求|请(?:你们|您们?|有关|相关|领导|政府|部门|上级|帮|为|给|查|尽快|依法|严|核|督促|责令|问|求|把|管|县|镇|区|市|贵|各|示|予|信访|环保|公安|教育|劳动|住建|城管|民政|派人|修|来|对|协调|落实|解决|调查|处理|你)|(?:^|[,。;:!?、\s])请[^问假客人吃教,。]|想让|想请|我要控告|求(?:求|领导|政府|帮|给|你|您|助)|能不能|能否|可否|可不可以|是否(?:可以|能|该)|我(?:们)?(?:就)?(?:想|要)(?:要|讨|拿|让|求|请|知道|回|问|的是)|麻烦|帮(?:我|忙|帮)|建议|应该给|给我们?一个|给个(?:说法|答复|交代)|讨个?(?:说法|公道)|还我们?|(?:please|we (?:want|ask|request|demand|hope)|i (?:want|ask|request|demand|hope|would like|suggest))`)
	// What only looks like the writer's request.
	notAsked = prefilter.MustCompile(`(?:他们?|老板|物业|公司|学校|医院|厂里|开发商|对方|老师|村里|镇里|局里|银行|[她它])(?:还|就|都|又|却|也|一直|强制|强行|硬)?$`)
)

const (
	asks       = 0.6 // chance from which a clause is a request
	mayAsk     = 0.1 // and from which it is one where it says so in so many words
	sayAsks    = 0.8
	goesOn     = 0.4 // and from which it goes on in the clause beside one
	maxRequest = 360 // bytes, about 120 characters
)

// request returns what the writer asks for, the words unchanged: the clauses of one sentence that ask the plainest.
func request(m *linear.Model, t *text) Slot {
	clauses := t.askingClauses()
	chance := make([]float64, len(clauses))
	best := -1
	var chances [2]float64
	t.eachAsking(clauses, func(i int, features []uint32) {
		m.Chances(features, chances[:])
		chance[i] = chances[1]
		if !t.chinese() && !asked.MatchString(t.of(clauses[i])) { // no English was marked
			chance[i] = 0
		}
		if chance[i] >= mayAsk && t.saysAsking(clauses[i]) {
			chance[i] = max(chance[i], sayAsks)
		}
		if chance[i] >= asks && (best < 0 || chance[i] >= chance[best]-0.02) {
			best = i
		}
	})
	if best < 0 {
		return Slot{}
	}
	from, to := best, best
	for from > 0 && chance[from-1] >= goesOn && clauses[to].end-clauses[from-1].start <= maxRequest && !t.stopsBetween(clauses[from-1], clauses[from]) {
		from--
	}
	for to+1 < len(clauses) && chance[to+1] >= goesOn && clauses[to+1].end-clauses[from].start <= maxRequest && !t.stopsBetween(clauses[to], clauses[to+1]) {
		to++
	}
	return t.trimmedRequest(clauses[from].start, clauses[to].end, chance[best])
}

// saysAsking reports whether a clause has a word of asking that is not another's.
func (t *text) saysAsking(c clause) bool {
	s := t.of(c)
	m := asked.FindStringIndex(s)
	return m != nil && !notAsked.MatchString(s[:m[0]]) && !hasEnd(s[:m[0]], "没申寻")
}

func (t *text) stopsBetween(a, b clause) bool {
	return strings.ContainsAny(t.normal[a.end:b.start], stops)
}

// askingClauses are the clauses that may ask, as whole as they stand between marks; of a long letter the last ones,
// for that is where people ask.
func (t *text) askingClauses() []clause {
	var out []clause
	for _, c := range t.clauses {
		last := len(out) - 1
		if last >= 0 && out[last].end == c.start && utf8.RuneCountInString(t.normal[out[last].start:c.end]) <= 2*maxTitle {
			out[last].end = c.end
			continue
		}
		out = append(out, c)
	}
	if len(out) > matterClauses {
		return append(out[:matterClauses/4:matterClauses/4], out[len(out)-matterClauses*3/4:]...)
	}
	return out
}

// trimmedRequest is bytes [start, end) without what opens a request and what no longer belongs to it.
func (t *text) trimmedRequest(start, end int, confidence float64) Slot {
	s := t.normal[start:end]
	if m := asksBefore.FindStringIndex(s); m != nil && m[1] < len(s) {
		start += m[1]
	}
	if m := contactAfter.FindStringIndex(t.normal[start:end]); m != nil && m[0] > 0 {
		end = start + m[0]
	}
	return t.slot(start, end, confidence)
}

var (
	asksBefore   = prefilter.MustCompile(`^(?:\s|[,。;:!?、]|(?:我的?|我们的?)?(?:诉求|请求|要求)(?:是|为|如下)?[:]|(?:所以|因此|现在|特此|为此|在此|如果可以)(?:,|我)?)+`)
	contactAfter = prefilter.MustCompile(`[, ]\s*(?:我的?|本人|联系)?(?:联系)?(?:人|电话|手机|方式|地址|姓名|微信)[号码是:]?|[, ]?\s*1[3-9]\d{9}|[,]\s*(?:谢谢|此致|感谢)`)
)

// eachAsking calls f with the number of each clause and its features, which are f's until it returns.
func (t *text) eachAsking(clauses []clause, f func(i int, features []uint32)) {
	features := make([]uint32, 0, 4*matterRunes)
	var before, runes []rune
	for i, c := range clauses {
		before = runes
		runes = []rune(strings.TrimSpace(t.of(c)))
		runes = runes[:min(len(runes), matterRunes)]
		if len(runes) < 2 {
			continue
		}
		last := len(runes) - 1
		features = append(features[:0],
			linear.Feature('0', 0, 0), linear.Feature('l', rune(min(len(runes)/3, 12)), 0),
			linear.Feature('i', rune(min(i, 6)), rune(min(len(clauses), 8))), linear.Feature('z', rune(min(len(clauses)-1-i, 6)), 0),
			linear.Feature('h', runes[0], 0), linear.Feature('H', runes[0], runes[1]), linear.Feature('e', runes[last], 0), linear.Feature('E', runes[last-1], runes[last]),
			linear.Feature('m', t.markAfter(c), runes[last]), linear.Feature('M', t.markAfter(c), 0),
		)
		if len(runes) > 2 {
			features = append(features, linear.Feature('G', runes[0]<<6^runes[1], runes[2]))
		}
		if n := len(before); n > 1 {
			features = append(features, linear.Feature('p', before[n-2], before[n-1]), linear.Feature('P', before[0], before[1]),
				linear.Feature('n', before[n-1], t.markAfter(clauses[i-1])))
		}
		s := t.of(c)
		m := asked.FindStringIndex(s)
		said := is(m != nil)
		features = append(features, linear.Feature('a', said, 0))
		if m != nil {
			features = append(features, linear.Feature('A', is(notAsked.MatchString(s[:m[0]])), is(m[0] < 3)))
		}
		for k := range runes {
			features = append(features, linear.Feature('u', runes[k], 0))
			if k < last {
				features = append(features, linear.Feature('b', runes[k], runes[k+1]))
			}
			if k+1 < last {
				features = append(features, linear.Feature('t', runes[k]<<6^runes[k+1], runes[k+2]))
			}
		}
		f(i, features)
	}
}

// markAfter is the mark that ends a clause, 0 where there is none.
func (t *text) markAfter(c clause) rune {
	r, _ := utf8.DecodeRuneInString(t.normal[c.end:])
	return r
}
