package turn_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"dengwen/bot"
	"dengwen/bot/turn"
	"dengwen/petition"
)

func TestOneTurn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.hear("tg:1", "e1", "hello there")
	h.hear("tg:1", "e1", "hello there")
	h.quiet()
	h.sent("e1 hello", "e1 there")
	h.hear("tg:1", "e2", "again")
	h.quiet()
	h.sent("e1 hello", "e1 there", "e2 again")
	m := h.r.Metrics()
	if m.Events.Load() != 2 || m.Duplicates.Load() != 1 || m.Turns.Load() != 2 || m.Sends.Load() != 3 {
		t.Errorf("counted %d events, %d duplicates, %d turns, %d sends", m.Events.Load(), m.Duplicates.Load(), m.Turns.Load(), m.Sends.Load())
	}
}

// What an event asks is answered within its turn; the messages of one step stand
// before those of its outcomes.
func TestQuestions(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.hear("tg:1", "e1", "file look list do read ask forget done")
	h.quiet()
	h.sent("e1 done", "e1/0: ticket T1", "e1/1: look ZS26-0001-1A", "e1/2: page of 2",
		"e1/3: do ZS26-0001-1A", "e1/4: read story", "e1/5: on deadlines", "e1/6: forget 3")
	if n := h.r.Metrics().Turns.Load(); n != 1 {
		t.Errorf("%d turns, want 1", n)
	}
	for key, f := range h.cases.filed {
		if !strings.HasSuffix(key, "/draft") || f.Owner != "tg:1" || f.Channel != "telegram" {
			t.Errorf("filed %q: %+v", key, f)
		}
	}
	if len(h.cases.moves) != 1 {
		t.Errorf("moves %v", h.cases.moves)
	}
}

// The same draft name in two chats is two drafts.
func TestFilingKeysOfTwoChats(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.hear("tg:1", "e1", "file")
	h.hear("tg:2", "e1", "file")
	h.quiet()
	if len(h.cases.filed) != 2 {
		t.Fatalf("filed %d", len(h.cases.filed))
	}
}

func TestOrderWithinAConversation(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var want []string
	for i := range 40 {
		id := fmt.Sprintf("e%d", i)
		h.hear("tg:1", id, "x")
		want = append(want, id+" x")
	}
	h.quiet()
	h.sent(want...)
}

// A slow reader holds up its own conversation and no other.
func TestSlowReaderBlocksNobodyElse(t *testing.T) {
	t.Parallel()
	free := make(chan struct{})
	h := newHouse(t, func(h *house) {
		h.o.ReadFor = 20 * time.Second
		h.read = func(ctx context.Context, _ string) (bot.Reading, error) {
			select {
			case <-free:
			case <-ctx.Done():
			}
			return bot.Reading{Kind: "story"}, ctx.Err()
		}
	})
	for i := range 50 {
		h.hear(fmt.Sprintf("tg:slow%d", i), "e1", "read")
	}
	h.hear("tg:quick", "e1", "hello")
	h.until("the quick one is answered", func() bool { return len(h.post.all()) == 1 })
	h.sent("e1 hello")
	close(free)
	h.quiet()
	if n := len(h.post.all()); n != 51 {
		t.Fatalf("%d answers", n)
	}
}

func TestReaderThatTakesTooLong(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(h *house) {
		h.read = func(ctx context.Context, _ string) (bot.Reading, error) {
			<-ctx.Done()
			return bot.Reading{}, ctx.Err()
		}
	})
	h.hear("tg:1", "e1", "read")
	h.quiet()
	h.sent("e1/0: read unavailable pending=false")
}

// The case service is down: the person is told at once, and the petition is filed
// when the service is back, once.
func TestLateFiling(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.cases.fail = func(call string, n int) error {
		if call == "file" && n <= 3 {
			return petition.Fail(petition.Unavailable, "api.down")
		}
		return nil
	}
	h.hear("tg:1", "e1", "file")
	h.until("told", func() bool { return len(h.post.all()) == 1 })
	h.quiet()
	h.sent("e1/0: file unavailable pending=true", "done:e1/0: ticket T1")
	if len(h.cases.filed) != 1 {
		t.Fatalf("filed %v", h.cases.filed)
	}
	if n := h.r.Metrics().Late.Load(); n != 2 {
		t.Errorf("%d late tries, want 2", n)
	}
}

func TestRefusalsAreNotKept(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.cases.fail = func(call string, _ int) error {
		switch call {
		case "file":
			return petition.Wrap(petition.Fail(petition.Limited, "too.often"), "file")
		case "do":
			return petition.Fail(petition.Conflict, "not.now")
		case "look":
			return errors.New("a bug")
		}
		panic("a worse bug")
	}
	h.hear("tg:1", "e1", "file do look list")
	h.quiet()
	h.sent("e1/0: file limited pending=false", "e1/1: do conflict pending=false",
		"e1/2: look internal pending=false", "e1/3: list internal pending=false")
}

// What is asked beyond the bound is answered by later events and not lost.
func TestChainIsBounded(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.hear("tg:1", "e1", strings.TrimSpace(strings.Repeat("look ", turn.MaxChain+2)))
	h.quiet()
	got := h.post.all()
	if len(got) != turn.MaxChain+2 {
		t.Fatalf("sent %v", got)
	}
	late := strings.Join(got[turn.MaxChain:], "|")
	if !strings.Contains(late, "done:e1/8: look") || !strings.Contains(late, "done:e1/9: look") {
		t.Errorf("later answers %s", late)
	}
}

