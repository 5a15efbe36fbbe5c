package petition

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// Service is the case service in process: the law, who may see and do what, and the
// store behind it. It is safe for concurrent use.
type Service struct {
	store          Store
	law            *Law
	blobs          Blobs
	scrub          Scrub
	hash           func(purpose, value string) []byte
	now            func() time.Time
	newID          func() string
	render         Render // nil = no documents here
	withoutNotices bool   // it tells nobody, and shows only what a case has become

	fingerprint string        // of what steps of time depend on
	setBack     *atomic.Int64 // how often the clock was set back, as the last sweep knew

	recent     *recentAccesses
	overviews  *passes[overviews]
	reports    *passes[ReportFigures]
	filings    int // petitions one chat may lodge in 24 hours; 0 = any number
	perAddress int // and one network address in an hour

	worksHere func(ctx context.Context, chat string) (bool, error) // nil = nobody known

	room       func() bool                                    // whether the store has room for another file; nil = always
	names      func(ctx context.Context, staff string) string // what the office calls somebody; nil = their id
	colleagues Colleagues
}

var _ Cases = (*Service)(nil)

// NewService puts the parts together. hash is a keyed hash (the same value hashes
// alike for ever, nobody without the key can compute it); newID gives identifiers
// that never repeat (UUIDv7).
func NewService(st Store, o *Office, c *Calendar, hash func(purpose, value string) []byte,
	now func() time.Time, newID func() string, b Blobs,
) *Service {
	law := NewLaw(o, c)
	return &Service{store: st, law: law, blobs: b, hash: hash, now: now, newID: newID, fingerprint: law.fingerprint(), setBack: new(atomic.Int64), recent: new(recentAccesses), overviews: new(passes[overviews]), reports: new(passes[ReportFigures])}
}

// WithRenderer is the same service with p to write official documents. Without one
// Document is Unavailable "paper.no_press".
func (s *Service) WithRenderer(p Render) *Service {
	c := *s
	c.render = p
	return &c
}

// WithNames is the same service with what the office calls its people: the name of who signs
// a paper stands on it. Who has none there signs nothing.
func (s *Service) WithNames(names func(ctx context.Context, staff string) string) *Service {
	c := *s
	c.names = names
	return &c
}

// WithoutNotices is the same service over another store and clock, for writing down what
// happened long ago: it makes no notices, and its views have number, state, unit and
// version only.
func (s *Service) WithoutNotices(st Store, now func() time.Time) *Service {
	c := *s
	c.store, c.now, c.withoutNotices = st, now, true
	return &c
}

// WithStaff is the same service, told by worksHere whether a chat is that of somebody who
// works for the office: they rate nothing, from any chat.
func (s *Service) WithStaff(worksHere func(ctx context.Context, chat string) (bool, error)) *Service {
	c := *s
	c.worksHere = worksHere
	return &c
}

// view is what an actor sees of a case.
func (s *Service) view(c Case, a Actor, now time.Time) View {
	if s.withoutNotices {
		return View{Number: c.Number, Status: c.Status, Unit: c.Unit, Version: c.Version}
	}
	return s.law.View(c, a, now)
}

// Law is the law the service works by.
func (s *Service) Law() *Law { return s.law }

// record brings what a case is found and sorted by up to date, and adds keys of moves.
func (s *Service) record(r Record, c Case, now time.Time, keys ...string) Record {
	r.Numbers = s.law.numbersDue(&c, len(r.Case.Timeline))
	r.Case, r.Due, r.Open = c, "", c.open()
	for _, k := range c.Clocks {
		if !k.counts() || k.State == clockPaused { // paused: it can't become late
			continue
		}
		if r.Due == "" || k.Due < r.Due {
			r.Due = k.Due
		}
	}
	r.Urgent = c.urgency() != ""
	r.Sealed = c.Filing.Class == Report
	r.Units = c.unitsSeeing(s.law.Office)
	if lead := c.fact(factLead); lead != "" && c.Filing.Class != Report {
		for _, u := range r.Units {
			r.Units = append(r.Units, hardKey+u)
		}
		r.Units = append(r.Units, hardKey, s.ledKey(lead))
	}
	r.Files = nil
	for _, f := range append(filesOf(c.Filing.Attachments, c.Timeline), draftFiles(c.Drafts)...) {
		r.Files = append(r.Files, f.ID)
	}
	r.Keys = slices.Concat(r.Keys, keys)
	r.Checks = s.checks(&r, now)
	return r
}

