package petition

import (
	"context"
	"strings"
)

// Colleagues is what the service must know of the office's people: those whom an internal note
// names (@李军), and who may lead a case. The zero Colleagues knows nobody.
type Colleagues struct {
	// Leader reports whether somebody works here as a leader; nil = it is not known, and anybody may
	// be named.
	Leader func(ctx context.Context, staff string) (bool, error)

	// Named are the people whose names stand in a text behind an @, as they are now, each once.
	Named func(ctx context.Context, text string) ([]Actor, error)

	// Tell notes for one of them, after the note is there, that they were named in a case; nil =
	// the notice alone tells them. It is no part of the move: a failure of it is not answered.
	Tell func(ctx context.Context, staff, number string)
}

// WithColleagues is the same service, which tells those whom a note names.
func (s *Service) WithColleagues(of Colleagues) *Service {
	c := *s
	c.colleagues = of
	return &c
}

// argTold names in the entry of a note whom it tells, by blanks.
const argTold = "told"

// told are the colleagues whom a note names. Forbidden "note.unseen" where one of them may not see the
// case, so that nobody believes them told.
func (s *Service) told(ctx context.Context, c *Case, a Actor, m Move) ([]string, error) {
	if m.Name != MoveNote || s.colleagues.Named == nil || !a.staff() {
		return nil, nil
	}
	named, err := s.colleagues.Named(ctx, m.Text)
	if err != nil {
		return nil, failed(err, "find who is named in a note")
	}
	var ids []string
	for _, who := range named {
		if who.Staff == a.Staff {
			continue
		}
		if !s.law.sees(c, who) || isCitizen(c, who) || c.hasFact(factRecused, who.Staff) {
			name := who.Staff
			if s.names != nil {
				name = s.names(ctx, who.Staff)
			}
			return nil, Fail(Forbidden, "note.unseen", "name", name)
		}
		ids = append(ids, who.Staff)
	}
	return ids, nil
}

func noteTold(s *step) error {
	if len(s.a.told) > 0 {
		s.entry.Args[argTold] = strings.Join(s.a.told, " ")
		s.entry.Inner = append(s.entry.Inner, argTold)
	}
	return nil
}

// toldNotices are for those whom a note names. Of a report its named officers are told as of any
// other change, and nobody by name.
func (s *Service) toldNotices(c Case, e Entry, of func(unit string) Notice) (all []Notice) {
	if c.Filing.Class == Report {
		return nil
	}
	for _, id := range strings.Fields(e.Args[argTold]) {
		n := of(c.Unit)
		n.To = staffHolder + id
		all = append(all, n)
	}
	return all
}
