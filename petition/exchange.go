package petition

import (
	"context"
	"strings"
	"time"
)

// Exchange of files with the petition system above (Art 21). Reports on misconduct are in none of them,
// whoever asks.

// Standing is what a reconciliation knows of a case.
type Standing struct {
	Number   string
	Theirs   string // its number in the system that passed it on or that it was taken over from, "" = none
	Passed   bool   // another body passed it on
	Received string // day on which it was received here; of what was passed on, the sender's day
	Status   Status
	Unit     string
}

// MayExchange reports whether somebody exchanges files with the system above: who takes all cases out and other
// systems' in.
func (l *Law) MayExchange(a Actor) bool { return l.MayExport(a) && l.MayImport(a) }

// Standings are all cases but reports on misconduct. Forbidden "exchange.who". It is a line of the access log.
func (s *Service) Standings(ctx context.Context, a Actor) ([]Standing, error) {
	a = s.law.normal(a)
	if !s.law.MayExchange(a) {
		return nil, Fail(Forbidden, "exchange.who")
	}
	if err := s.noteRead(ctx, a, ActSearch, "exchange"); err != nil {
		return nil, err
	}
	var all []Standing
	q := Query{Order: "new", Limit: 100}
	for {
		records, after, err := s.store.List(ctx, Scope{All: true}, q)
		if err != nil {
			return nil, failed(err, "read cases to compare")
		}
		for _, r := range records {
			if c := &r.Case; c.Filing.Class != Report && s.law.sees(c, a) {
				all = append(all, c.standingAbove())
			}
		}
		if q.After = after; after == "" {
			return all, nil
		}
	}
}

func (c *Case) standingAbove() Standing {
	f := &c.Filing
	st := Standing{Number: c.Number, Theirs: f.Old, Received: Day(c.Received), Status: c.Status, Unit: c.Unit}
	if PassedOn(f.Channel) {
		st.Passed, st.Theirs = true, or(f.Origin.Number, f.Old)
		st.Received = or(f.Origin.Date, st.Received)
	}
	return st
}

// ExchangeCases reads these cases whole, to be written into a file for the system above, without reports on
// misconduct, numbers there are not, and what was taken back. Without contacts names, telephone numbers and
// addresses stay here. Forbidden "exchange.who". What is read is a line of the access log.
func (s *Service) ExchangeCases(ctx context.Context, a Actor, numbers []string, contacts bool) ([]Case, error) {
	a = s.law.normal(a)
	if !s.law.MayExchange(a) {
		return nil, Fail(Forbidden, "exchange.who")
	}
	var all []Case
	var read []string
	for _, number := range numbers {
		r, err := s.store.Load(ctx, number)
		if CodeOf(err) == NotFound {
			continue
		}
		if err != nil {
			return nil, failed(err, "read case to exchange")
		}
		if c := r.Case; c.Filing.Class != Report && !c.undone() && s.law.sees(&c, a) {
			all, read = append(all, exported(c, contacts)), append(read, number)
		}
	}
	return all, s.noteRead(ctx, a, ActExport, "exchange", read...)
}

// TakeIn lodges what the system above passed on in a file, once for ever by the sender's own number: made is false for
// what is here already, whose number is answered. It was received today; periods run from today (Art 22, 23).
// Forbidden "exchange.who"; Invalid "exchange.number" without the sender's number, "exchange.report" for a report on
// misconduct, and what File says of a filing.
func (s *Service) TakeIn(ctx context.Context, a Actor, f Filing) (number string, made bool, err error) {
	a, now := s.law.normal(a), s.now()
	if f, err = s.CheckIn(a, f); err != nil {
		return "", false, err
	}
	id := s.newID()
	r, made, err := s.store.Create(ctx, f.Key, now.In(shanghai).Year(), s.takingIn(a, f, id, now))
	if err != nil {
		return "", false, failed(err, "take in what was passed on")
	}
	return r.Case.Number, made, nil
}

// CheckIn is what TakeIn would lodge, or its error, without lodging it.
func (s *Service) CheckIn(a Actor, f Filing) (Filing, error) {
	a = s.law.normal(a)
	f.Owner, f.Attachments, f.Received, f.Old, f.Public = "", nil, "", "", false
	f.Origin.Number = strings.TrimSpace(f.Origin.Number)
	f.Key = "exchange:" + f.Origin.Number
	if f.People == 0 {
		f.People = 1
	}
	f.Subject, f.Place.Code = s.law.Office.current(f.Subject, f.Place.Code)
	switch {
	case !s.law.MayExchange(a):
		return f, Fail(Forbidden, "exchange.who")
	case f.Class == Report:
		return f, Fail(Invalid, "exchange.report")
	case f.Origin.Number == "" || !PassedOn(f.Channel):
		return f, Fail(Invalid, "exchange.number")
	}
	for _, check := range []func(Actor, *Filing) error{validateTexts, s.validateOrigin, s.validateCodes} {
		if err := check(a, &f); err != nil {
			return f, err
		}
	}
	return f, nil
}

func (s *Service) takingIn(a Actor, f Filing, id string, now time.Time) builder {
	return func(serial int) (Record, []Notice, error) {
		number := FormatNumber(s.law.Office.Prefix, now.In(shanghai).Year(), serial)
		c, err := s.law.Open(f, a, id, number, now)
		if err != nil {
			return Record{}, nil, err
		}
		r := s.record(Record{Code: s.codeHash(id, s.code("", id))}, c, now)
		r.Access = s.changed(a, c.Timeline[0].Move, number)
		return r, s.notices(Case{}, c, now), nil
	}
}
