package mediation_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"dengwen/internal/office"
	"dengwen/internal/test/memory"
	"dengwen/petition"
	"dengwen/petition/mediation"
)

var (
	clerk    = petition.Actor{Staff: "c", Unit: "xialiang", Roles: []petition.Role{petition.Officer}, Asker: "desk:c"}
	grid     = petition.Actor{Staff: "g", Unit: "xialiang", Roles: []petition.Role{petition.Grid}, Asker: "tg:7"}
	villager = petition.Actor{Owner: "web:1", Asker: "web:1"}
)

// kit is a service on a clock that only the test moves.
type kit struct {
	*mediation.Service
	t     *testing.T
	store *memory.Disputes
	cases *petition.Service
	now   time.Time
}

func newKit(t *testing.T) *kit {
	k := &kit{t: t, store: memory.NewDisputes(), now: time.Date(2026, 11, 30, 2, 0, 0, 0, time.UTC)}
	now, n := func() time.Time { return k.now }, 0
	id := func() string { n++; return fmt.Sprintf("id-%04d", n) }
	k.cases = petition.NewService(memory.NewMemory(), office.Example(), petition.DefaultCalendar(), func(p, v string) []byte { return []byte(p + v + strings.Repeat("x", 32)) }, now, id, nil)
	k.Service = mediation.New(k.store, office.Example(), k.cases, now, id, func(most int) int { n++; return n % most })
	return k
}

var stone = mediation.Report{Key: "r", Words: "石瓮村两家争田坎，吵了三年", Place: petition.Place{Code: "611026102"}, Village: "石瓮", Kind: "land", Parties: map[string]string{"a": "张家"}}

func (k *kit) report(a petition.Actor, r mediation.Report) mediation.Dispute {
	k.t.Helper()
	d, err := k.Report(k.t.Context(), a, r)
	if err != nil {
		k.t.Fatal(err)
	}
	return d
}

func (k *kit) do(d mediation.Dispute, name mediation.MoveName, args ...string) mediation.Dispute {
	k.t.Helper()
	next, err := k.try(d, name, args...)
	if err != nil {
		k.t.Fatalf("%s: %v", name, err)
	}
	return next
}

func (k *kit) try(d mediation.Dispute, name mediation.MoveName, args ...string) (mediation.Dispute, error) {
	m := mediation.Move{Name: name, Args: map[string]string{}}
	for i := 0; i+1 < len(args); i += 2 {
		m.Args[args[i]] = args[i+1]
	}
	return k.Do(k.t.Context(), clerk, d.Number, m, len(d.Log))
}

// both brings a dispute to where both parties agreed to mediation.
func (k *kit) both(d mediation.Dispute) mediation.Dispute {
	d = k.do(d, mediation.MoveMatch, "mediator", "xl-1")
	d = k.do(d, mediation.MoveAsk, "way", "visit")
	d = k.do(d, mediation.MoveAnswer, "party", "a", "yes", "yes", "way", "visit")
	return k.do(d, mediation.MoveAnswer, "party", "b", "yes", "yes", "way", "phone")
}

func (k *kit) agree(d mediation.Dispute, promises string) (mediation.Dispute, error) {
	return k.try(d, mediation.MoveAgree, "facts", "田坎以界石为准", "terms", "按界石修田坎", "manner", "乙方出工", "promises", promises)
}

func wantKey(t *testing.T, err error, code petition.Code, key string) {
	t.Helper()
	if !errors.Is(err, petition.Fail(code, key)) {
		t.Errorf("got %v, want %s (%s)", err, code, key)
	}
}

