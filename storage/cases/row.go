package cases

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"dengwen/petition"

	quickjson "github.com/go-json-experiment/json/v1" // the standard library's from Go 1.27 on
)

// row is a case's row: plain columns and the sealed rest.
type row struct {
	ref      int64
	id       string
	number   string
	owner    []byte // keyed hash, nil without a chat
	version  int64
	status   string
	unit     string
	officer  string // keyed hash of who took it, "" = nobody
	units    string // joined by line feeds
	due      string
	open     bool
	sealed   bool
	received int64
	entries  int64  // how many timeline entries belong to this version
	files    string // joined by spaces
	checks   string // see checksText
	body     []byte
	head     []byte // of the newest link, nil of a case of before the chain
	tip      []byte // hash of the newest entry
	urgent   bool
	drafts   string // units of Case.DraftUnits, joined by line feeds

	content []byte // hash of what is sealed in body, while it is being written
}

const rowColumns = `ref, id, number, owner, version, status, unit, officer, units, due, open, sealed, received, entries, files, checks, body, head, tip, urgent, drafts`

func (w *row) targets() []any {
	return []any{&w.ref, &w.id, &w.number, &w.owner, &w.version, &w.status, &w.unit, &w.officer, &w.units, &w.due, &w.open, &w.sealed, &w.received, &w.entries, &w.files, &w.checks, &w.body, &w.head, &w.tip, &w.urgent, &w.drafts}
}

// body is the sealed part of a case: all but the timeline.
type body struct {
	Case  petition.Case `json:"case"`
	Code  []byte        `json:"code,omitempty"`
	Units []string      `json:"units,omitempty"`
	Files []string      `json:"files,omitempty"`
	Keys  []string      `json:"keys,omitempty"`
	Salt  string        `json:"salt,omitempty"`
}

// casePlace is what the body of a version is bound to: that of another does not open there.
func casePlace(id string, version int64) string { return fmt.Sprintf("cases:%s:%d:body", id, version) }

// casePlaceBefore is what the body of a case of before the chain is bound to.
func casePlaceBefore(id string) string { return "cases:" + id + ":body" }

func (w *row) place() string {
	if w.head == nil {
		return casePlaceBefore(w.id)
	}
	return casePlace(w.id, w.version)
}

// rowOf seals a record. Version and ref are the caller's.
func (s *Store) rowOf(r petition.Record) (row, error) {
	c := r.Case
	c.Timeline = nil
	plain, err := json.Marshal(body{Case: c, Code: r.Code, Units: r.Units, Files: r.Files, Keys: r.Keys, Salt: newSalt()})
	if err != nil {
		return row{}, fmt.Errorf("write case: %w", err)
	}
	sealed, err := s.box.Seal(plain, casePlace(c.ID, c.Version))
	if err != nil {
		return row{}, err
	}
	return row{
		id: c.ID, number: c.Number, owner: s.owner(c.Filing.Owner), version: c.Version, status: string(c.Status),
		unit: c.Unit, officer: s.officer(c.Officer), units: strings.Join(r.Units, "\n"), due: r.Due, open: r.Open, sealed: r.Sealed,
		received: c.Received.UnixMilli(), entries: int64(len(r.Case.Timeline)), files: strings.Join(r.Files, " "),
		checks: checksText(r.Checks), body: sealed, urgent: r.Urgent, drafts: strings.Join(r.Case.DraftUnits(), "\n"), content: s.contentHash(plain),
	}, nil
}

// officer is "" for nobody.
func (s *Store) officer(id string) string {
	if id == "" {
		return ""
	}
	return hex.EncodeToString(s.box.Hash("officer", id)[:16])
}

// owner is nil for nobody.
func (s *Store) owner(address string) []byte {
	if address == "" {
		return nil
	}
	return s.box.Hash("owner", address)
}

func (s *Store) open(w row, timeline []petition.Entry) (petition.Record, error) {
	plain, err := s.box.Open(w.body, w.place())
	if err != nil {
		return petition.Record{}, err
	}
	var b body
	if err := quickjson.Unmarshal(plain, &b); err != nil {
		return petition.Record{}, fmt.Errorf("read case %s: %w", w.number, err)
	}
	b.Case.Version, b.Case.Timeline = w.version, timeline
	return petition.Record{
		Case: b.Case, Code: b.Code, Due: w.due, Open: w.open, Sealed: w.sealed, Urgent: w.urgent,
		Units: b.Units, Files: b.Files, Keys: b.Keys, Checks: parseChecks(w.checks),
	}, nil
}

// querier is what reads: a pool, or a transaction that must see its own changes.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// rows reads the rows of these refs, in any order.
func (s *Store) rows(ctx context.Context, q querier, refs []int64) ([]row, error) {
	in, these := s.among(refs)
	return scan(ctx, q, func(w *row) []any { return w.targets() },
		`SELECT `+rowColumns+` FROM cases WHERE `+in, these)
}

