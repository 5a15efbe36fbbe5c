package cases_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"dengwen/internal/seal"
	"dengwen/internal/test/servers"
	"dengwen/petition"
	"dengwen/petition/roster"
	"dengwen/storage/cases"
)

// full is a store with rows in most tables.
func full(t *testing.T, s *cases.Store) lived {
	t.Helper()
	l := live(t, s)
	if err := s.PutPerson(t.Context(), roster.Person{ID: "p-1", Name: "王芳", Chat: "tg:7", Unit: "town", Joined: began}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.PutFile(t.Context(), petition.File{Attachment: petition.Attachment{ID: "f-1"}, Original: "f-1.raw", By: "tg:8", At: began}); err != nil {
		t.Fatal(err)
	}
	return l
}

// exportOf is what a backup of a store holds, a line each with the name of its table.
func exportOf(t *testing.T, s *cases.Store) (string, *cases.Export) {
	t.Helper()
	e, err := s.BeginExport(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	return linesOf(t, e), e
}

func linesOf(t *testing.T, e *cases.Export) string {
	t.Helper()
	var b bytes.Buffer
	err := e.Each(t.Context(), func(table string, line []byte) error {
		b.WriteString(table + " ")
		b.Write(line)
		b.WriteByte('\n')
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func feedOf(lines string) func(func(string, []byte) error) error {
	return func(row func(string, []byte) error) error {
		for line := range strings.Lines(lines) {
			table, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
			if err := row(table, []byte(rest)); err != nil {
				return err
			}
		}
		return nil
	}
}

func imported(t *testing.T, url, dir string, box *seal.Box, lines string, schema int64) *cases.Import {
	t.Helper()
	i, err := cases.BeginImport(t.Context(), url, dir, box, schema)
	if err != nil {
		t.Fatal(err)
	}
	if err := i.Rows(t.Context(), feedOf(lines)); err != nil {
		t.Fatal(err)
	}
	return i
}

// Every table is either in a backup or left out by intent.
func TestBackupKnowsEveryTable(t *testing.T) {
	t.Parallel()
	want := append(slices.Clone(cases.Exported()), "goose_db_version", "instance", "processes")
	slices.Sort(want)
	for name, s := range map[string]*cases.Store{"sqlite": open(t, "", t.TempDir(), newBox(t)), "postgres": open(t, servers.Postgres(t), "", newBox(t))} {
		if got, err := s.Tables(t.Context()); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s has the tables %v, %v\na backup knows %v: add what is new to exported", name, got, err, want)
		}
	}
}

func TestExportIsTheSameOnBothEngines(t *testing.T) {
	t.Parallel()
	box := newBox(t)
	first := open(t, "", t.TempDir(), box)
	full(t, first)
	lines, e := exportOf(t, first)
	for _, table := range []string{"cases", "entries", "chain", "accesses", "list_keys", "files", "people", "checkpoints", "notices"} {
		if n := strings.Count("\n"+lines, "\n"+table+" ["); n < 2 {
			t.Errorf("the test has no row of %s", table)
		}
	}
	url, dir := servers.Postgres(t), t.TempDir()
	for _, at := range []struct{ name, url, dir string }{{"PostgreSQL", url, ""}, {"SQLite", "", dir}} {
		i := imported(t, at.url, at.dir, box, lines, e.Schema)
		if err := i.Close(); err != nil {
			t.Fatal(err)
		}
		again, _ := exportOf(t, open(t, at.url, at.dir, box))
		if again != lines {
			t.Fatalf("the export of %s differs:\n%s", at.name, firstDifference(lines, again))
		}
		lines = again
	}
}

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return x[i] + "\n" + y[i]
		}
	}
	return "one is longer"
}

// A restored store tells that it is one, gives no number and no position of the feed that the original
// may have given, and its record is whole.
func TestRestored(t *testing.T) {
	t.Parallel()
	for name, at := range map[string]func(t *testing.T) (url, dir string){
		"sqlite":   func(t *testing.T) (string, string) { return "", t.TempDir() },
		"postgres": func(t *testing.T) (string, string) { return servers.Postgres(t), "" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := newBox(t)
			original := open(t, "", t.TempDir(), box)
			l := full(t, original)
			if _, err := original.Writer().ExecContext(t.Context(), `INSERT INTO document_numbers (organ, year, last) VALUES ('柞信', 2026, 12)`); err != nil {
				t.Fatal(err)
			}
			lines, e := exportOf(t, original)
			create(t, original, "备份以后才交的")
			later := checkpointed(t, original, began.Add(4*time.Hour))
			url, dir := at(t)
			i := imported(t, url, dir, box, lines, e.Schema)
			if in, err := half(t, url, dir, box); err != nil || !in.Half {
				t.Errorf("before its end: %+v, %v", in, err)
			}
			if err := i.Restored(t.Context(), "another", began.Add(3*time.Hour), began.Add(5*time.Hour)); err != nil {
				t.Fatal(err)
			}
			if err := i.Close(); err != nil {
				t.Fatal(err)
			}
			s := open(t, url, dir, box)
			if in, err := s.Instance(t.Context()); err != nil || in.Half || !in.Waits || in.ID != "another" || !in.Made.Equal(began.Add(3*time.Hour)) {
				t.Errorf("afterwards: %+v, %v", in, err)
			}
			if found := findings(t, s, l.first); len(found) > 0 {
				t.Errorf("verify: %v", found)
			}
			if found := findings(t, s, later); len(found) != 1 || !strings.HasPrefix(found[0], "restored checkpoint") {
				t.Errorf("verify with what the original signed later: %v", found)
			}
			for range 20 {
				create(t, original, "备份以后又交的")
			}
			if given, next := counter(t, original), counter(t, s); next < given+9_000 {
				t.Errorf("the original has given %d numbers, the restored store goes on behind %d", given, next)
			}
			var register int
			if err := s.Writer().QueryRowContext(t.Context(), `SELECT last FROM document_numbers WHERE organ = '柞信' AND year = 2026`).Scan(&register); err != nil || register != 112 {
				t.Errorf("the outgoing register goes on behind %d, %v", register, err)
			}
			if r := create(t, s, "恢复以后交的"); len(r.Case.Number) != len(l.one.Case.Number) {
				t.Errorf("numbers became longer: %s", r.Case.Number)
			}
			if err := s.Release(t.Context()); err != nil {
				t.Fatal(err)
			}
			if in, err := s.Instance(t.Context()); err != nil || in.Waits {
				t.Errorf("released: %+v, %v", in, err)
			}
			if _, err := cases.BeginImport(t.Context(), url, dir, box, e.Schema); !errors.Is(err, cases.ErrNotEmpty) {
				t.Errorf("a second restore: %v", err)
			}
		})
	}
}

