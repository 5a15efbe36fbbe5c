package chaos

import (
	"fmt"
	"regexp"
	"strings"

	"dengwen/internal/test/fakeapi"
)

var (
	submit   = regexp.MustCompile(`^提交$`)
	anew     = regexp.MustCompile(`^重新开始$`)
	goOnWith = regexp.MustCompile(`^接着(说|这件)`)
	more     = regexp.MustCompile(`^补充$`)
	send     = regexp.MustCompile(`^发送$`)
	rate     = regexp.MustCompile(`^评价$`)
	good     = regexp.MustCompile(`^满意$`)
	receive  = regexp.MustCompile(`^收到答复了$`)
	outcome  = regexp.MustCompile(`^办得怎么样$`)
	resolved = regexp.MustCompile(`^解决了$`)
	noDanger = regexp.MustCompile(`^不是这个意思`)
	neither  = regexp.MustCompile(`^都不是$`)
	numberIn = regexp.MustCompile(`(?m)^(?:登记好了|告诉值班的人了)[^\n]*\n编号 ([A-Z]{2}\d\d-\d+-\S+)`) // the latter where it is kept because somebody fell silent in danger
)

// mark tells one petition from every other: it stands in its words.
func mark(n, k int) string { return fmt.Sprintf("第%d户第%d件。", n, k) }

// citizen has one conversation after another: lodges, looks up, adds something, and of
// every eighth petition waits for the answer, rates it and says that it is resolved.
func (p *person) citizen(n int) {
	for k := 1; k == 1 || !p.r.over.Load(); k++ {
		number := p.lodge(n, k)
		p.lookUp(number)
		whole, to := p.rng.IntN(8) == 0, bureau
		if whole {
			if p.rng.IntN(4) == 0 {
				to = town
			}
			p.r.queues[intake] <- task{number: number, job: remark}
			p.r.queues[intake] <- task{number: number, to: to, job: transfer}
		}
		if p.rng.IntN(2) == 0 {
			p.supplement(number, fmt.Sprintf("补充%d-%d。", n, k))
		}
		if whole {
			p.awaitAnswer(number)
			p.rate(number)
			p.finish(number, to)
		}
		p.r.done.Add(1)
	}
}

// lodge tells a story, now and then in two messages, and presses submit, now and then
// twice.
func (p *person) lodge(n, k int) string {
	story := "下梁镇三组的路一下雨就塌，车过不去，请派人来修。" + mark(n, k)
	extra := ""
	if p.rng.IntN(3) == 0 {
		extra = fmt.Sprintf("还有，桥上的栏杆也断了，%d-%d", n, k)
	}
	goal := fmt.Sprintf("the number of petition %d", k)
	goOn := func(m fakeapi.Message) {
		switch {
		case extra != "":
			p.sayFor(goal, extra)
			extra = ""
		case p.tapFor(goal, m, submit) && p.rng.IntN(4) == 0:
			p.tapFor(goal, m, submit)
		}
	}
	known, said := p.numbers(), false // the story, not another that was begun long ago
	m := p.pursue(goal, func() { p.sayFor(goal, "/new") }, func(m fakeapi.Message) bool {
		found := numberIn.FindStringSubmatch(m.Text)
		return found != nil && !known[found[1]]
	},
		reaction{regexp.MustCompile(`^请说说是什么事`), func(fakeapi.Message) {
			said = true
			p.sayFor(goal, story)
		}},
		reaction{regexp.MustCompile(`还是重新开始？`), func(m fakeapi.Message) { p.tapFor(goal, m, map[bool]*regexp.Regexp{true: goOnWith, false: anew}[said]) }},
		reaction{regexp.MustCompile(`^我没听准要改哪一处`), func(m fakeapi.Message) { p.tapFor(goal, m, neither) }},
		reaction{regexp.MustCompile(`是接着这件事说，还是另外一件？`), func(m fakeapi.Message) { p.tapFor(goal, m, goOnWith) }},
		reaction{regexp.MustCompile(`现在安全吗|告诉值班的人吗`), func(m fakeapi.Message) { p.tapFor(goal, m, noDanger) }}, // a story said twice over may be taken for one
		reaction{regexp.MustCompile(`公开：不公开`), goOn},
	)
	number := numberIn.FindStringSubmatch(m.Text)[1]
	p.r.claim(claim{by: p, kind: "file", number: number, words: mark(n, k)})
	return number
}

