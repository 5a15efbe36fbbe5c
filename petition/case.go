// Package petition is the subject itself: a case and its life under the Regulation on
// Petition Work (信访工作条例, in force 2022-05-01), the table of moves, the periods, who
// may see and do what, what official documents say, and the service over a Store. Not in
// it: HTTP, file formats, sentences and storage; it imports the standard library only,
// and time and identifiers are parameters.
package petition

import "time"

// Class is the kind of matter; each has its own lawful life (Art 29, 30, 31).
type Class string

const (
	Suggestion Class = "suggestion" // 建议意见, Art 29
	Claim      Class = "claim"      // 申诉求决 (投诉请求), Art 31
	Report     Class = "report"     // 检举控告, Art 30: sealed to named officers
)

// Place is where the matter is. Code is a place of the office's data, "" when the
// citizen named one the office does not know or none; Text is the citizen's words. Lat and
// Lon are degrees (WGS 84), both 0 where no position was sent.
type Place struct {
	Code string  `json:"code,omitempty"`
	Text string  `json:"text,omitempty"`
	Lat  float64 `json:"lat,omitempty"`
	Lon  float64 `json:"lon,omitempty"`
}

// Contact is what a person chose to leave. All optional: the chat is enough. No
// identity number is ever kept.
type Contact struct {
	Name    string `json:"name,omitempty"`
	Address string `json:"address,omitempty"`
	Phone   string `json:"phone,omitempty"`
	Mail    string `json:"mail,omitempty"` // address of a mailbox
}

// Attachment is evidence a citizen or an officer added. The file itself lies in the
// blob store under ID and may arrive after the case does (Stored tells).
type Attachment struct {
	ID     string `json:"id"`
	Kind   string `json:"kind"` // photo, document, voice, audio, video
	Name   string `json:"name,omitempty"`
	Type   string `json:"type,omitempty"` // media type found by looking at the bytes
	Size   int64  `json:"size,omitempty"` // bytes
	Album  string `json:"album,omitempty"`
	Stored bool   `json:"stored,omitempty"`
	Traces bool   `json:"traces,omitempty"` // it may still say who made it, where or when: that could not be taken out safely
}

// Used says whether court, arbitration or reconsideration were already used.
type Used string

const (
	UsedYes    Used = "yes"
	UsedNo     Used = "no"
	UsedUnsure Used = "unsure"
)

// Origin is where something comes from that another body passed on: a superior, the 12345
// hotline, the national platform or a leader's mailbox. Periods run from the day it was received
// here (Filing.Received, Art 22, 23), not from the sender's day.
type Origin struct {
	Name   string `json:"name,omitempty"`   // who passed it on
	Number string `json:"number,omitempty"` // the sender's own number of it
	Date   string `json:"date,omitempty"`   // the sender's day, not after the day it was received
	Due    string `json:"due,omitempty"`    // last day to tell the sender how it ended (Art 22(1)(3)); "" = that is not asked for
}

// Filing is what a citizen (or, for letters, visits and calls, an officer) lodges (Art 17, 19).
type Filing struct {
	Key         string       `json:"key"`     // idempotency key: the same key files once, for ever
	Owner       string       `json:"owner"`   // chat address of the filer ("tg:123"), "" without a chat
	Channel     string       `json:"channel"` // one of Channels
	Origin      Origin       `json:"origin,omitzero"`
	Lang        string       `json:"lang,omitempty"`
	Class       Class        `json:"class"`
	Urgency     Urgency      `json:"urgency,omitempty"` // danger to people now, as it was lodged
	Subject     string       `json:"subject,omitempty"` // category code of the office's list, "" = not sure
	Place       Place        `json:"place"`
	About       string       `json:"about,omitempty"`        // of a report: code of the unit it is about, AboutOther = said to be about another, "" = not said
	AboutText   string       `json:"about_text,omitempty"`   // whom it is about, in the petitioner's words
	Title       string       `json:"title,omitempty"`        // one line for the officer, written by the program, not by the citizen
	Facts       string       `json:"facts"`                  // the citizen's words, verbatim
	Request     string       `json:"request,omitempty"`      // what they ask for
	RequestOurs bool         `json:"request_ours,omitempty"` // Request was written by the program: the citizen told only what happened, saw it and let it stand
	Used        Used         `json:"used,omitempty"`
	UsedText    string       `json:"used_text,omitempty"`
	Public      bool         `json:"public,omitempty"`
	Contact     Contact      `json:"contact"`
	People      int          `json:"people,omitempty"` // number of petitioners, 0 = one
	Attachments []Attachment `json:"attachments,omitempty"`
	Old         string       `json:"old,omitempty"`      // its number in the system it was taken over from
	Received    string       `json:"received,omitempty"` // day on which it came to the office, "" = today; staff only
}

