package petition_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dengwen/petition"
)

func TestWhoSeesWhat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.accepted()
	w.do(road, n, m(petition.MoveNote, "text", "内部：先看现场"))
	w.do(road, n, m(petition.MoveTake))
	see := func(a petition.Actor) petition.View {
		v, err := w.s.Look(t.Context(), a, n, "")
		if err != nil {
			return petition.View{}
		}
		return v
	}
	mine := see(lin)
	for _, e := range mine.Timeline {
		if !e.Public || e.Staff != "" || strings.Contains(e.Text, "内部") {
			t.Errorf("the citizen sees %+v", e)
		}
	}
	if mine.Officer != "" || mine.State != nil || mine.Contact == nil || mine.UnitName != "柞水县交通运输局" {
		t.Errorf("the citizen's view: officer %q, contact %v, unit %s", mine.Officer, mine.Contact, mine.UnitName)
	}
	if v := see(road); v.Contact == nil || v.Officer != "road-1" || len(v.Timeline) != 5 {
		t.Errorf("the officer who has it: %+v", v)
	}
	if v := see(clerk); v.Number == "" || v.Contact != nil {
		t.Errorf("the petition office sees the contact of a case another unit has: %v", v.Contact)
	}
	if v := see(water); v.Number != "" {
		t.Error("another bureau sees the case")
	}
	if v := see(petition.Actor{}); v.Number != "" {
		t.Error("a stranger sees the case")
	}
	if v := see(petition.Actor{Staff: "x", Unit: "transport"}); v.Number != "" {
		t.Error("somebody without a role sees the case")
	}
}

// Number and code read, add and ask for review. What ends a matter or judges the office is
// for the filing chat, or for what an officer who had no hand in it heard from the person; the
// filing chat is told of each.
func TestTheCodeIsNoKeyToEverything(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.file(filing(petition.Claim))
	n := k.Number
	coded := func(name petition.MoveName, args ...string) petition.Move {
		mv := m(name, args...)
		mv.Code = k.Code
		return mv
	}
	w.do(stranger, n, coded(petition.MoveSupplement, "text", "桥头也塌了"))
	w.told(lin.Owner, petition.MoveSupplement)
	w.refused(stranger, n, coded(petition.MoveWithdraw), petition.Forbidden, "move.by_code")
	w.do(clerk, n, m(petition.MoveTransfer, "unit", "transport"))
	w.do(road, n, m(petition.MoveAccept))
	w.do(road, n, opinion())
	w.refused(stranger, n, coded(petition.MoveReceive), petition.Forbidden, "move.by_code")
	w.refused(stranger, n, coded(petition.MoveRate), petition.Forbidden, "move.by_code")
	w.refused(stranger, n, coded(petition.MoveSettle, "outcome", "resolved"), petition.Forbidden, "move.by_code")
	v, err := w.s.Look(t.Context(), stranger, n, k.Code)
	if err != nil || !v.ByCode || slices.ContainsFunc(v.Can, func(m petition.MoveName) bool {
		return slices.Contains([]petition.MoveName{petition.MoveWithdraw, petition.MoveRate, petition.MoveSettle, petition.MoveReceive, petition.MoveReopen}, m)
	}) {
		t.Errorf("with the code one can %v (%v)", v.Can, err)
	}
	if own, err := w.s.Look(t.Context(), lin, n, k.Code); err != nil || own.ByCode || !slices.Contains(own.Can, petition.MoveWithdraw) {
		t.Errorf("the filing chat with its code can %v (%v)", own.Can, err)
	}
	v = w.do(stranger, n, coded(petition.MoveReview, "text", "没有到现场", "unit", "county-gov"))
	wantAt(t, v, petition.Reviewing, "county-gov")
	w.told(lin.Owner, petition.MoveReview)
}

