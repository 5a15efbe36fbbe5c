package cases

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"dengwen/petition"

	"golang.org/x/sync/errgroup"
)

// serialsPerYear is room in a ref for the cases of a year.
const serialsPerYear = 1e8

// createRequest is a case that shall be filed.
type createRequest struct {
	filing []byte // keyed hash of the filing key
	year   int
	build  func(serial int) (petition.Record, []petition.Notice, error)

	record petition.Record
	fresh  bool
	taken  int // numbers that were taken already
}

// mostTaken is how many taken numbers one filing passes over before the database refuses it. As
// many in a row do not come by chance.
const mostTaken = 50

func (s *Store) Create(ctx context.Context, key string, year int, build func(serial int) (petition.Record, []petition.Notice, error)) (petition.Record, bool, error) {
	a := &createRequest{filing: s.box.Hash("filing", key), year: year, build: build}
	if err := s.submit(&request{ctx: ctx, create: a}); err != nil {
		return petition.Record{}, false, s.trouble("file case", err)
	}
	return a.record, a.fresh, nil
}

// buildCase has the case built; the caller's function may fail in any way.
func (a *createRequest) buildCase(serial int) (r petition.Record, n []petition.Notice, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("building the case panicked: %v", p)
		}
	}()
	r, n, err = a.build(serial)
	r.Case.Version = 1
	return r, n, err
}

// createAll files what is new of some requests, in a handful of statements however
// many they are. What fails for one alone is noted there.
func (s *Store) createAll(ctx context.Context, tx Tx, all []*request, b *batch) error {
	if len(all) == 0 {
		return nil
	}
	for _, p := range all {
		p.create.record, p.create.fresh, p.create.taken = petition.Record{}, false, 0
	}
	fresh, err := s.knownRequests(ctx, tx, all)
	if err != nil {
		return err
	}
	slices.SortStableFunc(fresh, func(a, b *request) int { return a.create.year - b.create.year })
	for len(fresh) > 0 {
		var same, others []*request
		for _, a := range fresh {
			if a.create.year == fresh[0].create.year {
				same = append(same, a)
			} else {
				others = append(others, a)
			}
		}
		if err := s.fileYear(ctx, tx, same, b); err != nil {
			return err
		}
		fresh = others
	}
	sameKeyInBatch(all)
	return nil
}

// knownRequests answers those whose key was filed before and hands on the others, each
// key once.
func (s *Store) knownRequests(ctx context.Context, tx Tx, all []*request) (fresh []*request, err error) {
	known, err := s.filed(ctx, tx, all)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, p := range all {
		key := string(p.create.filing)
		w, old := known[key]
		switch {
		case old:
			if p.create.record, err = s.whole(ctx, tx, w); err != nil {
				return nil, err
			}
			if p.create.record.Mark, err = s.markOf(ctx, tx, w.number); err != nil {
				return nil, err
			}
		case !seen[key]:
			seen[key], fresh = true, append(fresh, p)
		}
	}
	return fresh, nil
}

// sameKeyInBatch answers those whose key came together with one that was filed.
func sameKeyInBatch(all []*request) {
	first := map[string]*request{}
	for _, p := range all {
		if one := first[string(p.create.filing)]; one == nil {
			first[string(p.create.filing)] = p
		} else {
			p.create.record, p.err = one.create.record, one.err
		}
	}
}

type filedRow struct {
	filing []byte
	row
}

// filed finds the cases of keys used before.
func (s *Store) filed(ctx context.Context, tx Tx, all []*request) (map[string]row, error) {
	var keys []any
	for _, p := range all {
		keys = append(keys, p.create.filing)
	}
	in, args := oneOf(keys)
	found, err := scan(ctx, tx, func(f *filedRow) []any { return append([]any{&f.filing}, f.targets()...) },
		`SELECT filing, `+rowColumns+` FROM cases WHERE filing`+in, args...)
	if err != nil {
		return nil, fmt.Errorf("look for filings made before: %w", err)
	}
	known := map[string]row{}
	for _, f := range found {
		known[string(f.filing)] = f.row
	}
	return known, nil
}

// fileYear gives numbers and writes. Those that cannot be built take none; a number that there
// is already, which another key can lead to, is passed over.
func (s *Store) fileYear(ctx context.Context, tx Tx, all []*request, b *batch) error {
	year := all[0].create.year
	numbers, err := s.drawSerials(ctx, tx, year, len(all))
	if err != nil {
		return err
	}
	var built []*newCase
	for _, p := range all {
		sh, next := &newCase{request: p}, numbers[len(built)]
		if p.create.record, sh.notices, p.err = p.create.buildCase(next.serial); p.err == nil {
			sh.ref = int64(year)*serialsPerYear + int64(next.count)
			p.create.fresh, built = true, append(built, sh)
		}
	}
	if unused := len(numbers) - len(built); unused > 0 {
		if _, err := tx.ExecContext(ctx, `UPDATE serials SET last = last - $2 WHERE year = $1`, year, unused); err != nil {
			return fmt.Errorf("give serial back: %w", err)
		}
	}
	if len(built) == 0 {
		return nil
	}
	free, taken, err := apartTaken(ctx, tx, built)
	if err != nil {
		return err
	}
	if err := eachOf(free, func(sh *newCase) error { return sh.seal(s) }); err != nil {
		return err
	}
	if err := s.insertAll(ctx, tx, free, b); err != nil || len(taken) == 0 {
		return err
	}
	return s.fileYear(ctx, tx, taken, b)
}

