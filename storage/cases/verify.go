package cases

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"strings"

	"dengwen/petition"

	"golang.org/x/mod/sumdb/tlog"
)

// Finding is something in the database that is not as the program wrote it.
type Finding struct {
	Kind string // changed, removed, inserted, rolled_back, missing, forked; restored: what it tells of came after a backup from which the store was restored
	What string // case, entry, access, link, list key, file name, tree, checkpoint
	Name string // number of the case, position of the line or link, size of the checkpoint
	How  string // what differs: the key of a sentence below cli.verify.how, with Args
	Args []any  // names and values of it
}

func (f Finding) String() string {
	return strings.TrimSpace(f.Kind + " " + f.What + " " + f.Name + ": " + f.How + " " + fmt.Sprintln(f.Args...))
}

// Verification is what was looked at.
type Verification struct {
	Cases, Entries, Lines, Links, Checkpoints int
	Unlinked                                  int // cases of before the chain that are not linked yet: the running program does that
	Findings                                  int
}

// verifier goes through one snapshot of the database.
type verifier struct {
	s     *Store
	q     querier
	found func(Finding)
	tick  func(done int)
	v     Verification

	last     map[string]*link // newest link of each case that was not met yet
	lines    map[int64][]byte // content of each access line that was not met yet
	hashes   []tlog.Hash      // stored hashes of the tree, as the chain gives them
	whole    bool             // no link is missing
	size     int64            // number of links
	erased   map[string]bool  // cases whose content was erased
	seed     maphash.Seed
	restores []int64           // how long the chain was where the store was restored from a backup
	rows     map[uint64]string // list keys and file names that the cases should have, by a hash of the row, with the case's number
}

// pageSize is how many rows a step of verifying reads.
const pageSize = 500

// Verify compares the whole database, as it is at one moment, with the chain and the chain
// with the checkpoints, stored ones and those given, which may be older copies. found is
// called for each finding, tick with the number of rows done, of about VerifyRows.
func (s *Store) Verify(ctx context.Context, older []string, found func(Finding), tick func(done int)) (Verification, error) {
	tx, err := s.engine.snapshot(ctx)
	if err != nil {
		return Verification{}, s.trouble("begin to verify", err)
	}
	defer func() { _ = tx.Rollback() }()
	v := &verifier{
		s: s, q: tx, tick: tick, last: map[string]*link{}, lines: map[int64][]byte{}, erased: map[string]bool{}, seed: maphash.MakeSeed(), rows: map[uint64]string{}, whole: true,
	}
	v.found = func(f Finding) { v.v.Findings++; found(f) }
	for _, look := range []func(context.Context) error{v.chain, v.tree, v.cases, v.listKeys, v.fileNames, v.accesses} {
		if err := look(ctx); err != nil {
			return v.v, s.trouble("verify", err)
		}
	}
	return v.v, s.trouble("verify", v.checkpoints(ctx, older))
}