// counter is how many numbers of the year a store has given.
func counter(t *testing.T, s *cases.Store) (n int) {
	t.Helper()
	if err := s.Writer().QueryRowContext(t.Context(), `SELECT last FROM serials WHERE year = 2026`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func half(t *testing.T, url, dir string, box *seal.Box) (cases.Instance, error) {
	t.Helper()
	s, err := cases.Open(t.Context(), url, dir, box)
	if err != nil {
		return cases.Instance{}, err
	}
	defer s.Close()
	return s.Instance(t.Context())
}

// A backup of a later version is refused, and a damaged one leaves nothing.
func TestImportRefuses(t *testing.T) {
	t.Parallel()
	box, dir := newBox(t), t.TempDir()
	first := open(t, "", t.TempDir(), box)
	full(t, first)
	lines, e := exportOf(t, first)
	if _, err := cases.BeginImport(t.Context(), "", dir, box, e.Schema+1); !errors.Is(err, cases.ErrNewer) {
		t.Errorf("a later version: %v", err)
	}
	i, err := cases.BeginImport(t.Context(), "", dir, box, e.Schema)
	if err != nil {
		t.Fatal(err)
	}
	if err := i.Rows(t.Context(), feedOf(lines+"cases [\"ref\"]\ncases [no row]\n")); err == nil {
		t.Error("a damaged row was taken")
	}
	if err := i.Rows(t.Context(), feedOf(lines)); err != nil {
		t.Errorf("after a failure: %v", err)
	}
	if err := i.Close(); err != nil {
		t.Fatal(err)
	}
}

// What is written while a backup is read is in it whole or not at all.
func TestExportIsOneMoment(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]string{"sqlite": "", "postgres": servers.Postgres(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			box := newBox(t)
			s := open(t, url, t.TempDir(), box)
			l := full(t, s)
			ctx, stop := context.WithCancel(t.Context())
			busy := make(chan int)
			go func() {
				n := 0
				r := l.one
				for ; ctx.Err() == nil; n++ {
					create(t, s, "备份的时候交的")
					r = grown(t, s, r, petition.MoveNote)
					noted(t, s, r.Case.Number)
				}
				busy <- n
			}()
			var exports []string
			var schema int64
			for range 5 {
				time.Sleep(20 * time.Millisecond)
				lines, e := exportOf(t, s)
				exports, schema = append(exports, lines), e.Schema
			}
			stop()
			if n := <-busy; n < 5 || exports[0] == exports[4] {
				t.Fatalf("nothing was written meanwhile: %d", n)
			}
			for _, lines := range exports {
				dir := t.TempDir()
				i := imported(t, "", dir, box, lines, schema)
				if err := i.Close(); err != nil {
					t.Fatal(err)
				}
				if found := findings(t, open(t, "", dir, box)); len(found) > 0 {
					t.Errorf("a backup made meanwhile: %v", found)
				}
			}
		})
	}
}
