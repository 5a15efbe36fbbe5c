package petition

import (
	"context"
	"time"
)

// File lodges a petition; see Cases.
func (s *Service) File(ctx context.Context, a Actor, f Filing) (Ticket, error) {
	a, now := s.law.normal(a), s.now()
	r, err := s.lodge(ctx, a, &f, now)
	if err != nil {
		return Ticket{}, err
	}
	return s.ticket(a, f.Key, &r.Case, now), nil
}

// lodge writes down what was filed, or finds that it was. f comes back as it was admitted.
func (s *Service) lodge(ctx context.Context, a Actor, f *Filing, now time.Time) (*Record, error) {
	var err error
	if *f, err = s.admit(a, *f); err != nil {
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
	build := func(serial int) (Record, []Notice, error) {
		if many { // what was filed already is answered all the same
			return Record{}, nil, Fail(Limited, "file.too_many", "max", itoa(s.filings))
		}
		number := FormatNumber(s.law.Office.Prefix, now.In(shanghai).Year(), serial)
		c, err := s.law.Open(*f, a, id, number, now)
		if err != nil {
			return Record{}, nil, err
		}
		c.FiledBy, c.FiledAs = s.filedBy(a), s.filedAs(*f)
		r := s.record(Record{Code: s.codeHash(id, s.code(f.Key, id))}, c)
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
	return Ticket{
		Number: c.Number, Code: formatCode(s.code(key, c.ID)), Unit: or(c.fact(factToward), c.Unit),
		Filed: c.Received, Next: next, View: s.view(*c, a, now),
	}
}

// code derives the query code, so that the same filing shows the same one again.
func (s *Service) code(key, id string) string { return codeFrom(s.hash("query code", key+"\x00"+id)) }

func (s *Service) codeHash(id, code string) []byte { return s.hash("code", id+"\x00"+code) }