func TestSettled(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	d := k.report(grid, stone)
	if d.Unit != "xialiang" || d.Status != mediation.Found || d.NextDay(office.Example()) != "2026-12-01" {
		t.Errorf("found %+v", d)
	}
	if m := d.Mediators(office.Example()); m[0].Code != "xl-1" || len(m) != 3 {
		t.Errorf("mediators %+v", m)
	}
	d = k.both(d)
	if d.Status != mediation.Mediating || len(d.Consents) != 2 || d.Consents[1].By != "c" || d.Consents[1].Way != "phone" || !d.Consents[1].At.Equal(k.now) {
		t.Errorf("consents %+v, %s", d.Consents, d.Status)
	}
	if d.Done["two"].Day != "2026-11-30" {
		t.Errorf("steps done: %+v", d.Done)
	}
	d = k.do(d, mediation.MoveStep, "step", "one", "text", "两家都上门问过\n界石还在")
	d = k.do(d, mediation.MoveMeet, "when", "2026-12-01T09:30", "where", "村委会")
	d = k.do(d, mediation.MoveMinutes, "text", "双方到场")
	d, err := k.agree(d, "乙方 2026-12-10 修好田坎\n甲 2026-12-05：把木料搬走")
	if err != nil {
		t.Fatal(err)
	}
	if a := d.Agreement; a.ConfirmUntil != "2026-12-30" || len(a.Promises) != 2 || a.Promises[0].Party != "b" || a.Promises[1].Words != "把木料搬走" || d.NextDay(office.Example()) != "2026-12-05" {
		t.Errorf("agreement %+v", a)
	}
	d = k.do(d, mediation.MoveConfirm, "confirmation", "asked")
	d = k.do(d, mediation.MoveKeep, "promise", "2")
	d = k.do(d, mediation.MoveExplain, "promise", "1", "text", "下雨", "date", "2026-12-20")
	if _, err := k.try(d, mediation.MoveExplain, "promise", "1", "text", "又", "date", "2026-12-20"); err == nil {
		t.Error("a day that is no later is a delay")
	}
	d = k.do(d, mediation.MoveBreak, "promise", "1", "text", "没有修")
	if d.Status != mediation.Agreed {
		t.Errorf("a broken promise ends it: %s", d.Status)
	}
	k.now = k.now.AddDate(0, 0, 25)
	if d = k.do(d, mediation.MoveKeep, "promise", "1"); d.Status != mediation.Settled || d.Agreement.Promises[0].Done != "2026-12-25" {
		t.Errorf("a promise kept late: %s, %+v", d.Status, d.Agreement.Promises)
	}
	if len(k.store.Lines) != len(d.Log) {
		t.Errorf("%d lines of the access log for %d entries", len(k.store.Lines), len(d.Log))
	}
}

// To refuse mediation has no consequence: the dispute is over, nothing is held against anybody, and
// what is lawful stays open.
func TestRefused(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	d := k.do(k.report(villager, stone), mediation.MoveMatch, "mediator", "xl-2")
	d = k.do(d, mediation.MoveAsk, "way", "phone")
	d = k.do(d, mediation.MoveAnswer, "party", "b", "yes", "no", "way", "phone")
	if d.Status != mediation.Refused {
		t.Fatalf("after a no it is %s", d.Status)
	}
	var left []mediation.MoveName
	for _, s := range k.Can(clerk, &d) {
		left = append(left, s.Name)
	}
	if !slices.Equal(left, []mediation.MoveName{mediation.MoveHand}) {
		t.Errorf("after a refusal there is %v: only what the parties want", left)
	}
	other := stone
	other.Key = "again"
	if again := k.report(villager, other); again.Status != mediation.Found || again.NextDay(office.Example()) != "2026-12-01" {
		t.Errorf("who refused once is treated otherwise: %+v", again)
	}
}

func TestHandedOver(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	d := k.both(k.report(villager, stone))
	d = k.do(d, mediation.MoveFail, "text", "谈不拢")
	if _, err := k.try(d, mediation.MoveHand, "to", "petition", "party", "a", "text", "请镇里处理"); err == nil {
		t.Error("handed over without the party's yes")
	}
	d = k.do(d, mediation.MoveHand, "to", "petition", "party", "a", "yes", "yes", "text", "请镇里处理")
	if d.Status != mediation.HandedOver || d.Handed.Case == "" {
		t.Fatalf("handed over: %+v", d.Handed)
	}
	v, err := k.cases.Look(t.Context(), clerk, d.Handed.Case, "")
	if err != nil || !strings.Contains(v.Facts, "请镇里处理") || !strings.Contains(v.Facts, stone.Words) || v.Contact.Name != "张家" {
		t.Errorf("the petition says %q, %+v (%v)", v.Facts, v.Contact, err)
	}
}

// Danger goes the urgent way of a petition at once.
func TestDanger(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	r := stone
	r.Urgency = petition.UrgentViolence
	d := k.report(grid, r)
	v, err := k.cases.Look(t.Context(), clerk, d.Handed.Case, "")
	if err != nil || v.Urgency != petition.UrgentViolence || d.Status != mediation.HandedOver {
		t.Errorf("%s, %+v (%v)", d.Status, v.Urgency, err)
	}
	if again := k.report(grid, r); again.Handed.Case != d.Handed.Case || again.Number != d.Number {
		t.Errorf("told twice it is %s and %s", again.Number, again.Handed.Case)
	}
	if _, err := k.Report(t.Context(), villager, r); err == nil {
		t.Error("a villager's words became a petition unasked")
	}
}

