package petition_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"

	"dengwen/internal/scrub"

	"dengwen/petition"
)

func TestFileOnceForEver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.file(filing(petition.Claim))
	w.days(400)
	again := w.file(filing(petition.Claim))
	if first.Number != again.Number || first.Code != again.Code || !again.Filed.Equal(first.Filed) {
		t.Errorf("filed again: %s %s, first %s %s", again.Number, again.Code, first.Number, first.Code)
	}
	var wg sync.WaitGroup
	numbers := make([]string, 20)
	for i := range numbers {
		wg.Go(func() {
			f := filing(petition.Claim)
			f.Key = fmt.Sprintf("draft-%d", i%4+10)
			k, err := w.s.File(context.Background(), lin, f)
			if err != nil {
				t.Error(err)
			}
			numbers[i] = k.Number
		})
	}
	wg.Wait()
	slices.Sort(numbers)
	if got := len(slices.Compact(numbers)); got != 4 {
		t.Errorf("four drafts gave %d numbers", got)
	}
	r, _ := w.store.Load(t.Context(), first.Number)
	if b, _ := json.Marshal(r); strings.Contains(string(b), "draft-1") || strings.Contains(string(b), strings.ReplaceAll(first.Code, "-", "")) {
		t.Error("the record keeps the filing key or the code")
	}
	f := filing(petition.Claim)
	f.Facts += "又塌了一块。"
	_, err := w.s.File(t.Context(), lin, f)
	wantError(t, err, petition.Conflict, "file.key_reused")
	f.Owner = "tg:2"
	for range 2 {
		if k := w.file(f); k.Number != petition.FormatNumber("ZS", 2027, 5) {
			t.Errorf("another's petition under the same key is %s", k.Number)
		}
	}
}

func TestFileRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for key, change := range map[string]func(*petition.Filing){
		"file.key":             func(f *petition.Filing) { f.Key = "" },
		"file.facts":           func(f *petition.Filing) { f.Facts = " \n" },
		"text.too_long":        func(f *petition.Filing) { f.Facts = strings.Repeat("桥", 20001) },
		"file.class":           func(f *petition.Filing) { f.Class = "complaint" },
		"file.subject":         func(f *petition.Filing) { f.Subject = "moon" },
		"file.place":           func(f *petition.Filing) { f.Place.Code = "999" },
		"file.location":        func(f *petition.Filing) { f.Place.Lat = 91 },
		"file.used":            func(f *petition.Filing) { f.Used = "maybe" },
		"file.people":          func(f *petition.Filing) { f.People = -1 },
		"file.channel_unknown": func(f *petition.Filing) { f.Channel = "pigeon" },
		"file.malformed":       func(f *petition.Filing) { f.Attachments = []petition.Attachment{{ID: "../etc", Kind: "photo"}} },
		"files.too_many": func(f *petition.Filing) {
			f.Attachments = slices.Repeat([]petition.Attachment{{ID: "a", Kind: "photo"}}, 21)
		},
	} {
		f := filing(petition.Claim)
		change(&f)
		_, err := w.s.File(t.Context(), lin, f)
		wantError(t, err, petition.Invalid, key)
	}
	f := filing(petition.Claim)
	_, err := w.s.File(t.Context(), stranger, f)
	wantError(t, err, petition.Forbidden, "file.owner")
	f.Channel = "visit"
	_, err = w.s.File(t.Context(), lin, f)
	wantError(t, err, petition.Forbidden, "file.channel")
	f.Owner, f.Channel = "", "telegram"
	_, err = w.s.File(t.Context(), clerk, f)
	wantError(t, err, petition.Invalid, "file.staff_channel")
	f.Channel = "letter"
	_, err = w.s.File(t.Context(), admin, f)
	wantError(t, err, petition.Forbidden, "file.who")
	if _, err := w.s.File(t.Context(), lin, func() petition.Filing {
		f := filing(petition.Claim)
		f.Facts = strings.Repeat("桥", 20000)
		return f
	}()); err != nil {
		t.Errorf("20,000 characters: %v", err)
	}
}

// printed is the query code on a receipt as somebody prints it, "" where it has none or they
// have no receipt.
func printed(w *world, a petition.Actor, number string) (code string) {
	s := w.s.WithRenderer(func(_ context.Context, _ io.Writer, _ string, d petition.Document) error {
		code = d.Values["code"]
		return nil
	})
	r, _, err := s.Document(w.t.Context(), a, number, "", petition.DocumentRef{Seq: 1, Form: "pdf"})
	if err == nil {
		_ = r.Close()
	}
	return code
}

