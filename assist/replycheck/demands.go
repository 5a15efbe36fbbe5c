package replycheck

import (
	"maps"
	"regexp"
	"strings"
	"unicode"

	"dengwen/assist/normalize"
	"dengwen/petition"
)

// demands looks for each thing the citizen asked for in the answer. One of several counts as
// answered when enough of its words occur in facts and opinion and some in the opinion (what
// was looked into and then passed over is not), or when one sentence of the opinion has enough
// of its characters. A single demand is what the whole answer is about: it is missed only by an
// answer that speaks of something else or comes to no result.
func (d *draft) demands() {
	opinion := normalize.Text(d.move.Text)
	if strings.TrimSpace(opinion) == "" {
		return
	}
	said, facts := pairs(opinion), normalize.Text(d.move.Args["facts"])
	all := pairs(facts)
	maps.Copy(all, said)
	key := "demand"
	if d.view.RequestOurs {
		key = "demand_ours"
	}
	asked := demands(d.view.Request)
	for _, demand := range asked {
		answered := covered(demand, all) >= enough && covered(demand, said) > 0 || spoken(demand, opinion) >= enoughSpoken
		if len(asked) == 1 && !answered {
			answered = (grants.MatchString(opinion) || denies.MatchString(opinion)) &&
				(spoken(demand, facts+"\n"+opinion) >= enoughAlone || common(pairs(normalize.Text(d.view.Title+"。"+d.view.Facts)), all) >= enoughStory)
		}
		if !answered {
			d.find(petition.ShouldFix, key, "demand", cut(demand, 60))
		}
	}
}

// Shares of a demand that its answer has in common with it: of its pairs of characters, of its
// characters in one sentence, and the latter for a demand that is the only one. Set by one half
// of the labelled answers.
const (
	enough       = 0.25
	enoughSpoken = 0.4
	enoughAlone  = 0.2
	enoughStory  = 3 // pairs of characters that story and answer share
)

// number is how people number what they ask for.
var number = regexp.MustCompile(`(?:^|[\s，,。；;：:])(?:[（(]?[一二三四五六七八九十\d]{1,2}[)）、．.]|第[一二三四五六七八九十]{1,2}[，、：]|[一二三]是)|[①-⑨]`)

// joined is a comma after which another thing is asked for: a clause that begins with what is to be done.
var joined = regexp.MustCompile(`[，,](?:(?:再|还要|还|并且|并|也|同时|另外)?(?:请|希望|要求)?(?:赔|退|补|公开|处理|查处|处罚|恢复|安排|报销|归还|道歉|说明|拆除|追究|给[^，,。；;]{1,10}(?:装|修|办|发|赔)|[^，,。；;]{0,3}装))`)

// demands parts a request into the things asked for: by numbers where there are some,
// else by sentences and semicolons, and by clauses that each ask for something. At most 12; a greeting or a thanks is none.
func demands(request string) []string {
	text := normalize.Text(request)
	var parts []string
	if numbered := number.Split(text, -1); len(numbered) > 2 {
		parts = numbered[1:]
	} else {
		parts = strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("。；;！!？?\n", r) })
	}
	var out []string
	for _, p := range apart(parts) {
		if p = strings.Trim(p, " \t\n，。；;、："); len(pairs(p)) > 0 && len(out) < 12 {
			out = append(out, p)
		}
	}
	return out
}

// apart parts clauses that each ask for something.
func apart(parts []string) (all []string) {
	for _, p := range parts {
		from := 0
		for _, at := range joined.FindAllStringIndex(p, -1) {
			all, from = append(all, p[from:at[0]]), at[0]
		}
		all = append(all, p[from:])
	}
	return all
}

// idle are words that stand in every demand and every answer. Never written to.
var idle = regexp.MustCompile(`请求|请|希望|要求|我们|你们|您们|他们|贵局|政府|有关部门|相关部门|部门|领导|尽快|及时|帮忙|帮助|帮我|给我|一下|能不能|可以|应该|依法|问题|情况|解决|处理|谢谢|我|你|您|的|了|把|给|吧|吗|呢|和|与|及|或`)

// covered is the share of the demand's pairs of characters that occur in the answer.
func covered(demand string, answer map[[2]rune]bool) float64 {
	want := pairs(demand)
	if len(want) == 0 {
		return 1
	}
	hits := 0
	for p := range want {
		if answer[p] {
			hits++
		}
	}
	if len(want) <= 2 && hits == 0 && reordered(want, answer) {
		return 1
	}
	return float64(hits) / float64(len(want))
}

// reordered reports whether all characters of a short demand occur in the answer: 修桥
// is answered by 桥修好了.
func reordered(want, answer map[[2]rune]bool) bool {
	have := map[rune]bool{}
	for p := range answer {
		have[p[0]], have[p[1]] = true, true
	}
	for p := range want {
		if !have[p[0]] || !have[p[1]] {
			return false
		}
	}
	return true
}

// pairs are neighbouring characters, the nearest thing to words without a dictionary.
// Idle words are taken out first.
func pairs(s string) map[[2]rune]bool {
	out := map[[2]rune]bool{}
	for _, piece := range strings.FieldsFunc(idle.ReplaceAllString(s, " "), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		runes := []rune(piece)
		for i := 1; i < len(runes); i++ {
			out[[2]rune{runes[i-1], runes[i]}] = true
		}
	}
	return out
}

// spoken is the greatest share of a demand's characters that stand in one sentence of a text.
func spoken(demand, text string) float64 {
	want := map[rune]bool{}
	for _, c := range idle.ReplaceAllString(demand, "") {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			want[c] = true
		}
	}
	best := 0
	for _, sentence := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("。；;！!？?\n", r) }) {
		hits := 0
		for c := range want {
			if strings.ContainsRune(sentence, c) {
				hits++
			}
		}
		best = max(best, hits)
	}
	return float64(best) / float64(max(len(want), 1))
}

func common(a, b map[[2]rune]bool) int {
	n := 0
	for p := range a {
		if b[p] {
			n++
		}
	}
	return n
}

func cut(s string, n int) string {
	r := []rune(s)
	if len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