func TestWhatAnOfficerEntersForSomebody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.accepted()
	for _, name := range []petition.MoveName{petition.MoveWithdraw, petition.MoveSettle} {
		w.refused(road, n, m(name, "how", "call_back", "outcome", "resolved", "text", "说不要了"), petition.Conflict, map[bool]string{true: "need.other_hands", false: "move.status"}[name == petition.MoveWithdraw])
	}
	w.do(road, n, opinion())
	w.do(road, n, m(petition.MoveDeliver, "date", w.today(), "method", "signed"))
	w.refused(road, n, entered("good", ""), petition.Conflict, "need.other_hands")
	w.refused(chief, n, rating("", "good"), petition.Invalid, "field.missing")
	v := w.do(chief, n, entered("bad", "good"))
	if v.RatedUnit != "" || v.RatedOffice != "" {
		t.Errorf("an entered rating is the person's own: %q, %q", v.RatedUnit, v.RatedOffice)
	}
	w.told(lin.Owner, petition.MoveRate)
	if own, err := w.s.Look(t.Context(), lin, n, ""); err != nil || own.RatedUnit != "" {
		t.Errorf("shown to the person as theirs: %q, %v", own.RatedUnit, err)
	}
	got := figuresOf(w, w.today(), w.today())
	if u := got["transport"]; u.Entered != 1 || u.Rated.N != 0 || u.Good != 0 || u.Satisfied.Of != 0 {
		t.Errorf("counted as %+v", u)
	}
	if u := got["petition"]; u.Entered != 1 || u.Rated.N != 0 || u.Bad != 0 {
		t.Errorf("of the office counted as %+v", u)
	}
	w.do(lin, n, rating("", "bad"))
	if u := figuresOf(w, w.today(), w.today())["transport"]; u.Entered != 0 || u.Rated.N != 1 || u.Bad != 1 {
		t.Errorf("the person's own mark counts beside the entered one: %+v", u)
	}
	w.do(chief, n, m(petition.MoveSettle, "how", "visit", "outcome", "resolved", "text", "来窗口说解决了"))
	w.told(lin.Owner, petition.MoveSettle)
}

// Nobody who works here rates, whatever chat they petition from.
func TestWhoWorksHereRatesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.s = w.s.WithStaff(func(_ context.Context, chat string) (bool, error) { return chat == lin.Owner, nil })
	n := w.replied()
	w.refused(lin, n, rating("good", "good"), petition.Forbidden, "move.rate_staff")
	officer := petition.Actor{Owner: lin.Owner, Staff: "road-1", Unit: "transport", Roles: []petition.Role{petition.Officer}}
	w.refused(officer, n, rating("good", "good"), petition.Forbidden, "move.rate_staff")
	w.do(lin, n, m(petition.MoveSettle, "outcome", "resolved"))
}

func TestSealedReport(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.file(filing(petition.Report))
	n := k.Number
	if k.Unit != "discipline" || k.View.Unit != "discipline" || k.Next.Rule != "forward" {
		t.Errorf("ticket: unit %s, %+v", k.Unit, k.Next)
	}
	outsiders := []petition.Actor{
		clerk, chief, admin, road, roadHead, county,
		staff("head", "discipline", petition.Head, petition.Officer), staff("s2", "transport", petition.Sealed), staff("all", "petition",
			petition.Intake, petition.Officer, petition.Head, petition.Supervisor, petition.Sealed, petition.Admin),
	}
	blind := func(when string) {
		t.Helper()
		for _, a := range outsiders {
			if _, err := w.s.Look(t.Context(), a, n, ""); petition.CodeOf(err) != petition.NotFound {
				t.Errorf("%s: %s of %s looks at the report: %v", when, a.Staff, a.Unit, err)
			}
			p, err := w.s.List(t.Context(), a, petition.Query{})
			if err != nil || len(p.Items) > 0 {
				t.Errorf("%s: %s of %s lists %d, %v", when, a.Staff, a.Unit, len(p.Items), err)
			}
			if units := w.s.Law().ScopeOf(a).SealedUnits; len(units) > 0 && !slices.Contains(a.Roles, petition.Sealed) {
				t.Errorf("%s: %s of %s would be told how many reports there are in %v", when, a.Staff, a.Unit, units)
			}
		}
	}
	blind("registered")
	if p, err := w.s.List(t.Context(), sealed, petition.Query{}); err != nil || len(p.Items) != 1 {
		t.Errorf("the named officer lists %d, %v", len(p.Items), err)
	}
	w.do(sealed, n, m(petition.MoveAbout, "unit", "transport"))
	w.refused(sealed, n, m(petition.MoveRefer, "unit", "transport"), petition.Invalid, "need.not_about")
	w.do(sealed, n, m(petition.MoveRefer, "unit", "organisation"))
	blind("referred")
	other := staff("seal-2", "organisation", petition.Sealed)
	w.do(other, n, m(petition.MoveAccept))
	w.refused(sealed, n, m(petition.MoveReply, "text", "x"), petition.Forbidden, "move.who")
	v := w.do(other, n, m(petition.MoveReply, "text", "已核查，结果当面反馈"))
	wantAt(t, v, petition.Closed, "organisation")
	blind("closed")
	feed, err := w.s.Notices(t.Context(), "", 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, note := range feed {
		if note.To == lin.Owner {
			continue
		}
		b, _ := json.Marshal(note)
		if !strings.HasPrefix(note.To, "sealed:") || strings.Contains(string(b), "桥") || strings.Contains(string(b), "transport") {
			t.Errorf("a notice of a report to %s: %s", note.To, b)
		}
	}
	mine, err := w.s.Look(t.Context(), lin, n, "")
	if err != nil || strings.Contains(fmt.Sprint(mine.Timeline), "transport") {
		t.Errorf("the reporter: %v, %v", mine.Timeline, err)
	}
}

func TestReportAboutTheSealedUnit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := reported(w)
	v := w.do(sealed, n, m(petition.MoveAbout, "unit", "discipline"))
	if v.Unit != "city-discipline" || v.Facts != "" {
		t.Errorf("it is with %s, and the unit it is about reads %q", v.Unit, v.Facts)
	}
	if _, err := w.s.Look(t.Context(), sealed, n, ""); petition.CodeOf(err) != petition.NotFound {
		t.Errorf("the unit it is about still sees it: %v", err)
	}
	above := staff("seal-9", "city-discipline", petition.Sealed)
	if v := w.do(above, n, m(petition.MoveAccept)); v.Status != petition.Accepted {
		t.Errorf("above: %s", v.Status)
	}
}

