// Package extract reads what a citizen writes: from free text, with or without punctuation, simplified or
// traditional, to proposals for a petition's fields, each with a confidence and the words it was taken from.
// Nothing is changed in the citizen's words and nothing is decided: the person confirms.
package extract

import (
	"fmt"
	"time"

	"dengwen/assist/linear"
	"dengwen/assist/names"
	"dengwen/assist/spans"
)

// Reading is what a message seems to say. Slots without a value were not found.
type Reading struct {
	Kind      Slot // Story, Question, OwnCase or Unclear
	Class     Slot // Suggestion, Claim or Report
	Place     Slot // code (or name) of the office's place
	PlaceText Slot // where, in the citizen's words, as fully as they said it
	Outside   Slot // the region outside the office's that PlaceText lies in
	Times     []When
	Amounts   []Amount
	People    People // how many are concerned; not found means one or unknown
	Persons   []Slot // named, other than the writer
	Units     []Slot // organisations and authorities named
	Request   Slot   // the writer's own words; not found where nobody asked in so many words
	Tried     []Slot // what was done about it before, in clauses
	Used      Slot   // Yes or No: court, arbitration or reconsideration; No below 0.5 where the text is silent
	Decision  Slot   // Yes: an official decision is contested
	Danger    Slot   // ToLife or Hazard
	Urgent    Slot   // Yes
	Minor     Slot   // Yes: a child wrote or was harmed
	Phones    []Slot // all numbers, digits only
	Phone     Slot   // the writer's
	Name      Slot   // the writer's
	Address   Slot   // the writer's
	Ticket    Slot   // a petition's number
	Title     string // one line of at most 30 characters, ours
	Summary   []string
}

// Reader reads messages for one office. It may be shared by any number of goroutines.
type Reader struct {
	code     string // the office's division code
	atlas    *atlas
	spans    *spans.Model
	requests *linear.Model
}

// NewReader prepares a reader with the office's places.
func NewReader(g Gazetteer) (*Reader, error) {
	m, err := spans.Default()
	if err != nil {
		return nil, err
	}
	requests, err := linear.Open(requestWeights)
	if err != nil {
		return nil, fmt.Errorf("read the requests' weights in the binary: %w", err)
	}
	return &Reader{g.Code, newAtlas(g), m, requests}, nil
}

// Read reads a message, of which the first 20,000 characters count; times are resolved against now, in its location.
// The cost grows with the length alone: a tenth of a millisecond for an ordinary story, a tenth of a second for the longest.
func (r *Reader) Read(message string, now time.Time) Reading {
	t := newText(message)
	found := names.Find(t.runes)
	matter := matterOf(t)
	numbers := phones(t)
	own := newWhose(r.spans, r.atlas, t, found, numbers)
	out := Reading{
		Kind: kind(t), Class: classOf(t), Ticket: ticket(t),
		Place: r.atlas.place(t, found, own), PlaceText: own.spot(),
		Times: times(t, now), Amounts: amounts(t), People: people(t),
		Units: units(t, found), Name: own.name(), Address: own.address(), Phones: numbers, Phone: own.number(),
		Tried: tried(t), Used: used(t), Decision: contested(t), Danger: danger(t), Minor: minor(t),
	}
	if !out.PlaceText.Found() && out.Place.Found() {
		out.PlaceText = Slot{out.Place.From.Text, out.Place.Confidence, out.Place.From}
	}
	out.Outside = outside(out.PlaceText, out.Place, r.code)
	out.Persons = concerned(t, out.Name)
	out.Urgent = urgent(t, out.Danger)
	out.Request = request(r.requests, t)
	out.Title = title(t, out.PlaceText, matter)
	out.Summary = summary(t, out, matter)
	return out
}
