package bot

// The questions there are. Every one answers every kind of event; dialogue.md in the
// docs shows how they follow each other.
const (
	Home          State = "home"          // nothing is open
	Telling       State = "telling"       // say what it is about
	Understanding State = "understanding" // the reader is at it
	Kind          State = "kind"          // a question to answer, or a matter to lodge?
	AskClass      State = "class"
	AskSubject    State = "subject"
	AskPlace      State = "place"
	AskFacts      State = "facts"
	AskRequest    State = "request"
	AskUsed       State = "used"
	AskPeople     State = "people"
	AskFiles      State = "files"
	AskPublic     State = "public"
	AskName       State = "name"
	AskAddress    State = "address"
	AskPhone      State = "phone"
	Form          State = "form"    // stands for all questions of the form where transitions are declared
	Card          State = "card"    // read it over, then send
	Editing       State = "editing" // which field?
	Filing        State = "filing"  // sent, the number is on its way
	Resume        State = "resume"  // go on with the draft or start anew?
	Cancel        State = "cancel"  // really drop the draft?
	AskNumber     State = "number"
	AskCode       State = "code"
	Looking       State = "looking" // a case is on the table
	Which         State = "which"   // words while a case is on the table: where do they belong?
	Supplement    State = "supplement"
	Withdraw      State = "withdraw"
	RateOffice    State = "rate_office"
	RateUnit      State = "rate_unit"
	Settle        State = "settle"
	Appeal        State = "appeal" // ask for review or re-review
	Reopen        State = "reopen"
	Forget        State = "forget"
)

// state is one question, as data: how it is put and what each kind of event means to
// it. A nil handler is a miss: explained, then asked again.
type state struct {
	ask    func(*talk)
	press  func(t *talk, action, arg string) bool
	text   func(*talk) bool
	media  func(*talk) bool
	place  func(*talk) bool
	card   func(*talk) bool
	form   bool    // belongs to a draft: an errand that breaks in comes back to it
	free   bool    // any words are an answer, so a question is answered first
	own    bool    // sorts questions from other words itself
	errand bool    // ends where it began: at the question it broke into, or at the case
	quiet  bool    // nothing is pending: not asked again after something else
	next   []State // where its answers lead
}

// anywhere is where commands, buttons that never go stale, and a break lead from
// every state.
var anywhere = []State{
	Home, Telling, Understanding, Resume, Cancel, AskNumber, AskCode, Looking, Supplement, Withdraw,
	RateOffice, Settle, Appeal, Reopen, Forget, Card, AskFiles,
}

func table() map[State]state {
	m := map[State]state{}
	for _, part := range []map[State]state{
		storyStates(), formStates(), cardStates(), lookStates(), errandStates(),
	} {
		for name, st := range part {
			m[name] = st
		}
	}
	return m
}
