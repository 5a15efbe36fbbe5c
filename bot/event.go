package bot

import (
	"time"

	"dengwen/petition"
	"dengwen/petition/bulletin"
	"dengwen/petition/roster"
)

// Event is one thing that happened in a conversation: what a person did, what an
// effect yielded, or what the case service has to tell. Doors make events; they
// translate and nothing else. It is stored as JSON.
type Event struct {
	ID       string    `json:"id"`                // unique within its source, "tg:88123"; the same id is taken once
	At       time.Time `json:"at"`                // when it reached us
	Lang     string    `json:"lang,omitempty"`    // what the client says it speaks, "zh-hans", "en"
	Text     string    `json:"text,omitempty"`    // text or caption, verbatim
	Command  string    `json:"command,omitempty"` // "start", "help" …, without slash and @bot
	Args     string    `json:"args,omitempty"`    // what followed the command (deep link payload)
	Press    *Press    `json:"press,omitempty"`
	Media    []Media   `json:"media,omitempty"`
	Location *Location `json:"location,omitempty"`
	Contact  *Shared   `json:"contact,omitempty"`
	Other    string    `json:"other,omitempty"`  // sticker, dice, poll … : kinds we answer but do not read
	Edited   bool      `json:"edited,omitempty"` // an earlier message was changed to this
	Forward  bool      `json:"forward,omitempty"`
	Ref      string    `json:"ref,omitempty"`      // the door's id of this message
	From     string    `json:"from,omitempty"`     // in a group: address of the sender's own chat
	ReplyTo  string    `json:"reply_to,omitempty"` // the door's id of the message it answers

	Notice  *petition.Notice `json:"notice,omitempty"`  // the case service tells
	Outcome *Outcome         `json:"outcome,omitempty"` // an effect is done or has failed
	Digest  *petition.Digest `json:"digest,omitempty"`  // what a unit reads in the morning; for officers only

	Bulletin *bulletin.Bulletin `json:"bulletin,omitempty"` // a service notice to somebody who agreed to get them
	Progress *bulletin.Bulletin `json:"progress,omitempty"` // how far one got, to the officer who sent it

	Name    string `json:"name,omitempty"`    // what the sender calls themselves
	Topic   string `json:"topic,omitempty"`   // in a group with topics: the topic it was said in
	Forum   bool   `json:"forum,omitempty"`   // the group has topics
	Moved   string `json:"moved,omitempty"`   // the group has this new address
	Removed bool   `json:"removed,omitempty"` // we were removed from the group
	Left    bool   `json:"left,omitempty"`    // the person closed this conversation for good: nobody reads here any more

	// Filled in by the turn, as of now.
	Officer *roster.Person    `json:"officer,omitempty"` // who of the office this is
	Group   *roster.Binding   `json:"group,omitempty"`   // the unit whose group this is
	Names   map[string]string `json:"names,omitempty"`   // of the officers that Notice or Outcome name, by id
	Door    Door              `json:"door,omitzero"`     // what the conversation's door declares
}

// Door is what the door of a conversation declares of itself. The conversation asks for
// these and never for a door's name. The zero Door has nothing of its own.
type Door struct {
	Abroad bool   `json:"abroad,omitempty"` // what is written lies abroad before the office has it: the caution is said
	Link   string `json:"link,omitempty"`   // address that opens this chat at a case when its number is put behind; "" = the office's page
}

// Press is a button pressed. Data is what the button carried; Ref the message it
// hangs on.
type Press struct {
	Data string `json:"data"`
	Ref  string `json:"ref,omitempty"`
}

// Media is one file a person sent. Ref is the door's handle on it ("tg:file_id").
// Stored means the bytes already lie in the blob store under ID.
type Media struct {
	ID     string `json:"id,omitempty"`
	Ref    string `json:"ref,omitempty"`
	Kind   string `json:"kind"` // photo, document, voice, audio, video
	Name   string `json:"name,omitempty"`
	Type   string `json:"type,omitempty"`
	Size   int64  `json:"size,omitempty"`
	Album  string `json:"album,omitempty"` // files sent together share it
	Stored bool   `json:"stored,omitempty"`
}

// Audible reports a recording that can be transcribed.
func (m Media) Audible() bool { return m.Kind == "voice" || m.Kind == "audio" }

// Location is a point a person shared, degrees WGS84.
type Location struct {
	Lat  float64 `json:"lat"`
	Lon  float64 `json:"lon"`
	Name string  `json:"name,omitempty"`
}