// VerifyRows is about how many rows Verify goes through.
func (s *Store) VerifyRows(ctx context.Context) (n int, err error) {
	err = s.engine.reader().QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM cases) + (SELECT COUNT(*) FROM chain) + (SELECT COUNT(*) FROM accesses)`).Scan(&n)
	return n, s.trouble("count rows", err)
}

func (v *verifier) progress() { v.tick(v.v.Links + v.v.Cases + v.v.Lines) }

func (v *verifier) tell(kind, what, name, how string, args ...any) {
	v.found(Finding{kind, what, name, how, args})
}

// paged reads all rows behind a number that the query orders by, page by page.
func paged[T any](ctx context.Context, q querier, targets func(*T) []any, cursor func(*T) int64, query string, each func([]T) error) error {
	for after := int64(-1); ; {
		rows, err := scan(ctx, q, targets, query, after, pageSize)
		if err != nil || len(rows) == 0 {
			return err
		}
		if err := each(rows); err != nil {
			return err
		}
		after = cursor(&rows[len(rows)-1])
	}
}

// chain checks that links are consecutive and each follows from the one before it of its case.
func (v *verifier) chain(ctx context.Context) error {
	next := int64(1)
	err := paged(ctx, v.q, (*link).targets, func(l *link) int64 { return l.pos },
		`SELECT `+linkColumns+` FROM chain WHERE pos > $1 ORDER BY pos LIMIT $2`, func(links []link) error {
			for i := range links {
				l := &links[i]
				for ; next < l.pos; next++ {
					v.whole = false
					v.tell("removed", "link", fmt.Sprint(next), "goes_on")
				}
				next = l.pos + 1
				v.link(l)
				if v.whole {
					if err := v.leaf(l); err != nil {
						return err
					}
				}
			}
			v.v.Links += len(links)
			v.progress()
			return nil
		})
	if err != nil {
		return err
	}
	v.size = next - 1
	var counted int64
	if err := v.q.QueryRowContext(ctx, `SELECT chain FROM feed WHERE one = 1`).Scan(&counted); err != nil {
		return err
	}
	for ; next <= counted; next++ {
		v.tell("removed", "link", fmt.Sprint(next), "counted")
	}
	if v.size > counted {
		v.tell("inserted", "link", fmt.Sprint(v.size), "beyond_counter", "count", counted)
	}
	return nil
}

func (v *verifier) link(l *link) {
	if l.number == "" {
		v.lines[l.pos] = l.content
		if !sameHash(l.head, accessHead(l.pos, l.content)) {
			v.tell("changed", "link", fmt.Sprint(l.pos), "not_its_line")
		}
		return
	}
	var before []byte
	if last := v.last[l.number]; last != nil {
		before = last.head
		if l.version != last.version && l.version != last.version+1 {
			v.tell("changed", "link", fmt.Sprint(l.pos), "wrong_order", "version", l.version, "number", l.number, "before", last.version)
		}
	}
	if !sameHash(l.head, caseHead(l.number, l.version, before, l.content)) {
		v.tell("changed", "link", fmt.Sprint(l.pos), "not_following", "version", l.version, "number", l.number)
	}
	kept := *l
	v.last[l.number] = &kept
}

func (v *verifier) leaf(l *link) error {
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var out []tlog.Hash
		for _, i := range indexes {
			out = append(out, v.hashes[i])
		}
		return out, nil
	})
	hashes, err := tlog.StoredHashesForRecordHash(l.pos-1, tlog.RecordHash(l.head), reader)
	v.hashes = append(v.hashes, hashes...)
	return err
}

// tree compares what is stored of the tree, from which proofs are made.
func (v *verifier) tree(ctx context.Context) error {
	var size int64
	if err := v.q.QueryRowContext(ctx, `SELECT size FROM tree WHERE one = 1`).Scan(&size); err != nil {
		return err
	}
	if size > v.size {
		v.tell("removed", "link", fmt.Sprint(v.size+1), "tree_has", "count", size)
	}
	if !v.whole || size > v.size {
		return nil // the missing links are named
	}
	stored := int64(0)
	err := paged(ctx, v.q, func(h *storedHash) []any { return []any{&h.idx, &h.hash} }, func(h *storedHash) int64 { return h.idx },
		`SELECT idx, hash FROM tree_hashes WHERE idx > $1 ORDER BY idx LIMIT $2`, func(all []storedHash) error {
			for _, h := range all {
				stored++
				if h.idx >= int64(len(v.hashes)) || !sameHash(h.hash, v.hashes[h.idx][:]) {
					v.tell("changed", "tree", fmt.Sprint(h.idx), "not_from_chain")
				}
			}
			return nil
		})
	if want := tlog.StoredHashCount(size); err == nil && stored < want {
		v.tell("removed", "tree", fmt.Sprint(want), "hashes_missing", "count", want-stored)
	}
	return err
}

// checkpoints compares roots that were signed with those that the chain gives now.
func (v *verifier) checkpoints(ctx context.Context, older []string) error {
	stored, err := scan(ctx, v.q, func(c *petition.Checkpoint) []any { return []any{&c.Size, &c.Note} }, `SELECT size, note FROM checkpoints ORDER BY size`)
	if err != nil {
		return err
	}
	for _, c := range stored {
		older = append(older, c.Note)
	}
	for i, text := range older {
		v.v.Checkpoints++
		c, err := v.s.readCheckpoint(text)
		given := i < len(older)-len(stored)
		links, before := v.restoredBefore(c.size)
		switch {
		case err != nil && given:
			return fmt.Errorf("checkpoint %d of those given: %w", i+1, err)
		case err != nil:
			v.tell("changed", "checkpoint", fmt.Sprint(stored[i-len(older)+len(stored)].Size), "not_signed")
		case given && before && !v.fits(c):
			v.tell("restored", "checkpoint", fmt.Sprint(c.size), "behind_backup", "count", links)
		case c.size > v.size:
			v.tell("rolled_back", "checkpoint", fmt.Sprint(c.size), "shorter", "count", v.size)
		case v.whole && !v.fits(c):
			v.tell("forked", "checkpoint", fmt.Sprint(c.size), "other_links", "count", c.size)
		}
	}
	return nil
}

// restoredBefore reports whether the store was restored when it had fewer links, and how many.
func (v *verifier) restoredBefore(size int64) (links int64, ok bool) {
	for _, n := range v.restores {
		if n < size {
			return n, true
		}
	}
	return 0, false
}

// fits reports whether the chain gives the root that was signed. It is false where links are missing.
func (v *verifier) fits(c checkpoint) bool {
	if !v.whole || c.size > v.size {
		return false
	}
	root, err := tlog.TreeHash(c.size, tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var out []tlog.Hash
		for _, i := range indexes {
			out = append(out, v.hashes[i])
		}
		return out, nil
	}))
	return err == nil && root == c.root
}

type verifiedCase struct {
	row
	class, category, place string
}

func (w *verifiedCase) targets() []any {
	return append(w.row.targets(), &w.class, &w.category, &w.place)
}

type verifiedEntry struct {
	sealedEntry
	version int64
	hash    []byte
}

func (v *verifier) cases(ctx context.Context) error {
	err := paged(ctx, v.q, (*verifiedCase).targets, func(w *verifiedCase) int64 { return w.ref },
		`SELECT `+rowColumns+`, class, category, place FROM cases WHERE ref > $1 ORDER BY ref LIMIT $2`, func(all []verifiedCase) error {
			entries, err := v.entriesOf(ctx, all)
			if err != nil {
				return err
			}
			for i := range all {
				v.verifyCase(&all[i], entries[all[i].ref])
			}
			v.v.Cases += len(all)
			v.progress()
			return nil
		})
	for number, l := range v.last {
		v.tell("missing", "case", number, "in_chain", "version", l.version)
	}
	return err
}

func (v *verifier) entriesOf(ctx context.Context, all []verifiedCase) (map[int64][]verifiedEntry, error) {
	found, err := scan(ctx, v.q, func(e *verifiedEntry) []any { return []any{&e.ref, &e.seq, &e.body, &e.version, &e.hash} },
		`SELECT ref, seq, body, version, hash FROM entries WHERE ref >= $1 AND ref <= $2 ORDER BY ref, seq`, all[0].ref, all[len(all)-1].ref)
	of := map[int64][]verifiedEntry{}
	for _, e := range found {
		of[e.ref] = append(of[e.ref], e)
	}
	v.v.Entries += len(found)
	return of, err
}

// verifyCase checks one case against the newest link of its number.
func (v *verifier) verifyCase(w *verifiedCase, entries []verifiedEntry) {
	l := v.last[w.number]
	delete(v.last, w.number)
	for _, r := range listKeyRows(w.row, listKeysOf(w.row)) {
		v.rows[v.rowHash(r...)] = w.number
	}
	for _, id := range strings.Fields(w.files) {
		v.rows[v.rowHash("file", id, w.ref)] = w.number
	}
	plain, err := v.s.box.Open(w.body, w.row.place())
	switch {
	case l == nil && w.head == nil && err == nil:
		v.v.Unlinked++
		return
	case l == nil:
		v.tell("inserted", "case", w.number, "unknown")
		return
	case w.version < l.version:
		v.tell("rolled_back", "case", w.number, "other_version", "version", w.version, "chain", l.version)
		return
	case err != nil:
		v.tell("changed", "case", w.number, "does_not_open", "version", w.version)
		return
	}
	before := v.v.Findings
	v.entries(w, entries)
	if v.v.Findings == before && (w.version != l.version || !sameHash(w.head, l.head) ||
		!sameHash(l.content, w.rowHash(w.class, w.category, w.place, v.s.contentHash(plain)))) {
		how, column := v.difference(w, l, plain)
		v.tell("changed", "case", w.number, how, "column", column)
	}
	r, err := v.s.open(w.row, nil)
	if err != nil || r.Case.ID != w.id || r.Case.Number != w.number {
		v.tell("changed", "case", w.number, "another_case")
	}
}

// difference says which column it is where content and column can be compared.
func (v *verifier) difference(w *verifiedCase, l *link, plain []byte) (how, column string) {
	r, err := v.s.open(w.row, nil)
	if err != nil {
		return "unreadable", ""
	}
	f := r.Case.Filing
	for _, c := range []struct{ column, has, sealed string }{
		{"version", fmt.Sprint(w.version), fmt.Sprint(l.version)}, {"status", w.status, string(r.Case.Status)}, {"unit", w.unit, r.Case.Unit},
		{"units", w.units, strings.Join(r.Units, "\n")}, {"officer", w.officer, v.s.officer(r.Case.Officer)}, {"class", w.class, string(f.Class)},
		{"category", w.category, f.Subject}, {"place", w.place, f.Place.Code}, {"files", w.files, strings.Join(r.Files, " ")},
		{"owner", string(w.owner), string(v.s.owner(f.Owner))}, {"sealed", fmt.Sprint(w.sealed), fmt.Sprint(f.Class == petition.Report)},
	} {
		if c.has != c.sealed {
			return "column", c.column
		}
	}
	return "some_column", ""
}

// entries checks the timeline: each entry's hash covers its content and the entry before.
func (v *verifier) entries(w *verifiedCase, all []verifiedEntry) {
	var tip []byte
	seq := int64(1)
	for _, e := range all {
		for ; seq < e.seq && seq <= w.entries; seq++ {
			v.tell("removed", "entry", fmt.Sprintf("%s/%d", w.number, seq), "timeline", "count", w.entries)
			tip = nil
		}
		seq = e.seq + 1
		name := fmt.Sprintf("%s/%d", w.number, e.seq)
		if e.seq > w.entries {
			v.tell("inserted", "entry", name, "timeline", "count", w.entries)
			continue
		}
		plain, err := v.s.box.Open(e.body, entryPlace(w.id, e.seq))
		if err != nil {
			v.tell("changed", "entry", name, "not_there")
		} else if known := e.seq == 1 || tip != nil; known && !sameHash(e.hash, entryHash(w.number, e.seq, e.version, tip, v.s.contentHash(plain))) {
			v.tell("changed", "entry", name, "not_written")
		} else if e.seq == w.entries {
			v.noteErased(w, e.sealedEntry)
		}
		tip = e.hash
	}
	for ; seq <= w.entries; seq++ {
		v.tell("removed", "entry", fmt.Sprintf("%s/%d", w.number, seq), "timeline", "count", w.entries)
	}
	if seq == w.entries+1 && len(all) > 0 && w.tip != nil && !sameHash(w.tip, tip) && int64(len(all)) == w.entries {
		v.tell("changed", "case", w.number, "other_tip")
	}
}

func (v *verifier) noteErased(w *verifiedCase, e sealedEntry) {
	if entry, err := v.s.openEntry(w.id, e); err == nil && entry.Move == petition.MoveErase {
		v.erased[w.number] = true
	}
}

func (v *verifier) rowHash(values ...any) uint64 {
	var h maphash.Hash
	h.SetSeed(v.seed)
	for _, x := range values {
		fmt.Fprint(&h, x)
		_ = h.WriteByte(0)
	}
	return h.Sum64()
}

type listKeyRow struct {
	key, due, number string
	received, ref    int64
}

// listKeys compares what lists are read from: a row that is missing hides a case.
func (v *verifier) listKeys(ctx context.Context) error {
	var after listKeyRow
	for {
		rows, err := scan(ctx, v.q, func(r *listKeyRow) []any { return []any{&r.key, &r.due, &r.number, &r.received, &r.ref} },
			`SELECT key, due, number, received, ref FROM list_keys WHERE (key, due, number) > ($1, $2, $3) ORDER BY key, due, number LIMIT $4`,
			after.key, after.due, after.number, pageSize)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, r := range rows {
			v.met("list key", r.number, v.rowHash(r.key, r.due, r.number, r.received, r.ref))
		}
		after = rows[len(rows)-1]
	}
}

func (v *verifier) met(what, name string, hash uint64) {
	if _, ok := v.rows[hash]; !ok {
		v.tell("inserted", what, name, "not_from_case")
	}
	delete(v.rows, hash)
}

type fileNameRow struct {
	id  string
	ref int64
}

// fileNames compares which files are in use: others are deleted after a while.
func (v *verifier) fileNames(ctx context.Context) error {
	var after fileNameRow
	for {
		rows, err := scan(ctx, v.q, func(r *fileNameRow) []any { return []any{&r.id, &r.ref} },
			`SELECT id, ref FROM case_files WHERE (id, ref) > ($1, $2) ORDER BY id, ref LIMIT $3`, after.id, after.ref, pageSize)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			break
		}
		for _, r := range rows {
			v.met("file name", r.id, v.rowHash("file", r.id, r.ref))
		}
		after = rows[len(rows)-1]
	}
	for _, number := range v.rows {
		v.tell("removed", "list key", number, "key_gone")
	}
	return nil
}

func (v *verifier) accesses(ctx context.Context) error {
	err := paged(ctx, v.q, func(x *accessRow) []any { return []any{&x.pos, &x.at, &x.unit, &x.officer, &x.body, &x.hash} }, func(x *accessRow) int64 { return x.pos },
		`SELECT pos, at, unit, officer, body, hash FROM accesses WHERE pos > $1 ORDER BY pos LIMIT $2`, func(all []accessRow) error {
			type about struct {
				pos    int64
				number string
			}
			found, err := scan(ctx, v.q, func(a *about) []any { return []any{&a.pos, &a.number} },
				`SELECT pos, number FROM case_accesses WHERE pos >= $1 AND pos <= $2`, all[0].pos, all[len(all)-1].pos)
			if err != nil {
				return err
			}
			numbers := map[int64][]string{}
			for _, a := range found {
				numbers[a.pos] = append(numbers[a.pos], a.number)
			}
			for i := range all {
				all[i].numbers = numbers[all[i].pos]
				v.access(&all[i])
			}
			v.v.Lines += len(all)
			v.progress()
			return nil
		})
	for pos := range v.lines {
		v.tell("removed", "access", fmt.Sprint(pos), "line_there")
	}
	return err
}

func (v *verifier) access(x *accessRow) {
	content, known := v.lines[x.pos]
	delete(v.lines, x.pos)
	name := fmt.Sprint(x.pos)
	switch {
	case !known:
		v.tell("inserted", "access", name, "unknown")
	case !sameHash(content, accessContent(x)):
		v.tell("changed", "access", name, "line_changed")
	case len(x.body) == 0 && !v.anyErased(x.numbers):
		v.tell("changed", "access", name, "emptied")
	case len(x.body) > 0:
		plain, err := v.s.box.Open(x.body, accessPlace(x.pos))
		if err != nil || !sameHash(x.hash, v.s.contentHash(plain)) {
			v.tell("changed", "access", name, "content")
		} else if isRestore(plain) {
			v.restores = append(v.restores, x.pos-1)
		}
	}
}

func isRestore(plain []byte) bool {
	var line storedAccess
	return json.Unmarshal(plain, &line) == nil && line.Act == petition.ActRestore
}

func (v *verifier) anyErased(numbers []string) bool {
	for _, n := range numbers {
		if v.erased[n] {
			return true
		}
	}
	return false
}
