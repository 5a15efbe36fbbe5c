package cases_test

import (
	"fmt"
	"testing"
	"time"

	"dengwen/internal/test/servers"
	"dengwen/petition"
	"dengwen/storage/cases"
)

// Words that many cases have are found one page after another, in order and without
// a gap, wherever between the others those cases lie.
func TestCommonWordsAreFoundInOrder(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]string{"sqlite": "", "postgres": servers.Postgres(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, url, t.TempDir(), newBox(t))
			for i := range 360 {
				facts := fmt.Sprintf("第%d户的水渠断了", i)
				if i%3 > 0 { // more than are read at once, and others between them
					facts = fmt.Sprintf("第%d户的电线断了", i)
				}
				create(t, s, facts)
			}
			for _, order := range []string{"new", "due"} {
				found := walkPages(t, s, petition.Query{Words: "电线 断了", Order: order, Limit: 7})
				if len(found) != 240 {
					t.Errorf("%s: %d found, want 240", order, len(found))
				}
				if one := walkPages(t, s, petition.Query{Words: "第301户 电线", Order: order, Limit: 7}); len(one) != 1 {
					t.Errorf("%s: one household is %d cases", order, len(one))
				}
				if none := walkPages(t, s, petition.Query{Words: "电线 水渠", Order: order, Limit: 7}); len(none) != 0 {
					t.Errorf("%s: two words no case has both of are found in %v", order, none)
				}
			}
		})
	}
}

// walkPages reads a list to its end and looks at its order.
func walkPages(t *testing.T, s *cases.Store, q petition.Query) (numbers []string) {
	t.Helper()
	last := ""
	for range 200 {
		page, after, err := s.List(t.Context(), petition.Scope{All: true}, q)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page {
			at := r.Due + r.Case.Number
			if q.Order == "new" {
				at = r.Case.Received.Format(time.RFC3339) + r.Case.Number
			}
			if last != "" && (at > last) == (q.Order == "new") {
				t.Errorf("%s: %s after %s", q.Order, at, last)
			}
			last, numbers = at, append(numbers, r.Case.Number)
		}
		if q.After = after; after == "" {
			return numbers
		}
	}
	t.Fatal("the list has no end")
	return nil
}
