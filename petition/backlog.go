package petition

import (
	"context"
	"slices"
	"time"
)

// Backlog is what another system knew of a petition beside its filing.
type Backlog struct {
	Import  string // id of the import, which can be undone as a whole
	Line    int    // of its file, from 1
	Status  Status // one of BacklogStatuses
	Unit    string // that has it; "" = the petition office. Of a report it is not asked
	Day     string // since when it is so: accepted or ended on; "" = the day it was received
	Outcome string // what came of it, in the old system's words
	Subject string // what it was filed under there, where the office's data have no such subject
}

// BacklogStatuses are the statuses in which a petition can be taken over: before it is
// answered, or at an end. A citizen's window runs from a delivery that only this program's
// own record can show.
func BacklogStatuses() []Status {
	return []Status{Registered, Transferred, Accepted, Refused, Redirected, Withdrawn, Closed}
}

const maxOutcome = 2000

// TakeOver writes down a petition of another system, once: the same line of the same import is
// answered with its number again. Nobody is told, and what was due before is not brought up.
// Conflict "import.known" names the case that has the old number (Filing.Old) already. The
// other errors are those of File, and Invalid for what the backlog says.
func (s *Service) TakeOver(ctx context.Context, a Actor, f Filing, b Backlog) (string, error) {
	a, now := s.law.normal(a), s.now()
	if !s.law.MayImport(a) {
		return "", Fail(Forbidden, "import.who")
	}
	if err := s.validateBacklog(&f, b, now); err != nil {
		return "", err
	}
	key, id := b.key(f), s.newID()
	for again := 0; ; again++ {
		r, fresh, err := s.store.Create(ctx, keyAgain(key, again), now.In(shanghai).Year(), func(serial int) (Record, []Notice, error) {
			c, err := s.law.takenOver(f, b, a, id, FormatNumber(s.law.Office.Prefix, now.In(shanghai).Year(), serial), now)
			if err != nil {
				return Record{}, nil, err
			}
			r := Record{Code: s.codeHash(id, s.code("", id)), Keys: s.stepsPast(c, now)}
			r = s.record(r, c, now)
			r.Access = s.changed(a, MoveImport, c.Number)
			return r, nil, nil
		})
		switch {
		case err != nil:
			return "", failed(err, "take over petition")
		case fresh || r.Case.importedAs(b):
			return r.Case.Number, nil
		case !r.Case.undone():
			return "", Fail(Conflict, "import.known", "number", r.Case.Number, "old", f.Old)
		}
	}
}

// key is what a line is filed under: the old system's number, which no two petitions have, or
// else its place.
func (b Backlog) key(f Filing) string {
	if f.Old != "" {
		return "old number:" + f.Old
	}
	return "import:" + b.Import + ":" + itoa(b.Line)
}

// keyAgain is the key after that many imports of the line were undone.
func keyAgain(key string, undone int) string {
	if undone == 0 {
		return key
	}
	return key + "\x00" + itoa(undone)
}

// stepsPast are the keys of the steps of time that were due before a petition was taken over,
// and of those that ask why nobody took it.
func (s *Service) stepsPast(c Case, now time.Time) (keys []string) {
	for _, step := range append(s.law.reminders(c, now), s.law.unclaimed(c, now.AddDate(1, 0, 0))...) {
		keys = append(keys, s.stepKey(step))
	}
	return keys
}

func (s *Service) validateBacklog(f *Filing, b Backlog, now time.Time) error {
	f.Key, f.Owner, f.Attachments = b.key(*f), "", nil
	f.Channel = or(f.Channel, "letter")
	if f.People == 0 {
		f.People = 1
	}
	f.Subject, f.Place.Code = s.law.Office.current(f.Subject, f.Place.Code)
	for _, check := range []func(Actor, *Filing) error{validateTexts, s.validateCodes} {
		if err := check(Actor{}, f); err != nil {
			return err
		}
	}
	today, outcome := Day(now), b.Outcome
	_, known := s.law.Office.Find(b.Unit)
	switch _, err := parseDay(f.Received); {
	case err != nil || f.Received > today || f.Received < "1950-01-01":
		return Fail(Invalid, "file.received", "date", clip(f.Received, 20))
	case !slices.Contains(BacklogStatuses(), b.Status):
		return Fail(Invalid, "import.status", "status", clip(string(b.Status), 20))
	case b.Unit != "" && !known:
		return Fail(Invalid, "import.unit", "unit", clip(b.Unit, 60))
	case b.Day != "" && (b.Day < f.Received || b.Day > today):
		return Fail(Invalid, "import.day", "date", clip(b.Day, 20))
	}
	return validateText("outcome", &outcome, maxOutcome)
}

