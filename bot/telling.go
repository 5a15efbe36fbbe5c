package bot

// What a TellingQuery wants.
const (
	TellingLook  = "look"
	TellingAgree = "agree" // with Way and Number, or Way and Address
	TellingStop  = "stop"  // with Way
	TellingWant  = "want"  // with Answers
	TellingQuiet = "quiet" // with From and To, "" and "" = none
)

// TellingQuery asks or changes where somebody who petitioned is told besides this chat.
type TellingQuery struct {
	Want    string `json:"want"`
	Way     string `json:"way,omitempty"`     // telling.SMS, telling.Mail
	Number  string `json:"number,omitempty"`  // the petition whose contact is meant
	Address string `json:"address,omitempty"` // as it was typed
	Answers bool   `json:"answers,omitempty"` // only what asks or answers them, not every step
	From    string `json:"from,omitempty"`    // quiet hours, as 22:00 and 07:00
	To      string `json:"to,omitempty"`
	Lang    string `json:"lang,omitempty"`
}

// ToldChange changes one thing of where an officer is told besides the chat.
type ToldChange struct {
	Way     string `json:"way,omitempty"`     // with Address, "" = no more there
	Address string `json:"address,omitempty"` // as it was typed
	Kind    string `json:"kind,omitempty"`    // of telling.Kinds: told from now on, or no more
	Hours   bool   `json:"hours,omitempty"`   // with From and To
	From    string `json:"from,omitempty"`
	To      string `json:"to,omitempty"`
}

// What an UntoldQuery wants.
const (
	UntoldList = "list"
	UntoldTake = "take"
	UntoldDone = "done"
)

// UntoldQuery asks for what nobody could be told of, or sees to one of it; either way the tasks that are
// open then are answered.
type UntoldQuery struct {
	Want  string `json:"want"`
	ID    string `json:"id,omitempty"`
	Words string `json:"words,omitempty"` // how they were told in the end
}
