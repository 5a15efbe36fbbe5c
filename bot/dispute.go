package bot

import "dengwen/petition/mediation"

// DisputeQuery asks or changes something of the disputes that are settled early. Exactly one of
// Report, Look and List is set, or Move and Number; the outcome is in Outcome.Disputes.
type DisputeQuery struct {
	Report *mediation.Report `json:"report,omitempty"` // Key is filled in by the turn
	Look   string            `json:"look,omitempty"`   // a number
	List   bool              `json:"list,omitempty"`   // those that the asker sees and that are open
	Number string            `json:"number,omitempty"`
	Move   *mediation.Move   `json:"move,omitempty"`
	Seen   int               `json:"seen,omitempty"` // see mediation.Service.Do
}
