package citizen

import (
	"strings"

	"dengwen/bot"
	"dengwen/petition"
)

// askWhere asks once, after the ticket, where the matter is. The case goes its way without
// an answer.
func askWhere(t *step) {
	rows, row := t.townRows()
	t.say(t.text("where.ask"), append(rows, append(row, t.btn("where.none", "leave")))...)
	t.out[len(t.out)-1].Say.Ask = "location"
}

func pressWhere(t *step, action, arg string) bool {
	switch action {
	case "is":
		l, ok := t.locality(arg)
		if !ok {
			return false
		}
		t.tellWhere(t.localityName(l))
	case "page":
		t.set("page", arg)
		t.inPlace()
		t.enter(stateWhere)
	case "leave":
		t.endWhere()
		t.say(t.text("polite.ok"), t.caseRow(t.s.Case))
	default:
		return false
	}
	return true
}

// whereText takes a place in the person's own words; anything else is what it would be in
// front of the case.
func whereText(t *step) bool {
	text := strings.TrimSpace(t.e.Text)
	switch code, _ := t.findPlace(text); {
	case isUnsure(text) || politeReply(text) != "":
		return pressWhere(t, "leave", "")
	case code != "" && lettersIn(text) <= longPlace && !looksLikeQuestion(text):
		t.tellWhere(text)
	default:
		t.endWhere()
		return lookingText(t)
	}
	return true
}

func wherePlace(t *step) bool {
	l := t.e.Location
	t.tellWhere(strings.TrimSpace(t.text("supplement.point", "Lat", l.Lat, "Lon", l.Lon, "Name", clip(l.Name, maxField))))
	return true
}

// tellWhere adds the place to the petition.
func (t *step) tellWhere(place string) {
	t.endWhere()
	t.move(t.s.Case, petition.Move{Name: petition.MoveSupplement, Text: t.text("where.note", "Place", place)})
}

func (t *step) endWhere() {
	t.set("page", "")
	t.wait(bot.Looking)
}
