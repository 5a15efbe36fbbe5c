package cases

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"dengwen/petition"
)

// check is a row of the table checks.
type check struct {
	Rules string `json:"r"`
	At    int64  `json:"t"`
	Ref   int64  `json:"n"`
}

func (s *Store) Checks(ctx context.Context, q petition.CheckQuery) ([]petition.Record, string, error) {
	from, ranges := check{Ref: -1}, [][2]check{{{q.Rules, math.MinInt64, 0}, {q.Rules, q.Until.UnixMilli(), math.MaxInt64}}}
	if q.Stale {
		ranges = [][2]check{{{}, {q.Rules, math.MinInt64, 0}}, {{q.Rules, math.MaxInt64, 0}, {"~", 0, 0}}}
	}
	if b, err := base64.RawURLEncoding.DecodeString(q.After); q.After != "" && (err != nil || json.Unmarshal(b, &from) != nil) {
		return nil, "", petition.Fail(petition.Invalid, "list.cursor")
	}
	var found []check
	for _, r := range ranges {
		if len(found) < q.Limit && compareChecks(from, r[1]) < 0 {
			begin := slices.MaxFunc([]check{from, r[0]}, compareChecks)
			some, err := scan(ctx, s.engine.reader(), func(c *check) []any { return []any{&c.Rules, &c.At, &c.Ref} }, checksQuery,
				q.Kind, begin.Rules, begin.At, begin.Ref, r[1].Rules, r[1].At, r[1].Ref, q.Limit-len(found))
			if err != nil {
				return nil, "", s.trouble("find cases to look at", err)
			}
			found = append(found, some...)
		}
	}
	records, err := s.readable(ctx, found)
	if err != nil || len(found) < q.Limit {
		return records, "", s.trouble("read cases to look at", err)
	}
	b, err := json.Marshal(found[len(found)-1])
	return records, base64.RawURLEncoding.EncodeToString(b), err
}

const checksQuery = `SELECT rules, at, ref FROM checks WHERE kind = $1 AND (rules, at, ref) > ($2, $3, $4) AND (rules, at, ref) < ($5, $6, $7)
	ORDER BY rules, at, ref LIMIT $8`

func compareChecks(a, b check) int {
	return cmp.Or(strings.Compare(a.Rules, b.Rules), cmp.Compare(a.At, b.At), cmp.Compare(a.Ref, b.Ref))
}

// readable reads whole records in the order found, and passes by those that do not open.
func (s *Store) readable(ctx context.Context, found []check) ([]petition.Record, error) {
	refs, at := make([]int64, 0, len(found)), map[int64]int{}
	for i, c := range found {
		refs, at[c.Ref] = append(refs, c.Ref), i
	}
	rows, err := s.rows(ctx, s.engine.reader(), refs)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(a, b row) int { return at[a.ref] - at[b.ref] })
	lines, bad, err := s.timelines(ctx, s.engine.reader(), rows)
	if err != nil {
		return nil, err
	}
	records := make([]petition.Record, 0, len(rows))
	for _, w := range rows {
		r, err := s.open(w, lines[w.ref])
		if err != nil || bad[w.ref] != nil {
			s.damaged.note(w.number)
			continue
		}
		records = append(records, r)
	}
	return records, nil
}

// PutChecks is petition.Store.PutChecks.
func (s *Store) PutChecks(ctx context.Context, records []petition.Record) error {
	if len(records) == 0 {
		return nil
	}
	var numbers []any
	by := map[string]petition.Record{}
	for _, r := range records {
		numbers, by[r.Case.Number] = append(numbers, r.Case.Number), r
	}
	in, args := oneOf(numbers)
	return s.write(ctx, "keep when cases are looked at next", func(ctx context.Context, tx Tx) error {
		rows, err := scan(ctx, tx, func(w *row) []any { return w.targets() }, `SELECT `+rowColumns+` FROM cases WHERE number`+in+` ORDER BY ref`, args...)
		if err != nil {
			return err
		}
		var b batch
		for _, old := range rows {
			w := old
			w.checks = checksText(by[w.number].Checks)
			if w.version != by[w.number].Case.Version || w.checks == old.checks {
				continue
			}
			done, err := tx.ExecContext(ctx, `UPDATE cases SET checks = $1 WHERE ref = $2 AND version = $3 AND checks = $4`, w.checks, w.ref, w.version, old.checks)
			if err != nil {
				return err
			}
			if n, err := done.RowsAffected(); err != nil {
				return err
			} else if n > 0 {
				b.moveChecks(old, w)
			}
		}
		return s.writeBatch(ctx, tx, &b)
	})
}

// SetBack is petition.Store.SetBack.
func (s *Store) SetBack(ctx context.Context, now time.Time) (n int, err error) {
	err = s.write(ctx, "note a sweep", func(ctx context.Context, tx Tx) error {
		return tx.QueryRowContext(ctx, `UPDATE sweeps SET set_back = set_back + CASE WHEN latest > $2 THEN 1 ELSE 0 END,
			latest = CASE WHEN latest > $2 OR latest < $1 THEN $1 ELSE latest END WHERE one = 1 RETURNING set_back`,
			now.UnixMilli(), now.Add(time.Hour).UnixMilli()).Scan(&n)
	})
	return n, err
}

// checksText is a case's checks as its row has them: kind, rules and time of each.
func checksText(all []petition.Check) string {
	var lines []string
	for _, c := range all {
		lines = append(lines, fmt.Sprintf("%s %s %d", c.Kind, c.Rules, c.At.UnixMilli()))
	}
	return strings.Join(lines, "\n")
}

// beforeChecks stands for the checks that a migration made for cases that had none.
const beforeChecks = "?"

func parseChecks(text string) (all []petition.Check) {
	if text == beforeChecks {
		return []petition.Check{{Kind: "reminders", At: time.UnixMilli(0)}, {Kind: "unclaimed", At: time.UnixMilli(0)}}
	}
	for line := range strings.Lines(text) {
		f := strings.Split(strings.TrimSpace(line), " ")
		if at, err := strconv.ParseInt(f[len(f)-1], 10, 64); err == nil && len(f) == 3 {
			all = append(all, petition.Check{Kind: f[0], Rules: f[1], At: time.UnixMilli(at)})
		}
	}
	return all
}

func checkRows(w row) (rows [][]any) {
	for _, c := range parseChecks(w.checks) {
		rows = append(rows, []any{c.Kind, c.Rules, c.At.UnixMilli(), w.ref})
	}
	return rows
}

// moveChecks replaces the checks of old by those of w.
func (b *batch) moveChecks(old, w row) {
	if old.checks != w.checks {
		b.oldChecks, b.checks = append(b.oldChecks, checkRows(old)...), append(b.checks, checkRows(w)...)
	}
}
