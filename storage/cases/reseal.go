package cases

import (
	"context"
	"fmt"
	"strings"

	"dengwen/internal/seal"

	"github.com/pressly/goose/v3"
)

// sealedTable is a table whose column body is sealed. A test compares the list with the schema.
type sealedTable struct {
	name  string
	keys  []string // of the primary key
	place func(r *sealedRow) string
}

// sealedRow is one row of such a table. number, text and hash are the keys by their type; id,
// version and before are of a case, or of the case that an entry belongs to.
type sealedRow struct {
	number, seq int64
	text        string
	hash        []byte
	id          string
	version     int64
	before      bool // of before the chain
	body        []byte
}

var sealedTables = []sealedTable{
	{"cases", []string{"ref"}, func(r *sealedRow) string {
		if r.before {
			return casePlaceBefore(r.id)
		}
		return casePlace(r.id, r.version)
	}},
	{"entries", []string{"ref", "seq"}, func(r *sealedRow) string { return entryPlace(r.id, r.seq) }},
	{"notices", []string{"pos"}, func(r *sealedRow) string { return noticePlace(r.number) }},
	{"accesses", []string{"pos"}, func(r *sealedRow) string { return accessPlace(r.number) }},
	{"files", []string{"id"}, func(r *sealedRow) string { return filePlace(r.text) }},
	{"people", []string{"id"}, func(r *sealedRow) string { return personPlace(r.text) }},
	{"kept", []string{"hash"}, func(r *sealedRow) string { return keptPlace(r.hash) }},
	{"logins", []string{"id"}, func(r *sealedRow) string { return loginPlace(r.text) }},
	{"invites", []string{"hash"}, func(r *sealedRow) string { return invitePlace(r.hash) }},
	{"bindings", []string{"chat"}, func(r *sealedRow) string { return bindingPlace(r.hash) }},
	{"consents", []string{"chat"}, func(r *sealedRow) string { return consentPlace(r.hash) }},
	{"bulletins", []string{"id"}, func(r *sealedRow) string { return bulletinPlace(r.text) }},
	{"batches", []string{"id"}, func(r *sealedRow) string { return batchPlace(r.text) }},
	{"refusals", []string{"batch", "item"}, func(r *sealedRow) string { return refusalPlace(r.text, r.number) }},
	{"list_views", []string{"id"}, func(r *sealedRow) string { return listViewPlace(r.text) }},
	{"reception_days", []string{"id"}, func(r *sealedRow) string { return receptionDayPlace(r.text) }},
	{"appointments", []string{"id"}, func(r *sealedRow) string { return appointmentPlace(r.text) }},
	{"report_papers", []string{"id"}, func(r *sealedRow) string { return reportPaperPlace(r.text) }},
	{"disputes", []string{"id"}, func(r *sealedRow) string { return disputePlace(r.text) }},
	{"survey_rounds", []string{"id"}, func(r *sealedRow) string { return surveyRoundPlace(r.text) }},
	{"copies", []string{"name"}, func(r *sealedRow) string { return copyPlace(r.hash) }},
	{"endpoints", []string{"id"}, func(r *sealedRow) string { return endpointPlace(r.text) }},
	{"deliveries", []string{"id"}, func(r *sealedRow) string { return deliveryPlace(r.text) }},
	{"untold", []string{"hash"}, func(r *sealedRow) string { return untoldPlace(r.hash) }},
	{"wishes", []string{"id"}, func(r *sealedRow) string { return wishesPlace(r.text) }},
}

// resealed is how many rows one transaction seals anew.
const resealed = 200

// SealedUnder counts what is sealed in the tables, by key.
func (s *Store) SealedUnder(ctx context.Context) (map[seal.ID]int, error) {
	all := map[seal.ID]int{}
	type count struct {
		head []byte
		n    int
	}
	for _, t := range sealedTables {
		found, err := scan(ctx, s.engine.reader(), func(c *count) []any { return []any{&c.head, &c.n} },
			`SELECT substr(body, 1, 5), COUNT(*) FROM `+t.name+` WHERE length(body) > 0 GROUP BY 1`)
		if err != nil {
			return nil, s.trouble("count what is sealed", err)
		}
		for _, c := range found {
			id, _ := seal.KeyOf(c.head)
			all[id] += c.n
		}
	}
	return all, nil
}

