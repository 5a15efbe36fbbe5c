package petition

import (
	"context"
	"crypto/subtle"
	"time"
)

// File lodges a petition; see Cases.
func (s *Service) File(ctx context.Context, a Actor, f Filing) (Ticket, error) {
	a, now := s.law.normal(a), s.now()
	r, err := s.lodge(ctx, a, &f, now)
	if err != nil {
		return Ticket{}, err
	}
	t := s.ticket(a, f.Key, &r.Case, now)
	t.Mark = r.Mark
	return t, nil
}

// lodge writes down what was filed, or finds that it was. f comes back as it was admitted.
func (s *Service) lodge(ctx context.Context, a Actor, f *Filing, now time.Time) (*Record, error) {
	var err error
	if *f, err = s.validateFiling(a, *f); err != nil {
		return nil, err
	}
	if err := s.admitUploads(ctx, a, f.Attachments, nil); err != nil {
		return nil, err
	}
	id := s.newID()
	many, err := s.tooMany(ctx, f.Owner, now)
	if err != nil {
		return nil, err
	}
	here, err := s.fromAddress(ctx, a, *f, now)
	if err != nil {
		return nil, err
	}
	build := func(serial int) (Record, []Notice, error) {
		if many { // what was filed already is answered all the same
			return Record{}, nil, Fail(Limited, "file.too_many", "max", itoa(s.filings))
		}
		if here > 0 {
			return Record{}, nil, Fail(Limited, "file.too_many_here", "max", itoa(s.perAddress), "minutes", minutes(here))
		}
		number := FormatNumber(s.law.Office.Prefix, now.In(shanghai).Year(), serial)
		c, err := s.law.Open(*f, a, id, number, now)
		if err != nil {
			return Record{}, nil, err
		}
		c.FiledBy, c.FiledAs = s.filedBy(a), s.filedAs(*f)
		r := s.record(Record{Code: s.codeHash(id, s.code(codeKey(a, f.Key), id))}, c, now)
		r.Access = s.changed(a, c.Timeline[0].Move, number)
		return r, s.notices(Case{}, c, now), nil
	}
	r, err := s.create(ctx, a, *f, now, build)
	if err != nil {
		return nil, err
	}
	return &r, nil
}

func (s *Service) ticket(a Actor, key string, c *Case, now time.Time) Ticket {
	next, _ := c.First()
	a.proved = c.ID // the ticket is the filer's, whoever wrote it down
	t := Ticket{Number: c.Number, Unit: or(c.fact(factToward), c.Unit), Filed: c.Received, Next: next, View: s.view(*c, a, now)}
	if !a.staff() {
		t.Code = formatCode(s.code(key, c.ID))
	}
	return t
}

// codeKey is what a query code is derived from beside the case. For what an officer wrote
// down it is nothing: the receipt is printed later, when the key of the filing is gone.
func codeKey(a Actor, key string) string {
	if a.staff() {
		return ""
	}
	return key
}

// printedCode is the query code on the receipt of a letter, a visit or a call; "" on any
// other paper, and for an officer of another unit than the one that wrote it down.
func (s *Service) printedCode(r *Record, a Actor, p DocumentRef) string {
	e := r.Case.Timeline[p.Seq-1]
	if e.Move != MoveRegister || a.Unit != e.By {
		return ""
	}
	code := s.code("", r.Case.ID)
	if subtle.ConstantTimeCompare(s.codeHash(r.Case.ID, code), r.Code) != 1 {
		return "" // written down when the code was told in the chat
	}
	return formatCode(code)
}

// code derives the query code, so that the same filing shows the same one again.
func (s *Service) code(key, id string) string { return codeFrom(s.hash("query code", key+"\x00"+id)) }

func (s *Service) codeHash(id, code string) []byte { return s.hash("code", id+"\x00"+code) }

