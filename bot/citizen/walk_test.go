package citizen

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"dengwen/bot"
	"dengwen/petition"
	"dengwen/petition/telling"
)

// take runs one event and what follows from it; it answers how many messages the
// person got and whether an outcome was lost on the way.
func (w *randomWalk) take(e bot.Event) (says int, lost bool) {
	before := w.s
	after, effects := w.b.Step(w.s, e, w.now)
	w.checkStep(before, after, e)
	for _, f := range effects {
		if f.Say != nil {
			says++
			w.checkSay(f.Say, e)
		}
	}
	for _, f := range effects {
		o := w.outcomeOf(f)
		if o == nil {
			continue
		}
		if w.roll(60) == 0 {
			lost = true
			continue
		}
		n, l := w.take(bot.Event{ID: e.ID, At: w.now, Outcome: o})
		says, lost = says+n, lost || l
	}
	return says, lost
}

// checkStep checks a session: declared, reached by a declared way, equal after storage.
func (w *randomWalk) checkStep(before, after bot.Session, e bot.Event) {
	st, ok := w.b.states[after.State]
	if !ok {
		w.fail(e, before, "undeclared state %q", after.State)
	}
	if st.form && after.Draft == nil {
		w.fail(e, before, "question %s without a draft", after.State)
	}
	if before.State != "" && before.State != after.State && after.State != before.Return && !replayed(before, e) {
		_, declared := declaredAs(w.b.states[before.State], after.State)
		if !declared && !(global(w.b, before, e) && anywhereTo(after.State)) && !(w.b.states[before.State].form && mustAsk(after.State)) {
			w.fail(e, before, "undeclared: %s → %s", before.State, after.State)
		}
	}
	w.visited[after.State]++
	if w.s = after; w.seq%5 != 0 {
		return
	}
	data, err := json.Marshal(after)
	if err != nil {
		w.fail(e, before, "session cannot be stored: %v", err)
	}
	var again bot.Session
	if err := json.Unmarshal(data, &again); err != nil {
		w.fail(e, before, "session cannot be read: %v", err)
	}
	if data2, _ := json.Marshal(again); !bytes.Equal(data, data2) {
		w.fail(e, before, "session changes in storage")
	}
	w.s = again
}

// mustAsk reports a question that must be answered: it may come after any other of the form, where something in between
// (danger, a petition that could not be filed) had come before it.
func mustAsk(st bot.State) bool {
	return slices.ContainsFunc(form(), func(f field) bool { return f.name == st && f.must })
}

func anywhereTo(st bot.State) bool {
	for _, a := range anywhere {
		if a == st {
			return true
		}
	}
	return false
}

func (w *randomWalk) checkSay(s *bot.Say, e bot.Event) {
	limit := bot.MaxText
	if s.Receipt != nil {
		limit = bot.MaxCaption
	}
	if n := bot.Units(s.Text); n > limit || strings.TrimSpace(s.Text) == "" {
		w.fail(e, w.s, "message of %d units: %q", n, clip(s.Text, 80))
	}
	for _, row := range s.Rows {
		if len(row) == 0 || len(row) > 8 {
			w.fail(e, w.s, "row of %d buttons", len(row))
		}
		for _, b := range row {
			if b.Text == "" || len(b.Data) > bot.MaxData || b.Data == "" && b.URL == "" {
				w.fail(e, w.s, "bad button %+v", b)
			}
			w.shown = append(w.shown, b)
		}
	}
	if n := len(w.shown); n > 200 {
		w.shown = append([]bot.Button(nil), w.shown[n-100:]...)
	}
}

func (w *randomWalk) fail(e bot.Event, s bot.Session, format string, args ...any) {
	w.t.Helper()
	ev, _ := json.Marshal(e)
	se, _ := json.Marshal(s)
	w.t.Fatalf(format+"\nevent %s\nsession %s", append(args, clip(string(ev), 2000), clip(string(se), 4000))...)
}

