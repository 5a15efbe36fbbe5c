package cases

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"dengwen/petition"
)

// numbered is a number that a document of a changed case is to get.
type numbered struct {
	petition.DocumentNumber
	of *petition.Case
}

// giveNumbers takes the next serials of the registers of documents that go out with these
// changes. A register's row stays locked until they are written; rows are taken in one
// order and before those of cases, so that two processes never wait for each other.
func giveNumbers(ctx context.Context, tx Tx, all ...*petition.Record) error {
	var due []numbered
	for _, r := range all {
		for _, n := range r.Numbers {
			due = append(due, numbered{n, &r.Case})
		}
	}
	slices.SortStableFunc(due, func(a, b numbered) int {
		return cmp.Or(strings.Compare(a.Organ, b.Organ), a.Year-b.Year)
	})
	for _, n := range due {
		var serial int
		err := tx.QueryRowContext(ctx, `INSERT INTO document_numbers (organ, year, last) VALUES ($1, $2, CAST($3 AS BIGINT))
			ON CONFLICT (organ, year) DO UPDATE SET last = CASE WHEN document_numbers.last < excluded.last THEN excluded.last ELSE document_numbers.last + 1 END
			RETURNING last`, n.Organ, n.Year, n.First).Scan(&serial)
		if err != nil {
			return fmt.Errorf("take document number: %w", err)
		}
		n.Give(n.of, serial)
	}
	return nil
}