// Open makes the case of a filing: Registered, with the petition office, a report
// with the sealed unit, a matter recorded by another unit with that unit. id and
// number are given; the filing is taken as it is.
func (l *Law) Open(f Filing, a Actor, id, number string, now time.Time) (Case, error) {
	a = l.normal(a)
	f.Key = "" // it may hold a chat address; the store keeps its hash
	c := Case{ID: id, Number: number, Version: 1, Status: Registered, Received: now, Since: now, Filing: f}
	s := &step{law: l, c: &c, a: a, now: now, today: Day(now)}
	if came, err := parseDay(f.Received); err == nil {
		// A letter runs from the day it came, not from the day somebody typed it in.
		c.Received = time.Date(came.Year(), came.Month(), came.Day(), 0, 0, 0, 0, shanghai)
		s.today = f.Received
	}
	if f.Urgency != "" {
		c.raise(f.Urgency, now)
	}
	if f.Class == Report {
		c.setFact(factAbout, l.about(f))
		if _, err := l.reportsTo(c.fact(factAbout)); err != nil {
			return c, err
		}
	}
	c.Unit = s.receiver()
	name := MoveFile
	if a.staff() {
		name = MoveRegister
	}
	rows, err := specsIn(l.table, name)
	if err != nil {
		return c, err
	}
	s.spec = rows[0]
	s.m = Move{Name: name, Files: f.Attachments}
	s.begin()
	s.entry.Args["channel"] = f.Channel
	s.target = c.Unit
	if err := s.openClocks(); err != nil {
		return c, err
	}
	if toward := l.Office.Route(f.Class, f.Subject, f.Place.Code); toward != c.Unit && f.Class != Report {
		c.setFact(factToward, toward)
	}
	s.finish("")
	return c, nil
}

// receiver is the unit that received it: Art 22 for the petition office, Art 23 for
// every other organ.
func (s *step) receiver() string {
	if s.c.Filing.Class == Report || !s.a.staff() {
		return s.intakeUnit()
	}
	return or(s.a.Unit, s.intakeUnit())
}

func (s *step) openClocks() error {
	rule := "forward"
	if s.c.Unit != s.law.Office.Unit && s.c.Filing.Class != Report {
		rule = "notify"
	}
	if err := s.start(Start{Rule: rule}); err != nil {
		return err
	}
	if due := s.c.Filing.Origin.Due; due != "" && s.c.Filing.Class != Report {
		d, err := DueOn("sender_report", s.today, due, s.law.Calendar)
		if err != nil {
			return err
		}
		s.c.startClock(d)
	}
	if s.c.Filing.Class == Suggestion {
		return s.start(Start{Rule: "suggestion_reply"})
	}
	return nil
}

// WithFilings is the same service with a limit on how many petitions one chat may lodge
// in 24 hours, and one network address in an hour; 0 = none.
func (s *Service) WithFilings(perDay, perAddress int) *Service {
	c := *s
	c.filings, c.perAddress = perDay, perAddress
	return &c
}

// fromAddress counts a filing against the address it comes from and answers how long no other
// may come from there, 0 = it may. The same filing again is the same try.
func (s *Service) fromAddress(ctx context.Context, a Actor, f Filing, now time.Time) (time.Duration, error) {
	if s.perAddress <= 0 || a.Address == "" || a.staff() {
		return 0, nil
	}
	full, err := s.store.Try(ctx, "filing:"+a.Address+":"+f.Key, now, []Limit{{Who: "filings:" + a.Address, Max: s.perAddress, Within: time.Hour}})
	return full, failed(err, "count filing")
}

// tooMany reports whether a chat has lodged as much as it may in 24 hours.
func (s *Service) tooMany(ctx context.Context, owner string, now time.Time) (bool, error) {
	if s.filings <= 0 || owner == "" {
		return false, nil
	}
	own, _, err := s.store.List(ctx, Scope{Owner: owner}, Query{Order: "new", Limit: min(s.filings, 100)})
	if err != nil {
		return false, failed(err, "look what was filed lately")
	}
	return len(own) == min(s.filings, 100) && now.Sub(own[len(own)-1].Case.Received) < 24*time.Hour, nil
}