// walk takes n random steps.
func (w *randomWalk) walk(n int) {
	for i := range n {
		w.now = w.now.Add(time.Duration(w.roll(120)) * time.Second)
		if w.roll(150) == 0 {
			w.now = w.now.Add(time.Duration(w.roll(40)) * time.Hour)
		}
		if len(w.late) > 0 && w.roll(5) == 0 {
			o := w.late[0]
			w.late = w.late[1:]
			w.take(bot.Event{ID: "late", Outcome: &o})
		}
		if w.roll(40) == 0 {
			w.take(w.notice())
		}
		e := w.event()
		follower := len(e.Media) > 0 && e.Media[0].Album != "" && e.Media[0].Album == w.s.Data["album"]
		before := w.s
		if says, lost := w.take(e); says == 0 && !lost && !follower {
			w.fail(e, before, "silence")
		}
		if i%300 == 0 {
			w.wayOut()
		}
		if w.roll(3000) == 0 {
			w.s = bot.Session{}
		}
	}
}

// wayOut checks that from here a person can always come to rest: with the command to
// cancel, and a yes where that is asked.
func (w *randomWalk) wayOut() {
	s, now := w.s, w.now
	for range 6 {
		now = now.Add(time.Hour)
		if st := w.b.states[s.State]; st.idle && s.Draft == nil {
			return
		}
		e := bot.Event{ID: "out", At: now, Command: "cancel"}
		switch s.State {
		case stateCancel:
			e = bot.Event{ID: "out", At: now, Press: &bot.Press{Data: fmt.Sprintf("%d:yes", s.Step)}}
		case stateResume:
			e = bot.Event{ID: "out", At: now, Press: &bot.Press{Data: fmt.Sprintf("%d:anew", s.Step)}}
			s.Kept = nil
		}
		s, _ = w.b.Step(s, e, now)
	}
	if st := w.b.states[s.State]; !st.idle {
		w.fail(bot.Event{}, w.s, "no way out of %s (stuck in %s)", w.s.State, s.State)
	}
}

func newRandomWalk(t testing.TB, roll func(int) int) *randomWalk {
	b := testBot(t)
	b.set.Ways = []string{telling.SMS, telling.Mail}
	return &randomWalk{t: t, b: b, roll: roll, now: time.Date(2026, 11, 23, 9, 0, 0, 0, zone), visited: map[bot.State]int{}}
}

// TestRandomWalk takes a million random steps, 200,000 with -short: no panic, no
// silence, no state without a way out, every session storable.
func TestRandomWalk(t *testing.T) {
	t.Parallel()
	steps, walkers := 1_000_000, 4
	if testing.Short() {
		steps = 200_000
	}
	for i := range walkers {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			r := rand.New(rand.NewPCG(uint64(i), 7))
			w := newRandomWalk(t, r.IntN)
			if i == 3 { // an office that has named nothing yet
				w.b = New(&petition.Office{Prefix: "ZS"}, w.b.locales, Settings{Telegram: true, Ways: []string{telling.SMS}, Model: "some-model"})
			}
			w.walk(steps / walkers)
			for name := range w.b.states {
				if i == 3 && name == stateBody {
					continue // an office without units has no bodies to choose from
				}
				if w.visited[name] == 0 {
					t.Errorf("state %s was never visited", name)
				}
			}
			t.Logf("%d steps in %v", steps/walkers, time.Since(began).Round(time.Millisecond))
		})
	}
}

// FuzzStep lets bytes choose the events.
func FuzzStep(f *testing.F) {
	f.Add([]byte("a story, a press, a number"))
	f.Add([]byte{1, 2, 3, 50, 60, 70, 80, 90, 99, 12, 13, 14})
	b := testBot(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		roll := func(n int) int {
			if len(data) == 0 || n <= 0 {
				return 0
			}
			v := int(data[0]) % n
			data = data[1:]
			return v
		}
		data = data[:min(len(data), 400)]
		w := &randomWalk{t: t, b: b, roll: roll, now: monday, visited: map[bot.State]int{}}
		for len(data) > 0 {
			w.walk(1)
		}
	})
}
