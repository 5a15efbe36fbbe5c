package practice_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dengwen/internal/demo"
	"dengwen/internal/office"
	"dengwen/internal/practice"
	"dengwen/internal/test/memory"
	"dengwen/locales"
	"dengwen/petition"
)

// practiceOffice is one with a learner at work.
type practiceOffice struct {
	t       *testing.T
	store   *memory.Memory
	cases   *petition.Service
	learner petition.Actor
	coach   *practice.Coach
	ids     []string // of the ten
	numbers map[string]string
	keys    atomic.Int64
	done    chan []practice.Result
	stop    context.CancelFunc
}

func hashed(purpose, value string) []byte {
	h := sha256.Sum256([]byte(purpose + ":" + value))
	return h[:]
}

func enter(t *testing.T) *practiceOffice {
	t.Helper()
	r := &practiceOffice{t: t, store: memory.NewMemory(), numbers: map[string]string{}, done: make(chan []practice.Result, 1)}
	o := office.Example()
	w, err := demo.NewWriter(o, 1)
	if err != nil {
		t.Fatal(err)
	}
	clock := new(demo.Clock)
	past := petition.NewService(demo.WithoutNotices{Store: r.store}, o, petition.DefaultCalendar(), hashed, clock.Now, demo.NewID, nil)
	play, err := demo.NewPlayOf(past, clock, w, practice.Lives())
	if err != nil {
		t.Fatal(err)
	}
	filed, err := play.Play(t.Context(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	r.cases = petition.NewService(r.store, o, petition.DefaultCalendar(), hashed, time.Now, r.key, nil)
	r.learner = petition.Actor{Staff: "learner", Unit: o.Unit, Roles: []petition.Role{petition.Intake, petition.Officer}}
	people := map[string]petition.Actor{}
	for _, p := range w.Officers() {
		people[p.ID] = p.Actor()
	}
	var numbers []string
	for _, f := range filed {
		numbers = append(numbers, f.Number)
	}
	r.coach, err = practice.New(practice.Config{
		Cases: r.cases, Store: r.store, Changed: r.store.Changed, Office: o, Learner: r.learner, Name: "李小红",
		Coach: petition.Actor{Staff: "coach", Unit: o.Unit, Roles: []petition.Role{petition.Head, petition.Intake}},
		Unit:  func(unit string) (petition.Actor, bool) { a, ok := people["demo-"+unit+"-a"]; return a, ok },
		NewID: r.key, Words: func(key string, args ...any) string { return words.Say("zh-CN", key, args...) }, Out: io.Discard, Every: time.Millisecond,
	}, numbers)
	if err != nil {
		t.Fatal(err)
	}
	for _, got := range r.coach.Results() {
		r.ids = append(r.ids, got.ID)
		r.numbers[got.ID] = got.Number
	}
	if err := r.coach.Begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	r.stop = stop
	ready := make(chan struct{})
	go func() {
		close(ready)
		all, err := r.coach.Run(ctx)
		if err != nil {
			t.Error(err)
		}
		r.done <- all
	}()
	<-ready
	time.Sleep(20 * time.Millisecond) // Run has read what is there
	return r
}

func (r *practiceOffice) key() string { return fmt.Sprintf("k%d", r.keys.Add(1)) }

// do makes a move as the learner and waits for what the coach says of it.
func (r *practiceOffice) do(id string, m petition.Move) {
	r.t.Helper()
	m.Key = r.key()
	before := r.said()
	if _, err := r.cases.Do(r.t.Context(), r.learner, r.numbers[id], m); err != nil {
		r.t.Fatalf("%s, %s: %v", id, m.Name, err)
	}
	for range 2000 {
		if r.said() > before {
			return
		}
		time.Sleep(time.Millisecond)
	}
	r.t.Fatalf("%s, %s: the coach says nothing", id, m.Name)
}

// said counts the coach's notes in the ten cases.
func (r *practiceOffice) said() (n int) {
	for _, number := range r.numbers {
		c, err := r.store.Load(r.t.Context(), number)
		if err != nil {
			r.t.Fatal(err)
		}
		for _, e := range c.Case.Timeline {
			if e.Staff == "coach" && e.Move == petition.MoveNote {
				n++
			}
		}
	}
	return n
}

func (r *practiceOffice) end() map[string]practice.Result {
	r.stop()
	all := map[string]practice.Result{}
	for _, got := range <-r.done {
		all[got.ID] = got
	}
	return all
}

func transfer(unit string) petition.Move {
	return petition.Move{Name: petition.MoveTransfer, Unit: unit}
}

func paper(name petition.MoveName, args map[string]string) petition.Move {
	return petition.Move{Name: petition.MoveSubmit, For: name, Text: "说明如上。", Args: args}
}

func TestWhoDoesWhatIsAskedIsRightInAllTen(t *testing.T) {
	t.Parallel()
	r := enter(t)
	r.do("road", transfer("transport"))
	r.do("slope", petition.Move{Name: petition.MoveAttend})
	r.do("slope", petition.Move{Name: petition.MoveAttended, Args: map[string]string{"measure": "called"}, Text: "打了 119，人已经出来。"})
	r.do("slope", transfer("land"))
	r.do("hidden", petition.Move{Name: petition.MoveSeal, Text: "说村支书拿了公款"})
	r.do("objection", petition.Move{Name: petition.MoveAgree})
	r.do("objection", transfer("urban"))
	r.do("wages", petition.Move{Name: petition.MoveGuide, Args: map[string]string{"route": "2", "basis": "《劳动争议调解仲裁法》第二十七条", "elsewhere": "县劳动人事争议仲裁院", "until": "一年内"}})
	r.do("again", paper(petition.MoveInHand, map[string]string{"elsewhere": "营盘镇人民政府", "until": "受理告知书上的日期"}))
	no := paper(petition.MoveNoLonger, map[string]string{"opinion": "商政信复〔2026〕3号"})
	no.Date = petition.Day(time.Now().AddDate(0, 0, -200))
	r.do("finished", no)
	r.do("idea", petition.Move{Name: petition.MoveClassify, Args: map[string]string{"class": "suggestion"}})
	r.do("idea", transfer("transport"))
	late := paper(petition.MoveSupervise, map[string]string{"reason": "delay", "kind": "letter"})
	late.Date = petition.Day(time.Now().AddDate(0, 0, 10))
	r.do("late", late)
	r.do("crowd", petition.Move{Name: petition.MoveRepresent, Args: map[string]string{"names": "成长明、毛书平"}})
	r.do("crowd", transfer("xingping"))
	for id, got := range r.end() {
		if got.Mark != practice.Right || len(got.Slips) != 0 {
			t.Errorf("%s: %s %q", id, got.Mark, got.Slips)
		}
	}
}

func TestWhoGoesAstrayIsToldWhatWasAsked(t *testing.T) {
	t.Parallel()
	r := enter(t)
	r.do("road", transfer("police")) // not competent: its officer objects
	r.do("road", petition.Move{Name: petition.MoveAgree})
	r.do("road", transfer("transport"))
	r.do("slope", transfer("land"))     // before anybody looked after the people
	r.do("hidden", transfer("caoping")) // it may still be sealed
	r.do("again", transfer("water"))    // the petition office can't answer it any more
	r.do("idea", petition.Move{Name: petition.MoveClassify, Args: map[string]string{"route": "6"}})
	got := r.end()
	for id, want := range map[string]struct {
		mark practice.Mark
		says string
	}{
		"road": {practice.Detour, "公安"}, "slope": {practice.Open, "我来管"}, "hidden": {practice.Open, "封存"}, "again": {practice.Missed, "不重复受理"}, "idea": {practice.Open, "意见建议"},
		"late": {practice.Open, ""},
	} {
		g := got[id]
		if g.Mark != want.mark || !strings.Contains(strings.Join(g.Slips, " "), want.says) {
			t.Errorf("%s: %s %q, want %s and %q", id, g.Mark, g.Slips, want.mark, want.says)
		}
	}
}

// Each step has its sentences in every language: a missing one would be said as its key.
func TestEverySentenceIsThere(t *testing.T) {
	t.Parallel()
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := practice.Keys()
	if err != nil || len(keys) < 40 {
		t.Fatalf("%d keys, %v", len(keys), err)
	}
	for _, l := range words.Languages() {
		for _, key := range keys {
			if said := words.Say(l.Tag, key); said == key || said == "" {
				t.Errorf("%s: no sentence %s", l.Tag, key)
			}
		}
	}
}