// records opens rows and adds their timelines, in the order given. A timeline ends
// where the row says: an entry added meanwhile belongs to a later version.
func (s *Store) records(ctx context.Context, q querier, ws []row) ([]petition.Record, error) {
	lines, bad, err := s.timelines(ctx, q, ws)
	if err != nil {
		return nil, err
	}
	out := make([]petition.Record, 0, len(ws))
	for _, w := range ws {
		r, err := s.open(w, lines[w.ref])
		if err := errors.Join(err, bad[w.ref]); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// among is the condition that a ref is one of these, and its argument. One is the
// common case, and taking a list apart costs as much as finding what is on it.
func (s *Store) among(refs []int64) (condition string, argument any) {
	if len(refs) == 1 {
		return `ref = $1`, refs[0]
	}
	return s.engine.among(`ref`), list(refs)
}

type sealedEntry struct {
	ref, seq int64
	body     []byte
}

// timelines are the entries of each row by its ref, and why one does not open.
func (s *Store) timelines(ctx context.Context, q querier, ws []row) (lines map[int64][]petition.Entry, bad map[int64]error, err error) {
	of := map[int64]row{}
	refs := make([]int64, 0, len(ws))
	for _, w := range ws {
		of[w.ref], refs = w, append(refs, w.ref)
	}
	if len(refs) == 0 {
		return nil, nil, nil
	}
	in, these := s.among(refs)
	found, err := scan(ctx, q, func(e *sealedEntry) []any { return []any{&e.ref, &e.seq, &e.body} },
		`SELECT ref, seq, body FROM entries WHERE `+in+` ORDER BY ref, seq`, these)
	if err != nil {
		return nil, nil, err
	}
	lines, bad = map[int64][]petition.Entry{}, map[int64]error{}
	for _, e := range found {
		w := of[e.ref]
		if e.seq > w.entries {
			continue
		}
		entry, err := s.openEntry(w.id, e)
		if err != nil {
			bad[e.ref] = err
			continue
		}
		lines[e.ref] = append(lines[e.ref], entry)
	}
	return lines, bad, nil
}

func (s *Store) openEntry(id string, e sealedEntry) (entry petition.Entry, err error) {
	plain, err := s.box.Open(e.body, entryPlace(id, e.seq))
	if err == nil {
		err = quickjson.Unmarshal(plain, &entry)
	}
	if err != nil {
		return entry, fmt.Errorf("read entry %d of the timeline: %w", e.seq, err)
	}
	return entry, nil
}

func entryPlace(id string, seq int64) string { return fmt.Sprintf("entries:%s:%d", id, seq) }

// storedEntry is what is sealed of a timeline entry.
type storedEntry struct {
	petition.Entry
	Salt string `json:"salt,omitempty"`
}

// entryRow is a timeline entry as it is written; version and hash are of the chain.
type entryRow struct {
	ref, seq, version   int64
	body, content, hash []byte
}

func (e *entryRow) values() []any { return []any{e.ref, e.seq, e.body, e.version, e.hash} }

func (s *Store) sealEntry(ref int64, id string, e petition.Entry) (entryRow, error) {
	plain, err := json.Marshal(storedEntry{e, newSalt()})
	if err != nil {
		return entryRow{}, fmt.Errorf("write entry %d of the timeline: %w", e.Seq, err)
	}
	sealed, err := s.box.Seal(plain, entryPlace(id, int64(e.Seq)))
	return entryRow{ref: ref, seq: int64(e.Seq), body: sealed, content: s.contentHash(plain)}, err
}

// entryRows seals the entries beyond the first known ones.
func (s *Store) entryRows(ref int64, c petition.Case, known int64) ([]entryRow, error) {
	var rows []entryRow
	for i, e := range c.Timeline {
		if e.Seq != i+1 {
			return nil, fmt.Errorf("timeline of %s: entry %d has seq %d", c.Number, i+1, e.Seq)
		}
		if int64(e.Seq) <= known {
			continue
		}
		row, err := s.sealEntry(ref, c.ID, e)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func (s *Store) sealJSON(v any, where string) ([]byte, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", where, err)
	}
	return s.box.Seal(plain, where)
}

// scan reads all rows of a query into values; targets names where the columns go.
func scan[T any](ctx context.Context, q querier, targets func(*T) []any, query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		var v T
		if err := rows.Scan(targets(&v)...); err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// list writes values as the JSON array that engine.each takes apart.
func list[T int64 | string](values []T) string {
	if len(values) == 0 {
		return "[]"
	}
	b, err := json.Marshal(values)
	if err != nil { // numbers and strings always marshal
		panic("cases: " + err.Error())
	}
	return string(b)
}
