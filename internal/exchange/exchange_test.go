package exchange_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"dengwen/internal/exchange"
	"dengwen/internal/office"
	"dengwen/internal/seal"
	"dengwen/internal/test/memory"
	"dengwen/petition"
	"dengwen/petition/batch"
	"dengwen/storage/cases"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// stage is an exchanger over a store on disk.
type stage struct {
	t     *testing.T
	store *cases.Store
	blobs *memory.Blobs
	svc   *petition.Service
	head  petition.Actor
	at    time.Time
	*exchange.Exchanger
}

func newStage(t *testing.T, change func(*petition.Office)) *stage {
	t.Helper()
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	box, err := seal.Open(key)
	if err != nil {
		t.Fatal(err)
	}
	store, err := cases.Open(t.Context(), "", t.TempDir(), box)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	o, id := office.Example(), func() string { return uuid.Must(uuid.NewV7()).String() }
	if change != nil {
		change(o)
	}
	s := &stage{t: t, store: store, blobs: new(memory.Blobs), at: time.Date(2026, 8, 3, 2, 0, 0, 0, time.UTC), head: petition.Actor{Staff: "head", Unit: o.Unit, Roles: []petition.Role{petition.Supervisor}}}
	now := func() time.Time { s.at = s.at.Add(time.Second); return s.at }
	s.svc = petition.NewService(store, o, petition.DefaultCalendar(), box.Hash, now, id, s.blobs)
	s.Exchanger = &exchange.Exchanger{Cases: s.svc, Office: o, Batches: store, Blobs: s.blobs, Changed: store.Changed, NewID: id, Now: now,
		Actor: func(context.Context, string) (petition.Actor, error) { return s.head, nil }}
	return s
}

func (s *stage) file(class petition.Class, facts string) string {
	s.t.Helper()
	f := petition.Filing{Key: facts, Owner: "tg:1", Channel: "telegram", Class: class, Subject: "transport.roads", Place: petition.Place{Code: "611026102"}, Facts: facts, Contact: petition.Contact{Name: "王秀兰", Phone: "013912345678"}}
	k, err := s.svc.File(s.t.Context(), petition.Actor{Owner: "tg:1"}, f)
	if err != nil {
		s.t.Fatal(err)
	}
	return k.Number
}

func (s *stage) work(id string) batch.Batch {
	s.t.Helper()
	w := batch.NewWorker(s.store, s.Kinds(), uuid.NewString(), s.Now, slog.New(slog.DiscardHandler))
	if ok, err := w.Work(s.t.Context(), id); err != nil || !ok {
		s.t.Fatalf("batch %s was not worked on: %t, %v", id, ok, err)
	}
	b, err := s.store.Batch(s.t.Context(), id)
	if err != nil || b.State != batch.Done {
		s.t.Fatalf("batch %s: %+v, %v", id, b, err)
	}
	return b
}

func (s *stage) export(want exchange.Wanted) []byte {
	s.t.Helper()
	input, err := json.Marshal(want)
	if err != nil {
		s.t.Fatal(err)
	}
	b := batch.Batch{ID: s.NewID(), Kind: exchange.KindExport, Staff: "head", At: s.Now(), State: batch.Waiting, Input: input}
	if err := s.store.PutBatch(s.t.Context(), b); err != nil {
		s.t.Fatal(err)
	}
	in, err := s.blobs.Open(s.t.Context(), s.work(b.ID).Result)
	if err != nil {
		s.t.Fatal(err)
	}
	defer in.Close()
	data, err := io.ReadAll(in)
	if err != nil {
		s.t.Fatal(err)
	}
	return data
}

// compare answers the batch and the kinds of what differs, with what each is about.
func (s *stage) compare(data []byte) (batch.Batch, []string) {
	s.t.Helper()
	b, err := s.Take(s.t.Context(), s.head, "台账.csv", bytes.NewReader(data))
	if err != nil {
		s.t.Fatal(err)
	}
	b = s.work(b.ID)
	return b, s.refusals(b)
}

func (s *stage) refusals(b batch.Batch) (all []string) {
	s.t.Helper()
	some, err := s.store.Refusals(s.t.Context(), b.ID, -1, 10_000)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, r := range some {
		all = append(all, strings.TrimPrefix(r.Key, "exchange.diff.")+" "+r.What)
	}
	return all
}

