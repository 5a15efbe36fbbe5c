package api

import (
	"slices"

	"github.com/danielgtaylor/huma/v2"
)

// facts about the types of the service that their Go definitions do not tell.
// key: type, then field; "" is the type itself.
var schemaDocs = map[string]map[string]string{
	"Filing": {
		"":             "What a citizen, or for letters, visits and calls an officer, lodges.",
		"key":          "Leave out: the header Idempotency-Key is it.",
		"owner":        "Chat address of the filer; a citizen's is taken from Actor-Owner.",
		"channel":      "telegram, web, terminal, api, letter, visit or call.",
		"lang":         "Language of the filer, zh-CN or en.",
		"class":        "Kind of matter (Art 29, 30, 31): suggestion, claim, report (on misconduct).",
		"subject":      "Category code of the office's list; none = not sure.",
		"title":        "One line for the clerk.",
		"facts":        "The citizen's words, verbatim, up to 20,000 characters.",
		"request":      "What they ask for.",
		"request_ours": "The request is not the citizen's words: it was put together for them from what they told.",
		"used":         "Whether court, arbitration or reconsideration were already used: yes, no, unsure.",
		"used_text":    "Which ones.",
		"public":       "May be published.",
		"people":       "Number of petitioners; none = one.",
		"attachments":  "Files stored before or to be stored under these ids.",
	},
	"Place":      {"": "Where the matter is.", "code": "Place of the office's list.", "text": "The citizen's own words.", "lat": "Latitude, degrees.", "lon": "Longitude, degrees."},
	"Contact":    {"": "What a person chose to leave; all optional. Never an identity number."},
	"Attachment": {"": "A file.", "id": "Letters, digits, - and .", "type": "Media type found by looking at the bytes.", "size": "Bytes.", "stored": "The bytes are there.", "traces": "It may still say who made it, where or when: that could not be taken out safely. In cases read by staff."},
	"Move": {
		"":              "A request to move a case on; which fields it needs depends on the move.",
		"key":           "Leave out: the header Idempotency-Key is it.",
		"date":          "A civil date, 2006-01-02.",
		"args":          "reason, basis, route, outcome, rating and so on.",
		"code":          "Query code, for a citizen in another chat.",
		"version":       "Only if the case still has this version; none = any.",
		"for":           "Of draft and submit: the paper that is written, one of View.papers. Its fields stand beside, as if it were made at once.",
		"draft":         "The draft meant, its id in View.drafts; none = a new one.",
		"draft_version": "The version that was read: 409 draft.changed when it is another. sign needs it.",
	},
	"Draft": {
		"": "A paper that is not issued yet: somebody else signs it first.", "id": "Within the case, never used twice.",
		"state": "writing, submitted (waits to be signed), sent_back (with words), withdrawn by who wrote it.",
		"unit":  "Whose head signs it.", "author": "Who writes it now.", "author_unit": "Unit of the author.", "writers": "Everybody who wrote in it: none of them signs it, unless the unit's data allow self-approval.",
		"paper": "The move that issues it, as it stands now; in lists its name alone.", "at": "When it was last changed.",
		"words": "Why it was sent back.", "by": "Who sent it back.", "can": "Moves of this draft that this actor may make now.",
	},
	"Ticket": {"": "What the citizen holds after filing.", "code": "Query code; keep it, it is shown here only.", "unit": "Code of the unit it went to.", "next": "The clock that runs now."},
	"View": {
		"":             "A case as the actor may see it; what is not theirs to see is empty.",
		"request_ours": "The request is not the citizen's words: it was put together for them from what they told.",
		"due":          "Date of the running clock that comes first.",
		"paused":       "Day since which the clock that comes first stands still for a hearing (Art 36); due is then empty.",
		"left":         "Calendar days until due, or that will be left when a paused clock goes on; negative = overdue.",
		"colour":       "green, yellow or red, of the office's clock; empty when nothing runs.",
		"can":          "Moves this actor may make now.",
		"papers":       "Papers this actor may write now, for somebody else to sign (draft, submit).",
		"drafts":       "Papers that are not issued yet; for those who write or sign them.",
	},
	"Clock":  {"": "A period of the law or of the office running on a case.", "article": "Article of the Regulation; empty for the office's own.", "party": "Whom it binds: office, unit, reviewer, citizen.", "state": "running, paused, met, late, stopped."},
	"Entry":  {"": "One line of the timeline, which is only ever added to.", "by": "citizen, system or a unit's code."},
	"Notice": {"": "Tells one addressee about one timeline entry.", "id": "Position in the feed, increasing.", "to": "Chat address of a citizen, unit:<code> or staff:<id>."},
	"Query":  {"": "Selects cases; empty fields do not restrict.", "words": "Every word, split at blanks, must occur in number, title, facts, request or place.", "order": "due or new.", "after": "Cursor of the page before.", "limit": "1 to 100, 20 by default.", "officer": "Cases this officer took.", "led": "Cases that this officer leads (领导包案).", "hard": "Hard cases: a leader leads them, or led them until they were struck off (销号).", "drafts": "Cases with papers that are not issued yet: sign (some wait for this officer), write (this officer writes some), unit (of this officer's unit). Without words."},
	"Item": {
		"":       "A case in a list; its own address has the rest.",
		"place":  "Code of the place, if one of the office's list was named.",
		"title":  "One line, or the first 30 characters of what the citizen wrote.",
		"due":    "Date of the running clock that comes first.",
		"paused": "Day since which that clock stands still for a hearing (Art 36); due is then empty.",
		"left":   "Calendar days until due, or that will be left when a paused clock goes on; negative = overdue.",
		"colour": "green, yellow or red, of the office's clock; empty when nothing runs.",
		"late":   "A period of the office is over.",
		"drafts": "Papers that are not issued yet, without what they say.",
	},
	"Page":    {"": "One page of a list.", "total": "On a first page: how many cases the whole list has, counted up to 1,000; absent where only reading them would tell.", "over": "There are more than total.", "after": "Cursor of the next page; empty on the last.", "partial": "The service started a moment ago and has not read the words of all older cases yet: a search may lack some of them. Ask again in a minute."},
	"Finding": {"": "Something to look at before an answer goes out; a person decides.", "key": "Name of the sentence, as gate.demand.", "severity": "must (the move would be refused), should or note."},
	"Office":  {"": "What differs between offices.", "example": "An example whose names were not checked: not for real use."},
}

// requiredFields are the fields a caller must send, where the Go types cannot tell. Which
// values they may have the service says, with a sentence for the person.
var requiredFields = map[string][]string{
	"Filing": {"class"},
	"Move":   {"name"},
	"Query":  {},
}

// documentSchemas adds to the generated schemas what only we know, before they are used.
func (s *server) documentSchemas() {
	for name, schema := range s.api.OpenAPI().Components.Schemas.Map() {
		docs := schemaDocs[name]
		schema.Description = docs[""]
		for field, property := range schema.Properties {
			describe(property, docs[field])
		}
		if fields, ok := requiredFields[name]; ok {
			schema.Required = slices.Clone(fields)
		}
		schema.PrecomputeMessages()
	}
}

func describe(p *huma.Schema, doc string) {
	if p.Ref == "" && doc != "" { // a reference has its description at its target
		p.Description = doc
	}
}