// Clock is one period running on a case, of the law or of the office's own. Dates are civil dates in the
// office's time zone, as "2006-01-02". A stored date keeps the rule and the calendar
// that produced it; recalculating is an explicit move.
type Clock struct {
	Rule        string `json:"rule"`           // id of the period: forward, notify, object, handle, …
	Article     string `json:"article"`        // "22", "23(3)"; "" for a rule of the office's own
	Party       string `json:"party"`          // office, unit, reviewer, citizen
	Unit        string `json:"unit,omitempty"` // unit that had the case when it began, and owes it
	From        string `json:"from"`
	Due         string `json:"due"`
	Internal    string `json:"internal,omitempty"` // office target: last working day on or before Due
	Rolled      string `json:"rolled,omitempty"`   // first working day on or after Due (citizen windows)
	Provisional bool   `json:"provisional,omitempty"`
	Calendar    string `json:"calendar,omitempty"` // calendar version
	State       string `json:"state"`              // running, paused, met, late, stopped
	PausedAt    string `json:"paused_at,omitempty"`
	EndedAt     string `json:"ended_at,omitempty"`
}

// Entry is one line of the append-only timeline.
type Entry struct {
	Seq    int               `json:"seq"` // 1, 2, 3 … within the case
	At     time.Time         `json:"at"`
	Move   MoveName          `json:"move"`
	Public bool              `json:"public"` // the citizen sees it
	By     string            `json:"by"`     // "citizen", "system" or the unit's code; never a person's account
	Staff  string            `json:"staff,omitempty"`
	Unit   string            `json:"unit,omitempty"` // unit it went to
	Text   string            `json:"text,omitempty"`
	Args   map[string]string `json:"args,omitempty"` // dates, articles, documents named in the sentence
	Files  []Attachment      `json:"files,omitempty"`
	Inner  []string          `json:"inner,omitempty"` // "text" and keys of Args the citizen does not see
	From   Status            `json:"from,omitempty"`
	To     Status            `json:"to,omitempty"`
}

// Case is the record itself, as the service sees it.
type Case struct {
	ID       string            `json:"id"`     // UUIDv7
	Number   string            `json:"number"` // ZS26-0417-3K
	Version  int64             `json:"version"`
	Status   Status            `json:"status"`
	Route    int               `json:"route,omitempty"` // Art 31 route 1–6 of a claim, 0 = not classified
	Unit     string            `json:"unit"`            // unit that has it now
	Since    time.Time         `json:"since"`           // since when that unit has it
	Officer  string            `json:"officer,omitempty"`
	Received time.Time         `json:"received"`
	Filing   Filing            `json:"filing"`
	Clocks   []Clock           `json:"clocks,omitempty"`
	Timeline []Entry           `json:"timeline"`
	Facts    map[string]string `json:"state,omitempty"` // small facts moves keep: ratings, settlement, counts
	Drafts   []Draft           `json:"drafts,omitempty"`
	Drafted  int               `json:"drafted,omitempty"` // the highest Draft.ID there was
	Plan     []PlanStep        `json:"plan,omitempty"`    // of a hard case

	// Keyed hashes of what was sent to file it and of who sent it through which program,
	// so that its idempotency key answers them alone. "" where that was not kept yet, and
	// the second for what this process filed.
	FiledAs string `json:"filed_as,omitempty"`
	FiledBy string `json:"filed_by,omitempty"`
}
