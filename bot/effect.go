package bot

import "dengwen/petition"

// Effect is something Step wants done. It is storable data. Exactly one of the
// pointers is set. Effects that yield something come back as an Event with an
// Outcome whose Effect is Tag.
type Effect struct {
	Tag string `json:"tag,omitempty"` // echo for the outcome: which question it answers

	Say     *Say             `json:"say,omitempty"`
	File    *petition.Filing `json:"file,omitempty"`    // Key and Owner are filled in by the turn
	Look    *Look            `json:"look,omitempty"`    // → View
	List    *petition.Query  `json:"list,omitempty"`    // own petitions → Page
	Do      *Do              `json:"do,omitempty"`      // → View
	Read    *Read            `json:"read,omitempty"`    // → Reading
	Ask     *Ask             `json:"ask,omitempty"`     // → Answer
	Fetch   *Media           `json:"fetch,omitempty"`   // fetch the bytes into the blob store → File, only on failure
	Roster  *RosterQuery     `json:"errand,omitempty"`  // of the office's roster → Person, People, Token or Unit
	Whose   string           `json:"whose,omitempty"`   // door's id of one of our messages → Number it was about
	Related string           `json:"related,omitempty"` // case number, an officer's: what may be the same matter → Related
	By      string           `json:"by,omitempty"`      // the officer of a Staff effect; filled in by the turn
	Staff   bool             `json:"staff,omitempty"`   // File, Look, List and Do are the officer's, not the citizen's
	Forget  bool             `json:"forget,omitempty"`  // cut this chat from its cases → Count
	Notices *Notices         `json:"notices,omitempty"` // service notices in this chat → Consent
}

// Say is one message to the person. Text is plain text, at most MaxText characters
// (UTF-16 units, as Telegram counts); longer answers are several effects.
type Say struct {
	Text    string     `json:"text"`
	Rows    [][]Button `json:"rows,omitempty"`
	Edit    string     `json:"edit,omitempty"`    // door's id of a message to change instead of sending a new one
	Receipt *Receipt   `json:"receipt,omitempty"` // drawn as a picture, Text is its caption (at most MaxCaption)
	About   string     `json:"about,omitempty"`   // case number: a reply to this message is about it
	Poll    *Poll      `json:"poll,omitempty"`    // the same as a quiz of the door's own
	Ask     string     `json:"ask,omitempty"`     // "location" or "contact": the door offers its native way too

	Media     []petition.Attachment `json:"media,omitempty"`  // files of the case About, sent along where the door can
	ForOffice bool                  `json:"desk,omitempty"`   // for the office: not sent once the chat is nobody's of it
	Documents []Document            `json:"papers,omitempty"` // official documents of the case About, printed when they are handed over
	Place     string                `json:"place,omitempty"`  // in a group: InCard or UnderCard
	Under     string                `json:"under,omitempty"`  // door's id of the message it answers; filled in by the turn
	Topic     *Topic                `json:"topic,omitempty"`  // in a group with topics: the topic of the case About

	Bulletin string `json:"bulletin,omitempty"` // id of the service notice it is: held against consent once more right before it goes out
}

// Places of a message in a group.
const (
	InCard    = "card"  // the one message that stands for the case: changed where it is there
	UnderCard = "reply" // an answer to it
)

// Topic is how the forum topic of a case should look.
type Topic struct {
	Name   string `json:"name"` // at most 128 characters (Bot API createForumTopic)
	Closed bool   `json:"closed,omitempty"`
}

// Albums sets files apart that one message can carry: pictures and videos together,
// documents together, recordings each alone (Bot API sendMediaGroup), ten at most.
func Albums(files []petition.Attachment) [][]petition.Attachment {
	kinds := map[string]string{"photo": "p", "video": "p", "document": "d", "audio": "a"}
	var out [][]petition.Attachment
	for i, f := range files {
		last := len(out) - 1
		if i > 0 && kinds[f.Kind] != "" && kinds[f.Kind] == kinds[files[i-1].Kind] && len(out[last]) < 10 {
			out[last] = append(out[last], f)
			continue
		}
		out = append(out, []petition.Attachment{f})
	}
	return out
}

// Limits of the narrowest door (Telegram Bot API: sendMessage, sendPhoto,
// InlineKeyboardButton), respected by construction everywhere.
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
}

// Receipt is what the receipt picture shows. Link is the QR code's target.
type Receipt struct {
	Office string   `json:"office"`
	Title  string   `json:"title"`
	Number string   `json:"number"`
	Code   string   `json:"code"`
	Lines  []string `json:"lines"` // date, what was recorded, what happens next
	Link   string   `json:"link,omitempty"`
}

// Look asks for one case by number; Code is needed unless the chat filed it.
type Look struct {
	Number string `json:"number"`
	Code   string `json:"code,omitempty"`
}

// Do makes a move on a case. Key is filled in by the turn.
type Do struct {
	Number string        `json:"number"`
	Move   petition.Move `json:"move"`
}

// Notices asks how it stands with service notices in this chat, after changing it.
type Notices struct {
	Want string `json:"want"` // on, off, look
	Lang string `json:"lang,omitempty"`
}

// Read asks the reader to understand a story.
type Read struct {
	Text string `json:"text"`
	Lang string `json:"lang,omitempty"`
}

// Ask asks the knowledge base.
type Ask struct {
	Question string `json:"question"`
	Lang     string `json:"lang,omitempty"`
}