func (s *stage) takeIn(b batch.Batch) batch.Batch {
	s.t.Helper()
	in, err := s.TakeIn(s.t.Context(), s.head, b)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.work(in.ID)
}

// lines are those of a CSV file, without its head.
func lines(data []byte) []string {
	return strings.Split(strings.TrimSpace(string(data)), "\n")[1:]
}

func TestWhatIsWrittenIsReadAgain(t *testing.T) {
	t.Parallel()
	coded := func(o *petition.Office) {
		o.Exchange.Codes = map[string]map[string]string{"subject": {"transport.roads": "0601"}, "status": {"registered": "1", "transferred": "2"}, "unit": {"petition": "A1", "transport": "A2"}, "place": {"611026102": "P2"}, "channel": {"portal": "W"}}
	}
	for name, change := range map[string]func(*petition.Office){"names": nil, "codes": coded} {
		s := newStage(t, change)
		first := s.file(petition.Claim, "桥面塌了，𠮷家村过不去")
		s.file(petition.Report, "镇长收了回扣")
		second := s.file(petition.Suggestion, "=1+1 路灯早点亮")
		if _, err := s.svc.Do(t.Context(), s.head, first, petition.Move{Name: petition.MoveTransfer, Unit: "transport", Key: "1"}); err != nil {
			t.Fatal(err)
		}
		for _, form := range exchange.Forms() {
			data := s.export(exchange.Wanted{Form: form, All: true})
			b, differ := s.compare(data)
			if b.Made != 2 || len(differ) != 0 {
				t.Errorf("%s, %s: %d agree, %v differ", name, form, b.Made, differ)
			}
			text := string(data)
			switch form {
			case exchange.FormXLSX:
				book, err := excelize.OpenReader(bytes.NewReader(data))
				if err != nil {
					t.Fatal(err)
				}
				rows, err := book.GetRows("Sheet1")
				if err != nil || len(rows) != 3 {
					t.Fatalf("%d rows, %v", len(rows), err)
				}
				text = fmt.Sprint(rows)
			case exchange.FormGB18030:
				plain, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
				if err != nil {
					t.Fatal(err)
				}
				text = string(plain)
			}
			for _, there := range []string{first, second, "𠮷家村", "013912345678"} {
				if !strings.Contains(text, there) {
					t.Errorf("%s, %s lacks %s", name, form, there)
				}
			}
			if strings.Contains(text, "回扣") {
				t.Errorf("%s, %s has a report on misconduct", name, form)
			}
			if coded := strings.Contains(text, "0601") && strings.Contains(text, "A2"); coded != (name == "codes") {
				t.Errorf("%s, %s: codes of there: %t", name, form, coded)
			}
		}
	}
}

func TestOnlyWhatChangedSinceTheLastExchange(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	first, second := s.file(petition.Claim, "桥"), s.file(petition.Claim, "路")
	if got := lines(s.export(exchange.Wanted{Form: exchange.FormCSV})); len(got) != 2 {
		t.Fatalf("the first file has %v", got)
	}
	if got := lines(s.export(exchange.Wanted{Form: exchange.FormCSV})); len(got) != 0 {
		t.Errorf("nothing changed, and there is %v", got)
	}
	if _, err := s.svc.Do(t.Context(), s.head, second, petition.Move{Name: petition.MoveTransfer, Unit: "transport", Key: "1"}); err != nil {
		t.Fatal(err)
	}
	third := s.file(petition.Claim, "灯")
	got := strings.Join(lines(s.export(exchange.Wanted{Form: exchange.FormCSV})), "\n")
	if strings.Contains(got, first) || !strings.Contains(got, second) || !strings.Contains(got, third) {
		t.Errorf("changed are %s and %s, the file has %s", second, third, got)
	}
	if got := lines(s.export(exchange.Wanted{Form: exchange.FormCSV, All: true})); len(got) != 3 {
		t.Errorf("all are %v", got)
	}
}

const heads = "信访件编号,本地编号,登记日期,信访形式,信访目的,信访内容,承办单位,办理状态,转送单位,反馈期限\n"

