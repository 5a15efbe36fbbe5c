package cases

import (
	"fmt"
	"strconv"
	"strings"
)

// insertions add many rows with one statement: asking costs PostgreSQL, and
// database/sql, more than a row does. Only powers of two rows go together, so that few
// different statements are kept compiled.
func (tx Tx) insertions(into string, rows [][]any) (all []statement) {
	for len(rows) > 0 {
		n := 1
		for 2*n <= len(rows) && 2*n*len(rows[0]) <= mostArgs {
			n *= 2
		}
		st := statement{what: "add to " + into, query: tx.insertion(into, n, len(rows[0]))}
		for _, row := range rows[:n] {
			st.args = append(st.args, row...)
		}
		all, rows = append(all, st), rows[n:]
	}
	return all
}

// Primary keys of the tables that rows are removed from.
var (
	listKeyColumns = []string{"key", "due", "number"}
	checkColumns   = []string{"kind", "rules", "at", "ref"}
)

// maxDeletes is how many rows one statement removes.
const maxDeletes = 16

// deletions remove rows by the columns of their key. A list of rows behind IN would have
// SQLite pass over the whole table; rows that lack to a round number are named twice.
func deletions(table string, columns []string, rows [][]any) (all []statement) {
	for len(rows) > 0 {
		n := 1
		for n < min(len(rows), maxDeletes) {
			n *= 2
		}
		var args []any
		var where []string
		for i := range n {
			var same []string
			for c, column := range columns {
				same = append(same, fmt.Sprintf("%s = $%d", column, len(columns)*i+c+1))
			}
			args, where = append(args, rows[min(i, len(rows)-1)]...), append(where, "("+strings.Join(same, " AND ")+")")
		}
		all = append(all, statement{"remove from " + table, "DELETE FROM " + table + " WHERE " + strings.Join(where, " OR "), args})
		rows = rows[min(n, len(rows)):]
	}
	return all
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

// oneOf is the condition that a column is one of some values. The last is repeated
// until there is a round number of them, so that few different statements are kept
// compiled.
func oneOf(values []any) (condition string, args []any) {
	n := 1
	for n < len(values) {
		n *= 2
	}
	for len(values) < n {
		values = append(values, values[len(values)-1])
	}
	return ` IN ` + marks(n), values
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
