package bot

import (
	"time"

	"dengwen/petition"
	"dengwen/petition/bulletin"
	"dengwen/petition/mediation"
	"dengwen/petition/reception"
	"dengwen/petition/roster"
	"dengwen/petition/telling"
)

// Event is one thing that happened in a conversation: what a person did, the outcome of an
// effect, or a notice of the case service. It is stored as JSON.
type Event struct {
	ID       string    `json:"id"`                // unique within its source, "tg:88123"; the same id is taken once
	At       time.Time `json:"at"`                // when the door received it
	Lang     string    `json:"lang,omitempty"`    // what the client says it speaks, "zh-hans", "en"
	Text     string    `json:"text,omitempty"`    // text or caption, verbatim
	Command  string    `json:"command,omitempty"` // "start", "help" …, without slash and @bot
	Args     string    `json:"args,omitempty"`    // what followed the command (deep link payload)
	Press    *Press    `json:"press,omitempty"`
	Media    []Media   `json:"media,omitempty"`
	Location *Location `json:"location,omitempty"`
	Contact  *Shared   `json:"contact,omitempty"`
	Other    string    `json:"other,omitempty"`  // sticker, dice, poll … : a kind without readable content
	Edited   bool      `json:"edited,omitempty"` // an earlier message was changed to this
	Forward  bool      `json:"forward,omitempty"`
	Ref      string    `json:"ref,omitempty"`      // the door's id of this message
	From     string    `json:"from,omitempty"`     // in a group: address of the sender's own chat
	ReplyTo  string    `json:"reply_to,omitempty"` // the door's id of the message it answers
	Address  string    `json:"address,omitempty"`  // opaque name of the network address it came from, where the door has one

	Notice  *petition.Notice `json:"notice,omitempty"`  // of the case service
	Outcome *Outcome         `json:"outcome,omitempty"` // of an effect
	Digest  *petition.Digest `json:"digest,omitempty"`  // a unit's daily or weekly summary; for officers only

	Bulletin *bulletin.Bulletin `json:"bulletin,omitempty"` // a service notice to somebody who agreed to get them
	Progress *bulletin.Bulletin `json:"progress,omitempty"` // how far one got, to the officer who sent it

	Reception *reception.Notice `json:"reception,omitempty"` // a reminder of an appointment, or that its day was changed or cancelled
	Dispute   *mediation.News   `json:"dispute,omitempty"`   // of a dispute, to who reported it or to the unit's people

	Name    string `json:"name,omitempty"`    // what the sender calls themselves
	Topic   string `json:"topic,omitempty"`   // in a group with topics: the topic it was said in
	Forum   bool   `json:"forum,omitempty"`   // the group has topics
	Hidden  bool   `json:"hidden,omitempty"`  // an administrator of the group wrote it who hides who they are
	Moved   string `json:"moved,omitempty"`   // the group has this new address
	Removed bool   `json:"removed,omitempty"` // the bot was removed from the group
	Left    bool   `json:"left,omitempty"`    // the person ended this conversation: nothing more can be read here

	// Filled in by the turn, as of now.
	Officer *roster.Person    `json:"officer,omitempty"` // the officer who caused it, nil = a citizen or nobody
	Group   *roster.Binding   `json:"group,omitempty"`   // the unit whose group this is
	Names   map[string]string `json:"names,omitempty"`   // names of the officers in Notice or Outcome, by id
	Door    Door              `json:"door,omitzero"`     // properties of the conversation's door
}

// Door is what a door declares of itself, so that no Step asks for a door's name. The zero
// Door has no properties.
type Door struct {
	Abroad bool   `json:"abroad,omitempty"`  // messages pass through servers abroad: the person is warned
	OneWay bool   `json:"one_way,omitempty"` // nobody can answer there
	Brief  bool   `json:"brief,omitempty"`   // nothing but a number is said there
	Whole  bool   `json:"whole,omitempty"`   // what one event leads to is said in one message: few may be sent
	Link   string `json:"link,omitempty"`    // prefix of the address that opens this chat at a case, completed by its number; "" = the office's page

	MaxFileMB int `json:"max_file_mb,omitempty"` // of a file that comes through it; 0 = as the office takes
}