// Shared is an address-book card a person sent.
type Shared struct {
	Name  string `json:"name,omitempty"`
	Phone string `json:"phone,omitempty"`
	Own   bool   `json:"own,omitempty"` // the sender's own card
}

// Outcome is what an effect yielded. Effect is the effect's Tag. Exactly one of the
// results is set, or Err.
type Outcome struct {
	Effect  string               `json:"effect"`
	Ticket  *petition.Ticket     `json:"ticket,omitempty"`
	View    *petition.View       `json:"view,omitempty"`
	Page    *petition.Page       `json:"page,omitempty"`
	Reading *Reading             `json:"reading,omitempty"`
	Answer  *Answer              `json:"answer,omitempty"`
	File    *petition.Attachment `json:"file,omitempty"`
	Heard   *Heard               `json:"heard,omitempty"`   // what a fetched recording says
	Related []Related            `json:"related,omitempty"` // best first
	Count   int                  `json:"count,omitempty"`
	Err     *petition.Error      `json:"err,omitempty"`
	Person  *roster.Person       `json:"person,omitempty"`
	People  []roster.Person      `json:"people,omitempty"`
	Token   string               `json:"token,omitempty"`   // a one-time invitation
	Unit    string               `json:"unit,omitempty"`    // unit a group was tied to
	Number  string               `json:"number,omitempty"`  // case that a message belongs to
	Consent *bulletin.Consent    `json:"consent,omitempty"` // to service notices; nil = none
	Notice  *bulletin.Bulletin   `json:"notice,omitempty"`  // a service notice of the office, nil = there is none
	Pending bool                 `json:"pending,omitempty"` // with Err: it stays queued and will be tried until it is done
}

// Reading is what a reader of free text understood of a story. Every field is a
// proposal with a confidence between 0 and 1; the person confirms. The citizen's
// own words are kept elsewhere, unchanged.
type Reading struct {
	Kind      string        `json:"kind"` // story, question, own_case, unclear
	KindConf  float64       `json:"kind_conf"`
	Class     Guess         `json:"class"`
	Subject   Guess         `json:"subject"`          // category code of the office's list
	Likely    []string      `json:"likely,omitempty"` // the likeliest subjects' codes, best first, at most two
	Place     Guess         `json:"place"`            // place code
	PlaceText string        `json:"place_text,omitempty"`
	Title     string        `json:"title,omitempty"`
	Summary   []string      `json:"summary,omitempty"` // three lines for the clerk
	Request   Guess         `json:"request"`
	Derived   bool          `json:"derived,omitempty"` // the request was not said in so many words
	Tried     string        `json:"tried,omitempty"`   // whom they asked before and what came of it
	Used      petition.Used `json:"used,omitempty"`
	When      string        `json:"when,omitempty"`
	Amount    string        `json:"amount,omitempty"`
	People    int           `json:"people,omitempty"`
	Phone     string        `json:"phone,omitempty"`
	Name      string        `json:"name,omitempty"`
	Address   string        `json:"address,omitempty"`
	Concerned []string      `json:"concerned,omitempty"` // persons and units
	Danger    bool          `json:"danger,omitempty"`    // danger to life
	Minor     bool          `json:"minor,omitempty"`     // a child may be the writer or the one harmed
	Number    string        `json:"number,omitempty"`    // a ticket number in the text
	Decision  bool          `json:"decision,omitempty"`  // an official decision is contested: other clocks run
	Model     string        `json:"model,omitempty"`     // "" = offline reader
}

// Heard is what a recording seems to say; Text is "" where nothing could be made out.
type Heard struct {
	Text string `json:"text"`
}

// Related is a petition that may be about the same matter as another one.
type Related struct {
	Number string          `json:"number"`
	Title  string          `json:"title,omitempty"`
	Status petition.Status `json:"status,omitempty"`
	Score  float64         `json:"score"` // 0 to 1
	Why    string          `json:"why"`   // what they share, in the citizens' words
}

// Guess is one proposed value.
type Guess struct {
	Value string  `json:"value,omitempty"`
	Conf  float64 `json:"conf,omitempty"`
	From  string  `json:"from,omitempty"` // the words it was taken from
}

// Answer is an answer on the rules from the knowledge base.
type Answer struct {
	Text       string   `json:"text"`
	Articles   []int    `json:"articles,omitempty"`
	Confidence float64  `json:"confidence"`
	Entry      string   `json:"entry,omitempty"`
	Known      bool     `json:"known"`
	More       []string `json:"more,omitempty"` // entries near it
}