func TestSealAndUnseal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := transferred(w)
	v := w.do(road, n, m(petition.MoveSeal, "text", "反映干部收钱"))
	if v.Facts != "" || v.Unit != "discipline" {
		t.Errorf("who sealed it still reads it: %+v", v)
	}
	for _, a := range []petition.Actor{road, clerk, chief} {
		if _, err := w.s.Look(t.Context(), a, n, ""); petition.CodeOf(err) != petition.NotFound {
			t.Errorf("%s sees the sealed case: %v", a.Staff, err)
		}
	}
	w.refused(sealed, n, m(petition.MoveUnseal, "text", "没有涉及干部", "class", "claim"), petition.Invalid, "field.missing")
	w.do(sealed, n, m(petition.MoveUnseal, "text", "没有涉及干部", "class", "claim", "consent", "yes"))
	v, err := w.s.Look(t.Context(), clerk, n, "")
	if err != nil {
		t.Fatal(err)
	}
	wantAt(t, v, petition.Registered, "petition")
}

// An officer's own petition is theirs as a citizen: they see no internal note and make
// no move of the office (Art 28).
func TestOwnCaseOfAnOfficer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.accepted()
	w.do(road, n, m(petition.MoveNote, "text", "内部：先看现场"))
	self := staff("road-7", "transport", petition.Officer, petition.Head)
	self.Owner = lin.Owner
	v, err := w.s.Look(t.Context(), self, n, "")
	if err != nil || v.State != nil || strings.Contains(fmt.Sprint(v.Timeline), "内部") {
		t.Errorf("the officer reads about the own case: %+v, %v", v.Timeline, err)
	}
	w.refused(self, n, opinion(), petition.Forbidden, "move.own_case")
	v = w.do(self, n, m(petition.MoveSupplement, "text", "再补充一点"))
	if last := v.Timeline[len(v.Timeline)-1]; last.By != "citizen" || last.Staff != "" {
		t.Errorf("the own supplement is by %s %s", last.By, last.Staff)
	}
}

func TestLookUpAndGuessing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.file(filing(petition.Claim))
	look := func(a petition.Actor, number, code string) error {
		_, err := w.s.Look(t.Context(), a, number, code)
		return err
	}
	if err := look(lin, strings.ToLower(k.Number), ""); err != nil {
		t.Errorf("own chat: %v", err)
	}
	if err := look(stranger, k.Number, strings.ToLower(k.Code)); err != nil {
		t.Errorf("number and code: %v", err)
	}
	wrongNumber, wrongCode := look(stranger, "ZS26-9999-22", "ABCDEFGH"), look(stranger, k.Number, "ABCDEFGH")
	if fmt.Sprint(wrongNumber) != fmt.Sprint(wrongCode) || petition.CodeOf(wrongCode) != petition.NotFound {
		t.Errorf("wrong number: %v; wrong code: %v", wrongNumber, wrongCode)
	}
	for range 4 {
		wantError(t, look(stranger, k.Number, "ABCDEFGH"), petition.NotFound, "lookup.no_match")
	}
	wantError(t, look(stranger, k.Number, k.Code), petition.Limited, "lookup.locked")
	if err := look(lin, k.Number, ""); err != nil {
		t.Errorf("the own chat was locked out: %v", err)
	}
	w.days(1)
	if err := look(stranger, k.Number, k.Code); err != nil {
		t.Errorf("a day later: %v", err)
	}
	for i := range 200 { // strangers keep nobody else from it
		_ = look(petition.Actor{Asker: fmt.Sprintf("ip:%d", i)}, k.Number, "ABCDEFGH")
	}
	if err := look(petition.Actor{Asker: "ip:fresh"}, k.Number, k.Code); err != nil {
		t.Errorf("whoever has the code, after 200 wrong ones by others: %v", err)
	}
	for i := range 12 { // right look-ups are not counted
		w.days(1)
		for range 6 {
			if err := look(petition.Actor{Asker: "ip:right"}, k.Number, k.Code); err != nil {
				t.Fatalf("day %d: %v", i, err)
			}
		}
	}
}

