package citizen

import (
	"strings"

	"dengwen/bot"
	"dengwen/petition"
)

// apply takes over what the reader is sure enough of; what the person said or
// confirmed stays.
func (t *step) apply(r *bot.Reading) {
	d := t.s.Draft
	f := &d.Filing
	if r.Model == "" && t.conv.locales.Written(f.Facts) != "" { // the offline reader puts no English words together
		plain := *r
		plain.Title, plain.Tried = "", ""
		if !strings.Contains(f.Facts, plain.Request.Value) {
			plain.Request = bot.Guess{}
		}
		d.Reading, r = &plain, &plain
	}
	if unsettled(d, stateClass) && isClass(r.Class.Value) && !doubtfulReport(r) {
		f.Class = petition.Class(r.Class.Value)
		d.Known[string(stateClass)] = "read"
	}
	if _, ok := t.category(r.Subject.Value); ok && r.Subject.Conf >= fairSubject && unsettled(d, stateSubject) {
		f.Subject = r.Subject.Value
		d.Known[string(stateSubject)] = "read"
		if r.Subject.Conf < sureSubject {
			d.Known[string(stateSubject)] = "guessed"
		}
	}
	t.applyPlace(r)
	t.applyRequest(r)
	if unsettled(d, stateUsed) && r.Used != "" && r.Used != petition.UsedUnsure {
		f.Used = r.Used
		d.Known[string(stateUsed)] = "read"
	}
	if d.Known[string(fieldTitle)] == "" {
		f.Title = clip(r.Title, maxTitle)
	}
	if unsettled(d, statePeople) && r.People > 1 {
		f.People = min(r.People, maxPeople)
		d.Known[string(statePeople)] = "read"
	}
	t.applyContact(r)
}

// applyRequest takes what is asked for from this reading alone: an older one belongs to
// words that were replaced.
func (t *step) applyRequest(r *bot.Reading) {
	d := t.s.Draft
	if !unsettled(d, stateRequest) {
		return
	}
	asked := r.Request.Value
	if asked == "" && r.Derived && r.Class.Value != string(petition.Report) {
		asked = t.text("card.request_neutral")
	}
	d.Filing.Request, _ = truncate(asked, maxAnswer)
	delete(d.Known, string(stateRequest))
	if d.Filing.Request != "" {
		d.Known[string(stateRequest)] = "read"
	}
}

// requestDerived reports that the request is the neutral sentence and the person has not
// written one of their own.
func requestDerived(d *bot.Draft) bool {
	return d.Filing.Request != "" && d.Reading != nil && d.Reading.Derived && d.Known[string(stateRequest)] == "read"
}

// doubtfulReport says that it may be a report on misconduct: the person is asked, because a
// report lodged as a claim may be read by those it is about (Art 30). Between claim and
// suggestion nobody is asked: the petition office sorts that.
func doubtfulReport(r *bot.Reading) bool {
	return r != nil && r.Class.Value == string(petition.Report) && r.Class.Conf < sureClass
}

func (t *step) applyPlace(r *bot.Reading) {
	d := t.s.Draft
	if !unsettled(d, statePlace) {
		return
	}
	_, known := t.locality(r.Place.Value)
	text := clip(r.PlaceText, maxField)
	switch {
	case known && r.Place.Conf >= surePlace:
		if _, town := t.findPlace(text); town {
			text = ""
		}
		d.Filing.Place.Code, d.Filing.Place.Text = r.Place.Value, text
		d.Known[string(statePlace)] = "read"
	case d.Known[string(statePlace)] == "" && d.Filing.Place.Code == "":
		d.Filing.Place.Text = text // the town is still open
		if r.Outside != "" && d.Known[knownOutside] != r.Outside {
			d.Known[knownOutside] = r.Outside
			t.note("place.outside", "Place", r.Outside)
		}
		t.placeOfCode()
	}
}

// knownOutside is where Draft.Known remembers the region that was said to be another county's.
const knownOutside = "outside"

func (t *step) applyContact(r *bot.Reading) {
	d := t.s.Draft
	for _, f := range []struct {
		state bot.State
		value string
		at    *string
	}{
		{stateName, r.Name, &d.Filing.Contact.Name},
		{stateAddress, r.Address, &d.Filing.Contact.Address},
		{statePhone, r.Phone, &d.Filing.Contact.Phone},
	} {
		value, _ := withoutIdentity(clip(f.value, maxPhone))
		if value != "" && unsettled(d, f.state) {
			*f.at = value
			d.Known[string(f.state)] = "read"
		}
	}
}

// unsettled reports whether the person has not settled a field: it may be read anew.
func unsettled(d *bot.Draft, st bot.State) bool {
	k := d.Known[string(st)]
	return k == "" || k == "read" || k == "guessed"
}

func isClass(s string) bool {
	switch petition.Class(s) {
	case petition.Suggestion, petition.Claim, petition.Report:
		return true
	}
	return false
}
