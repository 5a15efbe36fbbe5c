package cases

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"dengwen/petition"
)

// revision is a case that was changed.
type revision struct {
	record  petition.Record
	version int64 // that was read
	notices []petition.Notice

	old, row row
	reworded bool // it is to be found by other words, or by others
	entries  []entryRow
	link     link
}

func (s *Store) Save(ctx context.Context, r petition.Record, notices []petition.Notice) (int64, error) {
	err := s.submit(&request{ctx: ctx, save: &revision{record: r, version: r.Case.Version, notices: notices}})
	if err != nil {
		return 0, s.trouble("save case", err)
	}
	return r.Case.Version + 1, nil
}

// saveAll writes changed cases, each as the next version.
func (s *Store) saveAll(ctx context.Context, tx Tx, all []*request, b *batch) error {
	fit, err := s.unchanged(ctx, tx, all)
	if err != nil || len(fit) == 0 {
		return err
	}
	changed := make([]*petition.Record, len(fit))
	for i, p := range fit {
		changed[i] = &p.save.record
	}
	if err := giveNumbers(ctx, tx, changed...); err != nil {
		return err
	}
	for _, p := range fit {
		if p.save.old.head == nil {
			if err := s.adopt(ctx, tx, &p.save.old, b); err != nil {
				return err
			}
		}
	}
	if err := eachOf(fit, func(p *request) error { return p.save.seal(s) }); err != nil {
		return err
	}
	var updates []statement
	for _, p := range fit {
		updates = append(updates, p.save.update())
	}
	written, err := tx.all(ctx, updates)
	if err != nil {
		return err
	}
	for i, p := range fit {
		if written[i] == 0 { // another process was first
			return errOvertaken
		}
		if err := s.replace(ctx, tx, p.save, b); err != nil {
			return err
		}
	}
	return nil
}

// unchanged keeps those whose case is there as it was read, one of each case, in the
// order of their refs: nobody who does the same waits for one who waits for them.
func (s *Store) unchanged(ctx context.Context, tx Tx, all []*request) (fit []*request, err error) {
	if len(all) == 0 {
		return nil, nil
	}
	var numbers []any
	for _, p := range all {
		numbers = append(numbers, p.save.record.Case.Number)
	}
	in, args := oneOf(numbers)
	rows, err := scan(ctx, tx, func(w *row) []any { return w.targets() }, `SELECT `+rowColumns+` FROM cases WHERE number`+in, args...)
	if err != nil {
		return nil, fmt.Errorf("read cases that were changed: %w", err)
	}
	known := map[string]row{}
	for _, w := range rows {
		known[w.number] = w
	}
	taken := map[string]bool{}
	for _, p := range all {
		number := p.save.record.Case.Number
		w, ok := known[number]
		switch {
		case !ok:
			p.err = notFound()
		case w.version != p.save.version || taken[number]:
			p.err = changed()
		default:
			p.save.old, taken[number], fit = w, true, append(fit, p)
		}
	}
	slices.SortFunc(fit, func(a, b *request) int { return int(a.save.old.ref - b.save.old.ref) })
	return fit, nil
}

// seal seals the next version of old.
func (v *revision) seal(s *Store) error {
	v.record.Case.Version = v.old.version + 1
	w, err := s.rowOf(v.record)
	if err != nil {
		return err
	}
	w.ref, w.received, w.entries = v.old.ref, v.old.received, max(w.entries, v.old.entries)
	v.row = w
	before, err := s.open(v.old, nil)
	v.reworded = err != nil || w.sealed != v.old.sealed || !slices.Equal(before.Case.Texts(), v.record.Case.Texts()) || !slices.Equal(terms(before.Case), terms(v.record.Case))
	if v.entries, err = s.entryRows(w.ref, v.record.Case, v.old.entries); err != nil {
		return err
	}
	f := v.record.Case.Filing
	v.row.head, v.row.tip = v.old.head, v.old.tip
	v.link = v.row.chain(string(f.Class), f.Subject, f.Place.Code, w.content, v.entries)
	return nil
}

