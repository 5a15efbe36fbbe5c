package citizen

import "dengwen/bot"

// The questions there are. Every one answers every kind of event; dialogue.md in the
// docs shows how they follow each other.
const (
	Telling       bot.State = "telling"       // say what it is about
	Understanding bot.State = "understanding" // the reader is at it
	Kind          bot.State = "kind"          // a question to answer, or a matter to lodge?
	AskClass      bot.State = "class"
	AskSubject    bot.State = "subject"
	AskPlace      bot.State = "place"
	AskFacts      bot.State = "facts"
	AskRequest    bot.State = "request"
	AskUsed       bot.State = "used"
	AskPeople     bot.State = "people"
	AskFiles      bot.State = "files"
	AskPublic     bot.State = "public"
	AskName       bot.State = "name"
	AskAddress    bot.State = "address"
	AskPhone      bot.State = "phone"
	Form          bot.State = "form"    // stands for all questions of the form where transitions are declared
	Card          bot.State = "card"    // read it over, then send
	Editing       bot.State = "editing" // which field?
	Filing        bot.State = "filing"  // sent, the number is on its way
	Resume        bot.State = "resume"  // go on with the draft or start anew?
	Cancel        bot.State = "cancel"  // really drop the draft?
	AskNumber     bot.State = "number"
	AskCode       bot.State = "code"
	Which         bot.State = "which" // words while a case is on the table: where do they belong?
	Supplement    bot.State = "supplement"
	Withdraw      bot.State = "withdraw"
	RateOffice    bot.State = "rate_office"
	RateUnit      bot.State = "rate_unit"
	Settle        bot.State = "settle"
	Appeal        bot.State = "appeal" // ask for review or re-review
	Reopen        bot.State = "reopen"
	Forget        bot.State = "forget"
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
	form           bool        // belongs to a draft: an errand that breaks in comes back to it
	free           bool        // any words are an answer, so a question is answered first
	sortsQuestions bool        // sorts questions from other words itself
	action         bool        // ends where it began: at the question it broke into, or at the case
	idle           bool        // nothing is pending: not asked again after something else
	next           []bot.State // where its answers lead
}

// anywhere is where commands, buttons that never go stale, and a break lead from
// every state.
var anywhere = []bot.State{
	bot.Home, Telling, Understanding, Resume, Cancel, AskNumber, AskCode, bot.Looking, Supplement, Withdraw,
	RateOffice, Settle, Appeal, Reopen, Forget, Card, AskFiles,
}

func table() map[bot.State]state {
	m := map[bot.State]state{}
	for _, part := range []map[bot.State]state{
		storyStates(), formStates(), cardStates(), lookStates(), actionStates(),
	} {
		for name, st := range part {
			m[name] = st
		}
	}
	return m
}
