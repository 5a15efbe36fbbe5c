package citizen

import (
	"slices"
	"strings"
	"time"

	"dengwen/bot"
	"dengwen/petition"
	"dengwen/petition/outreach"
)

// codeHolds is how long a conversation remembers at which code it was opened: the next matter may be
// about another place.
const codeHolds = 24 * time.Hour

// openAt remembers the place of the code that opened the conversation, and does what it is for but
// telling; false where that is left to do. The same code again is the same opening.
func (t *step) openAt(param string) bool {
	spot, to, ok := outreach.Find(t.conv.office, param)
	if !ok {
		return false
	}
	if was := t.at(); was == nil || was.Spot != spot {
		t.s.At = &bot.At{Spot: spot, Since: t.now}
	}
	switch to {
	case outreach.Quiz:
		t.quiz()
	case outreach.Days:
		t.receptionTimetable()
	default:
		return false
	}
	return true
}

// at is where the code hangs that opened the conversation, nil = none did within a day.
func (t *step) at() *bot.At {
	if t.s.At == nil || t.now.Sub(t.s.At.Since) > codeHolds {
		return nil
	}
	return t.s.At
}

// countAt counts a conversation that a code began, as soon as something is told.
func (t *step) countAt() {
	if at := t.at(); at != nil && !at.Counted {
		at.Counted = true
		t.do("count", bot.Effect{Count: &bot.Count{At: at.Spot, What: outreach.Begun}})
	}
}

// placeOfCode takes the place of the code where the words name no other. The card shows it as every
// place that was read.
func (t *step) placeOfCode() {
	d, at := t.s.Draft, t.at()
	if at == nil || at.Place == "" || d.Known[string(statePlace)] != "" || d.Known[knownOutside] != "" || d.Filing.Place.Code != "" || d.Filing.Place.Lat != 0 || len(t.townsIn(d.Filing.Facts)) > 0 {
		return
	}
	d.Filing.Place.Code = at.Place
	if at.Village != "" && !t.namesVillage(d.Filing.Facts) {
		d.Filing.Place.Text = clip(at.Village+strings.TrimSpace(d.Filing.Place.Text), maxField)
	}
	d.Known[string(statePlace)] = "read"
}

// namesVillage reports whether words name a village of the office's places.
func (t *step) namesVillage(text string) bool {
	return slices.ContainsFunc(t.conv.office.Places, func(l petition.Locality) bool {
		return slices.ContainsFunc(l.Villages, func(v string) bool { return strings.Contains(text, v) })
	})
}