// Reseal seals under the newest key what is sealed under others, and changes nothing else: no
// version, no time, no link of the chain, which is over what is inside. A row that somebody
// changes meanwhile is theirs. done hears how many more have been dealt with. Rows that do not
// open stay, and are counted in bad. It may be ended and begun again at any time.
func (s *Store) Reseal(ctx context.Context, done func(n int)) (bad int, err error) {
	for _, t := range sealedTables {
		var last *sealedRow
		for {
			rows, err := s.toReseal(ctx, t, last)
			if err != nil {
				return bad, s.trouble("seal "+t.name+" anew", err)
			}
			n, err := s.resealRows(ctx, t, rows)
			if err != nil {
				return bad, err
			}
			bad += n
			done(len(rows))
			if len(rows) < resealed {
				break
			}
			last = &rows[len(rows)-1]
		}
	}
	return bad, nil
}

// toReseal reads the next rows that another key sealed.
func (s *Store) toReseal(ctx context.Context, t sealedTable, last *sealedRow) ([]sealedRow, error) {
	columns, from := []string{}, t.name+" t"
	for _, k := range t.keys {
		columns = append(columns, "t."+k)
	}
	keys := strings.Join(columns, ", ")
	switch t.name {
	case "cases":
		columns = append(columns, "t.id", "t.version", "t.head IS NULL")
	case "entries":
		columns, from = append(columns, "c.id"), from+" JOIN cases c ON c.ref = t.ref"
	}
	query := `SELECT ` + strings.Join(append(columns, "t.body"), ", ") + ` FROM ` + from + ` WHERE length(t.body) > 0 AND substr(t.body, 1, 5) <> $1`
	args := []any{s.box.Seals().Prefix()}
	if last != nil {
		places := []string{}
		for _, v := range last.keys(t) {
			args = append(args, v)
			places = append(places, fmt.Sprintf("$%d", len(args)))
		}
		query += ` AND (` + keys + `) > (` + strings.Join(places, ", ") + `)`
	}
	return scan(ctx, s.engine.reader(), func(r *sealedRow) []any { return r.targets(t) }, query+fmt.Sprintf(` ORDER BY %s LIMIT %d`, keys, resealed), args...)
}

// keyTargets are where the columns of the primary key go.
func (r *sealedRow) keyTargets(t sealedTable) []any {
	switch t.keys[0] {
	case "ref", "pos":
		return []any{&r.number, &r.seq}[:len(t.keys)]
	case "id":
		return []any{&r.text}
	case "batch":
		return []any{&r.text, &r.number}
	default:
		return []any{&r.hash}
	}
}

func (r *sealedRow) targets(t sealedTable) []any {
	to := r.keyTargets(t)
	switch t.name {
	case "cases":
		to = append(to, &r.id, &r.version, &r.before)
	case "entries":
		to = append(to, &r.id)
	}
	return append(to, &r.body)
}

func (r *sealedRow) keys(t sealedTable) (values []any) {
	for _, v := range r.keyTargets(t) {
		switch v := v.(type) {
		case *int64:
			values = append(values, *v)
		case *string:
			values = append(values, *v)
		case *[]byte:
			values = append(values, *v)
		}
	}
	return values
}

func (s *Store) resealRows(ctx context.Context, t sealedTable, rows []sealedRow) (bad int, err error) {
	var changes []statement
	for i := range rows {
		r := &rows[i]
		body, err := s.box.Reseal(r.body, t.place(r))
		if err != nil {
			bad++
			continue
		}
		args, where := []any{body, r.body}, ""
		for n, v := range r.keys(t) {
			args = append(args, v)
			where += fmt.Sprintf(` AND %s = $%d`, t.keys[n], len(args))
		}
		changes = append(changes, statement{"seal " + t.name + " anew", `UPDATE ` + t.name + ` SET body = $1 WHERE body = $2` + where, args})
	}
	if len(changes) == 0 {
		return bad, nil
	}
	return bad, s.write(ctx, "seal "+t.name+" anew", func(ctx context.Context, tx Tx) error {
		_, err := tx.all(ctx, changes)
		return err
	})
}

// Compact writes the file of SQLite anew: its free pages and its log hold old rows no more.
// Others wait with their writes meanwhile. PostgreSQL does so by itself, or with VACUUM FULL.
func (s *Store) Compact(ctx context.Context) error {
	if s.engine.dialect() != goose.DialectSQLite3 {
		return nil
	}
	for _, query := range []string{`VACUUM`, `PRAGMA wal_checkpoint(TRUNCATE)`} {
		if _, err := s.engine.writer().ExecContext(ctx, query); err != nil {
			return s.trouble("compact case store", err)
		}
	}
	return nil
}
