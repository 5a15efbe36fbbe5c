package bot

import (
	"strconv"

	"dengwen/petition"
	"dengwen/petition/outreach"
)

// Effect is something that a Step wants done, as storable data. Exactly one of the pointers,
// Whose, Related, Wait or Forget is set. Where the comment names a result after →, it comes back as
// an Event with an Outcome whose Effect is Tag.
type Effect struct {
	Tag string `json:"tag,omitempty"` // returned in Outcome.Effect

	Say     *Say                  `json:"say,omitempty"`
	File    *petition.Filing      `json:"file,omitempty"`    // Key and Owner are filled in by the turn
	Look    *Look                 `json:"look,omitempty"`    // → View
	Access  *petition.AccessQuery `json:"access,omitempty"`  // the access log → Access
	Week    *petition.WeekQuery   `json:"week,omitempty"`    // figures of the officer's week → Week
	List    *petition.Query       `json:"list,omitempty"`    // own petitions → Page
	Do      *Do                   `json:"do,omitempty"`      // a move → View
	Read    *Read                 `json:"read,omitempty"`    // → Reading
	Ask     *Ask                  `json:"ask,omitempty"`     // → Answer
	Fetch   *Media                `json:"fetch,omitempty"`   // fetch the bytes into the blob store → Err, or Heard for a recording
	Roster  *RosterQuery          `json:"errand,omitempty"`  // → Person, People, Token, Unit, or Notice and Count
	Whose   string                `json:"whose,omitempty"`   // door's id of one of our messages → Number it was about
	Related string                `json:"related,omitempty"` // case number, an officer's: what may be the same matter → Related
	By      string                `json:"by,omitempty"`      // the officer of a Staff effect; filled in by the turn
	Address string                `json:"address,omitempty"` // of the event that caused it, for limits; filled in by the turn
	Reason  string                `json:"reason,omitempty"`  // why the officer of a Staff effect wants it
	Staff   bool                  `json:"staff,omitempty"`   // asked with the officer's permissions, not the citizen's
	Wait    int                   `json:"wait,omitempty"`    // seconds, at least 1: nothing is done, the outcome comes after them
	Forget  bool                  `json:"forget,omitempty"`  // end this chat's ownership of its cases → Count
	Notices *Notices              `json:"notices,omitempty"` // consent to service notices in this chat → Consent

	Untold    *UntoldQuery    `json:"untold,omitempty"`    // what nobody could be told of → Untold
	Telling   *TellingQuery   `json:"telling,omitempty"`   // where this chat is told besides → Told
	Reception *ReceptionQuery `json:"reception,omitempty"` // leaders' reception days → Reception
	Dispute   *DisputeQuery   `json:"dispute,omitempty"`   // disputes that are settled early → Disputes
	Count     *Count          `json:"count,omitempty"`     // one more of what is counted by place and month
}

// Count asks for one more of what is counted: see outreach. The turn adds the channel to outreach.Begun.
type Count struct {
	At   outreach.Spot `json:"at"`
	What string        `json:"what"`
}

// Say is one message to the person. Text is plain text, at most MaxText characters
// (UTF-16 units, as Telegram counts); longer answers are several effects.
type Say struct {
	Text    string     `json:"text"`
	Lang    string     `json:"lang,omitempty"` // of Text; "" = not known, a message of an earlier version
	Rows    [][]Button `json:"rows,omitempty"`
	Edit    string     `json:"edit,omitempty"`    // door's id of a message to edit instead of sending a new one
	Receipt *Receipt   `json:"receipt,omitempty"` // drawn as a picture, Text is its caption
	About   string     `json:"about,omitempty"`   // case number: a reply to this message is about it
	Poll    *Poll      `json:"poll,omitempty"`    // the same as a native quiz, for doors that have one
	Dial    []string   `json:"dial,omitempty"`    // telephone numbers in Text that a door may let people call with one press
	Ask     string     `json:"ask,omitempty"`     // "location" or "contact": the door offers its native control too
	Number  bool       `json:"number,omitempty"`  // a number is the answer: buttons to be typed are letters, see Mark

	Media     []petition.Attachment `json:"media,omitempty"`  // attachments from the case About, sent where the door can
	ForOffice bool                  `json:"desk,omitempty"`   // for the office: dropped if the chat is no officer's and no unit's when it is sent
	Documents []Document            `json:"papers,omitempty"` // official documents of the case About, rendered when they are sent
	Place     string                `json:"place,omitempty"`  // in a group: InCard or UnderCard
	Under     string                `json:"under,omitempty"`  // door's id of the message it answers; filled in by the turn
	Topic     *Topic                `json:"topic,omitempty"`  // in a group with topics: the topic of the case About

	Urgent   bool   `json:"urgent,omitempty"`   // of danger to people: a one-way door says it at any hour
	Forget   bool   `json:"forget,omitempty"`   // a door that keeps a log of the conversation removes what it holds before this message
	Bulletin string `json:"bulletin,omitempty"` // id of the service notice it is: consent is checked again right before it goes out
}