// counts reports whether a period still runs or is paused, and is one that has a colour.
func (k Clock) counts() bool { return k.live() && !noColour(k.Rule) }

// open reports whether a case is among the open ones: not at an end, or with a period that
// still counts.
func (c *Case) open() bool { return !c.Status.Ended() || slices.ContainsFunc(c.Clocks, Clock.counts) }

// List shows the cases an actor may see; see Cases.
func (s *Service) List(ctx context.Context, a Actor, q Query) (Page, error) {
	a = s.law.normal(a)
	if !a.staff() && a.Owner == "" {
		return Page{Items: []Item{}}, nil
	}
	q, err := s.query(a, q)
	if err != nil {
		return Page{}, err
	}
	said, personal := q.Words, a.staff() && s.law.Office.LooksForPerson(q.Words)
	if personal {
		if q, err = s.byPerson(ctx, a, q); err != nil {
			return Page{}, err
		}
	}
	// Asked before: words that are read meanwhile may have been missed. A citizen's own
	// cases are few and need no index.
	partial := (q.Words != "" || q.Matters()) && a.staff() && s.store.Indexing(ctx)
	if q.Drafts != "" {
		q.DraftsOf = a.Unit
	}
	records, after, err := s.store.List(ctx, s.scope(a, q), q)
	if err != nil {
		return Page{}, failed(err, "list cases")
	}
	p := Page{After: after, Items: []Item{}, Partial: partial}
	now := s.now()
	for _, r := range records {
		if s.law.sees(&r.Case, a) { // the store's scope is the index, this is the rule
			if i := s.law.Item(r.Case, a, now); q.Drafts == "" || i.hasDrafts(q.Drafts, a) {
				p.Items = append(p.Items, i)
			}
		}
	}
	if err := s.noteList(ctx, a, said, personal, p.Items); err != nil {
		return Page{}, err
	}
	if q.After != "" || q.Drafts != "" {
		return p, nil
	}
	if p.Total = len(p.Items); after != "" {
		n, err := s.store.Count(ctx, s.scope(a, q), q)
		if err != nil {
			return Page{}, failed(err, "count cases")
		}
		p.Total, p.Over = max(0, min(n, MaxTotal)), n > MaxTotal
	}
	return p, nil
}

// hardKey is under which hard cases are listed: alone all of them, followed by the code of a unit those that
// the unit sees.
const hardKey = "hard:"

// ledKey is under which the cases that somebody leads are listed, beside the codes of units.
func (s *Service) ledKey(staff string) string { return "lead:" + s.short("lead", staff) }

// scope is Law.scope, and for a leader the cases they lead: those alone where the query says so or
// the leader sees no others.
func (s *Service) scope(a Actor, q Query) Scope {
	sc := s.law.scope(a)
	leads := a.Staff != "" && a.any(func(r roleSpec) bool { return r.leads })
	switch {
	case q.Led && leads:
		return Scope{Units: []string{s.ledKey(a.Staff)}}
	case q.Led:
		return Scope{}
	case q.Hard && leads && !sc.All && sc.Units == nil:
		return Scope{Units: []string{s.ledKey(a.Staff)}}
	case q.Hard && sc.All:
		return Scope{Units: []string{hardKey}}
	case q.Hard:
		hard := Scope{}
		for _, u := range sc.Units {
			hard.Units = append(hard.Units, hardKey+u)
		}
		return hard
	case leads && !sc.All && sc.Units == nil:
		sc.Units = []string{s.ledKey(a.Staff)}
	}
	return sc
}

// byPerson turns a search for a person into one by who petitioned, where that finds anything. Contacts
// are seen by the unit that has the case (View.Contact), and found in the petition office besides.
func (s *Service) byPerson(ctx context.Context, a Actor, q Query) (Query, error) {
	if strings.TrimSpace(a.Reason) == "" {
		return q, Fail(Forbidden, "access.why_person")
	}
	by := q
	by.Person, by.Words = s.law.Office.personIn(q.Words)
	if a.Unit != s.law.Office.Unit {
		if a.Unit == "" || q.Unit != "" && q.Unit != a.Unit {
			return q, nil
		}
		by.Unit = a.Unit
	}
	probe := by
	probe.After, probe.Limit = "", 1
	found, _, err := s.store.List(ctx, s.scope(a, q), probe)
	if err != nil || len(found) == 0 {
		return q, failed(err, "look for who petitioned")
	}
	return by, nil
}