// update writes a version that is sealed over the one that was read, if that is still
// there: on PostgreSQL another process may have been first. It may have changed when the
// case is looked at next and made no new version.
func (v *revision) update() statement {
	w, f := v.row, v.record.Case.Filing
	return statement{"update case", `UPDATE cases SET owner = $1, version = $2, status = $3, unit = $4, units = $5, due = $6,
		open = $7, sealed = $8, entries = $9, files = $10, body = $11, class = $12, category = $13, place = $14, officer = $15, checks = $16, head = $17, tip = $18, urgent = $19, drafts = $20
		WHERE ref = $21 AND version = $22 AND checks = $23 AND head = $24`, []any{
		w.owner, w.version, w.status, w.unit, w.units, w.due, w.open, w.sealed, w.entries, w.files, w.body,
		string(f.Class), f.Subject, f.Place.Code, w.officer, w.checks, w.head, w.tip, w.urgent, w.drafts, w.ref, w.version - 1, v.old.checks, v.old.head,
	}}
}

// replace brings what belongs to a case in line with its new version.
func (s *Store) replace(ctx context.Context, tx Tx, v *revision, b *batch) error {
	b.addEntries(v.entries)
	b.notices, b.links = append(b.notices, v.notices...), append(b.links, v.link)
	b.note(v.record.Access)
	b.moveListKeys(v.old, v.row)
	b.moveChecks(v.old, v.row)
	if v.reworded || v.old.columns() != v.row.columns() || dueKey(v.old) != dueKey(v.row) {
		b.wordChanges = append(b.wordChanges, wordChange{ref: v.row.ref, words: v.reworded})
	}
	return s.renameFiles(ctx, tx, v.old, v.row, v.record.Files)
}

func (s *Store) Forget(ctx context.Context, owner string, erase func(*petition.Record)) (int, error) {
	var count int
	hash := s.owner(owner)
	if hash == nil {
		return 0, nil
	}
	err := s.write(ctx, "forget owner", func(ctx context.Context, tx Tx) error {
		var b batch
		rows, err := s.ownRows(ctx, tx, hash)
		if err != nil {
			return err
		}
		for _, old := range rows {
			if err := s.eraseOne(ctx, tx, old, erase, &b); err != nil {
				return err
			}
		}
		count = len(rows)
		if err := s.writeBatch(ctx, tx, &b); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM notices WHERE addressee = $1`, s.addressee(owner)); err != nil {
			return fmt.Errorf("remove notices: %w", err)
		}
		if err := s.disagree(ctx, tx, owner); err != nil {
			return fmt.Errorf("take consent back: %w", err)
		}
		if err := s.forgetTelling(ctx, tx, owner, rows); err != nil {
			return err
		}
		return s.disownFiles(ctx, tx, hash)
	})
	if err != nil {
		return 0, err
	}
	return count, nil
}

// ownRows reads in order of ref, so that two of these never lock crosswise.
func (s *Store) ownRows(ctx context.Context, tx Tx, owner []byte) ([]row, error) {
	refs, err := scan(ctx, tx, func(n *int64) []any { return []any{n} }, `SELECT ref FROM list_keys WHERE key = $1`, ownerKey(owner))
	if err != nil {
		return nil, fmt.Errorf("find cases of owner: %w", err)
	}
	rows, err := s.rows(ctx, tx, refs)
	slices.SortFunc(rows, func(a, b row) int { return int(a.ref - b.ref) })
	return rows, err
}

func (s *Store) eraseOne(ctx context.Context, tx Tx, old row, erase func(*petition.Record), b *batch) error {
	r, err := s.whole(ctx, tx, old)
	if err != nil {
		return err
	}
	erase(&r)
	r.Case.Filing.Owner = ""
	if old.head == nil {
		if err := s.adopt(ctx, tx, &old, b); err != nil {
			return err
		}
	}
	v := &revision{record: r, old: old}
	if err := v.seal(s); err != nil {
		return err
	}
	if n, err := tx.all(ctx, []statement{v.update()}); err != nil || n[0] == 0 {
		return cmp.Or(err, errOvertaken)
	}
	return s.replace(ctx, tx, v, b)
}
