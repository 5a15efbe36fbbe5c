package cases

import (
	"strings"
	"testing"

	"dengwen/internal/seal"
	"dengwen/petition"
)

func openPlain(t *testing.T) *Store {
	t.Helper()
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
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// Every statement a list is made of must go along an index: none may pass over a
// whole table or sort what it found there.
func TestListsGoAlongAnIndex(t *testing.T) {
	t.Parallel()
	s := openPlain(t)
	queries := map[string][]any{
		`SELECT ` + rowColumns + ` FROM cases WHERE ref < $1 ORDER BY ref DESC LIMIT $2`: {1, 2},
		`SELECT pos, ref FROM word_changes WHERE pos > $1 ORDER BY pos LIMIT $2`:         {1, 2},
		`SELECT ` + rowColumns + ` FROM cases WHERE ` + s.engine.among(`ref`):            {"[]"},
		`SELECT pos, body FROM notices WHERE pos > $1 ORDER BY pos LIMIT $2`:             {1, 1},
	}
	queries[countQuery] = []any{"x", 9}
	queries[checksQuery] = []any{"a", "r", 1, 1, "r", 2, 2, 3}
	for _, order := range []string{orderDue, orderNew} {
		query, args := placesQuery(order, place{number: "x"}, 21)
		queries[query] = args
	}
	for query, args := range queries {
		for _, step := range plan(t, s, query, args) {
			table := strings.HasPrefix(step, "SCAN ") && !strings.Contains(step, "json_each") && step != "SCAN few" && !strings.Contains(query, "ORDER BY ref DESC") // goes along the table
			if table || strings.Contains(step, "TEMP B-TREE") {
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

// A list of any length is counted as far as it must be.
func TestCountEndsAtTheMost(t *testing.T) {
	t.Parallel()
	s := openPlain(t)
	for key, most := range map[string]int{"all|open": petition.MaxTotal - 10, "all|closed": 30} {
		_, err := s.Writer().Exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
			INSERT INTO list_keys (key, due, number, received, ref) SELECT $2, '', i, 0, i FROM n`, most, key)
		if err != nil {
			t.Fatal(err)
		}
	}
	for open, want := range map[bool]int{true: petition.MaxTotal - 10, false: petition.MaxTotal + 1} {
		if n, err := s.Count(t.Context(), petition.Scope{All: true}, petition.Query{Open: open}); n != want || err != nil {
			t.Errorf("open %v: %d (%v), want %d", open, n, err, want)
		}
	}
}
