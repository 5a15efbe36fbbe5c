package cases

import (
	"strings"
	"testing"

	"dengwen/internal/seal"
)

// Every statement a list is made of must go along an index: none may pass over a
// whole table or sort what it found there.
func TestListsGoAlongAnIndex(t *testing.T) {
	t.Parallel()
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	box, err := seal.Open(key)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), "", t.TempDir(), box)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	queries := map[string][]any{
		lastCard:                    {1, 2, 3},
		firstCards(s.engine.each()): {"[1,2]", 3, 4},
		`SELECT pair, ref, body FROM cards WHERE drawer = $1 AND (pair, ref) > ($2, $3) ORDER BY pair, ref LIMIT $4`: {1, 2, 3, 4},
		`SELECT ` + rowColumns + ` FROM cases WHERE ` + s.engine.among(`ref`):                                        {"[]"},
		`SELECT pos, body FROM notices WHERE pos > $1 ORDER BY pos LIMIT $2`:                                         {1, 1},
	}
	for _, order := range []string{orderDue, orderNew} {
		query, args := placesQuery(order, place{number: "x"}, 21)
		queries[query] = args
	}
	for query, args := range queries {
		for _, step := range plan(t, s, query, args) {
			table := strings.HasPrefix(step, "SCAN ") && !strings.Contains(step, "json_each") && step != "SCAN d" && step != "SCAN drawers" // these are few
			if table || strings.Contains(step, "TEMP B-TREE") && !strings.Contains(query, "drawers") {
				t.Errorf("%s\n\t%s", query, step)
			}
		}
	}
}

func plan(t *testing.T, s *Store, query string, args []any) []string {
	t.Helper()
	type line struct {
		id, parent, unused int
		detail             string
	}
	lines, err := scan(t.Context(), s.engine.reader(), func(l *line) []any { return []any{&l.id, &l.parent, &l.unused, &l.detail} }, `EXPLAIN QUERY PLAN `+query, args...)
	if err != nil || len(lines) == 0 {
		t.Fatalf("plan of %s: %v", query, err)
	}
	var out []string
	for _, l := range lines {
		out = append(out, l.detail)
	}
	return out
}