func TestFilesAreFetchedBeside(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.cases.fail = func(call string, n int) error {
		if call == "attach" && n == 1 {
			return petition.Fail(petition.Unavailable, "disk.busy")
		}
		return nil
	}
	h.hear("tg:1", "e1", "fetch-a thanks")
	h.quiet()
	h.sent("e1 thanks")
	if len(h.cases.attached) != 1 {
		t.Fatalf("attached %v", h.cases.attached)
	}
	for id, body := range h.cases.attached {
		if len(id) != 22 || body != "bytes of fetch-a thanks" {
			t.Errorf("attached %q under %q", body, id)
		}
	}
}

func TestFilesThatCannotBeHad(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.cases.fail = func(call string, _ int) error {
		if call == "attach" {
			return petition.Fail(petition.Invalid, "file.too_large")
		}
		return nil
	}
	h.hear("tg:1", "e1", "fetch-a")
	h.hear("tg:2", "e2", "fetch-lost")
	h.quiet()
	got := strings.Join(h.post.all(), "|")
	for _, want := range []string{"done:e1/0: fetch-a invalid pending=false", "done:e2/0: fetch-lost invalid pending=false"} {
		if !strings.Contains(got, want) {
			t.Errorf("sent %s, want %s in it", got, want)
		}
	}
}

func TestPanicIsSetAside(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.hear("tg:1", "e1", "hello")
	h.hear("tg:1", "e2", "panic")
	h.hear("tg:1", "e3", "hello")
	h.quiet()
	h.sent("e1 hello", "Sorry, something went wrong on our side. Please say it again.", "e3 hello")
	all, err := h.store.Asides(context.Background(), 10)
	if err != nil || len(all) != 1 || all[0].ID != "e2" {
		t.Fatalf("set aside %v, %v", all, err)
	}
	if h.r.Metrics().Poison.Load() != 1 {
		t.Error("not counted")
	}
	if log := h.log.String(); strings.Contains(log, "secret words") || !strings.Contains(log, "panicked") {
		t.Errorf("log: %s", log)
	}
}

func TestUndecodableEventIsSetAside(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx := context.Background()
	h.hear("tg:1", "e1", "hello")
	h.quiet()
	keys := h.keyOf("tg:1")
	if _, err := h.store.Accept(ctx, keys, "bad", []byte("not sealed"), turn.Lease{Now: time.Now()}); err != nil {
		t.Fatal(err)
	}
	h.until("it is set aside", func() bool { return h.r.Metrics().Poison.Load() == 1 })
	h.hear("tg:1", "e2", "hello")
	h.quiet()
	if d, err := h.store.Depth(ctx, time.Now()); err != nil || d.Aside != 1 {
		t.Fatalf("depth %+v, %v", d, err)
	}
	if err := h.r.Keep(ctx, "tg:", "tg:88", []byte(`{"what":"?"}`)); err != nil {
		t.Fatal(err)
	}
	all, err := h.store.Asides(ctx, 10)
	if err != nil || len(all) != 2 || strings.Contains(string(all[0].Body), "what") {
		t.Fatalf("set aside %v, %v", all, err)
	}
}

// keyOf finds the store's name of a conversation that nobody else is in.
func (h *house) keyOf(conv string) string {
	return fmt.Sprintf("%x", h.box.Hash("conversation", conv)[:16])
}

func TestEventsOutsideTheLimits(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, c := range []struct{ conv, id, text string }{
		{"", "e", "x"}, {"tg:", "e", "x"}, {":1", "e", "x"}, {"tg", "e", "x"}, {"tg:1", "", "x"},
		{"tg:" + strings.Repeat("9", turn.MaxConv), "e", "x"}, {"tg:1", strings.Repeat("e", turn.MaxID+1), "x"},
		{"tg:1", "e", strings.Repeat("长", turn.MaxBody)},
	} {
		err := h.r.Accept(context.Background(), c.conv, bot.Event{ID: c.id, Text: c.text})
		if !errors.Is(err, turn.ErrEvent) {
			t.Errorf("accept %.10q %.10q: %v", c.conv, c.id, err)
		}
	}
}

// Nothing that lies in the store can be read there, and no line of the log says
// what a citizen wrote or who it was.
func TestNothingInTheClear(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.post.fail = func(int, string, string) error { return errors.New("down") }
	h.hear("tg:55512345", "e1", "waste water in the river")
	h.until("tried", func() bool { return h.r.Metrics().Retries.Load() > 0 })
	h.stop()
	due, err := h.store.Due(context.Background(), time.Now().Add(time.Hour), 10)
	if err != nil || len(due) != 1 {
		t.Fatalf("due %v, %v", due, err)
	}
	w, err := h.store.Claim(context.Background(), due[0], turn.Lease{Owner: "x", For: time.Second, Now: time.Now().Add(time.Hour)})
	if err != nil || len(w.Rows) == 0 || w.Session == nil {
		t.Fatalf("claim %+v, %v", w, err)
	}
	for _, text := range append([]string{due[0], string(w.Session), h.log.String()}, bodies(w.Rows)...) {
		for _, word := range []string{"55512345", "waste", "river"} {
			if strings.Contains(text, word) {
				t.Errorf("%q in %q", word, text)
			}
		}
	}
}

func bodies(items []turn.Item) (out []string) {
	for _, it := range items {
		out = append(out, string(it.Body))
	}
	return out
}
