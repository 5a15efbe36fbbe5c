package cases_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dengwen/petition"
	"dengwen/storage/cases"
)

var began = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

// findings verifies a store and answers what it found, one line each.
func findings(t *testing.T, s *cases.Store, older ...string) (out []string) {
	t.Helper()
	_, err := s.Verify(t.Context(), older, func(f cases.Finding) { out = append(out, f.String()) }, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

// grown adds an entry and saves.
func grown(t *testing.T, s *cases.Store, r petition.Record, move petition.MoveName) petition.Record {
	t.Helper()
	seq := len(r.Case.Timeline) + 1
	r.Case.Timeline = append(slices.Clone(r.Case.Timeline), petition.Entry{Seq: seq, At: began.Add(time.Duration(seq) * time.Hour), Move: move, By: "town", Text: fmt.Sprint("第几步", seq)})
	v, err := s.Save(t.Context(), r, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Case.Version = v
	return r
}

func noted(t *testing.T, s *cases.Store, numbers ...string) {
	t.Helper()
	x := petition.Access{At: began, Act: petition.ActRead, Staff: "s-1", Unit: "town", Door: "tg", Numbers: numbers}
	if err := s.NoteAccess(t.Context(), x); err != nil {
		t.Fatal(err)
	}
}

func checkpointed(t *testing.T, s *cases.Store, at time.Time) string {
	t.Helper()
	text, err := s.Checkpoint(t.Context(), at)
	if err != nil || text == "" {
		t.Fatalf("checkpoint: %q, %v", text, err)
	}
	return text
}

// lived is a store in which something of every kind has happened: a case with a life, an
// untouched one, one that is erased, lines of the access log, two checkpoints.
type lived struct {
	*cases.Store
	one, two, erased petition.Record
	first            string // the first checkpoint
}

func live(t *testing.T, s *cases.Store) lived {
	t.Helper()
	l := lived{Store: s, one: create(t, s, "村口的路塌了"), two: create(t, s, "村口的桥塌了"), erased: create(t, s, "村口的墙塌了")}
	l.one = grown(t, s, grown(t, s, l.one, petition.MoveNote), petition.MoveNote)
	noted(t, s, l.one.Case.Number)
	noted(t, s, l.one.Case.Number, l.two.Case.Number)
	noted(t, s, l.erased.Case.Number)
	l.first = checkpointed(t, s, began)
	l.one = grown(t, s, l.one, petition.MoveNote)
	l.erased = grown(t, s, l.erased, petition.MoveErase)
	var bare []petition.Entry
	for _, e := range l.erased.Case.Timeline {
		bare = append(bare, petition.Entry{Seq: e.Seq, At: e.At, Move: e.Move})
	}
	if err := s.Blank(t.Context(), l.erased.Case.Number, bare); err != nil {
		t.Fatal(err)
	}
	if again, err := s.Checkpoint(t.Context(), began.Add(time.Minute)); err != nil || again != "" {
		t.Errorf("a second checkpoint within the hour: %q, %v", again, err)
	}
	checkpointed(t, s, began.Add(2*time.Hour))
	return l
}

// edit is what somebody does who has the database and not the key. {1} and {2} are the
// numbers of the cases.
type edit struct {
	name string
	do   []string
	want string // of one finding
}

var edits = []edit{
	{"a case's content replaced by another's", []string{`UPDATE cases SET body = (SELECT body FROM cases WHERE number = '{2}') WHERE number = '{1}'`}, "changed case {1}"},
	{"a case sent to another unit", []string{`UPDATE cases SET unit = 'elsewhere' WHERE number = '{2}'`}, "changed case {2}: column column unit"},
	{"a case's period moved", []string{`UPDATE cases SET due = '2031-01-01' WHERE number = '{1}'`}, "changed case {1}"},
	{"a case deleted with all that belongs to it", []string{
		`DELETE FROM entries WHERE ref = (SELECT ref FROM cases WHERE number = '{2}')`, `DELETE FROM list_keys WHERE number = '{2}'`, `DELETE FROM cases WHERE number = '{2}'`,
	}, "missing case {2}"},
	{"a case inserted as a copy", []string{`INSERT INTO cases (ref, id, number, filing, owner, version, status, class, unit, units, category, place, due, open, sealed, received, entries, files, checks, body, officer, head, tip)
		SELECT ref + 50, id, 'ZS26-0051-XX', tip, owner, version, status, class, unit, units, category, place, due, open, sealed, received, entries, files, checks, body, officer, head, tip FROM cases WHERE number = '{1}'`}, "inserted case ZS26-0051-XX"},
	{"an old row put back", []string{`UPDATE cases SET body = (SELECT body FROM old), version = (SELECT version FROM old), entries = (SELECT entries FROM old), head = (SELECT head FROM old), tip = (SELECT tip FROM old) WHERE number = '{1}'`}, "rolled_back case {1}"},
	{"an old body put into the new row", []string{`UPDATE cases SET body = (SELECT body FROM old) WHERE number = '{1}'`}, "changed case {1}: does_not_open"},
	{"an entry deleted", []string{`DELETE FROM entries WHERE seq = 2 AND ref = (SELECT ref FROM cases WHERE number = '{1}')`}, "removed entry {1}/2"},
	{"the first entry deleted", []string{`DELETE FROM entries WHERE seq = 1 AND ref = (SELECT ref FROM cases WHERE number = '{1}')`}, "removed entry {1}/1"},
	{"an entry replaced by another", []string{`UPDATE entries SET body = (SELECT body FROM entries e WHERE e.ref = entries.ref AND e.seq = 2) WHERE seq = 3 AND ref = (SELECT ref FROM cases WHERE number = '{1}')`}, "changed entry {1}/3"},
	{"an entry inserted", []string{`INSERT INTO entries (ref, seq, body, version, hash) SELECT ref, 9, body, version, hash FROM entries WHERE seq = 1 AND ref = (SELECT ref FROM cases WHERE number = '{2}')`}, "inserted entry {2}/9"},
	{"a line of the access log deleted", []string{`DELETE FROM accesses WHERE pos = (SELECT MIN(pos) FROM accesses)`}, "removed access"},
	{"a line of the access log turned to another case", []string{`UPDATE case_accesses SET number = '{2}' WHERE pos = (SELECT MIN(pos) FROM accesses)`}, "changed access"},
	{"a line of the access log emptied", []string{`UPDATE accesses SET body = {empty} WHERE pos = (SELECT MIN(pos) FROM accesses)`}, "changed access"},
	{"a link deleted", []string{`DELETE FROM chain WHERE pos = 4`}, "removed link 4"},
	{"a link changed", []string{`UPDATE chain SET head = (SELECT head FROM chain c WHERE c.pos = 2) WHERE pos = 4`}, "changed link 4"},
	{"the newest links taken away with their counter", []string{`DELETE FROM chain WHERE pos > 8`, `UPDATE feed SET chain = 8`, `UPDATE tree SET size = 8`}, "rolled_back checkpoint"},
	{"a checkpoint rewritten", []string{`UPDATE checkpoints SET note = REPLACE(note, 'dengwen', 'dengwem')`}, "changed checkpoint"},
	{"a case hidden from a list", []string{`DELETE FROM list_keys WHERE number = '{1}' AND key LIKE 'all|%'`}, "removed list key {1}"},
	{"a case shown in somebody else's list", []string{`INSERT INTO list_keys (key, due, number, received, ref) SELECT 'unit elsewhere|open', due, number, received, ref FROM list_keys WHERE number = '{2}' LIMIT 1`}, "inserted list key {2}"},
}

func TestVerifyNamesEachEdit(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) {
		l := lived{Store: open(t, url, dir, newBox(t))}
		exec := func(query string) {
			t.Helper()
			if _, err := l.Writer().ExecContext(context.Background(), query); err != nil {
				t.Fatalf("%s: %v", query, err)
			}
		}
		l.one = create(t, l.Store, "村口的路塌了")
		exec(`CREATE TABLE old AS SELECT * FROM cases WHERE ref = (SELECT MIN(ref) FROM cases)`)
		l2 := live(t, l.Store)
		// The case whose old row was kept goes on too.
		one := grown(t, l.Store, grown(t, l.Store, grown(t, l.Store, l.one, petition.MoveNote), petition.MoveNote), petition.MoveNote)
		noted(t, l.Store, l2.two.Case.Number)
		checkpointed(t, l.Store, began.Add(4*time.Hour))
		empty := map[bool]string{true: `x''`, false: `''::bytea`}[url == ""]
		names := strings.NewReplacer("{1}", one.Case.Number, "{2}", l2.two.Case.Number, "{empty}", empty)
		if got := findings(t, l.Store, l2.first); len(got) > 0 {
			t.Fatalf("untouched: %v", got)
		}
		tables := []string{"cases", "entries", "list_keys", "accesses", "case_accesses", "chain", "feed", "tree", "tree_hashes", "checkpoints"}
		for _, table := range tables {
			exec(`CREATE TABLE kept_` + table + ` AS SELECT * FROM ` + table)
		}
		for _, e := range edits {
			for _, query := range e.do {
				exec(names.Replace(query))
			}
			if got, want := findings(t, l.Store, l2.first), names.Replace(e.want); !slices.ContainsFunc(got, func(f string) bool { return strings.HasPrefix(f, want) }) {
				t.Errorf("%s: found %q, want %q", e.name, got, want)
			}
			for _, table := range tables {
				exec(`DELETE FROM ` + table)
				exec(`INSERT INTO ` + table + ` SELECT * FROM kept_` + table)
			}
		}
		if got := findings(t, l.Store, l2.first); len(got) > 0 {
			t.Errorf("all put back: %v", got)
		}
	})
}

// Two histories under one key: what was signed first shows the second for what it is.
func TestVerifyFindsAFork(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) {
		box := newBox(t)
		other := open(t, "", t.TempDir(), box)
		create(t, other, "另一件")
		theirs := checkpointed(t, other, began)
		s := open(t, url, dir, box)
		l := live(t, s)
		if got := findings(t, s, theirs); len(got) != 1 || !strings.HasPrefix(got[0], "forked checkpoint 1:") {
			t.Errorf("a fork: %v", got)
		}
		if got := findings(t, s, l.first); len(got) > 0 {
			t.Errorf("no fork: %v", got)
		}
		if _, err := s.Verify(t.Context(), []string{strings.Replace(theirs, "1", "2", 1)}, func(cases.Finding) {}, func(int) {}); err == nil {
			t.Error("a forged checkpoint was read")
		}
	})
}

