package backlog_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"dengwen/internal/backlog"
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

var now = time.Date(2026, 11, 30, 2, 0, 0, 0, time.UTC)

// stage is an importer over a store on disk.
type stage struct {
	t       *testing.T
	office  *petition.Office
	store   *cases.Store
	blobs   *memory.Blobs
	service *petition.Service
	clerk   petition.Actor
	*backlog.Importer
}

func newStage(t *testing.T) *stage {
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
	o, blobs := office.Example(), new(memory.Blobs)
	id := func() string { return uuid.Must(uuid.NewV7()).String() }
	clock := func() time.Time { return now }
	s := &stage{t: t, office: o, store: store, blobs: blobs, clerk: petition.Actor{Staff: "clerk", Unit: o.Unit, Roles: []petition.Role{petition.Intake}}}
	s.service = petition.NewService(store, o, petition.DefaultCalendar(), box.Hash, clock, id, blobs)
	s.Importer = &backlog.Importer{Cases: s.service, Office: o, Batches: store, Blobs: blobs, NewID: id, Now: clock,
		Actor: func(context.Context, string) (petition.Actor, error) { return s.clerk, nil }}
	return s
}

func (s *stage) take(data []byte) batch.Batch {
	s.t.Helper()
	b, err := s.Take(s.t.Context(), s.clerk, "台账.xlsx", bytes.NewReader(data))
	if err != nil {
		s.t.Fatal(err)
	}
	return b
}

func (s *stage) start(b batch.Batch) {
	s.t.Helper()
	if err := s.Start(s.t.Context(), s.clerk, b, nil); err != nil {
		s.t.Fatal(err)
	}
}

