// Package mediation is about disputes between people that are found and settled before anybody
// petitions (people's mediation, 人民调解法; Regulation on Petition Work, Art 33): who reported one,
// who mediates, whether both parties want that, sessions, the agreement with its promises, and
// where a dispute goes that is not settled. A dispute says what it is about and never rates a person;
// to refuse mediation has no consequence. It stands on the standard library; time and identifiers
// are parameters.
package mediation

import (
	"slices"
	"strings"
	"time"

	"dengwen/petition"
)

// Status is where a dispute stands.
type Status string

// The statuses. From Settled on a dispute is over.
const (
	Found      Status = "found"     // reported; nobody was asked yet
	Asked      Status = "asked"     // the parties are asked whether they want mediation
	Mediating  Status = "mediating" // both do
	Agreed     Status = "agreed"    // an agreement stands, promises run
	Settled    Status = "settled"   // every promise was kept, or nothing was left to promise
	Refused    Status = "refused"   // one party does not want mediation, which is their right
	Unsettled  Status = "unsettled" // no agreement was found
	HandedOver Status = "handed"    // it went to police, court, arbitration or the petition office
	Void       Status = "void"      // there was no dispute, or it was reported twice; no figure counts it
)

// Statuses are all of them, in the order of a dispute's life.
func Statuses() []Status {
	return []Status{Found, Asked, Mediating, Agreed, Settled, Refused, Unsettled, HandedOver, Void}
}

// Open reports whether somebody of the unit has something to do about it.
func (s Status) Open() bool { return slices.Contains(open, s) }

var open = []Status{Found, Asked, Mediating, Agreed}

// The parties of a dispute, as moves name them.
const (
	PartyA = "a"
	PartyB = "b"
)

// Dispute is one dispute. Everything that people wrote or that names them is sealed by the store.
type Dispute struct {
	Number   string            `json:"number"`  // TJ-48213907
	Version  int64             `json:"version"` // 1, 2, 3 …
	Unit     string            `json:"unit"`    // unit that has it
	Place    petition.Place    `json:"place"`
	Village  string            `json:"village,omitempty"` // one of the place's in the office's data
	Kind     string            `json:"kind"`              // a code of the office's data
	Words    string            `json:"words"`             // as it was reported
	Parties  map[string]string `json:"parties,omitempty"` // PartyA, PartyB → as they want to be named; may be empty
	Owner    string            `json:"owner,omitempty"`   // chat of the villager who reported it
	Staff    string            `json:"staff,omitempty"`   // officer who reported it
	Lang     string            `json:"lang,omitempty"`
	Received time.Time         `json:"received"`
	Round    string            `json:"round,omitempty"` // of the survey in which it was found

	Status    Status              `json:"status"`
	Mediator  string              `json:"mediator,omitempty"` // a code of the office's data
	Consents  []Consent           `json:"consents,omitempty"`
	Sessions  []Session           `json:"sessions,omitempty"`
	Agreement *Agreement          `json:"agreement,omitempty"`
	Handed    *Handed             `json:"handed_over,omitempty"`
	Done      map[string]StepDone `json:"done,omitempty"` // steps of the office's method, by code
	Log       []Entry             `json:"log"`
	Told      int                 `json:"told"` // entries of Log that whom they concern was told of, see Service.Tell
}

// Consent is what one party said when asked whether they want mediation: by whom, when, how.
type Consent struct {
	Party string    `json:"party"`
	Yes   bool      `json:"yes"`
	Way   string    `json:"way"` // one of Ways
	By    string    `json:"by"`  // the officer who asked
	At    time.Time `json:"at"`
}

// Ways are how a party is asked.
func Ways() []string { return []string{"visit", "phone", "chat", "letter"} }

// Session is one meeting with the mediator.
type Session struct {
	When    string `json:"when"` // day and time as agreed, "2026-12-01 09:30" in the office's time
	Where   string `json:"where"`
	Minutes string `json:"minutes,omitempty"`
}

