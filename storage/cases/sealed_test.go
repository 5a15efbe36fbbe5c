package cases_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dengwen/petition"
	"dengwen/petition/bulletin"
	"dengwen/petition/reception"
	"dengwen/petition/roster"
	"dengwen/storage/cases"

	"github.com/jackc/pgx/v5"
)

// Everything of this record that says "geheim", and the filing key, must not stand
// in the database.
func TestNothingPersonalInTheClear(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) {
		s := open(t, url, dir, newBox(t))
		number := create(t, s, "geheim-facts 门口的路塌了").Case.Number
		if _, err := s.PutFile(t.Context(), petition.File{Attachment: petition.Attachment{ID: "a-1", Name: "geheim.jpg"}, By: "tg:4711-geheim", At: time.Now()}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Try(t.Context(), "try-geheim", time.Now(), []petition.Limit{{Who: "asker:geheim", Max: 3, Within: time.Hour}}); err != nil {
			t.Fatal(err)
		}
		noticed(t, s)
		raw := dump(t, url, dir)
		for _, secret := range []string{"geheim", "路塌", "tg:47", "key-hash"} {
			if bytes.Contains(raw, []byte(secret)) {
				t.Errorf("the database shows %q", secret)
			}
		}
		if !bytes.Contains(raw, []byte(number)) {
			t.Error("the dump lacks even the number: it is not the database")
		}
	})
}

// noticed fills the tables of service notices, of copies and of reception days.
func noticed(t *testing.T, s *cases.Store) {
	t.Helper()
	day := time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)
	_, agree := s.Agree(t.Context(), bulletin.Consent{Chat: "tg:4712-geheim", At: day})
	_, post := s.PutBulletin(t.Context(), bulletin.Bulletin{ID: "b1", Text: "geheim-notice", Name: "geheim-name", Chat: "tg:4713-geheim", At: day.Add(time.Hour)})
	_, stop := s.EndBulletin(t.Context(), "b1", bulletin.Stopped, "geheim-name", day)
	_, held := s.PutDay(t.Context(), reception.Day{ID: "d1", State: reception.Planned, Leader: "geheim-leader", Link: "https://geheim", Date: "2099-12-02", Time: "09:00", Minutes: 20, Slots: 1, Each: 1}, time.Time{})
	_, booked := s.Book(t.Context(), reception.Appointment{ID: "a1", Key: "geheim-key", Owner: "tg:4714-geheim", Name: "geheim-name", Matter: "路塌了", Number: "ZS26-0001-0X", Made: day}, []reception.Place{{Day: "d1"}}, day)
	err := errors.Join(agree, held, booked, post, stop, s.NoteOutcome(t.Context(), "b1", "tg:4712-geheim", bulletin.Sent), s.PutCopy(t.Context(), "7:photo:geheim", "geheim-file-id", day))
	if err != nil {
		t.Fatal(err)
	}
}

// dump answers all bytes of the database, as text where they are text.
func dump(t *testing.T, url, dir string) []byte {
	t.Helper()
	var all []byte
	if dir != "" {
		files, _ := filepath.Glob(filepath.Join(dir, "cases.db*"))
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, b...)
		}
		return all
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	for _, table := range []string{"cases", "entries", "list_keys", "checks", "notices", "attempt_keys", "attempts", "files", "case_files", "word_changes", "consents", "bulletins", "bulletin_chats", "copies", "accesses", "case_accesses", "chain", "tree_hashes", "checkpoints", "disputes", "survey_rounds", "reception_days", "appointments"} {
		rows, err := conn.Query(t.Context(), `SELECT convert_to(t::text, 'UTF8') FROM `+table+` t`)
		if err != nil {
			t.Fatal(err)
		}
		lines, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, bytes.Join(lines, nil)...)
		for _, l := range lines { // bytea prints as hex
			all = append(all, unhex(string(l))...)
		}
	}
	return all
}

func unhex(s string) []byte {
	var out []byte
	for _, part := range strings.Split(s, `\x`)[1:] {
		end := strings.IndexFunc(part, func(r rune) bool { return !strings.ContainsRune("0123456789abcdef", r) })
		if end < 0 {
			end = len(part)
		}
		fmt.Sscanf(part[:end], "%x", &out)
	}
	return out
}

