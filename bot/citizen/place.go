package citizen

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"dengwen/bot"
	"dengwen/petition"
)

const placesShown = 6

func (t *step) locality(code string) (petition.Locality, bool) {
	for _, l := range t.conv.office.Places {
		if l.Code == code && code != "" {
			return l, true
		}
	}
	return petition.Locality{}, false
}

func (t *step) localityName(l petition.Locality) string {
	return l.NameIn(t.s.Lang)
}

// placeName is a place as the card shows it: the town and the person's own words.
func (t *step) placeName(p petition.Place) string {
	l, ok := t.locality(p.Code)
	switch {
	case ok && p.Text != "" && !strings.Contains(p.Text, l.Name):
		return t.localityName(l) + " " + p.Text
	case ok && p.Text == "":
		return t.localityName(l)
	case p.Text == "" && p.Lat != 0:
		return t.text("place.point")
	}
	return p.Text
}

func askPlace(t *step) {
	rows, row := t.townRows()
	t.say(t.text("place.ask"), append(rows, append(row, t.btn("button.unsure", "unsure")), t.common(false))...)
	t.out[len(t.out)-1].Say.Ask = "location"
}

// townRows are the office's towns, a page of them, and the beginning of a last row that
// turns it.
func (t *step) townRows() (rows [][]bot.Button, last []bot.Button) {
	all := t.conv.office.Places
	page, pages := paged(len(all), placesShown, t.num("page"))
	var buttons []bot.Button
	for _, l := range all[page*placesShown : min(len(all), (page+1)*placesShown)] {
		buttons = append(buttons, t.opt(t.localityName(l), "is:"+l.Code))
	}
	if pages > 0 {
		last = append(last, t.btn("button.more", "page:"+strconv.Itoa((page+1)%(pages+1))))
	}
	return slices.Collect(slices.Chunk(buttons, 3)), last
}

func pressPlace(t *step, action, arg string) bool {
	switch action {
	case "is":
		if _, ok := t.locality(arg); !ok {
			return false
		}
		t.setPlace(petition.Place{Code: arg}, "told")
	case "page":
		t.set("page", arg)
		t.inPlace()
		t.ask()
	case "unsure":
		t.setPlace(petition.Place{}, "skipped")
	default:
		return t.pressCommon(action)
	}
	return true
}

// likelyPlaces are the places on the card's row: the one that was read without being sure,
// and the way to all of them.
func (t *step) likelyPlaces() []bot.Button {
	d := t.s.Draft
	if d.Known[string(statePlace)] != "" {
		return nil
	}
	var row []bot.Button
	if d.Reading != nil {
		if l, ok := t.locality(d.Reading.Place.Value); ok {
			row = append(row, t.opt(t.text("card.at", "Place", t.localityName(l)), "at:"+l.Code))
		}
	}
	return append(row, t.btn("card.where", "where"))
}

func (t *step) pressLikelyPlace(code string) bool {
	if !hasButton(t.likelyPlaces(), "at:"+code) {
		return false
	}
	t.s.Draft.Filing.Place.Code = code
	t.s.Draft.Known[string(statePlace)] = "told"
	t.enter(Card)
	return true
}

func (t *step) setPlace(p petition.Place, how string) {
	t.set("page", "")
	t.s.Draft.Filing.Place = p
	t.settled(how)
}

// textPlace takes a place in the person's own words, with the town if one of the
// office's is named.
func textPlace(t *step) bool {
	if isUnsure(t.e.Text) {
		t.setPlace(petition.Place{}, "skipped")
		return true
	}
	if t.moreStory(longPlace) {
		return true
	}
	code, exact := t.findPlace(t.e.Text)
	if code == "" && looksLikeQuestion(t.e.Text) || lettersIn(t.e.Text) < 2 {
		return false
	}
	text, cut := truncate(strings.TrimSpace(t.e.Text), maxField)
	if cut {
		t.note("answer.long", "Max", maxField)
	}
	if exact {
		text = ""
	}
	t.setPlace(petition.Place{Code: code, Text: text}, "told")
	return true
}

// findPlace finds a town by its name, short names or villages. exact: nothing but
// the town was typed.
func (t *step) findPlace(text string) (code string, exact bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	for _, l := range t.conv.office.Places {
		if name := namedIn(l, text); name != "" {
			return l.Code, text == name || slices.ContainsFunc(l.AllNames(), func(n string) bool { return text == strings.ToLower(n) })
		}
	}
	for _, l := range t.conv.office.Places {
		for _, v := range l.Villages {
			if strings.Contains(text, strings.ToLower(v)) {
				return l.Code, false
			}
		}
	}
	return "", false
}

// namedIn is the name under which a town stands in a text (in small letters).
func namedIn(l petition.Locality, text string) string {
	for _, name := range append(l.AllNames(), l.Short...) {
		name, _, _ = strings.Cut(strings.ToLower(name), " ") // Qianyou Subdistrict is called Qianyou
		if name != "" && strings.Contains(text, name) {
			return name
		}
	}
	return ""
}

// townsIn are the towns named in a text.
func (t *step) townsIn(text string) []string {
	text = strings.ToLower(text)
	var codes []string
	for _, l := range t.conv.office.Places {
		if namedIn(l, text) != "" {
			codes = append(codes, l.Code)
		}
	}
	return codes
}

func sharedPlace(t *step) bool {
	t.locate(t.e.Location)
	t.settled("told")
	return true
}

// maxTownDistance is how far a point may be from a town's seat to be taken for it.
const maxTownDistance = 40.0 // km

// locate takes a shared point: the nearest town where the office's data knows seats,
// the point itself otherwise.
func (t *step) locate(l *bot.Location) {
	d := t.s.Draft
	p := petition.Place{Lat: l.Lat, Lon: l.Lon, Text: clip(l.Name, maxField)}
	best := maxTownDistance
	for _, town := range t.conv.office.Places {
		if town.Lat == 0 && town.Lon == 0 {
			continue
		}
		if km := distance(l.Lat, l.Lon, town.Lat, town.Lon); km < best {
			best, p.Code = km, town.Code
		}
	}
	d.Filing.Place = p
	d.Known[string(statePlace)] = "told"
	if town, ok := t.locality(p.Code); ok {
		t.note("place.near", "Town", t.localityName(town))
		return
	}
	if p.Text == "" {
		d.Filing.Place.Text = fmt.Sprintf("%.4f, %.4f", l.Lat, l.Lon)
	}
	t.note("place.kept")
}

// distance in kilometres, good enough within a county.
func distance(lat1, lon1, lat2, lon2 float64) float64 {
	const degree = 111.2
	dx := (lon1 - lon2) * math.Cos(lat1*math.Pi/180)
	return degree * math.Hypot(dx, lat1-lat2)
}
