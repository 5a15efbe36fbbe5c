package petition

import (
	"context"
	"crypto/subtle"
	"slices"
	"time"
)

// lookLimits are the limits on wrong look-ups, which may be guesses of a query code: of one
// asker at one number, of one asker, of one network address. Nothing is counted against a
// number alone: a stranger could keep its owner from it. 40 random bits of a code need no
// such limit: of 100,000 guesses an hour for a year one in a thousand years is right.
func lookLimits(a Actor, number string) []Limit {
	asker := or(a.Asker, a.Owner)
	limits := []Limit{
		{Who: "asker at number:" + asker + "\x00" + clip(compact(fold(number)), 40), Max: 5, Within: 5 * time.Minute},
		{Who: "asker:" + asker, Max: 20, Within: time.Hour},
	}
	if a.Address != "" {
		limits = append(limits, Limit{Who: "address:" + a.Address, Max: 100, Within: time.Hour})
	}
	return limits
}

// minFailure is how long a look-up that fails takes at least: longer than reading and
// opening a case, so that a wrong number and a wrong code cannot be told apart.
const minFailure = 30 * time.Millisecond

// Look shows a case; see Cases.
func (s *Service) Look(ctx context.Context, a Actor, number, code string) (View, error) {
	r, a, err := s.prove(ctx, a, number, code)
	if err != nil {
		return View{}, err
	}
	v := s.law.View(r.Case, a, s.now())
	if a.Asks && a.Reason == "" && a.staff() && !isCitizen(&r.Case, a) {
		if r.Case.Filing.Class == Report {
			return View{}, Fail(Forbidden, "access.why")
		}
		v.Covered, v.Contact = v.Contact != nil && *v.Contact != (Contact{}), nil
	}
	if err := s.noteLook(ctx, toward(&r.Case, a), &v); err != nil {
		return View{}, err
	}
	if isCitizen(&r.Case, a) {
		return v, s.viewers(ctx, &v)
	}
	return v, s.markTraces(ctx, v.Files)
}

// noteLook writes down that a case is about to be shown.
func (s *Service) noteLook(ctx context.Context, a Actor, v *View) error {
	act := ActRead
	if a.staff() && v.Contact != nil && *v.Contact != (Contact{}) {
		act = ActContact
	}
	return s.noteRead(ctx, a, act, "", v.Number)
}

// markTraces notes which files may still say who made them: staff should know before
// they hand one on.
func (s *Service) markTraces(ctx context.Context, files []Attachment) error {
	if len(files) == 0 {
		return nil
	}
	var ids []string
	for _, f := range files {
		ids = append(ids, f.ID)
	}
	kept, err := s.store.Files(ctx, ids)
	if err != nil {
		return failed(err, "look at files")
	}
	for i := range files {
		files[i].Traces = slices.ContainsFunc(kept, func(k File) bool { return k.ID == files[i].ID && k.Traces })
	}
	return nil
}

// prove finds the case an actor may see: by who they are, or by number and code.
func (s *Service) prove(ctx context.Context, a Actor, number, code string) (*Record, Actor, error) {
	began := time.Now()
	a = s.law.normal(a)
	r, err := s.load(ctx, number)
	if err != nil && CodeOf(err) != NotFound {
		return r, a, failed(err, "look up case")
	}
	if err == nil && s.law.sees(&r.Case, a) {
		return r, a, nil
	}
	if code != "" {
		ok, err := s.checkCode(ctx, &a, r, number, code)
		if ok || err != nil {
			return r, a, err
		}
	}
	wait(ctx, minFailure-time.Since(began))
	return nil, a, Fail(NotFound, "lookup.no_match")
}

// load answers with an empty record beside an error, so that checkCode takes the same time
// for a number there is not.
func (s *Service) load(ctx context.Context, number string) (*Record, error) {
	n, ok := ParseNumber(number)
	if !ok {
		return new(Record), Fail(NotFound, "case.not_found")
	}
	r, err := s.store.Load(ctx, n)
	return &r, err
}

// checkCode tests a code. Without a case the same hash is computed and compared.
func (s *Service) checkCode(ctx context.Context, a *Actor, r *Record, number, code string) (bool, error) {
	attempt := s.newID()
	full, err := s.store.Try(ctx, attempt, s.now(), lookLimits(*a, number))
	if err != nil {
		return false, failed(err, "count look-up")
	}
	if full > 0 {
		return false, Fail(Limited, "lookup.locked", "minutes", minutes(full))
	}
	typed, _ := NormaliseCode(clip(code, 40))
	if subtle.ConstantTimeCompare(s.codeHash(r.Case.ID, typed), r.Code) != 1 {
		return false, nil
	}
	a.proved = r.Case.ID
	return true, failed(s.store.Untry(ctx, attempt), "take look-up back")
}

// minutes is a time to wait in whole minutes, rounded up.
func minutes(d time.Duration) string { return itoa(int((d + time.Minute - 1) / time.Minute)) }

func wait(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
