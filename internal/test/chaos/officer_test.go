package chaos

import (
	"regexp"
	"strings"

	"dengwen/internal/test/fakeapi"
)

// job is one move that officers make in chat.
type job struct {
	kind   string
	button *regexp.Regexp
	told   string // how the answer begins
	after  string // the states in which it is made already, by |
}

var (
	transfer = job{"transfer", regexp.MustCompile(`^转送$`), "转出去了", "待受理|办理中|已答复|已办结"}
	accept   = job{"accept", regexp.MustCompile(`^受理告知$`), "办好了：受理告知", "办理中|已答复|已办结"}
	reply    = job{"reply", regexp.MustCompile(`^答复$`), "办好了：答复", "已答复|已办结"}
	closing  = job{"close", regexp.MustCompile(`^办结$`), "办好了：办结", "已办结"}
	remark   = job{"note", regexp.MustCompile(`^内部备注$`), "办好了：内部备注", ""}
)

// then is what follows a job. Notes are made beside the other moves, by the desk's other
// officer, so that two change one case at once.
var then = map[string][]task{
	"transfer": {{job: accept}},
	"accept":   {{job: remark}, {job: reply}},
}

// task is one job on one case.
type task struct {
	number string
	job
}

var (
	moreMoves = regexp.MustCompile(`^更多$`)
	skip      = regexp.MustCompile(`^不填$`)
	confirm   = regexp.MustCompile(`^确定$`)
	cardHead  = `(?s)^[○◐●◌].*`
	answers   = []struct{ question, button *regexp.Regexp }{
		{regexp.MustCompile(`哪个单位`), regexp.MustCompile(`交通运输局`)},
		{regexp.MustCompile(`怎么告知群众的`), regexp.MustCompile(`^聊天里告知$`)},
		{regexp.MustCompile(`对群众的请求是什么意见`), regexp.MustCompile(`^支持$`)},
		{regexp.MustCompile(``), skip},
	}
)

func (p *person) join(token string) {
	p.pursue("to join", func() { p.sayFor("to join", "/start "+token) }, func(m fakeapi.Message) bool { return strings.Contains(m.Text, "加入好了") })
}

// officer does what comes to the unit's desk until nobody brings anything any more.
func (p *person) officer(unit string) {
	for t, ok := p.task(unit); ok; t, ok = p.task(unit) {
		if made := p.do(t); made {
			words := ""
			if t.kind == "note" {
				words = p.words(t)
			}
			p.r.claim(claim{by: p, kind: t.kind, number: t.number, words: words})
		}
		for _, next := range then[t.kind] {
			p.r.desks["transport"] <- task{t.number, next.job}
		}
	}
}

// task waits for the next one, false when there is none and nobody brings any more.
func (p *person) task(unit string) (task, bool) {
	select {
	case t := <-p.r.desks[unit]:
		return t, true
	default:
	}
	select {
	case t := <-p.r.desks[unit]:
		return t, true
	case <-p.r.leave:
		return task{}, false
	}
}

// words are what an officer writes where words are asked for.
func (p *person) words(t task) string {
	return t.kind + "：" + t.number + " 已派人看过，" + p.name + "。"
}

// do makes a move in chat and answers whether it was told that it was made; false where
// the case shows that it was made before.
func (p *person) do(t task) (made bool) {
	goal := t.kind + " " + t.number
	before := regexp.MustCompile(`待|` + t.after)
	card := regexp.MustCompile(cardHead + t.number)
	again := func() { p.sayFor(goal, "/case "+t.number) }
	p.pursue(goal, again, func(m fakeapi.Message) bool {
		made = strings.HasPrefix(m.Text, t.told) && strings.Contains(m.Text, t.number)
		return made || t.after != "" && card.MatchString(m.Text) && strings.Contains(t.after, stateIn(m.Text)) && before.MatchString(m.Text)
	},
		reaction{card, func(m fakeapi.Message) {
			if !p.tapFor(goal, m, t.button) {
				p.tapFor(goal, m, moreMoves)
			}
		}},
		reaction{regexp.MustCompile(`^` + t.number + ` 现在能办的`), func(m fakeapi.Message) { p.tapFor(goal, m, t.button) }},
		reaction{regexp.MustCompile(`^\S+ ` + t.number + `，第 \d+ 项`), func(m fakeapi.Message) { p.fill(goal, t, m) }},
		reaction{regexp.MustCompile(`^请再看一遍：\S+ ` + t.number), func(m fakeapi.Message) { p.tapFor(goal, m, confirm) }},
		reaction{regexp.MustCompile(`属于前面的一步|先接手了|有人先|已经变了|刚刚`), nil},
	)
	return made
}

var state = regexp.MustCompile(`(待转送|待受理|办理中|已答复|已办结)，在`)

// stateIn is the state on a card.
func stateIn(text string) string {
	if m := state.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return "no state"
}

// fill answers one item of a move.
func (p *person) fill(goal string, t task, m fakeapi.Message) {
	for _, a := range answers {
		if a.question.MatchString(m.Text) && p.tapFor(goal, m, a.button) {
			return
		}
	}
	p.sayFor(goal, p.words(t))
}