// apartTaken puts those aside whose number another case has.
func apartTaken(ctx context.Context, tx Tx, all []*newCase) (free []*newCase, taken []*request, err error) {
	var numbers []any
	for _, sh := range all {
		numbers = append(numbers, sh.create.record.Case.Number)
	}
	in, args := oneOf(numbers)
	found, err := scan(ctx, tx, func(n *string) []any { return []any{n} }, `SELECT number FROM cases WHERE number`+in, args...)
	if err != nil {
		return nil, nil, fmt.Errorf("look for numbers that are taken: %w", err)
	}
	for _, sh := range all {
		if slices.Contains(found, sh.create.record.Case.Number) && sh.create.taken < mostTaken {
			sh.create.taken++
			taken = append(taken, sh.request)
		} else {
			free = append(free, sh)
		}
	}
	return free, taken, nil
}

// eachOf seals several cases at once.
func eachOf[T any](all []T, do func(T) error) error {
	if len(all) == 1 {
		return do(all[0])
	}
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for _, one := range all {
		g.Go(func() error { return do(one) })
	}
	return g.Wait()
}

// newCase is a new case as it will be written.
type newCase struct {
	*request
	row
	notices []petition.Notice
	entries []entryRow
	link    link
}

// seal seals a case whose ref is set.
func (sh *newCase) seal(s *Store) error {
	r := sh.create.record
	w, err := s.rowOf(r)
	if err != nil {
		return err
	}
	w.ref = sh.ref
	sh.row = w
	if sh.entries, err = s.entryRows(w.ref, r.Case, 0); err != nil {
		return err
	}
	f := r.Case.Filing
	sh.link = sh.row.chain(string(f.Class), f.Subject, f.Place.Code, w.content, sh.entries)
	sh.create.record.Mark, err = s.mark(sh.link.head)
	return err
}

// insertAll adds new cases to the batch.
func (s *Store) insertAll(ctx context.Context, tx Tx, all []*newCase, b *batch) error {
	for _, sh := range all {
		w, r := sh.row, sh.create.record
		f := r.Case.Filing
		b.cases = append(b.cases, []any{
			w.ref, w.id, w.number, w.owner, w.version, w.status, w.unit, w.officer, w.units, w.due, w.open, w.sealed, w.received,
			w.entries, w.files, w.checks, w.body, w.head, w.tip, w.urgent, w.drafts, sh.create.filing, string(f.Class), f.Subject, f.Place.Code,
		})
		b.addEntries(sh.entries)
		b.links, b.listKeys = append(b.links, sh.link), append(b.listKeys, listKeyRows(w, listKeysOf(w))...)
		b.checks = append(b.checks, checkRows(w)...)
		b.note(r.Access)
		sh.create.record.Access = nil
		b.wordChanges, b.notices = append(b.wordChanges, wordChange{ref: w.ref, words: true}), append(b.notices, sh.notices...)
		if err := s.nameFiles(ctx, tx, w.ref, r.Files); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) Load(ctx context.Context, number string) (petition.Record, error) {
	var r petition.Record
	err := s.pool.read(func() (err error) {
		r, err = s.one(ctx, s.engine.reader(), `number = $1`, number)
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return petition.Record{}, notFound()
	}
	if err != nil {
		return petition.Record{}, s.trouble("load case", err)
	}
	return r, nil
}

// one reads the record that where finds, sql.ErrNoRows when there is none.
func (s *Store) one(ctx context.Context, q querier, where string, arg any) (petition.Record, error) {
	w, err := find(ctx, q, where, arg)
	if err != nil {
		return petition.Record{}, err
	}
	return s.whole(ctx, q, w)
}

// whole opens one row and adds its timeline.
func (s *Store) whole(ctx context.Context, q querier, w row) (petition.Record, error) {
	all, err := s.records(ctx, q, []row{w})
	if err != nil {
		return petition.Record{}, err
	}
	return all[0], nil
}

func find(ctx context.Context, q querier, where string, arg any) (w row, err error) {
	err = q.QueryRowContext(ctx, `SELECT `+rowColumns+` FROM cases WHERE `+where, arg).Scan(w.targets()...)
	return w, err
}
