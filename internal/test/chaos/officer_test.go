package chaos

import (
	"regexp"
	"slices"
	"strings"

	"dengwen/internal/test/fakeapi"
)

// job is one move that officers make in chat.
type job struct {
	kind    string
	buttons []*regexp.Regexp // that lead to it from the case, the likeliest first
	last    *regexp.Regexp   // the press that makes it, nil = its only answer does
	told    string           // how the answer begins
	after   *regexp.Regexp   // what the card of a case shows in which it is made already, nil = nothing
}

var (
	look     = regexp.MustCompile(`^看稿子：答复$`)
	confirm  = regexp.MustCompile(`^确定$`)
	submits  = regexp.MustCompile(`^送签$`)
	signs    = regexp.MustCompile(`^签发$`)
	answered = regexp.MustCompile(`(已答复|已办结)，在`)

	transfer = job{"transfer", press(`^转送$`), confirm, "转出去了", regexp.MustCompile(`(待受理|办理中|已答复|已办结)，在`)}
	accept   = job{"accept", press(`^受理告知$`), confirm, "办好了：受理告知", regexp.MustCompile(`(办理中|已答复|已办结)，在`)}
	draft    = job{"submit", append([]*regexp.Regexp{look}, press(`^答复$`)...), submits, "送签了", regexp.MustCompile(`答复：.*写好了，等`)}
	sendBack = job{"send_back", []*regexp.Regexp{look}, nil, "退回去了", regexp.MustCompile(`答复：.*退回给`)}
	sign     = job{"reply", []*regexp.Regexp{look}, signs, "签发好了", answered}
	closing  = job{"close", press(`^办结$`), confirm, "办好了：办结", regexp.MustCompile(`已办结，在`)}
	remark   = job{"note", press(`^内部备注$`), confirm, "办好了：内部备注", nil}
)

func press(pattern string) []*regexp.Regexp { return []*regexp.Regexp{regexp.MustCompile(pattern)} }

// unit answers petitions. In one the officers write and the head signs; the other is of one
// person, who does both (self_approval).
type unit struct {
	code   string
	button *regexp.Regexp
	writes string // the desk where papers are written
	signs  string // and the one where they are signed
}

var (
	bureau = &unit{"transport", regexp.MustCompile(`交通运输局`), "transport officer", "transport head"}
	town   = &unit{"xialiang", regexp.MustCompile(`^下梁镇$`), "xialiang head", "xialiang head"}
)

// intake is the desk where petitions come in.
const intake = "petition intake"

// desks are how many people work at each.
var desks = map[string]int{intake: 2, bureau.writes: 3, bureau.signs: 1, town.signs: 1}

// task is one job on one case.
type task struct {
	number string
	to     *unit
	job
	again bool // the paper was sent back once
}

// follow lays on the desks what follows a task. Notes are made beside the other moves, by
// another officer of the desk, so that two change one case at once.
func (p *person) follow(t task) {
	switch t.kind {
	case "transfer":
		p.r.queues[t.to.writes] <- task{t.number, t.to, accept, false}
	case "accept":
		p.r.queues[t.to.writes] <- task{t.number, t.to, remark, false}
		p.r.queues[t.to.writes] <- task{t.number, t.to, draft, false}
	case "submit":
		what := sign
		if !t.again && p.rng.IntN(5) == 0 {
			what = sendBack
		}
		p.r.queues[t.to.signs] <- task{t.number, t.to, what, t.again}
	case "send_back":
		p.r.queues[t.to.writes] <- task{t.number, t.to, draft, true}
	}
}

var (
	moreMoves = regexp.MustCompile(`^更多$`)
	goOn      = regexp.MustCompile(`^接着写$`)
	goBack    = regexp.MustCompile(`^退回修改$`)
	skip      = regexp.MustCompile(`^不填$`)
	cardHead  = `(?s)^[○◐●◌].*`
	answers   = []struct{ question, button *regexp.Regexp }{
		{regexp.MustCompile(`怎么告知群众的`), regexp.MustCompile(`^聊天里告知$`)},
		{regexp.MustCompile(`对群众的请求是什么意见`), regexp.MustCompile(`^支持$`)},
		{regexp.MustCompile(``), skip},
	}
)

func (p *person) join(token string) {
	p.pursue("to join", func() { p.sayFor("to join", "/start "+token) }, func(m fakeapi.Message) bool { return strings.Contains(m.Text, "加入好了") })
}

// officer does what comes to the desk until nobody brings anything any more.
func (p *person) officer(desk string) {
	for t, ok := p.task(desk); ok; t, ok = p.task(desk) {
		if made := p.do(t); made {
			p.r.claim(claim{by: p, kind: t.kind, number: t.number, words: p.kept(t)})
		}
		p.follow(t)
	}
}

