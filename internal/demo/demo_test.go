package demo

import (
	"crypto/sha256"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"dengwen/assist/replycheck"
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
	filed, err := p.Play(t.Context(), noon)
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

// What a head of a petition office would look at first: whether each of the fifty lives could
// have been. The matter is one of the unit it goes to, places and people are of the county, every
// answer speaks of what was asked and stands the reading over, and what comes after fits it.
func TestFiftyArePlausible(t *testing.T) {
	t.Parallel()
	st := newStage(t)
	p, err := NewPlay(st.s, st.clock, st.writer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Play(t.Context(), noon); err != nil {
		t.Fatal(err)
	}
	titles := map[string]bool{}
	for _, r := range st.everything(t) {
		c := r.Case
		i := slices.IndexFunc(p.script.Lives, func(l life) bool { return l.Story.Title == c.Filing.Title })
		if i < 0 {
			t.Fatalf("no life is called %s", c.Filing.Title)
		}
		l := p.script.Lives[i]
		bad := func(format string, args ...any) {
			t.Helper()
			t.Errorf("life %d, %s: %s", i+1, l.Story.Title, fmt.Sprintf(format, args...))
		}
		if titles[c.Filing.Title] {
			bad("the title is there twice")
		}
		titles[c.Filing.Title] = true
		if got := st.office.Route(c.Filing.Class, c.Filing.Subject, c.Filing.Place.Code); got != l.Story.Unit {
			bad("the office sends it to %s, not %s", got, l.Story.Unit)
		}
		st.ofTheCounty(bad, c)
		st.answersFit(bad, c)
	}
}

// ofTheCounty: the place is a village of its town, and no other town is spoken of.
func (st *stage) ofTheCounty(bad func(string, ...any), c petition.Case) {
	town, _ := st.office.Locality(c.Filing.Place.Code)
	village, ok := strings.CutPrefix(c.Filing.Place.Text, town.Name)
	if !ok || !slices.Contains(town.Villages, village) {
		bad("%s has no %s", town.Name, village)
	}
	said := c.Filing.Title + c.Filing.Facts + c.Filing.Request
	for _, e := range c.Timeline {
		said += e.Text + e.Args["facts"]
	}
	for _, o := range st.office.Places {
		if o.Code != town.Code && strings.Contains(strings.ReplaceAll(said, town.Name+"、"+o.Name, ""), o.Name) && !strings.Contains(said, "两个镇") {
			bad("it is in %s and speaks of %s", town.Name, o.Name)
		}
	}
	if strings.ContainsAny(said, "{}") {
		bad("a day is missing: %s", said)
	}
}

// answersFit: each answer is one that the reading over finds nothing in, an extension and a
// hearing lie ahead, nobody reopens or asks for review of what they called resolved, and a
// review that upholds does not follow another result.
func (st *stage) answersFit(bad func(string, ...any), c petition.Case) {
	settled := ""
	for _, e := range c.Timeline {
		check := replycheck.New(st.office, func() time.Time { return e.At }, nil).Check
		v := petition.View{Class: c.Filing.Class, Title: c.Filing.Title, Facts: c.Filing.Facts, Request: c.Filing.Request, Received: c.Received, Contact: &c.Filing.Contact}
		if e.Move != petition.MoveReply && e.Move != petition.MoveRefuse { // its own request stands in the paper
			v.Request = e.Args["request"]
		}
		for _, f := range check(v, petition.Move{Name: e.Move, Text: e.Text, Args: e.Args, Date: e.Args["date"]}) {
			bad("%s: %s %v", e.Move, f.Key, f.Args)
		}
		switch e.Move {
		case petition.MoveSettle:
			settled = e.Args["outcome"]
		case petition.MoveReopen, petition.MoveReview:
			if settled == "resolved" {
				bad("%s after it was resolved", e.Move)
			}
		case petition.MoveHearing, petition.MoveSupervise, petition.MoveAssign:
			if e.Args["date"] <= petition.Day(e.At) {
				bad("%s for %s", e.Move, e.Args["date"])
			}
		}
	}
}
