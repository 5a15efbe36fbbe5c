package cases

import (
	"cmp"
	"context"
	"slices"
	"time"

	"dengwen/internal/search"
	"dengwen/petition"
)

// maxPassed bounds how many places of a list one search passes by. A search that reaches it
// answers a short page whose cursor goes on.
const maxPassed = 5000

// maxStep is how many places of a list a search that finds little reads at a time.
const maxStep = 500

const defaultLimit, maxLimit = 20, 100

// listing is one list being read.
type listing struct {
	officer  string // keyed hash of whose list it is, "" = anybody's
	listKeys []string
	q        petition.Query
	words    []string
	terms    []search.Term
	indexed  bool // the index is asked: an owner's cases are few
	from     place
	limit    int
}

// hit is a record and where it stands.
type hit struct {
	at     place
	record petition.Record
}

// listing reads a query; exact says that its list keys have its cases and no others.
func (s *Store) listing(sc petition.Scope, q petition.Query) (l *listing, exact bool, err error) {
	l = &listing{q: q, officer: s.officer(q.Officer), words: split(q.Words), limit: q.Limit}
	if l.limit < 1 || l.limit > maxLimit {
		l.limit = defaultLimit
	}
	l.indexed = (len(l.words) > 0 || q.Matters()) && sc.Owner == ""
	l.terms = termsFor(q)
	l.listKeys, exact = s.listKeysFor(sc, q)
	l.from, err = readCursor(q)
	return l, exact && len(l.words) == 0 && !q.Matters(), err
}

// indexReady waits, where a list needs the index of words, until it knows what was written.
func (s *Store) indexReady(ctx context.Context, l *listing) error {
	if !l.indexed {
		return nil
	}
	s.words.ready(ctx)
	return s.trouble("search", s.words.catchUp(ctx))
}

// List is petition.Store.List. A page of a search may be short, or even empty, and yet
// have a cursor: the search goes on behind it.
func (s *Store) List(ctx context.Context, sc petition.Scope, q petition.Query) ([]petition.Record, string, error) {
	l, _, err := s.listing(sc, q)
	if err != nil {
		return nil, "", err
	}
	if len(l.listKeys) == 0 {
		return nil, "", nil
	}
	if err := s.indexReady(ctx, l); err != nil {
		return nil, "", err
	}
	var hits []hit
	var on *place
	err = s.pool.read(func() (err error) {
		hits, on, err = s.search(ctx, sc, l)
		return err
	})
	if err != nil {
		return nil, "", s.trouble("list cases", err)
	}
	return l.page(hits, on)
}

// Count is petition.Store.Count.
func (s *Store) Count(ctx context.Context, sc petition.Scope, q petition.Query) (n int, err error) {
	q.After = ""
	l, exact, err := s.listing(sc, q)
	switch {
	case err != nil:
		return 0, err
	case len(l.listKeys) == 0:
		return 0, nil
	case l.indexed:
		if err := s.indexReady(ctx, l); err != nil {
			return 0, err
		}
		return s.countFound(sc, l), nil
	case !exact:
		return -1, nil
	}
	err = s.pool.read(func() error {
		for _, key := range l.listKeys {
			var more int
			if err := s.engine.reader().QueryRowContext(ctx, countQuery, key, petition.MaxTotal+1-n).Scan(&more); err != nil {
				return err
			}
			n += more
		}
		return nil
	})
	return n, s.trouble("count cases", err)
}

const countQuery = `SELECT count(*) FROM (SELECT 1 AS one FROM list_keys WHERE key = $1 LIMIT $2) AS few`

// page cuts hits to the limit. on is where a search stopped looking, nil at the end.
func (l *listing) page(hits []hit, on *place) ([]petition.Record, string, error) {
	if len(hits) > l.limit {
		hits = hits[:l.limit]
		on = &hits[l.limit-1].at
	}
	records := make([]petition.Record, 0, len(hits))
	for _, h := range hits {
		records = append(records, h.record)
	}
	if on == nil {
		return records, "", nil
	}
	return records, on.cursor(l.q.Order), nil
}

// scan goes along the list keys behind at, past most places, until the page is full and
// one more is known. It answers the hits and how far it went, nil for the end.
func (s *Store) scan(ctx context.Context, l *listing, at place, most int) (hits []hit, on *place, err error) {
	step := l.limit + 1
	for passed := 0; passed < most; passed += step {
		if passed > 0 {
			step = min(3*step, maxStep)
		}
		places, err := s.places(ctx, l, at, step)
		if err != nil {
			return nil, nil, err
		}
		more, err := s.choose(ctx, l, places)
		if err != nil {
			return nil, nil, err
		}
		if hits = append(hits, more...); len(hits) > l.limit || len(places) < step {
			return hits, nil, nil
		}
		at = places[len(places)-1]
	}
	return hits, &at, nil
}

func (l *listing) inList(w row) bool {
	for _, name := range listKeysOf(w) {
		if slices.Contains(l.listKeys, name) {
			return true
		}
	}
	return false
}

// choose opens the cases of places in order, keeps those that are still in the list and fit, and
// stops when the page is full and one more is known.
func (s *Store) choose(ctx context.Context, l *listing, places []place) ([]hit, error) {
	refs := make([]int64, 0, len(places))
	for _, p := range places {
		refs = append(refs, p.ref)
	}
	rows, err := s.rows(ctx, s.engine.reader(), refs)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(a, b row) int { return compare(l.q.Order, placeOf(a), placeOf(b)) })
	var kept []*found
	for _, w := range rows {
		if f := s.openFit(l, w); f != nil {
			if kept = append(kept, f); len(kept) > l.limit {
				break
			}
		}
	}
	return s.hits(ctx, l, kept)
}

// found is a row with its record, which lacks the timeline.
type found struct {
	row
	record petition.Record
}

func (s *Store) hits(ctx context.Context, l *listing, all []*found) ([]hit, error) {
	var rows []row
	if l.q.Whole {
		for _, f := range all {
			rows = append(rows, f.row)
		}
	}
	lines, bad, err := s.timelines(ctx, s.engine.reader(), rows)
	if err != nil {
		return nil, err
	}
	hits := make([]hit, 0, len(all))
	for _, f := range all {
		if bad[f.ref] != nil {
			s.damaged.note(f.number)
			continue
		}
		f.record.Case.Timeline = lines[f.ref]
		hits = append(hits, hit{placeOf(f.row), f.record})
	}
	return hits, nil
}

// received reports whether a moment is on one of the days that are listed.
func (l *listing) received(at int64) bool {
	if l.q.From == "" && l.q.To == "" {
		return true
	}
	day := petition.Day(time.UnixMilli(at))
	return day >= l.q.From && (l.q.To == "" || day <= l.q.To)
}

// fits checks what the list keys do not tell.
func (l *listing) fits(c columns) bool {
	return (l.q.Unit == "" || c.unit == l.q.Unit) &&
		(l.officer == "" || c.officer == l.officer) &&
		(l.q.Status == "" || c.status == string(l.q.Status)) &&
		(!l.q.Open || c.open)
}

func compare(order string, a, b place) int {
	if order == orderNew {
		return cmp.Or(cmp.Compare(b.received, a.received), cmp.Compare(b.number, a.number))
	}
	return cmp.Or(cmp.Compare(a.due, b.due), cmp.Compare(a.number, b.number))
}
