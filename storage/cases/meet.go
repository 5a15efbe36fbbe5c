package cases

import (
	"context"
	"fmt"
	"strings"
)

// someGrams is how many pairs the database compares; the words themselves are
// compared when the case is opened.
const someGrams = 8

// meet goes along the shelves as walk does, but the database itself passes by the
// cases without the words. l.grams has the rarest first.
func (s *Store) meet(ctx context.Context, l *listing) ([]hit, *place, error) {
	var hits []hit
	at, want := l.from, 2*(l.limit+1)
	for range 10 {
		places, err := s.met(ctx, l, at, want)
		if err != nil {
			return nil, nil, err
		}
		more, err := s.sift(ctx, l, places)
		if err != nil {
			return nil, nil, err
		}
		if hits = append(hits, more...); len(hits) > l.limit {
			return hits, nil, nil
		}
		if len(places) < want {
			on, err := s.beyond(ctx, l, at)
			return hits, on, err
		}
		at = places[len(places)-1]
	}
	return hits, &at, nil
}

// met reads the next n places after at whose case has the pairs, among the next
// lookThrough places. Both databases hand the inner rows on in their order and stop
// at the n-th that fits.
func (s *Store) met(ctx context.Context, l *listing, at place, n int) ([]place, error) {
	inner, args := placesQuery(l, at, lookThrough)
	var having []string
	for _, g := range l.grams[:min(len(l.grams), someGrams)] {
		args = append(args, g)
		having = append(having, fmt.Sprintf(`EXISTS (SELECT 1 FROM grams WHERE gram = $%d AND grams.ref = p.ref)`, len(args)))
	}
	query := fmt.Sprintf(`SELECT due, received, number, ref FROM (%s) AS p WHERE %s LIMIT %d`, inner, strings.Join(having, " AND "), n)
	return scan(ctx, s.engine.reader(), func(p *place) []any { return []any{&p.due, &p.received, &p.number, &p.ref} }, query, args...)
}

// beyond is the last of the places met looked at, nil when there was none behind.
func (s *Store) beyond(ctx context.Context, l *listing, at place) (*place, error) {
	query, args := placesQuery(l, at, lookThrough)
	last, err := scan(ctx, s.engine.reader(), func(p *place) []any { return []any{&p.due, &p.received, &p.number, &p.ref} },
		fmt.Sprintf(`%s OFFSET %d`, query, lookThrough-1), args...)
	if err != nil || len(last) == 0 {
		return nil, err
	}
	return &last[0], nil
}