// Press is a button pressed. Data is the button's; Ref is the door's id of its message.
type Press struct {
	Data string `json:"data"`
	Ref  string `json:"ref,omitempty"`
}

// Media is one file a person sent. Ref is the door's id of it ("tg:file_id"). Stored: the
// bytes are in the blob store under ID already.
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

// Location is a point a person shared, in degrees of WGS 84.
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

// Outcome is the result of an effect. Effect is the effect's Tag. Err is set, or the result
// that the effect's comment names.
type Outcome struct {
	Effect    string               `json:"effect"`
	Ticket    *petition.Ticket     `json:"ticket,omitempty"`
	View      *petition.View       `json:"view,omitempty"`
	Page      *petition.Page       `json:"page,omitempty"`
	Access    *petition.AccessPage `json:"access,omitempty"`
	Week      *petition.Week       `json:"week,omitempty"`
	Reading   *Reading             `json:"reading,omitempty"`
	Answer    *Answer              `json:"answer,omitempty"`
	File      *petition.Attachment `json:"file,omitempty"`
	Heard     *Heard               `json:"heard,omitempty"`   // what a fetched recording says
	Related   []Related            `json:"related,omitempty"` // best first
	Count     int                  `json:"count,omitempty"`
	Err       *petition.Error      `json:"err,omitempty"`
	Person    *roster.Person       `json:"person,omitempty"`
	People    []roster.Person      `json:"people,omitempty"`
	Token     string               `json:"token,omitempty"`   // a one-time invitation
	Unit      string               `json:"unit,omitempty"`    // unit a group was bound to
	Lacks     string               `json:"lacks,omitempty"`   // right that the bot lacks in that group: "topics", "text"
	Number    string               `json:"number,omitempty"`  // case that a message belongs to
	Consent   *bulletin.Consent    `json:"consent,omitempty"` // to service notices; nil = none
	Notice    *bulletin.Bulletin   `json:"notice,omitempty"`  // a service notice of the office, nil = there is none
	Reception *Reception           `json:"reception,omitempty"`
	Disputes  []mediation.Dispute  `json:"disputes,omitempty"`
	Told      *telling.Wishes      `json:"told,omitempty"`
	Untold    []telling.Untold     `json:"untold,omitempty"`
	Pending   bool                 `json:"pending,omitempty"` // with Err: it is retried from the outbox until it is done
}

// Reading is what a reader extracted from a story. Every field is a proposal for the person
// to confirm; confidences are between 0 and 1. It replaces nothing: the citizen's words are
// in Draft.Parts, unchanged.
type Reading struct {
	Kind      string        `json:"kind"` // story, question, own_case, unclear
	KindConf  float64       `json:"kind_conf"`
	Aim       Guess         `json:"aim"` // what the message is for: question, suggestion, complaint, thanks or report
	Class     Guess         `json:"class"`
	Subject   Guess         `json:"subject"`          // category code of the office's list
	Likely    []string      `json:"likely,omitempty"` // the likeliest subjects' codes, best first, at most two
	Place     Guess         `json:"place"`            // place code
	PlaceText string        `json:"place_text,omitempty"`
	Outside   string        `json:"outside,omitempty"` // the region outside the office's that PlaceText lies in
	Title     string        `json:"title,omitempty"`
	Summary   []string      `json:"summary,omitempty"` // three lines for the officer
	Request   Guess         `json:"request"`
	Derived   bool          `json:"derived,omitempty"` // nobody asked in so many words: the neutral sentence stands for a request
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

// Heard is the transcript of a recording; Text is "" where there is none.
type Heard struct {
	Text string `json:"text"`
}

// Related is a petition that may be about the same matter as another one.
type Related struct {
	Number string          `json:"number"`
	Title  string          `json:"title,omitempty"`
	Status petition.Status `json:"status,omitempty"`
	Score  float64         `json:"score"` // 0 to 1
	Common InCommon        `json:"common"`
}

// InCommon is what two petitions share, in the citizens' words.
type InCommon struct {
	Place      string `json:"place,omitempty"`
	Matter     string `json:"matter,omitempty"`
	SameText   bool   `json:"same_text,omitempty"`
	SameWriter bool   `json:"same_writer,omitempty"`
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
