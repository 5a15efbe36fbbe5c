package cases_test

import (
	"context"
	"encoding/hex"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dengwen/internal/login"
	"dengwen/internal/seal"
	"dengwen/petition"
	"dengwen/petition/batch"
	"dengwen/petition/bulletin"
	"dengwen/petition/issuing"
	"dengwen/petition/mediation"
	"dengwen/petition/reception"
	"dengwen/petition/roster"
	"dengwen/petition/telling"
	"dengwen/storage/cases"
)

// hashes are the columns of bytes that are not sealed: keyed hashes, hashes, an empty cursor.
var hashes = []string{
	"cases.filing", "cases.owner", "cases.head", "cases.tip", "entries.hash", "notices.addressee", "attempt_keys.who", "attempts.id", "files.owner",
	"people.chat", "invites.hash", "bindings.chat", "refs.message", "consents.chat", "bulletins.upto", "bulletin_chats.chat", "copies.name",
	"appointments.owner", "appointments.asked", "logins.name", "kept.hash", "disputes.key", "disputes.owner", "disputes.officer", "untold.hash", "wishes.owner", "chain.content", "chain.head", "accesses.hash", "tree_hashes.hash",
}

// byteColumns are all columns of bytes of the schema, as table.column.
func byteColumns(t *testing.T, s *cases.Store) (all []string) {
	t.Helper()
	query := `SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public' AND data_type = 'bytea'`
	if s.Embedded() {
		query = `SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND c.type = 'BLOB'`
	}
	rows, err := s.Writer().Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// furnish puts something sealed into every table that holds such.
func furnish(t *testing.T, s *cases.Store) lived {
	t.Helper()
	ctx := t.Context()
	endpoint := s.PutEndpoint(ctx, telling.Endpoint{ID: "e-1", URL: "https://a.example", Secrets: []string{telling.NewSecret()}})
	l := live(t, s)
	_, gathered := s.GatherEvents(ctx, began)
	_, agreed := s.Agree(ctx, bulletin.Consent{Chat: "tg:1", At: began})
	_, written := s.PutBulletin(ctx, bulletin.Bulletin{ID: "b-1", At: began, Text: "周五停电"})
	_, noted := s.PutFile(ctx, petition.File{Attachment: petition.Attachment{ID: "f-1"}, At: began, By: "tg:1"})
	d, day := s.PutDay(ctx, reception.Day{ID: "d-1", State: reception.Planned, Leader: "王某某", Date: "2099-12-02", Time: "09:00", Minutes: 20, Slots: 1, Each: 1}, time.Time{})
	_, booked := s.Book(ctx, reception.Appointment{ID: "a-1", Key: "k", Owner: "tg:1", Number: "ZS26-0001-0X", Made: began}, []reception.Place{{Day: d.ID}}, began)
	many := batch.Batch{ID: "b-1", Kind: "moves", At: began, State: batch.Waiting}
	queued := s.PutBatch(ctx, many)
	_, _, claimed := s.ClaimBatch(ctx, "b-1", "one", began, began.Add(time.Minute))
	_, reported := s.CreateDispute(ctx, "k-1", mediation.Dispute{Number: "TJ-00000001", Version: 1, Unit: "town", Words: "地界", Owner: "tg:1", Staff: "p-1", Received: began})
	for _, err := range []error{
		reported, s.PutRound(ctx, mediation.Round{ID: "r-1", Unit: "town"}),
		endpoint, gathered, s.NoteMisses(ctx, []telling.Miss{{Notice: petition.Notice{ID: "1", Number: "ZS1", To: "unit:town"}, At: began}}),
		putWishes(ctx, s, "tg:1", "w-1"),
		queued, claimed, s.NoteBatch(ctx, "one", many, []batch.Refusal{{Item: 1, Key: "move.who"}}, began),
		s.PutReportPaper(ctx, issuing.Paper{ID: "r", Version: 1, State: petition.DraftSubmitted, Title: "月报"}),
		s.PutListView(ctx, petition.ListView{ID: "v-1", Name: "快到期的"}),
		agreed, written, noted, day, booked,
		s.PutPerson(ctx, roster.Person{ID: "p-1", Name: "王芳", Unit: "town", Chat: "tg:9"}),
		s.PutInvite(ctx, roster.Invite{Hash: []byte("0123456789abcdef0123456789abcdef"), Unit: "town", Expires: began.Add(time.Hour)}),
		s.PutBinding(ctx, roster.Binding{Chat: "tg:-5", Unit: "town"}),
		s.PutCopy(ctx, "bot/photo/x", "file-id", began),
		s.PutLogin(ctx, login.Login{Person: "p-1", Name: "wang"}),
		s.Keep(ctx, petition.Kept{Person: "p-1", Key: "form:1", At: began}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return l
}

func rotated(t *testing.T, box *seal.Box) *seal.Box {
	t.Helper()
	set, err := box.Keys().WithNext(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	again, err := seal.Open(set.Advanced().String())
	if err != nil {
		t.Fatal(err)
	}
	return again
}

func TestReseal(t *testing.T) {
	t.Parallel()
	engines(t, reseal)
}

// Everything opens before, during and after, nothing else changes, and no column of the schema
// holds anything of the old key. A table that comes later with a sealed column is noticed here.
func reseal(t *testing.T, url, dir string) {
	old := newBox(t)
	l := furnish(t, open(t, url, dir, old))
	l.one = l.record(t, l.one.Case.Number)
	before := findings(t, l.Store)
	fresh := rotated(t, old)
	s := open(t, url, dir, fresh)

	sealedIn := []string{}
	for _, c := range byteColumns(t, s) {
		if slices.Contains(hashes, c) {
			continue
		}
		sealedIn = append(sealedIn, c)
		if !slices.Contains(cases.SealedColumns(), c) {
			t.Errorf("%s holds bytes that Reseal does not know: add its table to sealedTables, or the column to the hashes here", c)
		}
	}
	if len(sealedIn) != len(cases.SealedColumns()) {
		t.Errorf("Reseal knows %v, the schema has %v", cases.SealedColumns(), sealedIn)
	}
	for _, c := range sealedIn {
		if n := count(t, s, c, old.Seals()); n == 0 {
			t.Errorf("nothing is in %s: the test shows nothing of it", c)
		}
	}

	under, err := s.SealedUnder(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	dealt := 0
	bad, err := s.Reseal(t.Context(), func(n int) { dealt += n })
	if err != nil || bad > 0 || dealt != under[old.Seals()] {
		t.Fatalf("%d of %d dealt with, %d bad, %v", dealt, under[old.Seals()], bad, err)
	}
	for _, c := range byteColumns(t, s) {
		if n := count(t, s, c, old.Seals()); n > 0 {
			t.Errorf("%s: %d still sealed under the old key", c, n)
		}
	}
	if after := findings(t, s); !slices.Equal(before, after) {
		t.Errorf("verify: %v, before it was %v", after, before)
	}
	if got := (lived{Store: s}).record(t, l.one.Case.Number); !reflect.DeepEqual(got, l.one) {
		t.Errorf("the case changed:\n%+v\n%+v", got, l.one)
	}
	if p, err := s.PersonByChat(t.Context(), "tg:9"); err != nil || p.Name != "王芳" {
		t.Errorf("person by chat: %+v, %v", p, err)
	}
	if id, err := s.Copy(t.Context(), "bot/photo/x"); err != nil || id != "file-id" {
		t.Errorf("copy: %q, %v", id, err)
	}
	if bad, err := s.Reseal(t.Context(), func(n int) { dealt += n }); bad > 0 || err != nil || dealt != under[old.Seals()] {
		t.Errorf("a second pass: %d bad, %d in all, %v", bad, dealt, err)
	}
}

func (l lived) record(t *testing.T, number string) petition.Record {
	t.Helper()
	r, err := l.Load(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func count(t *testing.T, s *cases.Store, column string, id seal.ID) (n int) {
	t.Helper()
	table, name, _ := strings.Cut(column, ".")
	prefix := hex.EncodeToString(id.Prefix())
	query := fmt.Sprintf(`SELECT count(*) FROM %s WHERE lower(hex(substr(%s, 1, 5))) = '%s'`, table, name, prefix)
	if !s.Embedded() {
		query = strings.Replace(query, "lower(hex(", "lower(encode(", 1)
		query = strings.Replace(query, ", 1, 5))", ", 1, 5), 'hex')", 1)
	}
	if err := s.Writer().QueryRow(query).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// Cases are saved while they are sealed anew, by a process with the new key and by one that has
// not heard of it sealing yet: every change is there afterwards, and a second pass finds the rest.
func TestResealUnderLoad(t *testing.T) {
	t.Parallel()
	engines(t, resealUnderLoad)
}

func resealUnderLoad(t *testing.T, url, dir string) {
	old := newBox(t)
	first := open(t, url, dir, old)
	const n, steps = 8, 6
	records := make([]petition.Record, n)
	for i := range records {
		records[i] = create(t, first, fmt.Sprint("村口的路塌了", i))
	}
	set, err := old.Keys().WithNext(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	lagging, err := seal.Open(set.String())
	if err != nil {
		t.Fatal(err)
	}
	fresh, err := seal.Open(set.Advanced().String())
	if err != nil {
		t.Fatal(err)
	}
	late, s := open(t, url, dir, lagging), open(t, url, dir, fresh)
	ctx, cancel := context.WithCancel(t.Context())
	var sealing sync.WaitGroup
	passes := 0
	sealing.Go(func() {
		for ctx.Err() == nil {
			if bad, err := s.Reseal(context.WithoutCancel(ctx), func(int) {}); err != nil || bad > 0 {
				t.Errorf("sealing anew: %d bad, %v", bad, err)
				return
			}
			passes++
		}
	})
	var working sync.WaitGroup
	for i := range records {
		working.Go(func() {
			for step := range steps {
				by := []*cases.Store{late, s}[step%2]
				records[i] = grown(t, by, records[i], petition.MoveNote)
			}
		})
	}
	working.Wait()
	cancel()
	sealing.Wait()
	if _, err := s.Reseal(t.Context(), func(int) {}); err != nil {
		t.Fatal(err)
	}
	if under, err := s.SealedUnder(t.Context()); err != nil || len(under) != 1 || under[fresh.Seals()] == 0 {
		t.Errorf("after %d passes and a last one: %v, %v", passes, under, err)
	}
	for _, r := range records {
		got := (lived{Store: s}).record(t, r.Case.Number)
		if got.Case.Version != r.Case.Version || len(got.Case.Timeline) != len(r.Case.Timeline) {
			t.Errorf("%s: version %d with %d entries, want %d with %d", r.Case.Number, got.Case.Version, len(got.Case.Timeline), r.Case.Version, len(r.Case.Timeline))
		}
	}
	if found := findings(t, s); len(found) > 0 {
		t.Errorf("verify: %v", found)
	}
}

func putWishes(ctx context.Context, s *cases.Store, owner, id string) error {
	_, err := s.ChangeWishes(ctx, owner, id, func(c *telling.Citizen) error {
		c.Mail = telling.Place{Address: "a@b.cn"}
		return nil
	})
	return err
}