// numbers are those the person was told so far.
func (p *person) numbers() map[string]bool {
	all := map[string]bool{}
	for _, m := range p.all() {
		if found := numberIn.FindStringSubmatch(m.Text); found != nil {
			all[found[1]] = true
		}
	}
	return all
}

// looked matches a case as its citizen sees it.
func looked(number string) *regexp.Regexp {
	return regexp.MustCompile(`(?s)^` + number + ` .*\n现在：`)
}

func (p *person) lookUp(number string) fakeapi.Message {
	goal := "a look at " + number
	return p.pursue(goal, func() { p.sayFor(goal, number) }, func(m fakeapi.Message) bool { return looked(number).MatchString(m.Text) })
}

// look is the reaction that presses a button of the case.
func (p *person) look(goal, number string, button *regexp.Regexp) reaction {
	return reaction{looked(number), func(m fakeapi.Message) { p.tapFor(goal, m, button) }}
}

func (p *person) supplement(number, words string) {
	goal := "a supplement to " + number
	times := 0
	p.pursue(goal, func() { p.sayFor(goal, number) }, func(m fakeapi.Message) bool { return times > 0 && strings.HasPrefix(m.Text, "补充上去了") }, // not that of an earlier one, sent again
		p.look(goal, number, more),
		reaction{regexp.MustCompile(`给 ` + number + ` 补充什么`), func(fakeapi.Message) {
			times++
			p.sayFor(goal, fmt.Sprintf("%s%d。", words, times))
		}},
		reaction{regexp.MustCompile(`发完按`), func(m fakeapi.Message) { p.tapFor(goal, m, send) }},
	)
	p.r.claim(claim{by: p, kind: "supplement", number: number, words: fmt.Sprintf("%s%d。", words, times)})
}

// awaitAnswer reads on until the unit has answered.
func (p *person) awaitAnswer(number string) {
	p.pursue("", func() { p.note("", "waits for an answer to "+number) }, func(m fakeapi.Message) bool {
		return strings.HasPrefix(m.Text, "编号 "+number+" 有新进展") && strings.Contains(m.Text, "答复了")
	})
}

func (p *person) rate(number string) {
	goal := "to rate " + number
	p.pursue(goal, func() { p.sayFor(goal, number) }, func(m fakeapi.Message) bool { return strings.HasPrefix(m.Text, "评价记下了") },
		p.look(goal, number, rate),
		reaction{regexp.MustCompile(`您觉得怎么样`), func(m fakeapi.Message) { p.tapFor(goal, m, good) }},
	)
	p.r.claim(claim{by: p, kind: "rate", number: number})
}

// finish says that the answer came and that the matter is resolved, which lets the
// unit close the case.
func (p *person) finish(number string, to *unit) {
	goal := "to say that the answer to " + number + " came"
	p.pursue(goal, func() { p.sayFor(goal, number) }, func(m fakeapi.Message) bool { return strings.Contains(m.Text, "您今天收到了答复") },
		p.look(goal, number, receive))
	p.r.claim(claim{by: p, kind: "receive", number: number})
	goal = "to say that " + number + " is resolved"
	p.pursue(goal, func() { p.sayFor(goal, number) }, func(m fakeapi.Message) bool { return strings.HasPrefix(m.Text, "记下了。您的复查") },
		p.look(goal, number, outcome),
		reaction{regexp.MustCompile(`办得怎么样？`), func(m fakeapi.Message) { p.tapFor(goal, m, resolved) }},
	)
	p.r.claim(claim{by: p, kind: "settle", number: number})
	p.r.queues[to.writes] <- task{number: number, to: to, job: closing}
}