// Mark is what stands before the n-th button, from 1, where buttons are typed: its number, or a
// letter where a number is the answer.
func (s Say) Mark(n int) string {
	if s.Number && n <= 26 {
		return string(rune('A' + n - 1))
	}
	return strconv.Itoa(n)
}

// Speak notes the language that a step spoke in its messages and receipts.
func Speak(effects []Effect, lang string) {
	for _, e := range effects {
		if e.Say != nil {
			e.Say.Lang = lang
			if e.Say.Receipt != nil {
				e.Say.Receipt.Lang = lang
			}
		}
	}
}

// Values of Say.Place.
const (
	InCard    = "card"  // the one message that shows the case: edited if it is there
	UnderCard = "reply" // a reply to it
)

// Topic is how the forum topic of a case should look.
type Topic struct {
	Name   string `json:"name"` // at most 128 characters (Bot API createForumTopic)
	Closed bool   `json:"closed,omitempty"`
}

// Albums splits files into runs that one message can carry: photos and videos together,
// documents together, audio together, everything else alone; ten at most (Bot API
// sendMediaGroup).
func Albums(files []petition.Attachment) [][]petition.Attachment {
	groups := map[string]string{"photo": "p", "video": "p", "document": "d", "audio": "a"}
	var out [][]petition.Attachment
	for i, f := range files {
		last := len(out) - 1
		if i > 0 && groups[f.Kind] != "" && groups[f.Kind] == groups[files[i-1].Kind] && len(out[last]) < 10 {
			out[last] = append(out[last], f)
			continue
		}
		out = append(out, []petition.Attachment{f})
	}
	return out
}

// Limits of the narrowest door (Bot API sendMessage, sendPhoto, InlineKeyboardButton). Every
// Say keeps them, whatever door it goes to.
const (
	MaxText    = 4096 // UTF-16 units of a message
	MaxCaption = 1024 // UTF-16 units of a caption
	MaxData    = 64   // bytes of a button's data
)

// Button is one button. Data comes back in Press; URL opens a page instead.
type Button struct {
	Text string `json:"text"`
	Data string `json:"data,omitempty"`
	URL  string `json:"url,omitempty"`
	Main bool   `json:"main,omitempty"` // what most people do next: a door that can makes it stand out
}

// Receipt is what the receipt picture shows. Link is the QR code's target.
type Receipt struct {
	Office string   `json:"office"`
	Title  string   `json:"title"`
	Number string   `json:"number"`
	Code   string   `json:"code"`
	Lines  []string `json:"lines"` // date, what was recorded, what happens next
	Lang   string   `json:"lang,omitempty"`
	Link   string   `json:"link,omitempty"`
	Mark   string   `json:"mark,omitempty"`  // of its entry in the record, see petition.Mark
	Check  string   `json:"check,omitempty"` // address where the mark is compared with the record
}

// Document is an official document that a message carries. ID is what
// petition.ParseDocumentRef reads; Code is the query code, needed in a chat that has not
// filed the case.
type Document struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Code string `json:"code,omitempty"`
}

// Look asks for one case by number; the query code is needed unless the chat filed it.
type Look struct {
	Number string `json:"number"`
	Code   string `json:"code,omitempty"`
}

// Do makes a move on a case. Key is filled in by the turn.
type Do struct {
	Number string        `json:"number"`
	Move   petition.Move `json:"move"`
}

// Notices changes or asks the consent to service notices in this chat.
type Notices struct {
	Want string `json:"want"` // on, off, look
	Lang string `json:"lang,omitempty"`
}

// Read has a reader extract a Reading from a story.
type Read struct {
	Text string `json:"text"`
	Lang string `json:"lang,omitempty"`
}

// Ask asks the knowledge base.
type Ask struct {
	Question string `json:"question"`
	Lang     string `json:"lang,omitempty"`
}
