package open311

import (
	"context"
	"encoding/xml"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"dengwen/petition"
)

// Limits of a list, as the specification has them.
const (
	maxSpan = 90 * 24 * time.Hour
	maxList = 1000
)

// updatesReach is how long before a time a request may have been received whose updates of that time are
// listed.
const updatesReach = 400 * 24 * time.Hour

type requestLine struct {
	ID        string   `xml:"service_request_id" json:"service_request_id"`
	Status    string   `xml:"status" json:"status"`
	Notes     string   `xml:"status_notes" json:"status_notes"`
	Name      string   `xml:"service_name" json:"service_name"`
	Code      string   `xml:"service_code" json:"service_code"`
	About     string   `xml:"description" json:"description"`
	Agency    string   `xml:"agency_responsible" json:"agency_responsible"`
	Notice    string   `xml:"service_notice" json:"service_notice"`
	Requested string   `xml:"requested_datetime" json:"requested_datetime"`
	Updated   string   `xml:"updated_datetime" json:"updated_datetime"`
	Expected  *string  `xml:"expected_datetime,omitempty" json:"expected_datetime"`
	Address   string   `xml:"address" json:"address"`
	AddressID string   `xml:"address_id" json:"address_id"`
	Zipcode   string   `xml:"zipcode" json:"zipcode"`
	Lat       *float64 `xml:"lat,omitempty" json:"lat"`
	Long      *float64 `xml:"long,omitempty" json:"long"`
	Media     *string  `xml:"media_url,omitempty" json:"media_url"`
}

type requestList struct {
	XMLName xml.Name      `xml:"service_requests"`
	Request []requestLine `xml:"request"`
}

func (d *Door) shown(q *request, all []petition.Published) answer {
	lines := make([]requestLine, 0, len(all))
	for _, p := range all {
		lines = append(lines, d.line(q, p))
	}
	return answer{requestList{Request: lines}, lines}
}

func (d *Door) line(q *request, p petition.Published) requestLine {
	u, _ := d.Office.Find(p.Unit)
	l := requestLine{
		ID: p.Number, Status: statusOf(p.Status), Notes: d.say(q, "status."+string(p.Status)), Name: d.subject(q, p.Subject), Code: p.Subject, About: p.Words, Agency: u.NameIn(q.lang),
		Notice: d.say(q, "open311.notice"), Requested: moment(p.Received), Updated: moment(p.Changed), AddressID: p.Town,
	}
	town := ""
	if t, ok := d.Office.Locality(p.Town); ok {
		town = t.NameIn(q.lang)
	}
	l.Address = strings.TrimSpace(p.Where + " " + town)
	if l.About == "" {
		l.About = strings.TrimSpace(l.Name + " " + town)
	}
	if r := []rune(l.About); len(r) > maxDescription {
		l.About = string(r[:maxDescription])
	}
	if p.Due != "" {
		due := p.Due + "T23:59:59+08:00"
		l.Expected = &due
		if p.Provisional {
			l.Notice += d.say(q, "open311.provisional")
		}
	}
	if p.Lat != 0 || p.Lon != 0 {
		l.Lat, l.Long = &p.Lat, &p.Lon
	}
	return l
}

// statusOf is a status in the two words that the interface has.
func statusOf(s petition.Status) string {
	if s.Ended() {
		return "closed"
	}
	return "open"
}

// china is the time zone of what is answered.
var china = time.FixedZone("UTC+8", 8*60*60)

func moment(at time.Time) string { return at.In(china).Format(time.RFC3339) }

// one is GET requests/{service_request_id}.
func (d *Door) one(q *request) (answer, error) {
	p, err := d.Find(q.Context(), q.rest)
	if petition.CodeOf(err) == petition.NotFound {
		return answer{}, errRequest
	}
	if err != nil {
		return answer{}, err
	}
	return d.shown(q, []petition.Published{p}), nil
}

type tokenLine struct {
	ID    string `xml:"service_request_id" json:"service_request_id"`
	Token string `xml:"token" json:"token"`
}

type tokenList struct {
	XMLName xml.Name    `xml:"service_requests"`
	Request []tokenLine `xml:"request"`
}

// token is GET tokens/{token}. Every service is realtime, so a request's token is its number.
func (d *Door) token(q *request) (answer, error) {
	p, err := d.Find(q.Context(), q.rest)
	if petition.CodeOf(err) == petition.NotFound {
		return answer{}, errRequest
	}
	if err != nil {
		return answer{}, err
	}
	line := []tokenLine{{p.Number, p.Number}}
	return answer{tokenList{Request: line}, line}, nil
}

// requests is GET requests. Numbers override all other filters.
func (d *Door) requests(q *request) (answer, error) {
	args := q.URL.Query()
	if numbers := commas(args.Get("service_request_id")); len(numbers) > 0 {
		return d.numbered(q, numbers)
	}
	from, to, err := d.span(args, maxSpan)
	if err != nil {
		return answer{}, err
	}
	first, most, err := page(args)
	if err != nil {
		return answer{}, err
	}
	states := commas(args.Get("status"))
	if slices.ContainsFunc(states, func(s string) bool { return s != "open" && s != "closed" }) {
		return answer{}, bad("open311.status")
	}
	all, err := d.published(q.Context(), petition.PublishedQuery{From: from, To: to, Subjects: commas(args.Get("service_code")), Most: min(first+most, maxList), Keep: func(p petition.Published) bool {
		return len(states) == 0 || slices.Contains(states, statusOf(p.Status))
	}})
	if err != nil {
		return answer{}, err
	}
	return d.shown(q, cut(all, first, most)), nil
}

