package petition

import (
	"context"
	"errors"
	"slices"
	"strings"
)

// seesOther refuses a move that names another petition which the officer can't see, as one that
// there is not: Invalid "link.not_seen".
func (s *Service) seesOther(ctx context.Context, a Actor, m Move) error {
	name := m.Name
	if m.For != "" {
		name = m.For
	}
	if name != MoveLink && name != MoveInHand || m.Args["number"] == "" {
		return nil
	}
	number, ok := ParseNumber(m.Args["number"])
	if !ok {
		return Fail(Invalid, "link.not_seen", "number", clip(m.Args["number"], 30))
	}
	r, err := s.store.Load(ctx, number)
	if CodeOf(err) != NotFound && err != nil {
		return failed(err, "look at the other case")
	}
	if err != nil || !s.law.sees(&r.Case, a) || r.Case.Filing.Class == Report {
		return Fail(Invalid, "link.not_seen", "number", number)
	}
	return nil
}

// linkOthers writes on the other petitions what a change linked or parted, so that both show it. Doing
// it again does nothing.
func (s *Service) linkOthers(ctx context.Context, a Actor, before, after *Case) error {
	has := strings.Fields(after.fact(factLinked))
	for _, number := range strings.Fields(before.fact(factLinked)) {
		if !slices.Contains(has, number) && !after.erased() {
			if err := s.onOther(ctx, a, number, MoveUnlink, after.Number); err != nil {
				return err
			}
		}
	}
	for _, number := range has {
		if err := s.onOther(ctx, a, number, MoveLink, after.Number); err != nil {
			return err
		}
	}
	return nil
}

// onOther links or parts another petition as the one named was. One that is gone, or sealed since, is
// left alone.
func (s *Service) onOther(ctx context.Context, a Actor, number string, m MoveName, about string) error {
	for try := 1; ; try++ {
		r, err := s.store.Load(ctx, number)
		if CodeOf(err) == NotFound && err != nil {
			return nil
		}
		if err != nil {
			return failed(err, "read the other case")
		}
		if r.Case.Filing.Class == Report || r.Case.erased() || r.Case.hasFact(factLinked, about) == (m == MoveLink) {
			return nil
		}
		c, now := r.Case.clone(), s.now()
		if m == MoveLink {
			c.addFact(factLinked, about)
		} else {
			c.dropFact(factLinked, about)
			c.dropFact(factRepeats, about)
		}
		c.Timeline = append(c.Timeline, Entry{
			Seq: len(c.Timeline) + 1, At: now, Move: m, By: a.Unit, Staff: a.Staff, Unit: c.Unit, From: c.Status, To: c.Status,
			Args: map[string]string{"number": about},
		})
		changed := s.record(r, c, now)
		changed.Access = s.changed(a, m, number)
		_, err = s.store.Save(ctx, changed, nil)
		if err == nil || try == maxConflicts || !errors.Is(err, Fail(Conflict, "case.changed")) {
			return failed(err, "write the other case")
		}
	}
}
