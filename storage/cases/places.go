package cases

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"math"
	"slices"

	"dengwen/petition"
)

const orderNew, orderDue = "new", "due"

// place is where a case stands in the two orders of lists.
type place struct {
	due      string
	received int64
	number   string
	ref      int64
}

func placeOf(w row) place {
	return place{due: dueKey(w), received: w.received, number: w.number, ref: w.ref}
}

// places reads the next n places after at, along all list keys of the list: each by
// itself, which needs no sorting, and a case that has two of them once.
func (s *Store) places(ctx context.Context, l *listing, at place, n int) (all []place, err error) {
	query, args := placesQuery(l.q.Order, at, n)
	for _, key := range l.listKeys {
		args[0] = key
		some, err := scan(ctx, s.engine.reader(), func(p *place) []any { return []any{&p.due, &p.received, &p.number, &p.ref} }, query, args...)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b place) int { return compare(l.q.Order, a, b) })
	all = slices.CompactFunc(all, func(a, b place) bool { return a.ref == b.ref })
	return all[:min(len(all), n)], nil
}

// placesQuery goes along one list key, its first argument.
func placesQuery(order string, at place, n int) (string, []any) {
	if order == orderNew {
		return `SELECT due, received, number, ref FROM list_keys WHERE key = $1 AND (received, number) < ($2, $3)
			ORDER BY received DESC, number DESC LIMIT $4`, []any{"", at.received, at.number, n}
	}
	return `SELECT due, received, number, ref FROM list_keys WHERE key = $1 AND (due, number) > ($2, $3)
		ORDER BY due, number LIMIT $4`, []any{"", at.due, at.number, n}
}

// mark is a cursor's content. It names the order, so that a cursor of one list is
// refused by another.
type mark struct {
	Order    string `json:"o"`
	Due      string `json:"d,omitempty"`
	Received int64  `json:"r,omitempty"`
	Number   string `json:"n"`
}

func (p place) cursor(order string) string {
	m := mark{Order: orderDue, Due: p.due, Number: p.number}
	if order == orderNew {
		m = mark{Order: orderNew, Received: p.received, Number: p.number}
	}
	b, err := json.Marshal(m)
	if err != nil { // strings and a number always marshal
		panic("cases: " + err.Error())
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// readCursor answers the place before the first of the page.
func readCursor(q petition.Query) (place, error) {
	if q.After == "" {
		return place{received: math.MaxInt64}, nil
	}
	order := orderDue
	if q.Order == orderNew {
		order = orderNew
	}
	var m mark
	b, err := base64.RawURLEncoding.DecodeString(q.After)
	if err != nil || json.Unmarshal(b, &m) != nil || m.Order != order {
		return place{}, petition.Fail(petition.Invalid, "list.cursor")
	}
	return place{due: m.Due, received: m.Received, number: m.Number}, nil
}
