// Package outreach is how an office reaches the people of its places: codes on posters that open a
// conversation at a place, and counts of what came of them by place and month. Nothing in it is
// about a person.
package outreach

import (
	"encoding/base64"
	"slices"
	"strings"

	"dengwen/petition"
)

// Spot is where a code hangs: a place of the office's list, and a village of it or none. The zero
// Spot is the whole office.
type Spot struct {
	Place   string `json:"place,omitempty"` // code
	Village string `json:"village,omitempty"`
}

// Purpose is what a code opens.
type Purpose string

// The purposes of codes.
const (
	Tell Purpose = "at"   // a conversation, at the place
	Quiz Purpose = "quiz" // the citizens' quiz
	Days Purpose = "days" // the timetable of reception days
)

// maxParam is how long a parameter of a deep link may be (Bot API, deep linking; scene_str of WeChat).
const maxParam = 64

// Param is the spot as a deep link carries it, at_611026102: A-Z, a-z, 0-9, _ and - alone. It stays the
// same when the list of villages grows. A village whose name is too long for one is left out.
func (s Spot) Param(to Purpose) string {
	p := string(to) + "_" + s.Place
	if s.Village == "" {
		return p
	}
	if whole := p + "_" + base64.RawURLEncoding.EncodeToString([]byte(s.Village)); len(whole) <= maxParam {
		return whole
	}
	return p
}

// Find is what a parameter opens and where its code hangs; false for what is no parameter of a place that
// the office has now. A village that is no longer in the list leaves its place.
func Find(o *petition.Office, param string) (Spot, Purpose, bool) {
	begin, rest, _ := strings.Cut(param, "_")
	to := Purpose(begin)
	if len(param) > maxParam || !slices.Contains([]Purpose{Tell, Quiz, Days}, to) {
		return Spot{}, "", false
	}
	code, village, _ := strings.Cut(rest, "_")
	if code == "" {
		return Spot{}, to, village == ""
	}
	i := slices.IndexFunc(o.Places, func(l petition.Locality) bool { return l.Code == code })
	if i < 0 {
		return Spot{}, "", false
	}
	s := Spot{Place: code}
	if name, err := base64.RawURLEncoding.DecodeString(village); err == nil && slices.Contains(o.Places[i].Villages, string(name)) {
		s.Village = string(name)
	}
	return s, to, true
}

// Name is the spot in a language, 下梁镇石瓮; "" for the whole office.
func (s Spot) Name(o *petition.Office, lang string) string {
	for _, l := range o.Places {
		if l.Code != s.Place {
			continue
		}
		name := l.NameIn(lang)
		if s.Village != "" && name != l.Name {
			name += " "
		}
		return name + s.Village
	}
	return ""
}

// Spots are all that the office's places have, each place before its villages.
func Spots(o *petition.Office) []Spot {
	all := []Spot{{}}
	for _, l := range o.Places {
		all = append(all, Spot{Place: l.Code})
		for _, v := range l.Villages {
			all = append(all, Spot{l.Code, v})
		}
	}
	return all
}

// Print is a poster, leaflet, cup or bag that is wanted.
type Print struct {
	To       Purpose  // what its codes open; Days has the timetable on it
	Form     string   // a4, a5, leaflet, cup or bag
	Lang     string   // of its sentences
	At       Spot     // where it hangs
	Channels []string // web, wechat, telegram; none = all that are on
}

// FileName names the spot in the name of a file, in the office's own words.
func (s Spot) FileName(o *petition.Office) string {
	if name := s.Name(o, ""); name != "" {
		return petition.FileName(name)
	}
	return petition.FileName(o.County)
}