func TestWhoSees(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	d := k.report(grid, stone)
	actor := func(unit string, r petition.Role) petition.Actor {
		return petition.Actor{Staff: "x", Unit: unit, Roles: []petition.Role{r}}
	}
	for _, c := range []struct {
		a          petition.Actor
		sees, does bool
	}{
		{clerk, true, true}, {actor("xialiang", petition.Head), true, true}, {grid, true, false},
		{actor("xialiang", petition.Grid), false, false}, {actor("yingpan", petition.Officer), false, false}, {actor("petition", petition.Supervisor), false, false},
		{actor("petition", petition.Intake), false, false}, {actor("", petition.Admin), false, false}, {actor("xialiang", petition.Admin), false, false},
		{actor("xialiang", petition.ActingHead), false, false}, {actor("discipline", petition.Sealed), false, false}, {villager, false, false}, {petition.Actor{}, false, false},
	} {
		_, err := k.Look(t.Context(), c.a, d.Number)
		if (err == nil) != c.sees || err != nil && petition.CodeOf(err) != petition.NotFound {
			t.Errorf("%v of %s looks: %v", c.a.Roles, c.a.Unit, err)
		}
		if may := len(k.Can(c.a, &d)) > 0; may != c.does {
			t.Errorf("%v of %s may work on it: %t", c.a.Roles, c.a.Unit, may)
		}
		if c.does {
			continue
		}
		if _, err := k.Do(t.Context(), c.a, d.Number, mediation.Move{Name: mediation.MoveMatch, Args: map[string]string{"mediator": "xl-1"}}, 0); err == nil {
			t.Errorf("%v of %s works on it", c.a.Roles, c.a.Unit)
		}
	}
	mine := stone
	mine.Key = "mine"
	own := k.report(villager, mine)
	for _, l := range []struct {
		a    petition.Actor
		want int
	}{{villager, 1}, {grid, 1}, {clerk, 2}, {actor("yingpan", petition.Officer), 0}} {
		if all, err := k.List(t.Context(), l.a, mediation.Query{}); err != nil || len(all) != l.want {
			t.Errorf("%v of %s is shown %d, want %d (%v)", l.a.Roles, l.a.Unit, len(all), l.want, err)
		}
	}
	self := clerk
	self.Owner = villager.Owner
	_, err := k.Do(t.Context(), self, own.Number, mediation.Move{Name: mediation.MoveMatch, Args: map[string]string{"mediator": "xl-1"}}, 0)
	wantKey(t, err, petition.Forbidden, "dispute.own") // Art 28
}

func TestNotTwice(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	d := k.report(grid, stone)
	k.do(d, mediation.MoveMatch, "mediator", "xl-1")
	_, err := k.try(d, mediation.MoveMatch, "mediator", "xl-2")
	wantKey(t, err, petition.Conflict, "dispute.changed")
	_, err = k.Do(t.Context(), clerk, d.Number, mediation.Move{Name: mediation.MoveAgree}, 0)
	wantKey(t, err, petition.Conflict, "dispute.not_now")
	for i := range 25 {
		r := stone
		r.Key = fmt.Sprint("m", i)
		if _, err = k.Report(t.Context(), villager, r); err != nil && i < 20 {
			t.Fatal(err)
		}
	}
	wantKey(t, err, petition.Limited, "dispute.too_many")
}

// An agreement that gives up a right is refused.
func TestNoAgreementWaives(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	d := k.both(k.report(grid, stone))
	_, err := k.agree(d, "乙 2026-12-10 修好，今后不再上访")
	wantKey(t, err, petition.Invalid, "dispute.waives")
}

func TestPromiseLines(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	d := k.both(k.report(grid, stone))
	for _, lines := range []string{"修好田坎", "丙 2026-12-10 修", "甲 2026-13-10 修", "甲 2026-11-01 修", "甲 2026-12-10"} {
		_, err := k.agree(d, lines)
		wantKey(t, err, petition.Invalid, "dispute.promise_line")
	}
	if d, err := k.agree(d, ""); err != nil || d.Status != mediation.Settled {
		t.Errorf("nothing left to promise: %s (%v)", d.Status, err)
	}
}