// takenOver is the case of a petition of another system. What happened there is no entry of its
// timeline: nobody here saw it.
func (l *Law) takenOver(f Filing, b Backlog, a Actor, id, number string, now time.Time) (Case, error) {
	f.Key = ""
	c := Case{ID: id, Number: number, Version: 1, Status: b.Status, Received: startOf(f.Received), Since: now, Filing: f}
	s := &step{law: l, c: &c, a: a, now: now, today: f.Received}
	if f.Class == Report {
		c.setFact(factAbout, l.about(f))
		if _, err := l.reportsTo(c.fact(factAbout)); err != nil {
			return c, err
		}
	}
	c.Unit = s.intakeUnit()
	if f.Class != Report && b.Unit != "" {
		c.Unit = b.Unit
	}
	c.setFact(factImport, b.Import+":"+itoa(b.Line))
	c.setFact(factOutcome, b.Outcome)
	c.setFact(factOldSubject, clip(b.Subject, 100))
	if err := s.clocksTakenOver(b); err != nil {
		return c, err
	}
	if toward := l.Office.Route(f.Class, f.Subject, f.Place.Code); b.Status == Registered && toward != c.Unit && f.Class != Report {
		c.setFact(factToward, toward)
	}
	c.Timeline = []Entry{{Seq: 1, At: now, Move: MoveImport, By: a.Unit, Staff: a.Staff, Unit: c.Unit, To: c.Status, Args: map[string]string{"import": b.Import, "line": itoa(b.Line)}}}
	return c, nil
}

// clocksTakenOver starts the periods that run in a status, from the old system's days.
func (s *step) clocksTakenOver(b Backlog) error {
	class := s.c.Filing.Class
	switch {
	case b.Status == Registered:
		return s.openClocks()
	case b.Status == Transferred:
		s.c.setFact(factSender, s.law.Office.Unit)
		if err := s.start(Start{Rule: "notify"}); err != nil || class != Suggestion {
			return err
		}
		return s.start(Start{Rule: "suggestion_reply"})
	case b.Status != Accepted:
		return nil
	case class == Suggestion:
		return s.start(Start{Rule: "suggestion_reply"})
	}
	s.today = or(b.Day, s.today)
	if class == Report {
		return s.start(Start{Rule: "progress"})
	}
	s.c.Route = 6
	return s.start(Start{Rule: "handle"})
}

// UndoTakeOver takes back what TakeOver wrote down of a line: the case keeps its number and the
// fact that there was one, and is in no list and no figure. It answers "" where there is
// nothing to take back. Conflict "import.touched" names a case that somebody has worked on since.
func (s *Service) UndoTakeOver(ctx context.Context, a Actor, f Filing, b Backlog) (string, error) {
	a, now := s.law.normal(a), s.now()
	if !s.law.MayImport(a) {
		return "", Fail(Forbidden, "import.who")
	}
	none := Fail(NotFound, "import.none")
	for again := 0; ; again++ {
		r, _, err := s.store.Create(ctx, keyAgain(b.key(f), again), now.In(shanghai).Year(), func(int) (Record, []Notice, error) { return Record{}, nil, none })
		switch {
		case CodeOf(err) == NotFound:
			return "", nil
		case err != nil:
			return "", failed(err, "find petition taken over")
		case r.Case.undone() && r.Case.importedAs(b):
			return r.Case.Number, nil
		case r.Case.undone():
			continue
		case !r.Case.importedAs(b):
			return "", nil
		case r.Case.Version != 1:
			return "", Fail(Conflict, "import.touched", "number", r.Case.Number)
		}
		next := s.record(r, s.law.withoutImport(r.Case, a, now), now)
		next.Code, next.Keys, next.Access = nil, nil, s.changed(a, MoveUndoImport, r.Case.Number)
		if _, err := s.store.Save(ctx, next, nil); err != nil {
			return "", failed(err, "undo import")
		}
		return r.Case.Number, nil
	}
}

func (l *Law) withoutImport(c Case, a Actor, now time.Time) Case {
	c = l.withoutContent(c, now)
	c.setFact(factOutcome, "")
	c.setFact(factOldSubject, "")
	c.endClocks(Day(now))
	c.Status = Withdrawn
	e := &c.Timeline[len(c.Timeline)-1]
	e.Move, e.By, e.Staff, e.To = MoveUndoImport, a.Unit, a.Staff, Withdrawn
	return c
}

// MayImport reports whether somebody takes petitions of another system over, and undoes that:
// by role, as somebody of the petition office.
func (l *Law) MayImport(a Actor) bool {
	a = l.normal(a)
	return (a.Unit == l.Office.Unit || a.Unit == "") && a.any(func(r roleSpec) bool { return r.imports })
}

func (c *Case) importedAs(b Backlog) bool {
	return c.fact(factImport) == b.Import+":"+itoa(b.Line)
}

// undone reports whether the case was imported and that was taken back.
func (c *Case) undone() bool {
	n := len(c.Timeline)
	return n > 0 && c.Timeline[n-1].Move == MoveUndoImport
}
