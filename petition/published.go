package petition

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Open311 is the channel of what a program lodged by that interface, whose petitioner was asked to
// agree to the publication of their own words too.
const Open311 = "open311"

// Published is what everybody may know of a case whose petitioner agreed to publication: where it
// stands, since when, and what it is about in the office's own terms. Nothing that officers wrote is
// in it, and nobody's name, telephone number or chat.
type Published struct {
	Number   string
	Status   Status
	Subject  string // code, "" = none
	Town     string // code of Place, "" = none
	Unit     string
	Received time.Time
	Changed  time.Time // when its status last did
	Due      string    // last day of the period that runs, "" = none

	Provisional bool // Due rests on a year whose holidays are not published

	// Of what came by the channel Open311 alone.
	Words    string // the petitioner's, without whatever looks like a name they left, a number or an address of a mailbox
	Where    string
	Lat, Lon float64

	Changes []PublishedChange // of its status, the first one included
}

// PublishedChange is a change of a published case's status.
type PublishedChange struct {
	Seq  int // of the timeline
	At   time.Time
	To   Status
	Unit string // that has the case since
}

// PublishedQuery selects published cases, the last received first. Zero fields do not restrict.
type PublishedQuery struct {
	From, To time.Time // received in this time
	Subjects []string
	Keep     func(Published) bool // nil = all
	Most     int                  // answers at most, 1,000 when 0
}

// maxPublished bounds what one question reads.
const maxPublished = 1000

// Published lists what is published. Whoever asks may: the petitioner's agreement (Filing.Public) is
// what allows it, and a report on misconduct is never published, nor what was withdrawn or erased.
func (s *Service) Published(ctx context.Context, q PublishedQuery) ([]Published, error) {
	most := min(max(q.Most, 0), maxPublished)
	if most == 0 {
		most = maxPublished
	}
	of := Query{Public: true, Order: "new"}
	if !q.From.IsZero() {
		of.From = Day(q.From)
	}
	if !q.To.IsZero() {
		of.To = Day(q.To)
	}
	if len(q.Subjects) == 1 {
		of.Subject = q.Subjects[0]
	}
	all, read := []Published{}, 0
	err := s.each(ctx, of, func(c Case) bool {
		read++
		p, ok := s.law.published(&c)
		ok = ok && (q.From.IsZero() || !p.Received.Before(q.From)) && (q.To.IsZero() || !p.Received.After(q.To)) && (len(q.Subjects) == 0 || slices.Contains(q.Subjects, p.Subject))
		if ok && (q.Keep == nil || q.Keep(p)) {
			all = append(all, p)
		}
		return len(all) < most && read < 5*maxPublished
	})
	return all, failed(err, "list what is published")
}

// FindPublished is one published case by its number. What is not published and what is not there are
// the same NotFound "lookup.no_match".
func (s *Service) FindPublished(ctx context.Context, number string) (Published, error) {
	none := Fail(NotFound, "lookup.no_match")
	r, err := s.load(ctx, number)
	if CodeOf(err) == NotFound {
		return Published{}, none
	}
	if err != nil {
		return Published{}, failed(err, "read what is published")
	}
	p, ok := s.law.published(&r.Case)
	if !ok {
		return Published{}, none
	}
	return p, nil
}

// published is the case as everybody may see it; false where nobody may.
func (l *Law) published(c *Case) (Published, bool) {
	if !c.publishable() {
		return Published{}, false
	}
	f := &c.Filing
	p := Published{Number: c.Number, Status: c.Status, Subject: f.Subject, Town: f.Place.Code, Unit: c.Unit, Received: c.Received, Changed: c.Received}
	if k, ok := c.First(); ok && k.State != clockPaused {
		p.Due, p.Provisional = k.last(), k.Provisional
	}
	if f.Channel == Open311 {
		p.Words, p.Where = withoutPerson(f.Facts, f.Contact), withoutPerson(f.Place.Text, f.Contact)
		p.Lat, p.Lon = f.Place.Lat, f.Place.Lon
	}
	unit := ""
	for _, e := range c.Timeline {
		if unit = or(e.Unit, unit); !e.Public || e.To == "" || e.To == e.From {
			continue
		}
		p.Changes = append(p.Changes, PublishedChange{Seq: e.Seq, At: e.At, To: e.To, Unit: unit})
		p.Changed = e.At
	}
	return p, true
}

// publishable reports whether the petitioner agreed to publication and nothing stands against it.
func (c *Case) publishable() bool {
	return c.Filing.Public && c.Filing.Class != Report && c.Status != Withdrawn && !c.forgotten() && !c.erased()
}

var (
	longNumbers = regexp.MustCompile(`[0-9０-９][0-9０-９ \-－]{4,}[0-9０-９XxＸ]`)
	mailboxes   = regexp.MustCompile(`[\w.+\-]+@[\w\-]+(\.[\w\-]+)+`)
)

// withoutPerson takes out of a text what the petitioner left of themselves, and whatever looks like a
// telephone, identity or account number or a mailbox.
func withoutPerson(text string, who Contact) string {
	const covered = "＊"
	for _, own := range append([]string{who.Name, who.Phone, who.Mail, who.Address}, strings.Fields(who.Name)...) {
		if own = strings.TrimSpace(own); own != "" {
			text = strings.ReplaceAll(text, own, covered)
		}
	}
	return mailboxes.ReplaceAllString(longNumbers.ReplaceAllString(text, covered), covered)
}