func TestLetterEnteredByStaff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := filing(petition.Claim)
	f.Owner, f.Channel = "", "letter"
	k, err := w.s.File(t.Context(), clerk, f)
	if err != nil || k.Code != "" || k.View.Timeline[0].Move != petition.MoveRegister || k.View.Timeline[0].By != "petition" {
		t.Fatalf("letter: %+v, %v", k, err)
	}
	code := printed(w, clerk, k.Number)
	if code == "" || printed(w, chief, k.Number) != code || printed(w, road, k.Number) != "" {
		t.Errorf("printed code %q", code)
	}
	v, err := w.s.Look(t.Context(), stranger, k.Number, code)
	if err != nil || v.Contact != nil || v.Officer != "" {
		t.Errorf("the writer of the letter looks it up: %+v, %v", v.Contact, err)
	}
	mv := m(petition.MoveSupplement, "text", "还有一张照片")
	mv.Code = code
	if v := w.do(stranger, k.Number, mv); len(v.Timeline) != 2 {
		t.Errorf("a supplement with number and code: %d entries", len(v.Timeline))
	}
	f.Key, f.Received = "letter-2", "2026-07-20"
	k, err = w.s.File(t.Context(), clerk, f)
	if err != nil || k.Next.From != "2026-07-20" || k.Next.Due != "2026-08-04" || petition.Day(k.View.Received) != "2026-07-20" {
		t.Errorf("a letter that came two weeks ago: %+v, %v", k.Next, err)
	}
	for _, day := range []string{"2026-08-04", "2025-07-01", "yesterday"} {
		f.Key, f.Received = "letter-3", day
		_, err = w.s.File(t.Context(), clerk, f)
		wantError(t, err, petition.Invalid, "file.received")
	}
	f.Received = ""
	f.Key, f.Channel = "visit-1", "visit"
	k, err = w.s.File(t.Context(), water, f)
	if err != nil || k.Next.Rule != "notify" || k.View.Unit != "water" {
		t.Errorf("a visit to another organ: %+v, %v", k.Next, err)
	}
	v = w.do(water, k.Number, m(petition.MoveTransfer, "unit", "transport"))
	wantAt(t, v, petition.Transferred, "transport")
}

func TestSameMoveKeyOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.accepted()
	mv := m(petition.MoveTell, "text", "周五去看现场")
	mv.Key = "conv/7/1"
	first := w.do(road, n, mv)
	again := w.do(road, n, mv)
	if first.Version != again.Version || len(again.Timeline) != len(first.Timeline) {
		t.Errorf("versions %d, %d", first.Version, again.Version)
	}
	mv.Key, mv.Version = "conv/8/1", first.Version-1
	w.refused(road, n, mv, petition.Conflict, "case.changed")
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			mv := m(petition.MoveNote, "text", fmt.Sprint(i%2))
			mv.Key = fmt.Sprint("n", i%2)
			if _, err := w.s.Do(context.Background(), road, n, mv); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	v, _ := w.s.Look(t.Context(), road, n, "")
	if got := len(v.Timeline) - len(first.Timeline); got != 2 {
		t.Errorf("two keys, four moves at once: %d entries", got)
	}
}

func TestNoFloodOnOneCase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.accepted()
	for range 59 { // the filing was the first
		w.do(lin, n, m(petition.MoveSupplement, "text", "还有"))
	}
	w.refused(lin, n, m(petition.MoveSupplement, "text", "还有"), petition.Limited, "move.too_often")
	w.do(road, n, m(petition.MoveNote, "text", "已合并阅读"))
	w.days(2)
	w.do(lin, n, m(petition.MoveSupplement, "text", "还有"))
}

func TestNudgeOncePerPeriod(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.accepted()
	w.do(lin, n, m(petition.MoveNudge))
	w.days(6)
	w.refused(lin, n, m(petition.MoveNudge), petition.Conflict, "need.nudge_free")
	w.days(1)
	w.do(lin, n, m(petition.MoveNudge))
}

func TestNotices(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.accepted()
	w.do(road, n, m(petition.MoveNote, "text", "内部"))
	w.do(lin, n, m(petition.MoveNudge))
	feed, err := w.s.Notices(t.Context(), "", 100)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range feed {
		got = append(got, string(f.Entry.Move)+">"+f.To)
		if f.To == lin.Owner && (f.Entry.Staff != "" || f.View.Number != n || f.Lang != "zh-CN") {
			t.Errorf("notice to the citizen: %+v", f)
		}
	}
	want := []string{"file>unit:petition", "transfer>tg:1", "transfer>unit:transport", "accept>tg:1", "nudge>unit:transport"}
	if !slices.Equal(got, want) {
		t.Errorf("feed %v, want %v", got, want)
	}
	rest, err := w.s.Notices(t.Context(), feed[2].ID, 1)
	if err != nil || len(rest) != 1 || rest[0].ID != feed[3].ID {
		t.Errorf("after the third: %v, %v", rest, err)
	}
}

func TestForget(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.file(filing(petition.Claim))
	got, err := w.s.Forget(t.Context(), lin.Owner)
	if err != nil || got != 1 {
		t.Fatalf("forgot %d, %v", got, err)
	}
	r, _ := w.store.Load(t.Context(), k.Number)
	if b, _ := json.Marshal(r); strings.Contains(string(b), "tg:1") || strings.Contains(string(b), "林某") || strings.Contains(string(b), "0914") {
		t.Errorf("left over: %s", b)
	}
	if p, err := w.s.List(t.Context(), lin, petition.Query{}); err != nil || len(p.Items) != 0 {
		t.Errorf("still listed: %d, %v", len(p.Items), err)
	}
	if v, err := w.s.Look(t.Context(), stranger, k.Number, k.Code); err != nil || v.Facts == "" {
		t.Errorf("number and code after forgetting: %v", err)
	}
	w.do(clerk, k.Number, m(petition.MoveTransfer, "unit", "transport"))
	feed, _ := w.s.Notices(t.Context(), "", 100)
	for _, f := range feed {
		if f.To == lin.Owner {
			t.Errorf("a notice to a forgotten chat: %+v", f)
		}
	}
	_, err = w.s.Forget(t.Context(), " ")
	wantError(t, err, petition.Invalid, "forget.owner")
}