// Wrong codes are counted against asker and number together, asker and address; the time to wait
// is the true one.
func TestWrongLooksAreCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.file(filing(petition.Claim))
	try := func(a petition.Actor, number string) (minutes string) {
		_, err := w.s.Look(t.Context(), a, number, "ABCDEFGH")
		var e *petition.Error
		if !errors.As(err, &e) {
			t.Fatalf("%+v: %v", a, err)
		}
		return e.Args["minutes"]
	}
	pass := func(d time.Duration) { w.mu.Lock(); w.at = w.at.Add(d); w.mu.Unlock() }
	one := petition.Actor{Asker: "web:1"}
	for range 5 {
		if got := try(one, k.Number); got != "" {
			t.Errorf("the first five: wait %s", got)
		}
		pass(time.Minute / 2)
	}
	if got := try(one, k.Number); got != "3" { // the first was two and a half minutes ago
		t.Errorf("the sixth: wait %q minutes, want 3", got)
	}
	if got := try(one, "ZS26-9999-22"); got != "" {
		t.Errorf("another number: wait %s", got)
	}
	pass(3 * time.Minute)
	if got := try(one, k.Number); got != "" {
		t.Errorf("after the time said: wait %s", got)
	}
	for i := range 13 {
		if got := try(one, fmt.Sprintf("ZS26-%04d-22", i)); got != "" {
			t.Errorf("number %d of one asker: wait %s", i, got)
		}
	}
	if got := try(one, "ZS26-0100-22"); got != "55" {
		t.Errorf("the twenty-first of one asker: wait %q minutes, want 55", got)
	}
	for i := range 100 {
		if got := try(petition.Actor{Asker: fmt.Sprint("web:a", i), Address: "here"}, k.Number); got != "" {
			t.Errorf("asker %d of one address: wait %s", i, got)
		}
	}
	if got := try(petition.Actor{Asker: "web:b", Address: "here"}, k.Number); got != "60" {
		t.Errorf("the hundred and first from one address: wait %q minutes, want 60", got)
	}
	if got := try(petition.Actor{Asker: "web:b", Address: "elsewhere"}, k.Number); got != "" {
		t.Errorf("from elsewhere: wait %s", got)
	}
}

// Fresh chats from one address lodge no more than it may in an hour.
func TestFilingsFromOneAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.s.WithFilings(0, 3)
	file := func(i int, address string) error {
		f := filing(petition.Claim)
		f.Key, f.Owner = fmt.Sprint("draft-", i), fmt.Sprint("web:", i)
		_, err := s.File(t.Context(), petition.Actor{Owner: f.Owner, Address: address}, f)
		return err
	}
	for i := range 3 {
		if err := file(i, "here"); err != nil {
			t.Fatal(err)
		}
	}
	err := file(3, "here")
	wantError(t, err, petition.Limited, "file.too_many_here")
	if !strings.Contains(fmt.Sprintf("%+v", err.(*petition.Error).Args), "minutes:60") {
		t.Errorf("what is said: %+v", err)
	}
	if err := file(0, "here"); err != nil {
		t.Errorf("what was filed is not answered: %v", err)
	}
	for _, address := range []string{"elsewhere", ""} {
		if err := file(4, address); err != nil {
			t.Errorf("from %q: %v", address, err)
		}
	}
	w.days(1)
	if err := file(3, "here"); err != nil {
		t.Errorf("later: %v", err)
	}
}

// A wrong number and a wrong code take the same time. Each is held to a floor well
// above what either needs.
func TestWrongAnswersTakeTheSameTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.file(filing(petition.Claim))
	for _, number := range []string{k.Number, "ZS26-9999-22", "nonsense"} {
		began := time.Now()
		_, err := w.s.Look(t.Context(), petition.Actor{Asker: "ip:" + number}, number, "ABCDEFGH")
		if took := time.Since(began); took < 30*time.Millisecond || petition.CodeOf(err) != petition.NotFound {
			t.Errorf("%s answered after %s: %v", number, took, err)
		}
	}
}

func TestGuessesAtTheSameMoment(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.file(filing(petition.Claim))
	var wg sync.WaitGroup
	var mu sync.Mutex
	through := 0
	for range 50 {
		wg.Go(func() {
			_, err := w.s.Look(context.Background(), stranger, k.Number, "ABCDEFGH")
			mu.Lock()
			defer mu.Unlock()
			if petition.CodeOf(err) == petition.NotFound {
				through++
			}
		})
	}
	wg.Wait()
	if through != 5 {
		t.Errorf("%d of 50 parallel guesses were tested, want 5", through)
	}
}
