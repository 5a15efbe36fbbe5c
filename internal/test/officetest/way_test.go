package officetest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"dengwen/petition"
	"dengwen/storage/cases"
)

// way is what may happen on a message's way, from its arrival until it is settled. It stands
// in docs/turn.md.
var way = []string{"write event", "trip Accept", "ASK", "write session", "write row", "trip Commit", "FIND", "send", "NOTE", "trip Settle"}

// A message's way has two round trips to the conversation store before its answer leaves and
// one after it, and as many codings as docs/turn.md says. Each record is written as JSON when
// it is sealed and read when it is opened.
func TestAMessagesWay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		say     []string // the last line is measured
		conv    string
		sent    int      // messages that this leads to, in all chats
		asks    []string // what stands where the way asks
		codings int
		finds   []string // where a group shows the case is asked once, before sending
		notes   bool     // the message is noted after it was sent, to know what a reply to it means
	}{
		{name: "plain message", say: []string{"me> 你好"}, conv: "tg:1", sent: 1, codings: 3},
		{name: "story", say: []string{"me> 下梁镇三组的路一下雨就塌，请修好"}, conv: "tg:1", sent: 1, codings: 3},
		{name: "button", say: []string{"me> 下梁镇三组的路一下雨就塌，请修好", "me> [改一处]"}, conv: "tg:1", sent: 1, codings: 3},
		{
			name: "filing", say: []string{"me> 下梁镇三组的路一下雨就塌，请修好", "me> [提交]"}, conv: "tg:1", sent: 4, codings: 6,
			asks: []string{"case File", "write body", "write entries", "write notices"},
		},
		{
			name: "notice in a group", say: []string{"me> 下梁镇三组的路一下雨就塌，请修好", "me> [提交]"}, conv: "tg:-100", sent: 4, codings: 3,
			finds: []string{"roster Refs", "roster PutRefs"}, notes: true, // a topic is made and noted

		},
		{
			name: "officer's move", say: []string{"me> 下梁镇三组的路一下雨就塌，请修好", "me> [提交]", "wang> [我来办]"}, conv: "tg:11", sent: 2, codings: 5,
			asks: []string{"case Look", "case Do", "write body", "write entries"}, notes: true,
		},
		{
			name: "notice that follows a move", say: []string{"me> 下梁镇三组的路一下雨就塌，请修好", "me> [提交]", "wang> [我来办]"}, conv: "tg:-100", sent: 2, codings: 3,
			finds: []string{"roster Refs"}, notes: true,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			want := expected(c.asks, c.finds, c.notes)
			var got []string
			for range 3 { // a sweep may come between where the machine is slow: a claim more, not each time
				got = travelled(t, c.say, c.conv, c.sent)
				if !slices.Contains(got, "trip Claim") {
					break
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("the way of it was\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			if n := strings.Count("\n"+strings.Join(got, "\n"), "\nwrite "); n != c.codings {
				t.Errorf("%d codings, want %d", n, c.codings)
			}
		})
	}
}

// travelled is the way of the last line that is said. What the case service reads to answer,
// and notes of what was read, is its own affair; the roster is read anew every two seconds.
func travelled(t *testing.T, say []string, conv string, sent int) []string {
	seen, s := tracedScript(t)
	last := len(say) - 1
	for _, line := range say[:last] {
		s.line(line)
		s.w.Settle()
		s.show()
	}
	seen.take(conv)
	before := s.w.Post.count()
	s.line(say[last])
	s.await(before + sent)
	got := seen.take(conv)
	got = got[max(slices.Index(got, way[0]), 0):] // a notice's way begins when it is accepted
	return slices.DeleteFunc(got, func(l string) bool { return strings.HasPrefix(l, "read ") || l == "write accesses" })
}

// expected is the way with what is asked, found and noted on it.
func expected(asks, finds []string, notes bool) (all []string) {
	for _, l := range way {
		switch {
		case l == "ASK":
			all = append(all, asks...)
		case l == "FIND":
			all = append(all, finds...)
		case l == "NOTE" && notes:
			all = append(all, "roster PutRefs")
		case l != "NOTE":
			all = append(all, l)
		}
	}
	return all
}

// tracedScript is a script on the stores of a real process, with a citizen, an officer and
// the group of the officer's unit.
func tracedScript(t *testing.T) (*trace, *Script) {
	seen := &trace{}
	box := newBox(t).Observed(seen.saw)
	seen.know(box, "tg:1", "tg:11", "tg:-100")
	store, err := cases.Open(t.Context(), "", t.TempDir(), box)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	s := &Script{t: t, said: map[string]string{}}
	s.w = newWorld(t, func(o *petition.Office) { o.Example = true }, parts{box: box, cases: store, people: tracedRoster{store, seen}, watch: seen})
	for _, side := range []string{"me tg:1", "wang tg:11 王芳 petition intake,supervisor", "road tg:-100 petition topics"} {
		s.side(strings.Fields(side))
	}
	return seen, s
}

// await waits until so many messages were sent and all that led to them is settled.
func (s *Script) await(sent int) {
	s.t.Helper()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if s.w.Post.count() >= sent && s.w.Run.WaitIdle(s.t.Context()) == nil {
			return
		}
		if time.Now().After(end) {
			s.t.Fatalf("%d messages were sent, want %d", s.w.Post.count(), sent)
		}
	}
}