// work runs a batch to its end and answers it.
func (s *stage) work(id string) batch.Batch {
	s.t.Helper()
	w := batch.NewWorker(s.store, s.Kinds(), uuid.NewString(), time.Now, slog.New(slog.DiscardHandler))
	if ok, err := w.Work(s.t.Context(), id); err != nil || !ok {
		s.t.Fatalf("batch %s was not worked on: %t, %v", id, ok, err)
	}
	b, err := s.store.Batch(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	return b
}

func (s *stage) list(q petition.Query) petition.Page {
	s.t.Helper()
	p, err := s.service.List(s.t.Context(), s.clerk, q)
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

var heads = []string{"序号", "信访编号", "登记日期", "信访形式", "信访目的", "信访人（姓名）", "联系电话", "人数", "属地", "内容分类", "信访内容", "承办单位", "办理状态", "办结日期", "处理结果"}

// sound is a line without faults.
func sound(o *petition.Office, n int) []string {
	place, unit := o.Places[n%len(o.Places)], o.Units[n%len(o.Units)]
	came := time.Date(2024, 1, 2, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n%1000)
	day := came.Format([]string{"2006-01-02", "2006/1/2", "2006.1.2", "2006年1月2日", "20060102", "2006-01-02 15:04"}[n%6])
	status := []string{"待转送", "已转送", "办理中", "已办结", "不予受理", ""}[n%6]
	ended := ""
	if status == "已办结" {
		ended = came.AddDate(0, 0, 20).Format("2006.01.02")
	}
	return []string{strconv.Itoa(n + 1), fmt.Sprintf("信访〔%d〕%d号", came.Year(), n), day, []string{"来信", "来访", "来电", "网上信访"}[n%4], []string{"申诉求决", "建议意见", ""}[n%3],
		"王秀兰", fmt.Sprintf("139%08d", n), []string{"1", "3人", ""}[n%3], place.Name, "土地征收", fmt.Sprintf("第 %d 件：村里的路坏了，下雨走不成。", n), unit.Name, status, ended, ""}
}

// faults are what is planted: each spoils a sound line in one way.
var faults = []struct {
	key   string
	spoil func(o *petition.Office, row []string)
}{
	{"import.fault.facts", func(_ *petition.Office, r []string) { r[10] = "  " }},
	{"import.fault.received", func(_ *petition.Office, r []string) { r[2] = "" }},
	{"import.fault.day", func(_ *petition.Office, r []string) { r[2] = "2026-02-30" }},
	{"import.fault.day", func(_ *petition.Office, r []string) { r[2] = "去年三月" }},
	{"import.fault.day", func(_ *petition.Office, r []string) { r[2] = "26.3.5" }},
	{"import.fault.future", func(_ *petition.Office, r []string) { r[2] = "2027.1.5" }},
	{"import.fault.past", func(_ *petition.Office, r []string) { r[2] = "1905-03-05" }},
	{"import.fault.order", func(_ *petition.Office, r []string) { r[2], r[12], r[13] = "2025-05-05", "已办结", "2025-05-01" }},
	{"import.fault.class", func(_ *petition.Office, r []string) { r[4] = "其他" }},
	{"import.fault.channel", func(_ *petition.Office, r []string) { r[3] = "托人" }},
	{"import.fault.status", func(_ *petition.Office, r []string) { r[12] = "搁置" }},
	{"import.fault.unit", func(_ *petition.Office, r []string) { r[11] = "某某指挥部" }},
	{"import.fault.unit_missing", func(_ *petition.Office, r []string) { r[11], r[12] = "", "已转送" }},
	{"import.fault.phone", func(_ *petition.Office, r []string) { r[6] = "没有电话" }},
	{"import.fault.phone", func(_ *petition.Office, r []string) { r[6] = "123" }},
	{"import.fault.people", func(_ *petition.Office, r []string) { r[7] = "很多" }},
	{"import.fault.people", func(_ *petition.Office, r []string) { r[7] = "0" }},
	{"import.fault.long", func(_ *petition.Office, r []string) { r[10] = strings.Repeat("长", 20_001) }},
	{"import.fault.repeated", func(_ *petition.Office, r []string) { r[1] = "信访〔2024〕0号" }},
	{"import.fault.broken", func(_ *petition.Office, r []string) { r[10] = "路坏了\ufffd\ufffd" }},
}

// planted is a table of n lines with so many faults, spread over it, and the lines that have them.
func planted(o *petition.Office, n, bad int) (rows [][]string, lines map[int]string) {
	lines = map[int]string{}
	rows = append(rows, []string{"柞水县信访台账"}, heads)
	for i := range n {
		row := sound(o, i)
		if every := n / bad; i%every == every-1 && len(lines) < bad {
			f := faults[len(lines)%len(faults)]
			f.spoil(o, row)
			lines[i+3] = f.key // the title and the names stand above
		}
		rows = append(rows, row)
	}
	return rows, lines
}

func csvOf(t *testing.T, rows [][]string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func workbookOf(t *testing.T, rows [][]string, change func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		cells := make([]any, len(row))
		for j, c := range row {
			cells[j] = c
		}
		if err := w.SetRow("A"+strconv.Itoa(i+1), cells); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	if change == nil {
		return b.Bytes()
	}
	again, err := excelize.OpenReader(&b) // what was streamed can't be changed
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	change(again)
	var changed bytes.Buffer
	if err := again.Write(&changed); err != nil {
		t.Fatal(err)
	}
	return changed.Bytes()
}

// Of 20,000 lines with 400 faults exactly those are refused; another process goes on where one was
// interrupted; the whole is taken back but for what somebody worked on.
func TestTwentyThousandLines(t *testing.T) {
	t.Parallel()
	n, bad := 20_000, 400
	if testing.Short() {
		n, bad = 1_000, 20
	}
	s := newStage(t)
	rows, want := planted(s.office, n, bad)
	b := s.take(workbookOf(t, rows, nil))
	p, err := s.Preview(t.Context(), b, nil)
	if err != nil || p.Good != n-bad || p.Bad != bad {
		t.Errorf("the dry run finds %d good and %d bad, %v", p.Good, p.Bad, err)
	}
	if got := s.list(petition.Query{}); len(got.Items) != 0 {
		t.Fatalf("the dry run wrote %d cases down", len(got.Items))
	}
	s.start(b)

	ctx, interrupt := context.WithCancel(t.Context())
	calls := 0
	s.Actor = func(context.Context, string) (petition.Actor, error) {
		if calls++; calls == 3 {
			interrupt()
		}
		return s.clerk, nil
	}
	dying := batch.NewWorker(s.store, s.Kinds(), "dying", func() time.Time { return time.Now().Add(-time.Hour) }, slog.New(slog.DiscardHandler)) // its lease is over at once
	if _, err := dying.Work(ctx, b.ID); err == nil {
		t.Error("an interrupted worker says that it is done")
	}
	began := time.Now()
	done := s.work(b.ID)
	t.Logf("%d lines in %v", n, time.Since(began).Round(time.Millisecond))
	if done.State != batch.Done || done.Done != n || done.Refused != bad {
		t.Errorf("ended %+v", done)
	}
	if got := s.refused(b.ID); len(got) != bad {
		t.Errorf("%d lines refused, want %d", len(got), bad)
	} else {
		for line, key := range want {
			if got[line] != key {
				t.Errorf("line %d is refused for %q, want %q", line, got[line], key)
			}
		}
	}
	count := 0
	for q := (petition.Query{Limit: 100, Order: "new"}); ; {
		page := s.list(q)
		if count += len(page.Items); page.After == "" {
			break
		}
		q.After = page.After
	}
	if count != n-bad {
		t.Errorf("%d cases are there, want %d", count, n-bad)
	}
	if again := s.again(b.ID, rows); again != n-bad {
		t.Errorf("imported again %d lines are known, want %d", again, n-bad)
	}
	s.undo(b.ID, n-bad)
}

func (s *stage) refused(id string) map[int]string {
	s.t.Helper()
	all, err := s.store.Refusals(s.t.Context(), id, -1, 50_000)
	if err != nil {
		s.t.Fatal(err)
	}
	got := map[int]string{}
	for _, r := range all {
		line, err := strconv.Atoi(r.What)
		if err != nil {
			s.t.Fatal(err)
		}
		got[line] = r.Key
	}
	return got
}

// again imports the same table once more and answers how many lines were known.
func (s *stage) again(_ string, rows [][]string) (known int) {
	b := s.take(workbookOf(s.t, rows, nil))
	s.start(b)
	if done := s.work(b.ID); done.Made != 0 {
		s.t.Errorf("the same lines were written down again: %d", done.Made)
	}
	for _, key := range s.refused(b.ID) {
		if key == "import.known" {
			known++
		}
	}
	return known
}

func (s *stage) undo(id string, made int) {
	t := s.t
	t.Helper()
	if err := s.store.WaitIndexed(t.Context()); err != nil {
		t.Fatal(err)
	}
	touched := s.list(petition.Query{Words: "信访〔2024〕30号"}).Items
	if len(touched) != 1 || touched[0].Old != "信访〔2024〕30号" {
		t.Fatalf("the old number finds %+v", touched)
	}
	if _, err := s.service.Do(t.Context(), s.clerk, touched[0].Number, petition.Move{Key: "k", Name: petition.MoveNote, Text: "打过电话了。"}); err != nil {
		t.Fatal(err)
	}
	b, err := s.store.Batch(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	undo, err := s.Undo(t.Context(), s.clerk, b)
	if err != nil {
		t.Fatal(err)
	}
	done := s.work(undo)
	if done.Made != made-1 || done.Refused != 1 {
		t.Errorf("taken back %d, kept %d of %d", done.Made, done.Refused, made)
	}
	left := s.list(petition.Query{})
	if len(left.Items) != 1 || left.Items[0].Number != touched[0].Number {
		t.Errorf("left are %+v", left.Items)
	}
}

// What was taken back can be imported again, under new numbers.
func TestImportAfterUndo(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	rows, _ := planted(s.office, 30, 1)
	first := s.take(csvOf(t, rows))
	s.start(first)
	s.work(first.ID)
	b, _ := s.store.Batch(t.Context(), first.ID)
	undo, err := s.Undo(t.Context(), s.clerk, b)
	if err != nil {
		t.Fatal(err)
	}
	s.work(undo)
	second := s.take(csvOf(t, rows))
	s.start(second)
	if done := s.work(second.ID); done.Made != 29 || len(s.list(petition.Query{Limit: 100}).Items) != 29 {
		t.Errorf("imported again: %+v", done)
	}
}

// Every encoding, separator and way to write a day that offices use is read alike.
func TestTablesOfManyKinds(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	o := s.office
	rows := [][]string{heads}
	for i := range 12 {
		rows = append(rows, sound(o, i))
	}
	text := csvOf(t, rows)
	gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes(text)
	if err != nil {
		t.Fatal(err)
	}
	days := func(since bool) []byte {
		return workbookOf(t, rows, func(f *excelize.File) {
			if err := f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &since}); err != nil {
				t.Fatal(err)
			}
			first := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
			if since {
				first = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
			}
			for i := range 12 {
				n := time.Date(2023, 5, 2+i, 0, 0, 0, 0, time.UTC).Sub(first).Hours() / 24
				if err := f.SetCellValue("Sheet1", "C"+strconv.Itoa(i+2), n); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
	for name, data := range map[string][]byte{
		"UTF-8": text, "mark": append([]byte("\xef\xbb\xbf"), text...), "GB18030": gb, "tabs": bytes.ReplaceAll(text, []byte(","), []byte("\t")),
		"workbook": workbookOf(t, rows, nil), "days of 1900": days(false), "days of 1904": days(true),
	} {
		p, err := s.Preview(t.Context(), s.take(data), nil)
		if err != nil || p.Good != 12 {
			t.Errorf("%s: %d good, faults %v, %v", name, p.Good, p.Faults, err)
			continue
		}
		for i, l := range p.Lines {
			day := time.Date(2024, 1, 2+i, 0, 0, 0, 0, time.UTC)
			if strings.HasPrefix(name, "days") {
				day = time.Date(2023, 5, 2+i, 0, 0, 0, 0, time.UTC)
			}
			if want := day.Format(time.DateOnly); l.Filing.Received != want || l.Filing.Contact.Name != "王秀兰" || l.Filing.Place.Code != o.Places[i%len(o.Places)].Code {
				t.Errorf("%s, line %d: %+v, want the day %s", name, i, l.Filing, want)
			}
		}
	}
}

// A village that stands once for several lines belongs to each of them; a title that goes across
// does not.
func TestMergedCells(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	rows := [][]string{{"台账"}, {"登记日期", "信访内容", "属地"}}
	for i := range 4 {
		rows = append(rows, []string{"2026-01-05", fmt.Sprintf("第 %d 件", i), ""})
	}
	rows[2][2] = s.office.Places[0].Name
	data := workbookOf(t, rows, func(f *excelize.File) {
		if err := errors.Join(f.MergeCell("Sheet1", "A1", "C1"), f.MergeCell("Sheet1", "C3", "C5")); err != nil {
			t.Fatal(err)
		}
	})
	p, err := s.Preview(t.Context(), s.take(data), nil)
	if err != nil || p.Good != 4 {
		t.Fatalf("%+v, %v", p, err)
	}
	var places []string
	for _, l := range p.Lines {
		places = append(places, l.Filing.Place.Code)
	}
	if one := s.office.Places[0].Code; !slices.Equal(places, []string{one, one, one, ""}) {
		t.Errorf("places %v", places)
	}
}

// What is no table, or too large, is refused before it costs anything, with what to do.
func TestFilesThatAreNone(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	many := strings.Repeat("2026-01-05,路坏了\n", 50_001)
	for want, data := range map[string][]byte{
		"import.file.kind":  []byte("%PDF-1.7 nothing"),
		"import.file.old":   []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old workbook"),
		"import.file.heads": []byte("甲,乙\n丙,丁\n"),
		"import.file.large": append([]byte("登记日期,信访内容\n"), many...),
	} {
		_, err := s.Take(t.Context(), s.clerk, "x", bytes.NewReader(data))
		if !errors.Is(err, petition.Fail(petition.Invalid, want)) {
			t.Errorf("%s: %v", want, err)
		}
	}
	if _, err := s.Take(t.Context(), s.clerk, "x", bytes.NewReader(make([]byte, backlog.MaxFile+1))); !errors.Is(err, petition.Fail(petition.Invalid, "import.file.large")) {
		t.Errorf("a file beyond the limit: %v", err)
	}
	if s.blobs.Count() != 0 {
		t.Errorf("%d refused files were kept", s.blobs.Count())
	}
	town := petition.Actor{Staff: "town", Unit: s.office.Places[0].Unit, Roles: []petition.Role{petition.Officer}}
	if _, err := s.Take(t.Context(), town, "x", strings.NewReader("登记日期,信访内容\n2026-01-05,路坏了\n")); petition.CodeOf(err) != petition.Forbidden {
		t.Errorf("another unit's officer imports: %v", err)
	}
}

// Where a column's name is another than any known one, the clerk says what it is.
func TestChosenColumns(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	b := s.take([]byte("登记日期,电话,说的啥\n2026-01-05,13912345678,路坏了\n"))
	p, err := s.Preview(t.Context(), b, nil)
	if err != nil || !slices.Equal(p.Missing, []string{"facts"}) {
		t.Fatalf("%+v, %v", p, err)
	}
	if err := s.Start(t.Context(), s.clerk, b, nil); !errors.Is(err, petition.Fail(petition.Invalid, "import.column")) {
		t.Errorf("begins without a needed column: %v", err)
	}
	if err := s.Start(t.Context(), s.clerk, b, backlog.Columns{"received": 0, "phone": 1, "facts": 2}); err != nil {
		t.Fatal(err)
	}
	if done := s.work(b.ID); done.Made != 1 {
		t.Errorf("%+v", done)
	}
}

// A case that was taken over stands as the old system had it, and its periods run from its days.
func TestTakenOver(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	unit := s.office.Places[0].Unit
	for status, want := range map[petition.Status]string{petition.Registered: "forward", petition.Transferred: "notify", petition.Accepted: "handle", petition.Closed: ""} {
		b := petition.Backlog{Import: "i", Line: len(status), Status: status, Unit: unit, Day: "2026-11-10"}
		if status == petition.Registered {
			b.Unit = ""
		}
		number, err := s.service.TakeOver(t.Context(), s.clerk, petition.Filing{Class: petition.Claim, Facts: "路坏了", Channel: "letter", Received: "2026-11-02", Old: "旧-" + string(status)}, b)
		if err != nil {
			t.Fatal(err)
		}
		v, err := s.service.Look(t.Context(), s.clerk, number, "")
		if err != nil || v.Status != status || v.Rule != want || v.Old != "旧-"+string(status) || petition.Day(v.Received) != "2026-11-02" {
			t.Errorf("%s: %+v, %v", status, v, err)
		}
	}
	told, err := s.service.Notices(t.Context(), "", 100)
	if err != nil || len(told) != 0 {
		t.Errorf("an import tells %d, %v", len(told), err)
	}
	late := petition.Backlog{Import: "i", Line: 99, Status: petition.Accepted, Unit: unit, Day: "2026-01-05"}
	if _, err := s.service.TakeOver(t.Context(), s.clerk, petition.Filing{Class: petition.Claim, Facts: "久了", Channel: "letter", Received: "2026-01-02"}, late); err != nil {
		t.Fatal(err)
	}
	if n, err := s.service.Sweep(t.Context()); err != nil || n != 0 {
		t.Errorf("what was late before the import is brought up %d times, %v", n, err)
	}
}
