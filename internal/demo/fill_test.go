package demo

import (
	"errors"
	"sync/atomic"
	"testing"

	"dengwen/petition"
)

func (st *stage) filler(store petition.Store) Filler {
	return Filler{Store: store, Office: st.office, Calendar: petition.DefaultCalendar(), Hash: hashed, Now: noon, Seed: 3, Workers: 4}
}

func TestAFillGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	var done atomic.Int64
	for _, n := range []int{60, 150} { // the second finds the first sixty there
		if err := st.filler(st.store).Fill(t.Context(), 0, n, func() { done.Add(1) }); err != nil {
			t.Fatal(err)
		}
	}
	all := st.everything(t)
	if len(all) != 150 || done.Load() != 210 {
		t.Fatalf("%d cases, %d reported; want 150, 210", len(all), done.Load())
	}
	numbers, status := map[string]bool{}, map[petition.Status]bool{}
	for _, r := range all {
		c := r.Case
		numbers[c.Number], status[c.Status] = true, true
		if got, ok := petition.ParseNumber(c.Number); !ok || got != c.Number {
			t.Errorf("number %s", c.Number)
		}
		for i, e := range c.Timeline {
			if e.Seq != i+1 || e.At.After(noon) || i > 0 && e.At.Before(c.Timeline[i-1].At) {
				t.Errorf("%s: entry %d is %d at %s", c.Number, i+1, e.Seq, e.At)
			}
		}
	}
	if len(numbers) != 150 || len(status) != len(statuses()) {
		t.Errorf("%d numbers and %d statuses, want 150 and %d", len(numbers), len(status), len(statuses()))
	}
	notices, err := st.store.Notices(t.Context(), "", 10)
	if err != nil || len(notices) != 0 {
		t.Errorf("invented cases told somebody: %v, %v", notices, err)
	}
}

func TestRealCasesAreNotMixedWith(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.clock.Set(noon)
	if err := OnlyDemo(t.Context(), st.store, st.office); err != nil {
		t.Errorf("an empty store: %v", err)
	}
	if err := st.filler(st.store).Fill(t.Context(), 0, 30, func() {}); err != nil {
		t.Fatal(err)
	}
	if err := OnlyDemo(t.Context(), st.store, st.office); err != nil {
		t.Errorf("invented cases only: %v", err)
	}
	if _, err := st.s.File(t.Context(), petition.Actor{Owner: "tg:1"}, petition.Filing{Key: "k", Owner: "tg:1", Channel: "telegram", Class: petition.Report, Facts: "有人收钱"}); err != nil {
		t.Fatal(err)
	}
	if err := OnlyDemo(t.Context(), st.store, st.office); !errors.Is(err, ErrReal) {
		t.Errorf("a real report among them: %v", err)
	}
}

// A life in bulk reads back with its code: the ticket of an invented case works.
func TestFilledCasesCanBeAskedFor(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	st.clock.Set(noon)
	p, err := NewPlay(st.s, st.clock, st.writer)
	if err != nil {
		t.Fatal(err)
	}
	filed, err := p.Play(t.Context(), noon)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range filed {
		if f.Code == "" { // written down by an officer: it stands on the receipt
			continue
		}
		v, err := st.s.Look(t.Context(), petition.Actor{Asker: "x"}, f.Number, f.Code)
		if err != nil || v.Status != f.Status {
			t.Errorf("%s %s: %s, %v; want %s", f.Number, f.Code, v.Status, err, f.Status)
		}
	}
}
