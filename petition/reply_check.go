package petition

// Finding is something an officer should look at before an answer goes out. It stops
// nothing; a part that the document must have (Art 32) is refused by the move itself.
type Finding struct {
	Key      string            `json:"key"` // of the sentence that says it: gate.demand, …
	Args     map[string]string `json:"args,omitempty"`
	Severity string            `json:"severity"` // must, should, note
}

// Severities of a finding.
const (
	MustFix   = "must"   // the move would be refused
	ShouldFix = "should" // the law or a right is at stake
	MayFix    = "note"   // worth a look
)

// ReplyCheck reads a move over as it would be made on a case, without making it.
type ReplyCheck func(v View, m Move) []Finding
