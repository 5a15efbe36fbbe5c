package citizen

import (
	"strings"

	"dengwen/assist/prefilter"
	"dengwen/bot"
	"dengwen/petition"
)

// How one's own petition stands is asked without its number more often than with it: the
// petitions of this chat are offered by matter and date, else number and code are asked for.

var (
	// ownMatter is how people speak of something they have lodged.
	ownMatter = prefilter.MustCompile(`(?:反映|反应|投诉|举报|上交|提交|交|登记|上报|报|递|申请|信访|上访|(?:我|俺|咱|我们)[^，,。]{0,8}(?:说|写|提|问|告|填))(?:上去|上来|给你们|给您们?)?(?:过|了|来|上)?的|我(?:的|们?的?|家的?)?那(?:个|件|桩|回)|(?:上次|上回|前面|先前|之前|以前)(?:那|的|说|跟|给|交|报)|那(?:个|件|桩)(?:信访|投诉|案子|单子|事)|我(?:的|们的)(?:件|案子|信访件?|投诉|单子|申请|事情?|材料|诉求|问题)|my (?:case|petition|complaint|report|request|letter)|(?:what|the (?:thing|one)) i (?:sent|reported|filed|lodged|told)|i (?:sent|reported|filed|lodged|complained).{0,30}(?:ago|last|yesterday|before)`)
	// howItStands asks for it.
	howItStands = prefilter.MustCompile(`怎么样|咋样|咋个样|怎样了|啥样了|(?:到|走到|办到|处理到)(?:哪|那里|什么|啥)|哪一?步|进度|进展|啥情况|什么情况|有?(?:没有|没得|莫得|有没|么得)?(?:结果|回音|回信|回话|消息|下文|动静|答复)(?:了|没|吗|么|不|呢)|(?:结果|回音|回信|消息|下文|动静)(?:呢|在哪|没有|莫得|没得|都没)|(?:没|莫|没得|还没有?|一点)(?:个|点)?(?:结果|回音|回信|消息|下文|动静)|(?:办|处理|弄|搞|解决|查|受理|批|答复|转|回复)(?:好|完|成|下来|下去)?(?:了|咧)?(?:没有?|吗|莫|么|不|呀|啊没)|有(?:没有?)?人(?:管|办|来|处理|看)(?:了|咧)?(?:没|吗|不|没有)|how is (?:it|my|the)|what (?:happened|has happened|became)|any (?:news|progress|update|answer)|status|progress|where (?:is|are) (?:it|my|we)|how far|heard nothing|no (?:answer|news|reply) (?:yet|so far)`)
	// stillNothing tells that nothing has come of it: a question only where something was lodged here.
	stillNothing = prefilter.MustCompile(`(?:还|都|也|一直|到现在|至今|咋还|怎么还)(?:是)?(?:没|莫|不见)(?:有|得)?(?:人|见|谁|动|来|管|办|处理|回|给|消息|信)|(?:没|莫)(?:有|得)?人(?:来|管|理|回|联系)|nobody (?:has come|came|called|answered)`)
	toSomebody   = prefilter.MustCompile(`(?:向|找|跟|给|到|去)(?:了|过)?[^，,。；;]{1,10}(?:反映|反应|投诉|举报|说|报|告|申请)(?:过|了)`)
)

// longestStatus is how many letters such a question has at most: longer words tell a matter.
const longestStatus = 40

// statusAsked reports a question on how one's own petition stands; sure is false where the
// words may as well tell a new matter.
func statusAsked(text string) (asked, sure bool) {
	s := strings.ToLower(text)
	long := longestStatus
	if !hasHan(s) {
		long *= 3
	}
	if lettersIn(s) > long || !ownMatter.MatchString(s) || toSomebody.MatchString(s) {
		return false, false
	}
	sure = howItStands.MatchString(s)
	return sure || stillNothing.MatchString(s), sure
}

// status looks up the chat's own petitions for somebody who asks without a number.
func (t *step) status(text string, sure bool) {
	t.set("status", "asked")
	if !sure {
		kept, _ := truncate(text, maxFacts)
		t.set("status", "maybe")
		t.set("text", kept)
	}
	t.list("status", "")
}