// task waits for the next one, false when there is none and nobody brings any more.
func (p *person) task(desk string) (task, bool) {
	select {
	case t := <-p.r.queues[desk]:
		return t, true
	default:
	}
	select {
	case t := <-p.r.queues[desk]:
		return t, true
	case <-p.r.leave:
		return task{}, false
	}
}

// words are what an officer writes where words are asked for.
func (p *person) words(t task) string {
	return t.kind + "：" + t.number + " 已派人看过，" + p.name + "。"
}

// kept are the words that stand in the entry of a move and tell it from others.
func (p *person) kept(t task) string {
	switch t.kind {
	case "note", "send_back":
		return p.words(t)
	case "reply":
		return draft.kind + "：" + t.number + " " // written by whoever submitted it
	}
	return ""
}

// do makes a move in chat and answers whether it was told that it was made; false where
// the case shows, after the press that makes it, that it is.
func (p *person) do(t task) (made bool) {
	goal := t.kind + " " + t.number
	card := regexp.MustCompile(cardHead + t.number)
	pressed, early := false, regexp.MustCompile(`$.^`)
	if t.kind == sign.kind { // it is submitted anew, and this was read before
		early = regexp.MustCompile(`^稿子：答复 ` + t.number + `(?s).*退回给`)
	}
	tapLast := func(m fakeapi.Message) bool {
		found := t.last != nil && p.tapFor(goal, m, t.last)
		pressed = pressed || found
		return found
	}
	p.pursue(goal, p.beginning(goal, t), func(m fakeapi.Message) bool {
		made = pressed && strings.HasPrefix(m.Text, t.told) && strings.Contains(m.Text, t.number)
		return made || pressed && t.after != nil && card.MatchString(m.Text) && t.after.MatchString(m.Text)
	},
		reaction{card, func(m fakeapi.Message) { p.tapOne(goal, m, append(slices.Clone(t.buttons), moreMoves)) }},
		reaction{regexp.MustCompile(`^` + t.number + ` 现在能办的`), func(m fakeapi.Message) { p.tapOne(goal, m, t.buttons) }},
		reaction{regexp.MustCompile(`(?s)^\S+ ` + t.number + `，第 \d+ 项`), func(m fakeapi.Message) {
			p.fill(goal, t, m)
			pressed = pressed || strings.Contains(m.Text, "项，共 1 项") // its answer makes it
		}},
		reaction{regexp.MustCompile(`^请再看一遍：\S+ ` + t.number), func(m fakeapi.Message) { tapLast(m) }},
		reaction{regexp.MustCompile(`^等您签发的`), func(m fakeapi.Message) {
			if !p.tapFor(goal, m, regexp.MustCompile(`^`+t.number+` 答复$`)) { // on a later page
				p.sayFor(goal, "/case "+t.number)
			}
		}},
		reaction{early, nil},
		reaction{regexp.MustCompile(`^稿子：答复 ` + t.number), func(m fakeapi.Message) {
			if !tapLast(m) {
				p.tapOne(goal, m, []*regexp.Regexp{goOn, goBack, look})
			}
		}},
		reaction{regexp.MustCompile(`请您签发\n(?s).*` + t.number), func(m fakeapi.Message) { tapLast(m) }},
		reaction{regexp.MustCompile(`属于前面的一步|先接手了|有人先|已经变了|刚刚|请重新打开|这份稿子`), nil},
	)
	return made
}

// beginning is how a task is begun: at the case, or at first, now and then, at the list of
// what waits to be signed.
func (p *person) beginning(goal string, t task) func() {
	list := t.kind == sign.kind && p.rng.IntN(2) == 0
	return func() {
		if list {
			list = false // a case that was signed meanwhile is not on the list any more
			p.sayFor(goal, "/sign")
			return
		}
		p.sayFor(goal, "/case "+t.number)
	}
}

// tapOne presses the first of the buttons that a message has.
func (p *person) tapOne(goal string, m fakeapi.Message, buttons []*regexp.Regexp) bool {
	return slices.ContainsFunc(buttons, func(b *regexp.Regexp) bool { return p.tapFor(goal, m, b) })
}

// fill answers one item of a move.
func (p *person) fill(goal string, t task, m fakeapi.Message) {
	if strings.Contains(m.Text, "哪个单位") && p.tapFor(goal, m, t.to.button) {
		return
	}
	for _, a := range answers {
		if a.question.MatchString(m.Text) && p.tapFor(goal, m, a.button) {
			return
		}
	}
	p.sayFor(goal, p.words(t))
}
