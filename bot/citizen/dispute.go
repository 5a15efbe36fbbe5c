package citizen

import (
	"regexp"
	"strings"

	"dengwen/bot"
	"dengwen/petition"
	"dengwen/petition/mediation"
)

// A dispute between people may be mediated before anybody petitions. One message says what it is
// about, one press asks for a mediator. The words become a petition only when the person says so.

func disputeStates() map[bot.State]state {
	return map[bot.State]state{
		stateDispute:     {action: true, free: true, ask: askDispute, press: pressDispute, text: disputeText, next: []bot.State{stateDisputeRead, bot.Home}},
		stateDisputeRead: {action: true, ask: askDisputeRead, text: disputeText, next: []bot.State{stateDisputeCard}},
		stateDisputeCard: {action: true, free: true, ask: askDisputeCard, press: pressDispute, text: disputeText, next: []bot.State{stateDisputeRead, stateUnderstanding, bot.Home}},
	}
}

// Variables of a dispute that is being told.
const (
	disputeWords = "dispute"
	disputePlace = "dispute_place"
	disputeKind  = "dispute_kind"
)

// asksMediation are words that ask for a mediator, and what follows them.
var asksMediation = regexp.MustCompile(`(?s)^(?:我们?|想|要|申请|帮忙|麻烦|能不能|可以)*(?:请|找|叫)?(?:个|位)?(?:人|调解员|镇上|村上|村干部)?(?:来|给|帮忙|帮我们?|出面)*调解(?:一下|下|纠纷|员)?(?:$|[\s:：,，。]+(.*)$)`)

// wantsMediation opens the question where nothing else is open, with the words that were said along.
func (t *step) wantsMediation() bool {
	if !t.state().idle || len(t.e.Media) > 0 || t.e.Text == "" {
		return false
	}
	m := asksMediation.FindStringSubmatch(strings.TrimSpace(t.e.Text))
	if m == nil {
		return false
	}
	t.openDispute(m[1])
	return true
}

func (t *step) openDispute(words string) {
	t.set(disputeWords, "")
	t.s.Case = "" // it is about no petition: who leaves is not led back to one
	if t.e.Text = strings.TrimSpace(words); t.e.Text == "" {
		t.interrupt(stateDispute)
		return
	}
	t.e.Command, t.e.Args = "", ""
	if !t.alarmed() {
		t.readDispute()
	}
}

func askDispute(t *step) {
	t.say(t.text("dispute.tell"), []bot.Button{t.btn("button.leave", "leave")})
}

func askDisputeRead(t *step) { t.say(t.text("dispute.reading")) }

// disputeText takes words of the dispute, or more of them.
func disputeText(t *step) bool {
	if lettersIn(t.e.Text) < 4 {
		return false
	}
	t.readDispute()
	return true
}

func (t *step) readDispute() {
	words, _ := truncate(strings.TrimSpace(t.get(disputeWords)+"\n"+t.e.Text), mediation.MaxWords)
	t.set(disputeWords, words)
	if t.state().form || t.s.State == stateFiling {
		t.s.Return = t.s.State
	}
	t.wait(stateDisputeRead)
	t.do("dispute-read", bot.Effect{Read: &bot.Read{Text: words, Lang: t.s.Lang}})
}

// disputeWasRead shows what was understood. What is dangerous goes the urgent way of a petition.
func (t *step) disputeWasRead(tag string, o *bot.Outcome) {
	if t.s.State != stateDisputeRead || tag != itoa(t.s.Step) {
		return
	}
	subject := ""
	if r := o.Reading; r != nil {
		if r.Danger && !everydayWords(t.get(disputeWords)) {
			t.disputeAsStory()
			return
		}
		if t.set(disputePlace, ""); r.Place.Conf >= surePlace {
			t.set(disputePlace, r.Place.Value)
		}
		if r.Subject.Conf >= fairSubject {
			subject = r.Subject.Value
		}
	}
	t.set(disputeKind, t.conv.office.KindOfDispute(t.get(disputeWords), subject))
	t.enter(stateDisputeCard)
}

func askDisputeCard(t *step) {
	o := t.conv.office
	place, kind := t.text("dispute.place.none"), t.text("dispute.kind.none")
	if l, ok := o.Locality(t.get(disputePlace)); ok {
		place = l.NameIn(t.s.Lang) + " " + o.VillageIn(l.Code, t.get(disputeWords))
	}
	if k, ok := o.DisputeKind(t.get(disputeKind)); ok {
		kind = k.NameIn(t.s.Lang)
	}
	others := []bot.Button{t.btn("dispute.petition", "petition"), t.btn("button.leave", "leave")}
	if t.mediatedToo() { // the words stand in a petition already
		others = others[1:]
	}
	t.say(t.text("dispute.card", "Words", t.get(disputeWords), "Place", strings.TrimSpace(place), "Kind", kind), []bot.Button{t.mainBtn("dispute.mediate", "mediate")}, others)
}

func pressDispute(t *step, action, _ string) bool {
	switch action {
	case "mediate":
		words, place := t.get(disputeWords), t.get(disputePlace)
		t.do("dispute-made", bot.Effect{Dispute: &bot.DisputeQuery{Report: &mediation.Report{
			Words: words, Place: petition.Place{Code: place}, Village: t.conv.office.VillageIn(place, words), Kind: t.get(disputeKind), Lang: t.s.Lang,
		}}})
	case "petition":
		if t.mediatedToo() {
			return false
		}
		t.disputeAsStory()
	default:
		if !t.leave(action) {
			return false
		}
		t.set(disputeWords, "")
	}
	return true
}

// disputeAsStory makes a petition's story of the words.
func (t *step) disputeAsStory() {
	t.e.Text, t.e.Press = t.get(disputeWords), nil
	t.set(disputeWords, "")
	t.tell("told")
}

// disputeMade says that a mediator will be found, or why not.
func (t *step) disputeMade(o *bot.Outcome) {
	if o.Err != nil || len(o.Disputes) == 0 {
		t.noteText(t.sorry(o.Err))
		t.again()
		t.flush()
		return
	}
	t.set(disputeWords, "")
	t.note("dispute.made", "Number", o.Disputes[0].Number, "Unit", t.conv.office.UnitNameOn(o.Disputes[0].Unit, t.s.Lang, ""))
	t.wait(bot.Home)
	t.resumeQuestion()
	t.flush()
}

// disputeNews tells who reported a dispute how it goes on. It disturbs no open question.
func (t *step) disputeNews(n *mediation.News) {
	t.initSession(n.Dispute.Lang)
	key := "dispute.news." + string(n.Entry.Move)
	if n.Entry.Move == mediation.MoveAnswer {
		key = "dispute.news.refused"
	}
	d := n.Dispute
	m, _ := t.conv.office.Mediator(d.Mediator)
	args := []any{"Number", d.Number, "Mediator", m.Name, "When", n.Entry.Args["when"], "Where", n.Entry.Args["where"]}
	t.say(t.text(key, args...))
	if n.Entry.Move == mediation.MoveAnswer || n.Entry.Move == mediation.MoveFail {
		t.say(t.text("dispute.other_ways"))
	}
	t.again()
}