// statusListed answers with the only petition, a choice of several, or the question for a
// number. Words that may tell a new matter begin one where nothing was lodged here.
func (t *step) statusListed(o *bot.Outcome) {
	how, text := t.get("status"), t.get("text")
	t.set("status", "")
	switch {
	case o.Err != nil || o.Page == nil:
		t.noteText(t.sorry(o.Err))
		t.flush()
		t.again()
	case len(o.Page.Items) == 0 && how == "maybe" && t.state().idle:
		t.set("text", "")
		t.e.Text = text
		t.tell("")
	case len(o.Page.Items) == 0:
		t.note("own.none")
		t.interrupt(stateNumber)
	case len(o.Page.Items) == 1 && o.Page.After == "" && how != "maybe":
		t.look(o.Page.Items[0].Number, "")
	default:
		t.statusChoice(o.Page, how == "maybe")
	}
}

// statusChoice offers the petitions; maybe: the words can still become a new one.
func (t *step) statusChoice(p *petition.Page, maybe bool) {
	rows := t.caseButtons(p, "look:")
	if p.After != "" {
		rows = append(rows, []bot.Button{t.link("my.more", "more")})
	}
	last := []bot.Button{t.link("my.number", "number")}
	if maybe {
		t.wait(t.s.State)
		last = append(last, t.btn("own.new", "lodge"))
		t.set("asked", t.get("text"))
		t.set("text", "")
	}
	t.say(t.text("own.which"), append(rows, last)...)
	t.again()
}

// caseButtons is one button a petition, by day and matter.
func (t *step) caseButtons(p *petition.Page, action string) [][]bot.Button {
	var rows [][]bot.Button
	for _, v := range p.Items {
		rows = append(rows, []bot.Button{{Text: t.shortDay(petition.Day(v.Received)) + " " + clip(t.titleOf(v), 18), Data: "0:" + action + v.Number}})
	}
	return rows
}

var (
	reviewAsked   = prefilter.MustCompile(`(?:要|想|请|求|申请|能|再)(?:求|给我|来)?(?:一?次)?(?:复查|复核|再查|重新查)|^(?:复查|复核)$|(?:ask|apply|want|request).{0,12}(?:review)|^review$`)
	notContent    = prefilter.MustCompile(`(?:我|坚决|就是|还是|根本|很|太)不服|^不服|不服(?:气|你们|这|那|答复|处理|意见|结果)|(?:答复|处理|意见|结果|结论|回复|说法|决定)[^，,。]{0,8}(?:不满意|不服|不同意|不认|不接受|不对|有意见|没道理|不公)|(?:不满意|不同意|不认可?|不接受)(?:你们|这|那|单位|他们)?(?:个|份|的|种)?(?:答复|处理|意见|结果|结论|回复|说法|决定)|^(?:我)?(?:不满意|不同意|不认可|不接受)|(?:not satisfied|disagree|don't accept|do not accept|not happy) ?(?:with)?`)
	longestReview = 60
)

// reviewMove is the review that words ask for at the current case; "" where they ask for none.
func (t *step) reviewMove(text string) petition.MoveName {
	s := strings.ToLower(text)
	long := longestReview
	if !hasHan(s) {
		long *= 3
	}
	if lettersIn(s) > long || looksLikeQuestion(text) {
		return ""
	}
	asked, against := reviewAsked.MatchString(s), notContent.MatchString(s)
	switch {
	case !asked && !against:
		return ""
	case t.allows(t.s.Case, petition.MoveReview):
		return petition.MoveReview
	case t.allows(t.s.Case, petition.MoveRereview):
		return petition.MoveRereview
	case asked && strings.Contains(s, "复核"):
		return petition.MoveRereview
	case asked:
		return petition.MoveReview
	}
	return ""
}

// shortReason is how many letters words need to say why somebody disagrees.
const shortReason = 14

// beginReview opens the request for review; what was said beyond asking for it is offered as
// the reason.
func (t *step) beginReview(m petition.MoveName, text string) {
	t.set("reason", "")
	if lettersIn(text) >= shortReason {
		t.set("reason", text)
	}
	t.begin(m, t.s.Case)
}

// reviewOfWhich asks for the case that a request for review is about, where none is open.
func (t *step) reviewOfWhich() { t.list("status-review", "") }

// reviewListed opens the review of the only petition, or offers those there are.
func (t *step) reviewListed(o *bot.Outcome) {
	switch {
	case o.Err != nil || o.Page == nil || len(o.Page.Items) == 0:
		t.statusListed(o)
	case len(o.Page.Items) == 1 && o.Page.After == "":
		t.lookFirst(petition.MoveReview, o.Page.Items[0].Number)
	default:
		t.say(t.text("review.which"), t.caseButtons(o.Page, "do:review:")...)
		t.again()
	}
}
