package demo

import (
	"crypto/sha256"
	"fmt"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"dengwen/internal/office"
	"dengwen/internal/test/memory"
	"dengwen/petition"
)

var noon = time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)

func hashed(purpose, value string) []byte {
	h := sha256.Sum256([]byte(purpose + "\x00" + value))
	return h[:]
}

type stage struct {
	store  *memory.Memory
	clock  *Clock
	office *petition.Office
	s      *petition.Service
	writer *Writer
}

func newStage(t *testing.T) *stage {
	t.Helper()
	st := &stage{store: memory.NewMemory(), clock: new(Clock), office: office.Example()}
	var ids atomic.Int64
	st.s = petition.NewService(st.store, st.office, petition.DefaultCalendar(), hashed, st.clock.Now,
		func() string { return fmt.Sprintf("id-%06d", ids.Add(1)) }, nil)
	var err error
	if st.writer, err = NewWriter(st.office, 7); err != nil {
		t.Fatal(err)
	}
	return st
}

// everything reads all records of the store.
func (st *stage) everything(t *testing.T) []petition.Record {
	t.Helper()
	sc := petition.Scope{All: true}
	for _, u := range st.office.Units {
		sc.SealedUnits = append(sc.SealedUnits, u.Code)
	}
	var all []petition.Record
	q := petition.Query{Order: "new", Limit: 100, Whole: true}
	for {
		page, after, err := st.store.List(t.Context(), sc, q)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page...)
		if q.After = after; after == "" {
			return all
		}
	}
}

func TestFiftyReachEveryStatusAndColour(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p, err := NewPlay(st.s, st.clock, st.writer)
	if err != nil {
		t.Fatal(err)
	}
	filed, err := p.Fifty(t.Context(), noon)
	if err != nil {
		t.Fatal(err)
	}
	all := st.everything(t)
	if len(filed) != 50 || len(all) != 50 {
		t.Fatalf("%d filed, %d in the store, want 50", len(filed), len(all))
	}
	have := map[string]bool{}
	for _, r := range all {
		c := r.Case
		have["status "+string(c.Status)], have["class "+string(c.Filing.Class)], have["channel "+c.Filing.Channel] = true, true, true
		if k, ok := c.First(); ok {
			have["colour "+k.Colour(petition.Day(noon), st.office.Settings)] = true
			have["clock "+k.State] = true
		}
		for _, e := range c.Timeline {
			have["move "+string(e.Move)] = true
			if e.At.After(noon) {
				t.Errorf("%s: %s happens at %s, after now", c.Number, e.Move, e.At)
			}
		}
	}
	want := []string{"colour green", "colour yellow", "colour red", "class claim", "class suggestion", "class report",
		"channel web", "channel letter", "channel call", "channel visit", "move overdue", "move escalate", "move extend", "clock paused", "move remind"}
	for _, s := range statuses() {
		want = append(want, "status "+string(s))
	}
	for _, w := range want {
		if !have[w] {
			t.Errorf("no case shows %s", w)
		}
	}
}

// statuses are all that the table of moves knows.
func statuses() []petition.Status {
	seen := map[petition.Status]bool{}
	var all []petition.Status
	for _, m := range petition.Moves() {
		if s := m.To; s != "" && s != petition.Back && !seen[s] {
			seen[s] = true
			all = append(all, s)
		}
	}
	return all
}

func TestTheWriterRepeatsItselfOnlyWhenAsked(t *testing.T) {
	t.Parallel()
	o := office.Example()
	a, err := NewWriter(o, 1)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := NewWriter(o, 2)
	subjects, places, lengths, facts := map[string]bool{}, map[string]bool{}, map[int]bool{}, map[string]bool{}
	same := 0
	for i := range 5000 {
		f := a.Filing(i)
		if !reflect.DeepEqual(f, a.Filing(i)) {
			t.Fatalf("filing %d is not the same twice", i)
		}
		if f.Facts == b.Filing(i).Facts {
			same++
		}
		if strings.ContainsAny(f.Facts+f.Title+f.Request, "{}") {
			t.Errorf("filing %d has a hole: %s %s", i, f.Title, f.Facts)
		}
		subjects[f.Subject], places[f.Place.Code], facts[f.Facts] = true, true, true
		lengths[utf8.RuneCountInString(f.Facts)/20] = true
	}
	if same > 500 {
		t.Errorf("%d of 5000 stories are the same with another seed", same)
	}
	second := 0
	for _, c := range o.Categories {
		if c.Parent != "" {
			second++
		}
	}
	if len(subjects) < second*9/10 || len(places) != len(o.Places) || len(lengths) < 8 || len(facts) < 4000 {
		t.Errorf("%d subjects of %d, %d places of %d, %d lengths, %d different stories of 5000",
			len(subjects), second, len(places), len(o.Places), len(lengths), len(facts))
	}
}

func TestEveryUnitHasPeople(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	units, ids := map[string]int{}, map[string]bool{}
	for _, p := range st.writer.Officers() {
		units[p.Unit]++
		if ids[p.ID] || p.Name == "" || p.Chat != "" {
			t.Errorf("officer %+v", p)
		}
		ids[p.ID] = true
	}
	for _, u := range st.office.Units {
		if units[u.Code] != 2 {
			t.Errorf("unit %s has %d people", u.Code, units[u.Code])
		}
	}
}
