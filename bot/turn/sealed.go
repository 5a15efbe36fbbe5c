package turn

// Sealed says where a sealed body lies in a store of conversations, mailboxes and sessions of
// browsers.
type Sealed struct {
	Kind Kind
	Conv string // "" of a WebSession
	Key  string // of the event, row, post or browser's session; "" of a Session
}

// Kind is what a body is of.
type Kind string

// The kinds of bodies.
const (
	SessionBody    Kind = "session"
	EventBody      Kind = "event"
	RowBody        Kind = "row"
	DeadLetterBody Kind = "dead letter"
	PostBody       Kind = "post"
	WebSessionBody Kind = "web session"
)

// Places are what a body may be bound to: a dead letter was an event,
// an outbox row, or raw bytes. None for sessions of browsers, which internal/websession seals.
func (s Sealed) Places() []string {
	switch s.Kind {
	case SessionBody, EventBody, RowBody:
		return []string{associatedData(s.Conv, string(s.Kind))}
	case DeadLetterBody:
		return []string{associatedData(s.Conv, "event"), associatedData(s.Conv, "row"), associatedData(s.Conv, "raw")}
	case PostBody:
		return []string{PostPlace(s.Conv, s.Key)}
	default:
		return nil
	}
}
