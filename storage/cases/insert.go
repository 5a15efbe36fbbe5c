package cases

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// insertRows adds rows to a table ("notices (pos, addressee, body)"), many with one
// statement: asking costs PostgreSQL, and database/sql, more than a row does. Only
// powers of two rows go together, so that few different statements are kept compiled.
func insertRows(ctx context.Context, tx Tx, into string, rows [][]any) error {
	for len(rows) > 0 {
		n := 1
		for 2*n <= len(rows) && 2*n*len(rows[0]) <= mostArgs {
			n *= 2
		}
		var args []any
		for _, row := range rows[:n] {
			args = append(args, row...)
		}
		if _, err := tx.ExecContext(ctx, tx.insertion(into, n, len(rows[0])), args...); err != nil {
			return fmt.Errorf("add to %s: %w", into, err)
		}
		rows = rows[n:]
	}
	return nil
}

// mostArgs bounds the arguments of one statement; both databases take more.
const mostArgs = 1024

// insertion writes the statement. With SQLite its arguments have no names: looking
// those up takes as long as adding the row.
func (tx Tx) insertion(into string, rows, columns int) string {
	var b strings.Builder
	b.WriteString("INSERT INTO " + into + " VALUES ")
	for i := range rows {
		if i > 0 {
			b.WriteString(", ")
		}
		if tx.prepared != nil {
			b.WriteString("(?" + strings.Repeat(", ?", columns-1) + ")")
		} else {
			b.WriteString(marksFrom(i*columns, columns))
		}
	}
	return b.String()
}

// marks are n arguments in brackets: ($1, $2).
func marks(n int) string { return marksFrom(0, n) }

func marksFrom(first, n int) string {
	b := []byte{'('}
	for i := range n {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = strconv.AppendInt(append(b, '$'), int64(first+i+1), 10)
	}
	return string(append(b, ')'))
}