// Each piece of news is told once, a promise three days before it falls due, and again when the day moves.
func TestTell(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	tell := func() (all []string) {
		if _, err := k.Tell(t.Context(), func(_ context.Context, n mediation.News) error {
			what := string(n.Entry.Move)
			if n.Promise != nil {
				what = "promise " + n.Promise.Due
			}
			all = append(all, strings.TrimSpace(what+" "+n.Unit))
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return all
	}
	expect := func(want ...string) {
		t.Helper()
		if got := tell(); !slices.Equal(got, want) {
			t.Errorf("told %q, want %q", got, want)
		}
		if got := tell(); len(got) > 0 {
			t.Errorf("told again %q", got)
		}
	}
	d := k.report(villager, stone)
	expect("report xialiang")
	d = k.both(d)
	expect("match", "ask")
	d, err := k.agree(d, "乙 2026-12-10 修好田坎")
	if err != nil {
		t.Fatal(err)
	}
	expect("agree")
	k.now = k.now.AddDate(0, 0, 6)
	expect()
	k.now = k.now.AddDate(0, 0, 1)
	expect("promise 2026-12-10 xialiang")
	d, _ = k.Look(t.Context(), clerk, d.Number)
	k.do(d, mediation.MoveExplain, "promise", "1", "text", "下雨", "date", "2026-12-20")
	expect()
	k.now = k.now.AddDate(0, 0, 10)
	expect("promise 2026-12-20 xialiang")
	if n, err := k.Forget(t.Context(), villager.Owner); n != 1 || err != nil {
		t.Errorf("forgot %d (%v)", n, err)
	}
}

func TestRounds(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	r, err := k.PutRound(t.Context(), clerk, mediation.Round{Name: "冬季排查", From: "2026-11-29", To: "2026-12-10", Villages: []string{"石瓮", "沙坪"}, Visited: []string{"石瓮"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.PutRound(t.Context(), grid, r); petition.CodeOf(err) != petition.Forbidden {
		t.Errorf("a grid worker makes rounds: %v", err)
	}
	for _, bad := range []mediation.Round{{}, {Name: "x", From: "2026-12-10", To: "2026-12-01", Villages: []string{"石瓮"}}, {Name: "x", From: "2026-12-01", To: "2026-12-02", Villages: []string{"曹店"}}} {
		if _, err := k.PutRound(t.Context(), clerk, bad); petition.CodeOf(err) != petition.Invalid {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	if d := k.report(grid, stone); d.Round != r.ID {
		t.Errorf("found in round %q", d.Round)
	}
	late := stone
	late.Key = "late"
	k.now = k.now.AddDate(0, 0, 30)
	if d := k.report(grid, late); d.Round != "" {
		t.Error("found after the round and counted in it")
	}
	all, err := k.Rounds(t.Context(), clerk)
	if err != nil || len(all) != 1 || all[0].All.Found != 1 || all[0].Lines[0].Found != 1 || all[0].Lines[1].Found != 0 || all[0].Visits() != (petition.Share{N: 1, Of: 2}) {
		t.Errorf("rounds %+v (%v)", all, err)
	}
}

func TestFigures(t *testing.T) {
	t.Parallel()
	k := newKit(t)
	for i := range 7 {
		r := stone
		r.Key = fmt.Sprint(i)
		d := k.both(k.report(grid, r))
		if i < 6 {
			if _, err := k.agree(d, ""); err != nil {
				t.Fatal(err)
			}
		}
	}
	head := petition.Actor{Staff: "h", Unit: "xialiang", Roles: []petition.Role{petition.Head}}
	f, err := k.Figures(t.Context(), head, "2026-01-01", "2026-12-31")
	want := mediation.Count{Found: 7, Settled: 6, Open: 1}
	if err != nil || f.All != want || len(f.Villages) != 1 || f.Villages[0].Count != want || f.Kinds[0].Code != "land" {
		t.Errorf("figures %+v (%v)", f, err)
	}
	if rows := mediation.Public(f.Villages, func(l mediation.Line) string { return l.Code }); rows[0][1] != "7" || rows[0][2] != "*" {
		t.Errorf("outside it says %v: that one is open is nobody's business", rows)
	}
	if _, err := k.Figures(t.Context(), clerk, "2026-01-01", "2026-12-31"); petition.CodeOf(err) != petition.Forbidden {
		t.Errorf("an officer reads figures: %v", err)
	}
	chief := petition.Actor{Staff: "s", Unit: "petition", Roles: []petition.Role{petition.Supervisor}}
	if f, err := k.Figures(t.Context(), chief, "2026-01-01", "2026-12-31"); err != nil || f.Unit != "" || f.All.Found != 7 {
		t.Errorf("the petition office reads %+v (%v)", f, err)
	}
}

// No field about a person's risk: nothing that is kept, counted or selected by rates anybody.
func TestNobodyIsRated(t *testing.T) {
	t.Parallel()
	rates := regexp.MustCompile(`(?i)risk|score|rank|level|color|colour|grade|danger|repeat|black|trouble`)
	seen := 0
	var walk func(reflect.Type)
	done := map[reflect.Type]bool{}
	walk = func(typ reflect.Type) {
		switch typ.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map:
			walk(typ.Elem())
		case reflect.Struct:
			if done[typ] || typ.PkgPath() == "time" {
				return
			}
			done[typ] = true
			for i := range typ.NumField() {
				f := typ.Field(i)
				seen++
				if rates.MatchString(f.Name) {
					t.Errorf("%s.%s", typ, f.Name)
				}
				walk(f.Type)
			}
		}
	}
	for _, v := range []any{mediation.Dispute{}, mediation.Figures{}, mediation.RoundFigures{}, mediation.Query{}, petition.DisputeData{}} {
		walk(reflect.TypeOf(v))
	}
	if seen < 50 {
		t.Fatalf("looked at %d fields only", seen)
	}
}