func TestTakenInOnceByTheSendersNumber(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	table := heads +
		"SX-1,,2026-07-30,上级转送,申诉求决,村口的桥塌了,,,商洛市信访局,2026-10-08\n" +
		"SX-2,,2026-07-31,网上,建议意见,路灯早点亮,,,,\n" +
		"SX-3,,2026-07-31,来信,申诉求决,水渠堵了,,已办结,,\n" +
		",,2026-07-31,网上,申诉求决,没有编号,,,,\n" +
		"SX-5,,2026-07-31,网上,检举控告,镇长收了回扣,,,,\n" +
		"SX-6,,2026-02-30,网上,申诉求决,哪一天,,,,\n" +
		"SX-2,,2026-07-31,网上,申诉求决,又是第二件,,,,\n"
	compared, differ := s.compare([]byte(table))
	if want := []string{"missing_here SX-1", "missing_here SX-2", "missing_here SX-3", "numberless ", "report SX-5", "missing_faulty SX-6", "missing_faulty SX-2"}; !slices.Equal(differ, want) {
		t.Errorf("differs %q", differ)
	}
	look, err := s.Look(t.Context(), s.head, compared)
	if err != nil || look.Good != 3 || len(look.Refused) != 4 {
		t.Errorf("looks like %+v, %v", look, err)
	}
	if all, err := s.svc.Standings(t.Context(), s.head); err != nil || len(all) != 0 {
		t.Errorf("looking wrote down %v, %v", all, err)
	}
	b := s.takeIn(compared)
	if b.Made != 3 || b.Refused != 4 {
		t.Errorf("took in %d, refused %v", b.Made, s.refusals(b))
	}
	again, err := s.TakeIn(t.Context(), s.head, compared)
	if err != nil || again.ID != b.ID || again.State != batch.Done {
		t.Errorf("pressed twice it is %+v, %v", again, err)
	}
	second, _ := s.compare([]byte(table))
	if b := s.takeIn(second); b.Made != 0 || exchange.Known(b) != 4 {
		t.Errorf("the same file took in %d, knew %d", b.Made, exchange.Known(b))
	}
	page, err := s.svc.List(t.Context(), s.head, petition.Query{})
	if err != nil || len(page.Items) != 3 {
		t.Fatalf("taken in are %v, %v", page.Items, err)
	}
	for _, i := range page.Items {
		if want := map[string]string{"SX-1": "above", "SX-2": "portal", "SX-3": "above"}[i.OriginNumber]; i.Channel != want {
			t.Errorf("%s came by %s", i.OriginNumber, i.Channel)
		}
		v, err := s.svc.Look(t.Context(), s.head, i.Number, "")
		if err != nil {
			t.Fatal(err)
		}
		if i.OriginNumber == "SX-1" && (v.Origin.Name != "商洛市信访局" || v.Origin.Date != "2026-07-30" || v.Origin.Due != "2026-10-08" || petition.Day(v.Received) != "2026-08-03" || v.Status != petition.Registered) {
			t.Errorf("taken in as %+v of %+v", v, v.Origin)
		}
	}
}

// A process that is killed between two lines, or between a line and its note, goes on without taking one in twice.
func TestTakingInGoesOnAfterADeath(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	var table strings.Builder
	table.WriteString(heads)
	const all = 700
	for n := range all {
		fmt.Fprintf(&table, "SX-%d,,2026-07-30,网上,申诉求决,第 %d 件,,,,\n", n, n)
	}
	compared, _ := s.compare([]byte(table.String()))
	in, err := s.TakeIn(t.Context(), s.head, compared)
	if err != nil {
		t.Fatal(err)
	}
	for dies := 1; ; dies++ {
		ctx, die := context.WithCancel(t.Context())
		left := 150 * dies
		s.Actor = func(context.Context, string) (petition.Actor, error) { return s.head, nil }
		kinds := s.Kinds()
		begin := kinds[exchange.KindImport]
		kinds[exchange.KindImport] = func(ctx context.Context, b *batch.Batch) (batch.Next, error) {
			next, err := begin(ctx, b)
			return func(ctx context.Context, b *batch.Batch) ([]batch.Refusal, bool, error) {
				r, over, err := next(ctx, b)
				if left -= 200; left < 0 && !over { // the lines are in, and nobody notes them
					die()
				}
				return r, over, err
			}, err
		}
		w := batch.NewWorker(s.store, kinds, uuid.NewString(), s.Now, slog.New(slog.DiscardHandler))
		_, _ = w.Work(ctx, in.ID)
		die()
		s.at = s.at.Add(time.Hour) // the lease runs out
		b, err := s.store.Batch(t.Context(), in.ID)
		if err != nil {
			t.Fatal(err)
		}
		if b.State == batch.Done {
			if dies < 2 || b.Done != all {
				t.Errorf("done after %d deaths: %+v", dies-1, b)
			}
			break
		}
		if dies == 20 {
			t.Fatalf("never over: %+v", b)
		}
	}
	standing, err := s.svc.Standings(t.Context(), s.head)
	seen := map[string]bool{}
	for _, one := range standing {
		if seen[one.Theirs] {
			t.Errorf("%s is there twice", one.Theirs)
		}
		seen[one.Theirs] = true
	}
	if err != nil || len(seen) != all {
		t.Errorf("%d of %d are there, %v", len(seen), all, err)
	}
}

