package petition

import (
	"context"
	"slices"
	"strings"
)

// MayExport reports whether somebody takes all cases they see out of the program: by role, as
// somebody of the petition office.
func (l *Law) MayExport(a Actor) bool {
	a = l.normal(a)
	return (a.Unit == l.Office.Unit || a.Unit == "") && a.any(func(r roleSpec) bool { return r.exports })
}

// MayOffice reports whether somebody changes the office's data and people: by role, as somebody of the
// petition office.
func (l *Law) MayOffice(a Actor) bool { return l.MayExport(a) }

// ExportPage reads the next 100 cases that an actor sees, whole, oldest number last; after "" = from
// the first, next "" = these were the last. Drafts, chats and what guards idempotency stay here;
// without contacts so do the petitioners' names, numbers and addresses. Reports on misconduct are in it for
// their named officers alone. Forbidden "export.who"; Invalid "export.reason" without a.Reason. Each
// page is a line of the access log.
func (s *Service) ExportPage(ctx context.Context, a Actor, contacts bool, after string) (all []Case, next string, err error) {
	a = s.law.normal(a)
	switch {
	case !s.law.MayExport(a):
		return nil, "", Fail(Forbidden, "export.who")
	case strings.TrimSpace(a.Reason) == "":
		return nil, "", Fail(Invalid, "export.reason")
	}
	records, next, err := s.store.List(ctx, s.law.scope(a), Query{Order: "new", Limit: 100, After: after, Whole: true})
	if err != nil {
		return nil, "", failed(err, "read cases to export")
	}
	var numbers []string
	for _, r := range records {
		if s.law.sees(&r.Case, a) {
			numbers, all = append(numbers, r.Case.Number), append(all, exported(r.Case, contacts))
		}
	}
	return all, next, s.noteRead(ctx, a, ActExport, "", numbers...)
}

func exported(c Case, contacts bool) Case {
	c = c.clone()
	c.ID, c.Version, c.Drafts, c.Drafted, c.FiledAs, c.FiledBy = "", 0, nil, 0, "", ""
	c.Filing.Key, c.Filing.Owner = "", ""
	if !contacts {
		c.Filing.Contact = Contact{}
	}
	return c
}

// Adopt writes down a case that ExportPage of this or another office's program handed out, under its
// number and with its timeline. Nobody is told. Conflict "import.known" when the number is taken;
// Invalid for a case that does not hold together.
func (s *Service) Adopt(ctx context.Context, a Actor, c Case) error {
	a, now := s.law.normal(a), s.now()
	if !s.law.MayImport(a) {
		return Fail(Forbidden, "import.who")
	}
	if err := s.validateAdopted(&c); err != nil {
		return err
	}
	switch _, err := s.store.Load(ctx, c.Number); CodeOf(err) {
	case NotFound:
	case "":
		return Fail(Conflict, "import.known", "number", c.Number, "old", c.Number)
	default:
		return failed(err, "look for the number")
	}
	c.ID, c.Version = s.newID(), 1
	year := c.Received.In(shanghai).Year()
	r, fresh, err := s.store.Create(ctx, "export:"+c.Number, year, func(int) (Record, []Notice, error) {
		r := s.record(Record{Code: s.codeHash(c.ID, s.code("", c.ID)), Keys: s.stepsPast(c, now)}, c, now)
		r.Numbers = nil // the papers went out elsewhere
		r.Access = s.changed(a, MoveImport, c.Number)
		return r, nil, nil
	})
	if err != nil {
		return failed(err, "adopt case")
	}
	if !fresh && r.Case.Number != c.Number {
		return Fail(Conflict, "import.known", "number", r.Case.Number, "old", c.Number)
	}
	return nil
}

func (s *Service) validateAdopted(c *Case) error {
	number, ok := ParseNumber(c.Number)
	if !ok || number != c.Number || !slices.Contains(Statuses(), c.Status) || c.Received.IsZero() || c.Received.After(s.now()) || len(c.Timeline) == 0 {
		return Fail(Invalid, "import.case", "number", clip(c.Number, 20))
	}
	if _, known := s.law.Office.Find(c.Unit); !known {
		return Fail(Invalid, "import.unit", "unit", clip(c.Unit, 60))
	}
	for i, e := range c.Timeline {
		if e.Seq != i+1 || e.Move == "" {
			return Fail(Invalid, "import.case", "number", c.Number)
		}
	}
	f := c.Filing
	f.Key = "export:" + c.Number
	for _, check := range []func(Actor, *Filing) error{validateTexts, s.validateCodes} {
		if err := check(Actor{}, &f); err != nil {
			return err
		}
	}
	return nil
}
