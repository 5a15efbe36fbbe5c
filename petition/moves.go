package petition

import "slices"

// MoveSpec is one row of the table of lawful moves: for these classes and in these
// states these people may make the move, with what it requires and what follows.
// Buttons, the API, the console and the diagram in docs are derived from the rows.
// A name may have several rows where classes differ.
type MoveSpec struct {
	Name    MoveName
	Article string   // of the Regulation, "" for housekeeping
	Class   []Class  // nil = every class
	From    []Status // a case that waits for the citizen counts as where it was before
	To      Status   // "" = stays; Back = where it was before Waiting
	Who     []Who
	Needs   []Need // what must be true of the case besides; the refusal names the first that is not
	Fields  []Field
	Checks  []Need // what must be true of the move as well

	Unit   string            // where it goes: "" stays; one of the To… targets
	Stops  []string          // clocks that end, kept or late; "*" = all
	Drops  []string          // clocks that end without a judgement; "*" = all others
	Starts []Start           // clocks that begin
	Sets   map[string]string // small facts: a literal, "$field", "@today", "@unit", "" = gone

	Document string // official document that belongs to it, "" = none
	Public   bool   // the citizen is told
	Apply    func(*step) error
}

// Sentence is the key of the sentence that tells of the move.
func (s MoveSpec) Sentence() string { return "step." + string(s.Name) }

// Who may make a move: a role, and where that officer's unit stands to the case.
type Who struct {
	Role Role
	At   Relation
}

// Citizen is the role of whoever filed the petition, by chat or by number and code.
const Citizen Role = "citizen"

// Relation says how an officer's unit stands to a case.
type Relation string

const (
	atHolder  Relation = "holder"  // has the case now
	atOffice  Relation = "office"  // the petition office
	atSender  Relation = "sender"  // sent it to the holder
	atAbove   Relation = "above"   // one level above the holder
	atHandler Relation = "handler" // gave the answer that is under review
)

// Back as a target state means: where the case was before it waited for the citizen.
const Back Status = "back"

// Targets of MoveSpec.Unit.
const (
	toField    = "@field"    // the unit named in the move
	toOffice   = "@office"   // the petition office; for a report the sealed unit
	toSealed   = "@sealed"   // the unit that gets reports on misconduct
	toSender   = "@sender"   // back to who sent it
	toReview   = "@review"   // the handler's review body (Art 35)
	toRereview = "@rereview" // the handler's re-review body (Art 36)
	toHandler  = "@handler"  // the unit whose reply was under review
	toReviewer = "@reviewer" // the unit whose review reply was under re-review
)

// Kind of a field: what a dialogue must ask for.
type Kind string

const (
	KindText    Kind = "text"
	KindDate    Kind = "date" // 2006-01-02
	KindUnit    Kind = "unit"
	KindOfficer Kind = "officer"
	KindChoice  Kind = "choice"
	KindNumber  Kind = "number" // a whole number, 1 or more
	KindCase    Kind = "case"   // another petition's number
	KindFiles   Kind = "files"
)

// Field is one thing a move requires. The keys text, unit, officer, date and files
// are fields of Move itself; every other key is an entry of Move.Args.
type Field struct {
	Key      string
	Kind     Kind
	Article  string // why it is asked: the article that demands it
	Optional bool
	Choices  []string
	Inner    bool // the citizen does not see it
}

// Why is the key of the sentence that says why the field is asked.
func (f Field) Why(m MoveName) string { return "why." + string(m) + "." + f.Key }

// Of is what a move says for a field. A choice always stands in Args, whatever its
// key.
func (m Move) Of(f Field) string {
	if f.Kind == KindChoice {
		return m.Args[f.Key]
	}
	return m.Value(f.Key)
}

// Set says a value under a key, where Value finds it again. Choices go into Args
// instead, whatever their key: a rating of the unit is no unit to go to.
func (m *Move) Set(key, value string) {
	switch key {
	case "text":
		m.Text = value
	case "unit":
		m.Unit = value
	case "officer":
		m.Officer = value
	case "date":
		m.Date = value
	default:
		if m.Args == nil {
			m.Args = map[string]string{}
		}
		m.Args[key] = value
	}
}

// Value is what a move says under a key.
func (m Move) Value(key string) string {
	switch key {
	case "text":
		return m.Text
	case "unit":
		return m.Unit
	case "officer":
		return m.Officer
	case "date":
		return m.Date
	}
	return m.Args[key]
}

// Start begins a clock. From and On name a field or "@today"; On gives the last day
// of a period that is set case by case.
type Start struct {
	Rule string
	From string
	On   string
}

func starts(rules ...string) []Start {
	var s []Start
	for _, r := range rules {
		s = append(s, Start{Rule: r})
	}
	return s
}

// Moves is the whole table, in the order of a case's life.
func Moves() []MoveSpec {
	return slices.Concat(citizenMoves(), intakeMoves(), transferMoves(), entryMoves(), workMoves(),
		answerMoves(), reviewMoves(), reportMoves(), watchMoves(), deskMoves())
}

// SpecsOf are the rows of one name. None: Invalid "move.unknown".
func SpecsOf(name MoveName) ([]MoveSpec, error) {
	return specsIn(Moves(), name)
}

func specsIn(table []MoveSpec, name MoveName) ([]MoveSpec, error) {
	var rows []MoveSpec
	for _, s := range table {
		if s.Name == name {
			rows = append(rows, s)
		}
	}
	if rows == nil {
		return nil, Fail(Invalid, "move.unknown", "move", string(name))
	}
	return rows, nil
}

// SpecOf is the row of a name for a class.
func SpecOf(name MoveName, class Class) (MoveSpec, error) {
	rows, err := SpecsOf(name)
	if err != nil {
		return MoveSpec{}, err
	}
	for _, s := range rows {
		if s.forClass(class) {
			return s, nil
		}
	}
	return MoveSpec{}, Fail(Conflict, "move.class", "move", string(name), "class", string(class))
}

func (s MoveSpec) forClass(c Class) bool { return s.Class == nil || slices.Contains(s.Class, c) }

// forCitizen reports whether the citizen makes it, perhaps others too.
func (s MoveSpec) forCitizen() bool {
	return slices.ContainsFunc(s.Who, func(w Who) bool { return w.Role == Citizen })
}

// byCitizen reports whether only the citizen makes it.
func (s MoveSpec) byCitizen() bool { return len(s.Who) == 1 && s.Who[0].Role == Citizen }

// Ended reports whether a status is an end: nothing is owed any more, though some
// ends can be reopened.
func (s Status) Ended() bool {
	return slices.Contains([]Status{Refused, Redirected, Finished, Withdrawn, Closed}, s)
}