func TestWhatDiffersIsListed(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	same, status, done, day, unit, missing := s.file(petition.Claim, "一"), s.file(petition.Claim, "二"), s.file(petition.Claim, "三"), s.file(petition.Claim, "四"), s.file(petition.Claim, "五"), s.file(petition.Claim, "六")
	s.file(petition.Report, "镇长收了回扣")
	if _, err := s.svc.Do(t.Context(), s.head, status, petition.Move{Name: petition.MoveTransfer, Unit: "transport", Key: "1"}); err != nil {
		t.Fatal(err)
	}
	line := func(number, day, unit, status string) string {
		return "," + number + "," + day + ",网上,申诉求决,什么," + unit + "," + status + ",,\n"
	}
	table := heads + line(same, "2026-08-03", "柞水县信访局", "待转送") + line(status, "2026.8.3", "柞水县交通运输局", "待转送") + line(done, "2026-08-03", "", "已办结") +
		line(day, "2026-08-02", "", "") + line(unit, "2026-08-03", "柞水县水利局", "")
	b, differ := s.compare([]byte(table))
	want := []string{"status " + status, "status_there " + done, "received " + day, "unit " + unit, "missing_there " + missing}
	if b.Made != 1 || !slices.Equal(differ, want) {
		t.Errorf("%d agree, differ %q, not %q", b.Made, differ, want)
	}
}

func TestWhoExchanges(t *testing.T) {
	t.Parallel()
	s := newStage(t, nil)
	number := s.file(petition.Claim, "桥")
	for _, a := range []petition.Actor{
		{}, {Owner: "tg:1"}, {Staff: "clerk", Unit: "petition", Roles: []petition.Role{petition.Intake}}, {Staff: "road", Unit: "transport", Roles: []petition.Role{petition.Head}},
		{Staff: "named", Unit: "discipline", Roles: []petition.Role{petition.Sealed}},
	} {
		if _, err := s.Take(t.Context(), a, "x.csv", strings.NewReader(heads+"1,,,,,,,,,\n")); petition.CodeOf(err) != petition.Forbidden {
			t.Errorf("%+v compares: %v", a, err)
		}
		if _, err := s.svc.ExchangeCases(t.Context(), a, []string{number}, true); petition.CodeOf(err) != petition.Forbidden {
			t.Errorf("%+v exports: %v", a, err)
		}
		if _, _, err := s.svc.TakeIn(t.Context(), a, petition.Filing{}); petition.CodeOf(err) != petition.Forbidden {
			t.Errorf("%+v takes in: %v", a, err)
		}
		if _, err := s.svc.Standings(t.Context(), a); petition.CodeOf(err) != petition.Forbidden {
			t.Errorf("%+v reads: %v", a, err)
		}
	}
	s.export(exchange.Wanted{Form: exchange.FormCSV})
	log, err := s.svc.Accesses(t.Context(), s.head, petition.AccessQuery{Number: number})
	if err != nil || !slices.ContainsFunc(log.Lines, func(x petition.Access) bool { return x.Act == petition.ActExport && x.Staff == "head" }) {
		t.Errorf("the access log has %+v, %v", log.Lines, err)
	}
}