// numbered are requests by their numbers, in that order; those that are not published are left out.
func (d *Door) numbered(q *request, numbers []string) (answer, error) {
	var found []petition.Published
	for _, number := range numbers[:min(len(numbers), 100)] {
		p, err := d.Find(q.Context(), number)
		if err == nil {
			found = append(found, p)
		} else if petition.CodeOf(err) != petition.NotFound {
			return answer{}, err
		}
	}
	return d.shown(q, found), nil
}

// published reads a list, when few others are read.
func (d *Door) published(ctx context.Context, q petition.PublishedQuery) ([]petition.Published, error) {
	if err := d.lists.Acquire(ctx, 1); err != nil {
		return nil, errAway
	}
	defer d.lists.Release(1)
	return d.Published(ctx, q)
}

type updateLine struct {
	ID      string `xml:"update_id" json:"update_id"`
	Request string `xml:"service_request_id" json:"service_request_id"`
	Status  string `xml:"status" json:"status"`
	Updated string `xml:"updated_datetime" json:"updated_datetime"`
	About   string `xml:"description" json:"description"`
}

type updateList struct {
	XMLName xml.Name     `xml:"service_request_updates"`
	Update  []updateLine `xml:"request_update"`
}

// updates is GET servicerequestupdates, which FixMyStreet polls: the changes of status of published
// requests in a time, the oldest first. Those received in the 400 days before it are looked at.
func (d *Door) updates(q *request) (answer, error) {
	from, to, err := d.span(q.URL.Query(), maxSpan)
	if err != nil {
		return answer{}, err
	}
	all, err := d.published(q.Context(), petition.PublishedQuery{From: from.Add(-updatesReach), To: to, Keep: func(p petition.Published) bool { return !p.Changed.Before(from) }})
	if err != nil {
		return answer{}, err
	}
	lines := []updateLine{}
	for _, p := range all {
		for _, c := range p.Changes {
			if c.At.Before(from) || c.At.After(to) {
				continue
			}
			u, _ := d.Office.Find(c.Unit)
			lines = append(lines, updateLine{
				ID: p.Number + "-" + strconv.Itoa(c.Seq), Request: p.Number, Status: strings.ToUpper(statusOf(c.To)), Updated: moment(c.At),
				About: strings.TrimSpace(d.say(q, "status."+string(c.To)) + " " + u.NameIn(q.lang)),
			})
		}
	}
	slices.SortFunc(lines, func(a, b updateLine) int { return strings.Compare(a.Updated+a.ID, b.Updated+b.ID) })
	lines = lines[:min(len(lines), maxList)]
	return answer{updateList{Update: lines}, lines}, nil
}

// span is the time that start_date and end_date name, the last 90 days without them.
func (d *Door) span(args url.Values, most time.Duration) (from, to time.Time, err error) {
	to = d.Now()
	given := args.Get("end_date")
	if given != "" {
		if to, err = day(given); err != nil {
			return from, to, err
		}
	}
	from = to.Add(-most)
	start := args.Get("start_date")
	if start == "" {
		return from, to, nil
	}
	if from, err = day(start); err != nil {
		return from, to, err
	}
	if given == "" {
		to = from.Add(most)
	}
	if from.After(to) || to.Sub(from) > most+24*time.Hour {
		return from, to, bad("open311.span", "Days", int(most.Hours()/24))
	}
	return from, to, nil
}

// day reads a moment with its offset (W3C datetime). Blanks were plus signs that nobody escaped.
func day(text string) (time.Time, error) {
	text = strings.ReplaceAll(text, " ", "+")
	for _, form := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.ParseInLocation(form, text, china); err == nil {
			return at, nil
		}
	}
	return time.Time{}, bad("open311.date")
}

// page reads which part of a list is asked for: from which, and how many.
func page(args url.Values) (first, most int, err error) {
	n, size := 1, maxList
	for _, one := range []struct {
		name string
		to   *int
	}{{"page", &n}, {"page_size", &size}} {
		if text := args.Get(one.name); text != "" {
			if *one.to, err = strconv.Atoi(text); err != nil || *one.to < 1 || *one.to > maxList {
				return 0, 0, bad("open311.page", "Most", maxList)
			}
		}
	}
	return (n - 1) * size, size, nil
}

func cut(all []petition.Published, first, most int) []petition.Published {
	first = min(first, len(all))
	return all[first:min(first+most, len(all))]
}

// commas are the parts of a list.
func commas(text string) (all []string) {
	for _, one := range strings.Split(text, ",") {
		if one = strings.TrimSpace(one); one != "" {
			all = append(all, one)
		}
	}
	return all
}