// With another key the store does not open, so that nothing is filed under a key that
// the rest can't be read with; with the right one it opens although a row is spoilt.
func TestAnotherKeyOpensNothing(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) {
		box := newBox(t)
		s := open(t, url, dir, box)
		create(t, s, "路")
		if _, err := cases.Open(t.Context(), url, dir, newBox(t)); !errors.Is(err, cases.ErrOtherKey) {
			t.Errorf("opened with another key: %v", err)
		}
		spoilt := create(t, s, "桥")
		if _, err := s.Writer().Exec(`UPDATE cases SET body = (SELECT body FROM cases WHERE number <> $1) WHERE number = $1`, spoilt.Case.Number); err != nil {
			t.Fatal(err)
		}
		open(t, url, dir, box)
	})
}

// A case that does not open is passed by, and said; the others are listed and found.
func TestOneSpoiltCaseHidesNoOther(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) {
		s := open(t, url, dir, newBox(t))
		good, body, entry := create(t, s, "村口的路塌了"), create(t, s, "村口的桥塌了"), create(t, s, "村口的墙塌了")
		for _, spoil := range []struct{ stmt, number string }{
			{`UPDATE cases SET body = (SELECT body FROM cases WHERE number <> $1 LIMIT 1) WHERE number = $1`, body.Case.Number},
			{`UPDATE entries SET body = (SELECT body FROM cases WHERE number = $1) WHERE ref = (SELECT ref FROM cases WHERE number = $1)`, entry.Case.Number},
		} {
			if _, err := s.Writer().Exec(spoil.stmt, spoil.number); err != nil {
				t.Fatal(err)
			}
		}
		for _, q := range []petition.Query{{Order: "due"}, {Order: "new"}, {Words: "村口"}, {Order: "new", Words: "塌了"}} {
			got, _, err := s.List(t.Context(), petition.Scope{All: true}, q)
			if err != nil || len(got) != 2 { // a list needs no timeline
				t.Errorf("%+v: %d cases, %v", q, len(got), err)
			}
			q.Whole = true
			got, _, err = s.List(t.Context(), petition.Scope{All: true}, q)
			if err != nil || len(got) != 1 || got[0].Case.Number != good.Case.Number {
				t.Errorf("%+v: %d whole cases, %v", q, len(got), err)
			}
		}
		want := []string{body.Case.Number, entry.Case.Number}
		slices.Sort(want)
		if got := s.Damaged(); !slices.Equal(got, want) {
			t.Errorf("said to be spoilt: %v, want %v", got, want)
		}
		if _, err := s.Load(t.Context(), entry.Case.Number); petition.CodeOf(err) != petition.Internal {
			t.Errorf("a spoilt case asked for: %v", err)
		}
	})
}

// Before the first case it is the office's people that tell the key.
func TestAnotherKeyKnowsNobody(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) {
		s := open(t, url, dir, newBox(t))
		if err := s.PutPerson(t.Context(), roster.Person{ID: "p1", Unit: "water", Name: "李工", Joined: time.Now()}); err != nil {
			t.Fatal(err)
		}
		if _, err := cases.Open(t.Context(), url, dir, newBox(t)); !errors.Is(err, cases.ErrOtherKey) {
			t.Errorf("opened with another key: %v", err)
		}
	})
}

// A row copied over another's must not open.
func TestRowsAreBoundToTheirCase(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) {
		s := open(t, url, dir, newBox(t))
		one, two := create(t, s, "一"), create(t, s, "二")
		if _, err := s.Writer().Exec(`UPDATE cases SET body = (SELECT body FROM cases WHERE number = $1) WHERE number = $2`, one.Case.Number, two.Case.Number); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Load(t.Context(), two.Case.Number); petition.CodeOf(err) != petition.Internal {
			t.Errorf("a body moved to another case was read: %v", err)
		}
	})
}

func TestFilesAreForTheOwnerOnly(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	create(t, open(t, "", dir, newBox(t)), "路")
	files, _ := filepath.Glob(filepath.Join(dir, "cases.db*"))
	for _, f := range files {
		if info, err := os.Stat(f); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v, %v", filepath.Base(f), info.Mode(), err)
		}
	}
	if len(files) == 0 {
		t.Error("no database file")
	}
}
