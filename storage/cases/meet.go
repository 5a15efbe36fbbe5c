package cases

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// someGrams is how many pairs the database compares; the words themselves are
// compared when the case is opened.
const someGrams = 8

// meet goes along the shelves as walk does, but the database itself passes by the
// cases without the words, most of them at a time. l.grams has the rarest first.
func (s *Store) meet(ctx context.Context, l *listing, most int) ([]hit, *place, error) {
	var hits []hit
	at, want := l.from, l.limit+1
	for range 10 {
		places, on, err := s.met(ctx, l, at, want, most)
		if err != nil {
			return nil, nil, err
		}
		more, err := s.sift(ctx, l, places)
		if err != nil {
			return nil, nil, err
		}
		if hits = append(hits, more...); len(hits) > l.limit || len(places) < want {
			return hits, on, nil
		}
		at = places[len(places)-1]
	}
	return hits, &at, nil
}

// met reads the next n places after at whose case has the pairs. With fewer than n,
// on is how far it looked, nil for the end.
func (s *Store) met(ctx context.Context, l *listing, at place, n, most int) (all []place, on *place, err error) {
	for _, shelf := range l.shelves {
		some, err := s.metOn(ctx, l, shelf, at, n, most)
		if err != nil {
			return nil, nil, err
		}
		if all = append(all, some...); len(some) == n {
			continue
		}
		end, err := s.beyond(ctx, l, shelf, at, most)
		if err != nil {
			return nil, nil, err
		}
		if end != nil && (on == nil || compare(l.q.Order, *end, *on) < 0) {
			on = end
		}
	}
	slices.SortFunc(all, func(a, b place) int { return compare(l.q.Order, a, b) })
	all = slices.CompactFunc(all, func(a, b place) bool { return a.ref == b.ref })
	if on != nil { // what lies behind is not known of every shelf
		all = slices.DeleteFunc(all, func(p place) bool { return compare(l.q.Order, p, *on) > 0 })
	}
	return all[:min(len(all), n)], on, nil
}

// along reads one shelf in its order. Both databases hand its rows on one by one, so
// that whoever has enough stops them.
func along(l *listing, shelf string, at place) (query string, args []any) {
	if l.q.Order == orderNew {
		return `SELECT due, received, number, ref FROM shelves WHERE shelf = $1 AND (received, number) < ($2, $3)
			ORDER BY received DESC, number DESC`, []any{shelf, at.received, at.number}
	}
	return `SELECT due, received, number, ref FROM shelves WHERE shelf = $1 AND (due, number) > ($2, $3)
		ORDER BY due, number`, []any{shelf, at.due, at.number}
}

func (s *Store) metOn(ctx context.Context, l *listing, shelf string, at place, n, most int) ([]place, error) {
	inner, args := along(l, shelf, at)
	var having []string
	for _, g := range l.grams[:min(len(l.grams), someGrams)] {
		args = append(args, g)
		having = append(having, fmt.Sprintf(`EXISTS (SELECT 1 FROM grams WHERE gram = $%d AND grams.ref = p.ref)`, len(args)))
	}
	return s.placesOf(ctx, fmt.Sprintf(`SELECT due, received, number, ref FROM (%s LIMIT %d) AS p WHERE %s LIMIT %d`, inner, most, strings.Join(having, " AND "), n), args)
}

// beyond is the last place metOn looked at, nil when there was none behind.
func (s *Store) beyond(ctx context.Context, l *listing, shelf string, at place, most int) (*place, error) {
	query, args := along(l, shelf, at)
	last, err := s.placesOf(ctx, fmt.Sprintf(`%s LIMIT 1 OFFSET %d`, query, most-1), args)
	if err != nil || len(last) == 0 {
		return nil, err
	}
	return &last[0], nil
}

func (s *Store) placesOf(ctx context.Context, query string, args []any) ([]place, error) {
	return scan(ctx, s.engine.reader(), func(p *place) []any { return []any{&p.due, &p.received, &p.number, &p.ref} }, query, args...)
}