// noteList writes down what a list shows, and a search for a person though it shows nothing.
func (s *Service) noteList(ctx context.Context, a Actor, words string, personal bool, shown []Item) error {
	var numbers []string
	for _, v := range shown {
		numbers = append(numbers, v.Number)
	}
	switch {
	case len(shown) == 0 && !personal:
		return nil
	case words != "":
		return s.noteRead(ctx, a, ActSearch, words, numbers...)
	}
	return s.noteRead(ctx, a, ActList, "", numbers...)
}

func (s *Service) query(a Actor, q Query) (Query, error) {
	if len(q.Words) > 400 || len(q.After) > 400 || len(q.Unit) > 100 {
		return q, Fail(Invalid, "list.too_long")
	}
	for _, code := range []string{string(q.Class), q.Subject, q.Place, q.Channel} {
		if len(code) > 100 {
			return q, Fail(Invalid, "list.too_long")
		}
	}
	for _, day := range []string{q.From, q.To} {
		if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
			return q, Fail(Invalid, "list.day", "day", clip(day, 20))
		}
	}
	switch {
	case q.Drafts != "" && (!slices.Contains(draftLists, q.Drafts) || q.Words != ""):
		return q, Fail(Invalid, "list.drafts")
	case q.Drafts != "" && a.Unit == "":
		return q, Fail(Invalid, "list.drafts")
	}
	switch {
	case q.Order == "" && a.staff():
		q.Order = "due"
	case q.Order == "":
		q.Order = "new"
	case q.Order != "due" && q.Order != "new":
		return q, Fail(Invalid, "list.order", "order", clip(q.Order, 20))
	}
	if number, ok := ParseNumber(q.Words); ok {
		q.Words = number
	}
	if q.Limit <= 0 {
		q.Limit = 20
	}
	q.Limit = min(q.Limit, 100)
	return q, nil
}

// Barred names the moves that an officer makes on a case at other times, with why not now.
// NotFound for a case they do not see.
func (s *Service) Barred(ctx context.Context, a Actor, number string) ([]Barred, error) {
	r, a, err := s.prove(ctx, a, number, "")
	if err != nil {
		return nil, err
	}
	return s.law.Barred(r.Case, a, s.now()), nil
}

// Notices reads the feed; see Cases.
func (s *Service) Notices(ctx context.Context, after string, limit int) ([]Notice, error) {
	if limit <= 0 || limit > 500 {
		limit = 100
	}
	n, err := s.store.Notices(ctx, after, limit)
	if err == nil {
		err = s.cover(ctx, n)
	}
	if err != nil {
		return nil, failed(err, "read notices")
	}
	return n, nil
}

// maxConflicts is how often a move is tried again when somebody was first.
const maxConflicts = 6

// Do makes a move; see Cases.
func (s *Service) Do(ctx context.Context, a Actor, number string, m Move) (View, error) {
	m, err := s.validateMove(m)
	if err != nil {
		return View{}, err
	}
	r, a, err := s.prove(ctx, a, number, m.Code)
	for try := 1; ; try++ {
		if err != nil {
			return View{}, err
		}
		v, err := s.do(ctx, a, *r, m)
		if m.Version != 0 || try == maxConflicts || !errors.Is(err, Fail(Conflict, "case.changed")) {
			return v, err
		}
		if *r, err = s.store.Load(ctx, r.Case.Number); err != nil {
			return View{}, failed(err, "read case again")
		}
	}
}

