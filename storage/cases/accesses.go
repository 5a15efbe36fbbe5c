package cases

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"dengwen/petition"

	quickjson "github.com/go-json-experiment/json/v1" // the standard library's from Go 1.27 on
)

func accessPlace(pos int64) string { return "accesses:" + posID(pos) }

// NoteAccess is petition.Store.NoteAccess.
func (s *Store) NoteAccess(ctx context.Context, x petition.Access) error {
	return s.trouble("write access log", s.submit(&request{ctx: ctx, access: &x}))
}

// accessRow is a line of the access log. hash is of what is, or was, sealed in body.
type accessRow struct {
	pos, at       int64
	unit, officer string
	body, hash    []byte
	numbers       []string
}

// storedAccess is what is sealed of a line.
type storedAccess struct {
	petition.Access
	Salt string `json:"salt,omitempty"`
}

// accessRows are lines of the access log as rows with their links, the first at position pos.
func (s *Store) accessRows(pos int64, all []petition.Access) (lines, cases [][]any, links []link, err error) {
	for _, x := range all {
		plain, err := json.Marshal(storedAccess{x, newSalt()})
		if err != nil {
			return nil, nil, nil, fmt.Errorf("write line of the access log: %w", err)
		}
		sealed, err := s.box.Seal(plain, accessPlace(pos))
		if err != nil {
			return nil, nil, nil, err
		}
		r := accessRow{pos, x.At.UnixMilli(), x.Unit, s.officer(x.Who()), sealed, s.contentHash(plain), x.Numbers}
		lines = append(lines, []any{r.pos, r.at, r.unit, r.officer, r.body, r.hash})
		for _, number := range x.Numbers {
			cases = append(cases, []any{number, pos})
		}
		content := accessContent(&r)
		links = append(links, link{content: content, head: accessHead(pos, content)})
		pos++
	}
	return lines, cases, links, nil
}

type sealedAccess struct {
	pos  int64
	body []byte
}

// Accesses is petition.Store.Accesses.
func (s *Store) Accesses(ctx context.Context, q petition.AccessQuery) ([]petition.Access, string, error) {
	before := int64(1<<63 - 1)
	if q.After != "" {
		pos, err := s.position(ctx, "chain", q.After)
		if err != nil {
			return nil, "", petition.Fail(petition.Invalid, "list.cursor")
		}
		before = pos
	}
	query, args := `SELECT a.pos, a.body FROM accesses a WHERE a.pos < $1 AND length(a.body) > 0`, []any{before}
	if q.Number != "" {
		query = `SELECT a.pos, a.body FROM case_accesses c JOIN accesses a ON a.pos = c.pos WHERE c.pos < $1 AND c.number = $2 AND length(a.body) > 0`
		args = append(args, q.Number)
	}
	if q.Staff != "" {
		args = append(args, s.officer(q.Staff))
		query += fmt.Sprintf(` AND a.officer = $%d`, len(args))
	}
	args = append(args, q.Limit+1)
	found, err := scan(ctx, s.engine.reader(), func(x *sealedAccess) []any { return []any{&x.pos, &x.body} },
		query+fmt.Sprintf(` ORDER BY a.pos DESC LIMIT $%d`, len(args)), args...)
	if err != nil {
		return nil, "", s.trouble("read access log", err)
	}
	return s.accessPage(found, q.Limit)
}

func (s *Store) accessPage(found []sealedAccess, limit int) (out []petition.Access, after string, err error) {
	for _, f := range found[:min(len(found), limit)] {
		x, err := s.openAccess(f)
		if err != nil {
			return nil, "", s.trouble("read access log", err)
		}
		out = append(out, x)
	}
	if len(found) > limit {
		after = posID(found[limit-1].pos)
	}
	return out, after, nil
}

func (s *Store) openAccess(f sealedAccess) (x petition.Access, err error) {
	plain, err := s.box.Open(f.body, accessPlace(f.pos))
	if err == nil {
		err = quickjson.Unmarshal(plain, &x)
	}
	if err != nil {
		return x, fmt.Errorf("read line %d of the access log: %w", f.pos, err)
	}
	x.ID = posID(f.pos)
	return x, nil
}

type unitAccesses struct {
	unit        string
	officers    int
	first, last int64
}

// Viewers is petition.Store.Viewers.
func (s *Store) Viewers(ctx context.Context, number string) ([]petition.Viewers, error) {
	found, err := scan(ctx, s.engine.reader(), func(u *unitAccesses) []any { return []any{&u.unit, &u.officers, &u.first, &u.last} },
		`SELECT a.unit, COUNT(DISTINCT a.officer), MIN(a.at), MAX(a.at) FROM case_accesses c JOIN accesses a ON a.pos = c.pos
		WHERE c.number = $1 AND a.officer <> '' GROUP BY a.unit`, number)
	if err != nil {
		return nil, s.trouble("count who has seen a case", err)
	}
	var out []petition.Viewers
	for _, u := range found {
		out = append(out, petition.Viewers{
			Unit: u.unit, Officers: u.officers, First: petition.Day(time.UnixMilli(u.first)), Last: petition.Day(time.UnixMilli(u.last)),
		})
	}
	return out, nil
}

// dropAccesses empties the lines of the access log that name an erased case. The rows stay,
// without content: the chain counts them, and who has seen the other cases in them.
func dropAccesses(ctx context.Context, tx Tx, number string) error {
	_, err := tx.ExecContext(ctx, `UPDATE accesses SET body = $2 WHERE pos IN (SELECT pos FROM case_accesses WHERE number = $1)`, number, []byte{})
	if err != nil {
		return fmt.Errorf("empty lines of the access log: %w", err)
	}
	return nil
}
