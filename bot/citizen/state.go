package citizen

import "dengwen/bot"

// The questions there are. Every one answers every kind of event; dialogue.md in the
// docs shows how they follow each other.
const (
	stateTelling       bot.State = "telling"       // say what it is about
	stateUnderstanding bot.State = "understanding" // the reader was asked
	stateClass         bot.State = "class"
	stateSubject       bot.State = "subject"
	statePlace         bot.State = "place"
	stateFacts         bot.State = "facts"
	stateRequest       bot.State = "request"
	stateAbout         bot.State = "about" // whom is a report about?
	stateUsed          bot.State = "used"
	statePeople        bot.State = "people"
	stateFiles         bot.State = "files"
	statePublic        bot.State = "public"
	stateName          bot.State = "name"
	stateAddress       bot.State = "address"
	statePhone         bot.State = "phone"
	stateForm          bot.State = "form"    // stands for all questions of the form where transitions are declared
	Card               bot.State = "card"    // read it over, then send
	stateMore          bot.State = "more"    // are words said at the card more of the story, or another matter?
	stateMend          bot.State = "mend"    // which of two changes is meant?
	stateEditing       bot.State = "editing" // which field?
	stateDanger        bot.State = "danger"  // life is in danger now: help first
	stateFiling        bot.State = "filing"  // sent, the number is on its way
	stateResume        bot.State = "resume"  // go on with the draft or start anew?
	stateCancel        bot.State = "cancel"  // really drop the draft?
	stateNumber        bot.State = "number"
	stateCode          bot.State = "code"
	stateWhich         bot.State = "which" // are words said at a case a supplement, a new petition or a question?
	stateSupplement    bot.State = "supplement"
	stateWhere         bot.State = "where" // lodged without a place: asked once, nothing waits for it
	stateWithdraw      bot.State = "withdraw"
	stateRateOffice    bot.State = "rate_office"
	stateRateUnit      bot.State = "rate_unit"
	stateSettle        bot.State = "settle"
	stateBody          bot.State = "body"   // which body is to review it
	stateAppeal        bot.State = "appeal" // ask for review or re-review
	stateReopen        bot.State = "reopen"
	stateTellTo        bot.State = "tell_to" // the number or address at which somebody wants to be told
	stateForget        bot.State = "forget"
	stateDispute       bot.State = "dispute" // say what a dispute is about that a mediator is wanted for
	stateDisputeRead   bot.State = "dispute_read"
	stateDisputeCard   bot.State = "dispute_card" // ask for a mediator, or petition?
)

// state is one question, as data: how it is put and what each kind of event means to
// it. A nil handler is a miss: explained, then asked again.
type state struct {
	ask            func(*step)
	press          func(t *step, action, arg string) bool
	text           func(*step) bool
	media          func(*step) bool
	location       func(*step) bool
	contact        func(*step) bool
	form           bool        // belongs to a draft: an action that interrupts it returns to it
	free           bool        // any words are an answer, so a question is answered first
	sortsQuestions bool        // sorts questions from other words itself
	action         bool        // an action: it returns to the question it interrupted, or to the case
	idle           bool        // nothing is pending: not asked again after something else
	next           []bot.State // where its answers lead
}

// anywhere is where commands, buttons that never go stale, and a break lead from
// every state.
var anywhere = []bot.State{
	bot.Home, stateTelling, stateUnderstanding, stateDanger, stateResume, stateCancel, stateNumber, stateCode, bot.Looking, stateSupplement, stateWithdraw,
	stateRateOffice, stateSettle, stateBody, stateAppeal, stateReopen, stateTellTo, stateForget, Card, stateFiles, stateDispute, stateDisputeRead,
}

func table() map[bot.State]state {
	m := map[bot.State]state{}
	for _, part := range []map[bot.State]state{
		storyStates(), formStates(), cardStates(), lookStates(), actionStates(), dangerStates(), disputeStates(),
	} {
		for name, st := range part {
			m[name] = st
		}
	}
	return m
}