// Agreement is what the parties agreed (人民调解法, Art 29). ConfirmUntil is the last day on which
// both may ask the court to confirm it (Art 33 of that law: 30 days); Confirmation what they chose.
type Agreement struct {
	At           time.Time `json:"at"`
	Facts        string    `json:"facts"`
	Terms        string    `json:"terms"`
	Manner       string    `json:"manner"`
	Promises     []Promise `json:"promises,omitempty"`
	ConfirmUntil string    `json:"confirm_until"`
	Confirmation string    `json:"confirmation,omitempty"` // one of Confirmations, "" = not said
}

// Confirmations are what parties may choose of a court's confirmation.
func Confirmations() []string { return []string{"asked", "confirmed", "unwanted"} }

// Promise is one thing that a party does by a day.
type Promise struct {
	Party string   `json:"party"`
	Words string   `json:"words"`
	Due   string   `json:"due"` // last day
	State string   `json:"state"`
	Done  string   `json:"done,omitempty"`  // day on which it was kept
	Later []string `json:"later,omitempty"` // why it takes longer, each with the day that was due before
	Told  string   `json:"told,omitempty"`  // day that was due when the reminder went out
}

// States of a promise.
const (
	Running = "running"
	Kept    = "kept"
	Broken  = "broken"
)

// Handed is where a dispute went. Case is the number of the petition that came of it.
type Handed struct {
	To   string    `json:"to"` // one of Receivers
	By   string    `json:"by"`
	At   time.Time `json:"at"`
	For  string    `json:"for"` // the party that wants it
	Case string    `json:"case,omitempty"`
}

// ToPetition is the receiver of Receivers that a petition is lodged with.
const ToPetition = "petition"

// Receivers are where a dispute may go that is not settled here.
func Receivers() []string { return []string{"police", "court", "arbitration", ToPetition} }

// StepDone is a step of the office's method that was done, with the answers to its form.
type StepDone struct {
	Day     string   `json:"day"`
	Answers []string `json:"answers,omitempty"`
}

// Entry is one line of what happened, only added to.
type Entry struct {
	At    time.Time         `json:"at"`
	Move  MoveName          `json:"move"`
	Staff string            `json:"staff,omitempty"` // "" = the villager in their chat
	Text  string            `json:"text,omitempty"`
	Args  map[string]string `json:"args,omitempty"`
}

// NextDay is the first day on which something falls due, "" for none: a promise, else a step of
// the method.
func (d *Dispute) NextDay(o *petition.Office) string {
	first := ""
	if d.Agreement != nil && d.Status == Agreed {
		for _, p := range d.Agreement.Promises {
			if p.State == Running && (first == "" || p.Due < first) {
				first = p.Due
			}
		}
	}
	if first == "" && d.Status.Open() {
		for _, s := range d.Steps(o) {
			if s.Done.Day == "" {
				return s.Due
			}
		}
	}
	return first
}

// consent is what a party said last.
func (d *Dispute) consent(party string) (Consent, bool) {
	for _, c := range slices.Backward(d.Consents) {
		if c.Party == party {
			return c, true
		}
	}
	return Consent{}, false
}

func (d *Dispute) clone() Dispute {
	c := *d
	c.Parties = cloneMap(d.Parties)
	c.Consents, c.Sessions, c.Log = slices.Clone(d.Consents), slices.Clone(d.Sessions), slices.Clone(d.Log)
	c.Done = cloneMap(d.Done)
	if d.Agreement != nil {
		a := *d.Agreement
		a.Promises = slices.Clone(a.Promises)
		c.Agreement = &a
	}
	return c
}

func cloneMap[V any](m map[string]V) map[string]V {
	out := make(map[string]V, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
}

// FindNumber finds a dispute's number in a text.
func FindNumber(text string) (string, bool) {
	up := strings.ToUpper(text)
	i := strings.Index(up, prefix)
	if i < 0 || len(up) < i+len(prefix)+digits {
		return "", false
	}
	n := up[i : i+len(prefix)+digits]
	for _, r := range n[len(prefix):] {
		if r < '0' || r > '9' {
			return "", false
		}
	}
	return n, true
}

const (
	prefix = "TJ-"
	digits = 8
)
