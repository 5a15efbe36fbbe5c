package cases

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"strings"

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
	return place{due: dueKey(w.due), received: w.received, number: w.number, ref: w.ref}
}

// places reads the next n places after at, along all shelves of the list.
func (s *Store) places(ctx context.Context, l *listing, at place, n int) ([]place, error) {
	query, args := placesQuery(l, at, n)
	return scan(ctx, s.engine.reader(), func(p *place) []any { return []any{&p.due, &p.received, &p.number, &p.ref} }, query, args...)
}

func placesQuery(l *listing, at place, n int) (string, []any) {
	where, by := `(due, number) > ($1, $2)`, `due, number`
	args := []any{at.due, at.number}
	if l.q.Order == orderNew {
		where, by = `(received, number) < ($1, $2)`, `received DESC, number DESC`
		args[0] = at.received
	}
	// UNION drops a case that stands on two of the shelves, for two units.
	var parts []string
	for _, name := range l.shelves {
		args = append(args, name)
		parts = append(parts, fmt.Sprintf(`SELECT * FROM (SELECT due, received, number, ref FROM shelves
			WHERE shelf = $%d AND %s ORDER BY %s LIMIT %d) AS t`, len(args), where, by, n))
	}
	return fmt.Sprintf(`%s ORDER BY %s LIMIT %d`, strings.Join(parts, ` UNION `), by, n), args
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