func TestLists(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 7 {
		f := filing(petition.Claim)
		f.Key = fmt.Sprint("d", i)
		if i == 3 {
			f.Facts = "路灯不亮"
		}
		n := w.file(f).Number
		if i%2 == 0 {
			w.do(clerk, n, m(petition.MoveTransfer, "unit", "transport"))
		}
		w.days(1)
	}
	count := func(a petition.Actor, q petition.Query) int {
		t.Helper()
		p, err := w.s.List(t.Context(), a, q)
		if err != nil {
			t.Fatal(err)
		}
		return len(p.Items)
	}
	for name, c := range map[string][2]int{
		"the citizen's own": {count(lin, petition.Query{}), 7}, "a stranger": {count(stranger, petition.Query{}), 0},
		"nobody": {count(petition.Actor{}, petition.Query{}), 0}, "the bureau": {count(road, petition.Query{}), 4},
		"the office": {count(clerk, petition.Query{}), 7}, "the office's own": {count(clerk, petition.Query{Unit: "petition"}), 3},
		"words": {count(clerk, petition.Query{Words: "路灯"}), 1}, "a bureau asking for another's": {count(road, petition.Query{Unit: "petition"}), 0},
	} {
		if c[0] != c[1] {
			t.Errorf("%s: %d cases, want %d", name, c[0], c[1])
		}
	}
	p, err := w.s.List(t.Context(), clerk, petition.Query{Limit: 3})
	if err != nil || len(p.Items) != 3 || p.After == "" || p.Items[0].Due > p.Items[1].Due {
		t.Errorf("first page: %d, %v", len(p.Items), err)
	}
	_, err = w.s.List(t.Context(), clerk, petition.Query{Order: "size"})
	wantError(t, err, petition.Invalid, "list.order")
}

type indexingStore struct{ petition.Store }

func (indexingStore) Indexing(context.Context) bool { return true }

// A search by words says that it may lack something while the store still reads them; a
// list without words, and a citizen's own, lack nothing.
func TestSearchSaysThatItIsPartial(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := petition.NewService(indexingStore{w.store}, w.o, petition.DefaultCalendar(), keyed, w.now, func() string { return "x" }, w.blobs)
	for _, c := range []struct {
		who   petition.Actor
		words string
		want  bool
	}{{clerk, "路灯", true}, {clerk, "", false}, {lin, "路灯", false}} {
		p, err := s.List(t.Context(), c.who, petition.Query{Words: c.words})
		if err != nil || p.Partial != c.want {
			t.Errorf("%+v: partial %v, %v", c, p.Partial, err)
		}
	}
}

type brokenStore struct{ petition.Store }

func (brokenStore) Load(context.Context, string) (petition.Record, error) {
	return petition.Record{}, errors.New("disk full")
}

func TestEveryErrorIsOurs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := petition.NewService(brokenStore{w.store}, w.o, petition.DefaultCalendar(), keyed, w.now, func() string { return "x" }, w.blobs).WithScrub(scrub.New(scrub.DefaultLimits()))
	_, err := s.Look(t.Context(), lin, "ZS26-0417-3K", "")
	var e *petition.Error
	if !errors.As(err, &e) || e.Code != petition.Internal {
		t.Errorf("a broken disk gives %v", err)
	}
}

// A page of 25 is what lists read all day: it must not carry what only the case needs.
func TestPagesAreLight(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 30 {
		f := filing(petition.Claim)
		f.Key, f.Facts = fmt.Sprint("d", i), strings.Repeat("村口到小学的路去年下雨塌了一段，一直没有人修。", 20)
		w.do(clerk, w.file(f).Number, m(petition.MoveTransfer, "unit", "transport"))
	}
	p, err := w.s.List(t.Context(), clerk, petition.Query{Limit: 25})
	if err != nil || len(p.Items) != 25 || p.Total != 30 || p.Over {
		t.Fatalf("%d of %d (more: %v), %v", len(p.Items), p.Total, p.Over, err)
	}
	if b, err := json.Marshal(p); err != nil || len(b) > 15_000 {
		t.Errorf("a page of 25 is %d bytes (%v), 15,000 at most", len(b), err)
	} else {
		t.Logf("a page of 25 is %d bytes", len(b))
	}
	p, err = w.s.List(t.Context(), clerk, petition.Query{Limit: 25, After: p.After})
	if err != nil || len(p.Items) != 5 || p.Total != 0 {
		t.Errorf("second page: %d, total %d, %v", len(p.Items), p.Total, err)
	}
}