// Cases of before the chain are linked in the background, or when they are saved or erased
// first; until then they are counted.
func TestOldCasesAreLinked(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) {
		box := newBox(t)
		s := open(t, url, dir, box)
		rows := []petition.Record{create(t, s, "一"), create(t, s, "二"), create(t, s, "三"), create(t, s, "四")}
		if err := s.Unlink(t.Context()); err != nil {
			t.Fatal(err)
		}
		v, err := s.Verify(t.Context(), nil, func(f cases.Finding) { t.Errorf("before: %v", f) }, func(int) {})
		if err != nil || v.Unlinked != 4 {
			t.Errorf("before: %+v, %v", v, err)
		}
		grown(t, s, rows[0], petition.MoveNote)
		if err := s.Blank(t.Context(), rows[1].Case.Number, nil); err != nil {
			t.Fatal(err)
		}
		if n, err := s.LinkOld(t.Context()); err != nil || n != 2 {
			t.Errorf("%d linked, %v", n, err)
		}
		v, err = s.Verify(t.Context(), nil, func(f cases.Finding) { t.Errorf("after: %v", f) }, func(int) {})
		if err != nil || v.Unlinked != 0 || v.Cases != 4 {
			t.Errorf("after: %+v, %v", v, err)
		}
		for _, r := range rows[2:] {
			if got, err := s.Load(t.Context(), r.Case.Number); err != nil || got.Case.Filing.Facts != r.Case.Filing.Facts {
				t.Errorf("%s: %v", r.Case.Number, err)
			}
		}
	})
}
