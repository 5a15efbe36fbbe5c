package open311

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"maps"
	"math"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"dengwen/petition"
)

// Limits on what is posted. The longest description is the specification's.
const (
	maxBody        = 256 << 10 // bytes
	maxDescription = 4000      // characters
	maxURL         = 500       // bytes
)

type lodgedLine struct {
	ID      string `xml:"service_request_id" json:"service_request_id"`
	Notice  string `xml:"service_notice" json:"service_notice"`
	Account string `xml:"account_id" json:"account_id"`
}

type lodgedList struct {
	XMLName xml.Name     `xml:"service_requests"`
	Request []lodgedLine `xml:"request"`
}

// lodge is POST requests: an ordinary petition of somebody who has no chat here. The same content of
// the same key on the same day, or under the same Idempotency-Key, is lodged once and answered alike.
func (d *Door) lodge(q *request) (answer, error) {
	form, err := d.posted(q)
	if err != nil {
		return answer{}, err
	}
	name, err := d.holder(q, form.Get("api_key"))
	if err != nil {
		return answer{}, err
	}
	f, err := d.filing(form)
	if err != nil {
		return answer{}, err
	}
	if err := d.checkMisconduct(q, f, attributeOf(form, attrClass)); err != nil {
		return answer{}, err
	}
	if f.Key = q.Header.Get("Idempotency-Key"); f.Key == "" {
		f.Key = contentKey(form, petition.Day(d.Now()))
	}
	f.Lang = q.lang
	a := petition.Actor{Caller: name, Address: d.Proxies.Of(q.Request)}
	t, err := d.File(q.Context(), a, f)
	if err != nil {
		return answer{}, err
	}
	line := []lodgedLine{{ID: t.Number, Notice: d.say(q, "open311.lodged", "Number", t.Number, "Code", t.Code, "Address", d.Public), Account: form.Get("account_id")}}
	return answer{lodgedList{Request: line}, line}, nil
}

// posted reads the form. What stands in the address is none of it: addresses end up in logs.
func (d *Door) posted(q *request) (url.Values, error) {
	kind, _, err := mime.ParseMediaType(q.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, bad("open311.form")
	}
	q.Body = http.MaxBytesReader(nil, q.Body, maxBody)
	if err := q.ParseForm(); err != nil {
		return nil, bad("open311.form")
	}
	if id := q.PostForm.Get("jurisdiction_id"); id != "" && id != d.Jurisdiction {
		return nil, errJurisdiction
	}
	return q.PostForm, nil
}

// holder is whose key it is. Wrong ones are counted against their address alone.
func (d *Door) holder(q *request, key string) (string, error) {
	name, ok := d.Key(key)
	switch {
	case !ok && !d.guesses.Allow(d.Proxies.Of(q.Request), d.Now(), 1):
		return "", errBusy
	case !ok:
		return "", errKey
	case !d.posts.Allow(name, d.Now(), 1):
		return "", errBusy
	}
	return name, nil
}

// attributeOf is an attribute of a service in a form. One with several values is named attribute[code][].
func attributeOf(form url.Values, code string) string {
	return strings.TrimSpace(cmp.Or(form.Get("attribute["+code+"]"), form.Get("attribute["+code+"][]")))
}

// filing is the petition that a form says.
func (d *Door) filing(form url.Values) (petition.Filing, error) {
	attr := func(code string) string { return attributeOf(form, code) }
	f := petition.Filing{
		Channel: petition.Open311, Class: petition.Class(attr(attrClass)), Subject: form.Get("service_code"), Facts: strings.TrimSpace(form.Get("description")), Request: attr(attrAsks),
		Public:  attr(attrPublic) == "yes",
		Contact: petition.Contact{Name: name(form.Get("first_name"), form.Get("last_name")), Phone: strings.TrimSpace(form.Get("phone")), Mail: strings.TrimSpace(form.Get("email"))},
	}
	if f.Class == "" {
		f.Class = petition.Claim
	}
	switch {
	case f.Subject == "":
		return f, bad("open311.service_missing")
	case utf8.RuneCountInString(f.Facts) > maxDescription:
		return f, bad("open311.description", "Most", maxDescription)
	case f.Facts == "":
		return f, bad("open311.description_missing")
	}
	if n := attr(attrPeople); n != "" {
		var err error
		if f.People, err = strconv.Atoi(n); err != nil {
			return f, bad("open311.people")
		}
	}
	if link := form.Get("media_url"); link != "" {
		u, err := url.Parse(link)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || len(link) > maxURL {
			return f, bad("open311.media")
		}
		f.Facts += "\n" + u.String()
	}
	return f, d.place(form, attr(attrTown), &f.Place)
}

// place reads where it is: coordinates, words and a code of a town all are optional, since a petition
// need not be about a place.
func (d *Door) place(form url.Values, town string, p *petition.Place) error {
	p.Text = strings.TrimSpace(form.Get("address_string"))
	if p.Code = town; p.Code == "" {
		if _, known := d.Office.Locality(form.Get("address_id")); known {
			p.Code = form.Get("address_id")
		}
	}
	lat, long := form.Get("lat"), form.Get("long")
	if lat == "" && long == "" {
		return nil
	}
	var errs [2]error
	p.Lat, errs[0] = strconv.ParseFloat(lat, 64)
	p.Lon, errs[1] = strconv.ParseFloat(long, 64)
	if errs != [2]error{} || math.Abs(p.Lat) > 90 || math.Abs(p.Lon) > 180 || math.IsNaN(p.Lat+p.Lon) {
		return bad("open311.position")
	}
	return nil
}

// name joins the parts of a name as its script does: 王 and 秀兰 are 王秀兰.
func name(first, last string) string {
	first, last = strings.TrimSpace(first), strings.TrimSpace(last)
	if strings.ContainsFunc(first+last, func(r rune) bool { return unicode.Is(unicode.Han, r) }) {
		return last + first
	}
	return strings.TrimSpace(first + " " + last)
}

// checkMisconduct refuses what is a report on misconduct, since nothing here would seal it before
// other people's programs have read it. What only may be one is refused unless the person was asked:
// told is the class that the form names.
func (d *Door) checkMisconduct(q *request, f petition.Filing, told string) error {
	refusal := func(key string) error {
		return bad(key, "Address", d.Public, "Discipline", d.Office.Lines.Discipline)
	}
	c, _ := d.Office.Category(f.Subject)
	switch {
	case f.Class == petition.Report || c.Code == misconductGroup || c.Parent == misconductGroup:
		return refusal("open311.misconduct")
	case !slices.ContainsFunc(d.services, func(s service) bool { return s.code == f.Subject }):
		return bad("open311.service_unknown")
	}
	may, is, err := d.Misconduct(q.Context(), strings.TrimSpace(f.Facts+"\n"+f.Request))
	switch {
	case err != nil:
		return errAway
	case is:
		return refusal("open311.misconduct")
	case may && told == "":
		return refusal("open311.maybe_misconduct")
	}
	return nil
}

// contentKey is an idempotency key for callers that send none: a call that is sent again says the same.
func contentKey(form url.Values, day string) string {
	said := maps.Clone(form)
	said.Del("api_key")
	said.Del("jurisdiction_id")
	sum := sha256.Sum256([]byte(day + "\x00" + said.Encode()))
	return "open311:" + hex.EncodeToString(sum[:16])
}
