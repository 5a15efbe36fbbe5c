package cases

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
)

// exported are the tables that a backup holds: all but goose_db_version, instance and processes.
var exported = []string{
	"accesses", "appointments", "attempt_keys", "attempts", "batches", "bindings", "bulletin_chats", "bulletins", "case_accesses", "case_files", "cases", "chain",
	"checkpoints", "checks", "consents", "copies", "deliveries", "disputes", "document_numbers", "endpoint_feed", "endpoints", "entries", "feed", "files", "invites", "kept", "list_keys", "list_views", "logins", "notices", "people", "reception_days", "refs", "refusals", "report_papers",
	"serials", "survey_rounds", "sweeps", "tallies", "tree", "tree_hashes", "untold", "wishes", "word_changes",
}

// counters are tables that have one row from the start.
var counters = []string{"feed", "sweeps", "tree"}

// Export is a snapshot of all tables, on the way out. Close it after use.
type Export struct {
	s      *Store
	tx     *sql.Tx
	Schema int64 // version of the tables
	Links  int64 // length of the hash chain
	Rows   int   // of all tables
}

// BeginExport fixes the moment that Each shows, while others go on writing: a change of a case is
// there with its entries, notices and links, or not at all.
func (s *Store) BeginExport(ctx context.Context) (*Export, error) {
	tx, err := s.engine.snapshot(ctx)
	if err != nil {
		return nil, s.trouble("begin to export", err)
	}
	e := &Export{s: s, tx: tx}
	err = tx.QueryRowContext(ctx, `SELECT (SELECT MAX(version_id) FROM goose_db_version), (SELECT chain FROM feed WHERE one = 1)`).Scan(&e.Schema, &e.Links)
	for _, table := range exported {
		n := 0
		if err == nil {
			err = tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM `+table).Scan(&n)
		}
		e.Rows += n
	}
	if err != nil {
		return nil, errors.Join(s.trouble("begin to export", err), tx.Rollback())
	}
	return e, nil
}

// Close ends the snapshot.
func (e *Export) Close() error { return e.tx.Rollback() }

// Each hands over every table: first a line with its columns, then one line a row, a JSON array in
// the order of those columns. Rows are in the order of the primary key, bytes of text compared, so
// that both databases answer the same. The line is only valid until row returns.
func (e *Export) Each(ctx context.Context, row func(table string, line []byte) error) error {
	for _, table := range exported {
		if err := e.table(ctx, table, row); err != nil {
			return e.s.trouble("export "+table, err)
		}
	}
	return nil
}

func (e *Export) table(ctx context.Context, table string, row func(table string, line []byte) error) error {
	columns, err := e.s.engine.columns(ctx, e.tx, table)
	if err != nil {
		return err
	}
	names, err := json.Marshal(columnNames(columns))
	if err != nil {
		return err
	}
	if err := row(table, names); err != nil {
		return err
	}
	rows, err := e.tx.QueryContext(ctx, `SELECT `+strings.Join(columnNames(columns), ", ")+` FROM `+table+` ORDER BY `+e.s.primaryKey(columns))
	if err != nil {
		return err
	}
	defer rows.Close()
	values := make([]any, len(columns))
	targets := make([]any, len(columns))
	for i := range values {
		targets[i] = &values[i]
	}
	var line []byte
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		for i, c := range columns {
			if n, ok := values[i].(int64); ok && c.boolean { // SQLite has no type for these
				values[i] = n != 0
			}
		}
		if line, err = encodeRow(line[:0], values); err != nil {
			return err
		}
		if err := row(table, line); err != nil {
			return err
		}
	}
	return rows.Err()
}

// column is one of a table; key is its place in the primary key, 0 = none.
type column struct {
	name    string
	text    bool
	boolean bool
	key     int
}

func (c *column) targets() []any { return []any{&c.name, &c.text, &c.boolean, &c.key} }

func columnNames(columns []column) (names []string) {
	for _, c := range columns {
		names = append(names, c.name)
	}
	return names
}

func (s *Store) primaryKey(columns []column) string {
	var key []string
	for at := 1; ; at++ {
		i := slices.IndexFunc(columns, func(c column) bool { return c.key == at })
		if i < 0 {
			return strings.Join(key, ", ")
		}
		name := columns[i].name
		if columns[i].text && s.engine.dialect() == goose.DialectPostgres {
			name += ` COLLATE "C"`
		}
		key = append(key, name)
	}
}

// encodeRow writes a row as a JSON array: numbers, true, false and null as they are, text
// behind an "s", bytes in base64 behind a "b".
func encodeRow(to []byte, values []any) ([]byte, error) {
	to = append(to, '[')
	for i, v := range values {
		if i > 0 {
			to = append(to, ',')
		}
		switch v := v.(type) {
		case nil:
			to = append(to, "null"...)
		case int64:
			to = strconv.AppendInt(to, v, 10)
		case bool:
			to = strconv.AppendBool(to, v)
		case []byte:
			to = append(to, `"b`...)
			to = base64.StdEncoding.AppendEncode(to, v)
			to = append(to, '"')
		case string:
			text, err := json.Marshal("s" + v)
			if err != nil {
				return nil, err
			}
			to = append(to, text...)
		default:
			return nil, fmt.Errorf("a column holds %T", v)
		}
	}
	return append(to, ']'), nil
}

// errRow says that a line is none that encodeRow wrote.
var errRow = errors.New("a row of the backup can't be read")

func decodeRow(line []byte) ([]any, error) {
	var raw []json.RawMessage
	if err := json.Unmarshal(line, &raw); err != nil {
		return nil, errRow
	}
	values := make([]any, len(raw))
	for i, r := range raw {
		v, err := decodeValue(r)
		if err != nil {
			return nil, err
		}
		values[i] = v
	}
	return values, nil
}

func decodeValue(r json.RawMessage) (any, error) {
	switch text := string(r); {
	case text == "null":
		return nil, nil
	case text == "true", text == "false":
		return text == "true", nil
	case !strings.HasPrefix(text, `"`):
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, errRow
		}
		return n, nil
	}
	var text string
	if json.Unmarshal(r, &text) != nil || text == "" {
		return nil, errRow
	}
	if text[0] == 's' {
		return text[1:], nil
	}
	b, err := base64.StdEncoding.DecodeString(text[1:])
	if err != nil || text[0] != 'b' {
		return nil, errRow
	}
	return b, nil
}