func (s *Service) do(ctx context.Context, a Actor, r Record, m Move) (View, error) {
	now := s.now()
	if !s.law.sees(&r.Case, a) { // it may have gone elsewhere since it was found
		return View{}, Fail(NotFound, "lookup.no_match")
	}
	made, err := s.made(&r, a, m)
	if err != nil {
		return View{}, err
	}
	if made {
		if err := s.linkOthers(ctx, a, &r.Case, &r.Case); err != nil { // a process may have ended before it did
			return View{}, err
		}
		v := s.law.View(r.Case, a, now)
		return v, s.noteLook(ctx, toward(&r.Case, a), &v)
	}
	if m.Version != 0 && m.Version != r.Case.Version {
		return View{}, Fail(Conflict, "case.changed")
	}
	if err := s.seesOther(ctx, a, m); err != nil {
		return View{}, err
	}
	if err := s.admitUploads(ctx, a, m.Files, &r.Case); err != nil {
		return View{}, err
	}
	if err := s.mayLead(ctx, m); err != nil {
		return View{}, err
	}
	if err := s.maySpeakFor(ctx, a, &r.Case, m); err != nil {
		return View{}, err
	}
	if !a.staff() && entriesSince(r.Case, now.Add(-24*time.Hour)) >= dailyMoves {
		return View{}, Fail(Limited, "move.too_often", "max", itoa(dailyMoves))
	}
	signs := m.Name == MoveSign || slices.Contains(papers, string(m.Name))
	if s.names != nil && signs {
		a.name = s.names(ctx, a.Staff)
	}
	if a.told, err = s.told(ctx, &r.Case, a, m); err != nil {
		return View{}, err
	}
	next, err := s.law.Apply(r.Case, a, m, now)
	if err != nil {
		return View{}, failed(err, "make move")
	}
	if s.names != nil && signs && a.name == "" && a.staff() {
		return View{}, Fail(Forbidden, "draft.nameless")
	}
	if max := s.law.Office.Settings.Filled().MaxFiles * 5; len(filesOf(next.Filing.Attachments, next.Timeline)) > max {
		return View{}, Fail(Invalid, "files.too_many", "max", itoa(max))
	}
	var keys []string
	if m.Key != "" {
		_, key := s.moveKey(a, m)
		keys = []string{key}
	}
	changed := s.record(r, next, now, keys...)
	changed.Access = s.changed(toward(&r.Case, a), m.Name, next.Number)
	version, err := s.store.Save(ctx, changed, s.notices(r.Case, next, now))
	if err != nil {
		return View{}, failed(err, "save case")
	}
	next.Version = version
	if m.Name == MoveLink || m.Name == MoveUnlink || m.Name == MoveSign || m.Name == MoveInHand {
		if err := s.linkOthers(ctx, a, &r.Case, &next); err != nil {
			return View{}, err
		}
	}
	if s.colleagues.Tell != nil {
		for _, id := range a.told {
			s.colleagues.Tell(ctx, id, next.Number)
		}
	}
	if !s.law.sees(&next, a) { // who gave it away learns where it went, and no more
		return View{Number: next.Number, Status: next.Status, Unit: next.Unit, UnitName: s.law.Office.UnitName(next.Unit), Version: version}, nil
	}
	return s.view(next, a, now), nil
}

// mayLead refuses to give a case to somebody who is no leader. It is Invalid "lead.who".
func (s *Service) mayLead(ctx context.Context, m Move) error {
	if m.Name != MoveLead || s.colleagues.Leader == nil || m.Officer == "" {
		return nil
	}
	leader, err := s.colleagues.Leader(ctx, m.Officer)
	if err != nil {
		return failed(err, "look who is to lead")
	}
	if !leader {
		return Fail(Invalid, "lead.who")
	}
	return nil
}

// maySpeakFor refuses a rating of the office by its own people as petitioners. It is
// Forbidden "move.rate_staff".
func (s *Service) maySpeakFor(ctx context.Context, a Actor, c *Case, m Move) error {
	if m.Name != MoveRate || !isCitizen(c, a) {
		return nil
	}
	works := a.staff()
	if !works && s.worksHere != nil {
		var err error
		if works, err = s.worksHere(ctx, a.Owner); err != nil {
			return failed(err, "look who rates")
		}
	}
	if works {
		return Fail(Forbidden, "move.rate_staff")
	}
	return nil
}

// dailyMoves is how often a citizen may do something with one case in 24 hours; far
// more than anybody with something to say needs.
const dailyMoves = 60

func entriesSince(c Case, t time.Time) int {
	n := 0
	for _, e := range c.Timeline {
		if e.By == "citizen" && e.At.After(t) {
			n++
		}
	}
	return n
}

// Forget cuts a citizen's chat from their cases; see Cases.
func (s *Service) Forget(ctx context.Context, owner string) (int, error) {
	if strings.TrimSpace(owner) == "" || !IsChat(owner) {
		return 0, Fail(Invalid, "forget.owner")
	}
	now := s.now()
	n, err := s.store.Forget(ctx, owner, func(r *Record) {
		c := r.Case.clone()
		c.Filing.Owner, c.Filing.Contact = "", Contact{}
		c.Timeline = append(c.Timeline, Entry{
			Seq: len(c.Timeline) + 1, At: now, Move: MoveForget, Public: true, By: "citizen", Unit: c.Unit, From: c.Status, To: c.Status,
		})
		*r = s.record(*r, c, now)
	})
	return n, failed(err, "forget chat")
}

// failed makes every error an *Error: any other is Internal, except a caller who
// went away, which is Unavailable.
func failed(err error, op string) error {
	var e *Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &e):
		return e
	case errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		return &Error{Code: Unavailable, Op: op, Err: err}
	}
	return &Error{Code: Internal, Op: op, Err: err}
}
