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
	h := newHarness(t)
	h.accept("tg:1", "e1", "hello there")
	h.accept("tg:1", "e1", "hello there")
	h.waitIdle()
	h.wantSent("e1 hello", "e1 there")
	h.accept("tg:1", "e2", "again")
	h.waitIdle()
	h.wantSent("e1 hello", "e1 there", "e2 again")
	m := h.r.Metrics()
	if m.Events.Load() != 2 || m.Duplicates.Load() != 1 || m.Turns.Load() != 2 || m.Sends.Load() != 3 {
		t.Errorf("counted %d events, %d duplicates, %d turns, %d sends", m.Events.Load(), m.Duplicates.Load(), m.Turns.Load(), m.Sends.Load())
	}
}

// What an event asks is answered within its turn; the messages of one step stand
// before those of its outcomes.
func TestQuestions(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.accept("tg:1", "e1", "file look list do read ask forget done")
	h.waitIdle()
	h.wantSent("e1 done", "e1/0: ticket T1", "e1/1: look ZS26-0001-1A", "e1/2: page of 2",
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
	h := newHarness(t)
	h.accept("tg:1", "e1", "file")
	h.accept("tg:2", "e1", "file")
	h.waitIdle()
	if len(h.cases.filed) != 2 {
		t.Fatalf("filed %d", len(h.cases.filed))
	}
}

func TestOrderWithinAConversation(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	var want []string
	for i := range 40 {
		id := fmt.Sprintf("e%d", i)
		h.accept("tg:1", id, "x")
		want = append(want, id+" x")
	}
	h.waitIdle()
	h.wantSent(want...)
}

// A slow reader holds up its own conversation and no other.
func TestSlowReaderBlocksNobodyElse(t *testing.T) {
	t.Parallel()
	free := make(chan struct{})
	h := newHarness(t, func(h *harness) {
		h.o.ReadFor, h.o.Lease = 20*time.Second, 20*time.Second // on a busy machine a lease lost would be one answer more
		h.read = func(ctx context.Context, _ string) (bot.Reading, error) {
			select {
			case <-free:
			case <-ctx.Done():
			}
			return bot.Reading{Kind: "story"}, ctx.Err()
		}
	})
	for i := range 50 {
		h.accept(fmt.Sprintf("tg:slow%d", i), "e1", "read")
	}
	h.accept("tg:quick", "e1", "hello")
	h.until("the quick one is answered", func() bool { return len(h.sender.all()) == 1 })
	h.wantSent("e1 hello")
	close(free)
	h.waitIdle()
	if n := len(h.sender.all()); n != 51 {
		t.Fatalf("%d answers", n)
	}
}

func TestReaderThatTakesTooLong(t *testing.T) {
	t.Parallel()
	h := newHarness(t, func(h *harness) {
		h.read = func(ctx context.Context, _ string) (bot.Reading, error) {
			<-ctx.Done()
			return bot.Reading{}, ctx.Err()
		}
	})
	h.accept("tg:1", "e1", "read")
	h.waitIdle()
	h.wantSent("e1/0: read unavailable pending=false")
}

// The case service is down: the person is told at once, and the petition is filed
// when the service is back, once.
func TestLateFiling(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.cases.fail = func(call string, n int) error {
		if call == "file" && n <= 3 {
			return petition.Fail(petition.Unavailable, "api.down")
		}
		return nil
	}
	h.accept("tg:1", "e1", "file")
	h.until("told", func() bool { return len(h.sender.all()) == 1 })
	h.waitIdle()
	h.wantSent("e1/0: file unavailable pending=true", "done:e1/0: ticket T1")
	if len(h.cases.filed) != 1 {
		t.Fatalf("filed %v", h.cases.filed)
	}
	if n := h.r.Metrics().TaskRetries.Load(); n != 2 {
		t.Errorf("%d late tries, want 2", n)
	}
}

func TestRefusalsAreNotKept(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
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
	h.accept("tg:1", "e1", "file do look list")
	h.waitIdle()
	h.wantSent("e1/0: file limited pending=false", "e1/1: do conflict pending=false",
		"e1/2: look internal pending=false", "e1/3: list internal pending=false")
}

// What is asked beyond the bound is answered by later events and not lost.
func TestChainIsBounded(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.accept("tg:1", "e1", strings.TrimSpace(strings.Repeat("look ", turn.MaxChain+2)))
	h.waitIdle()
	got := h.sender.all()
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
	h := newHarness(t)
	h.cases.fail = func(call string, n int) error {
		switch {
		case call == "attach" && n == 1:
			return petition.Fail(petition.Unavailable, "disk.busy")
		case call == "attach" && n == 2:
			return errors.New("a fault of ours")
		}
		return nil
	}
	h.accept("tg:1", "e1", "fetch-a thanks")
	h.waitIdle()
	h.wantSent("e1 thanks")
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
	h := newHarness(t)
	h.cases.fail = func(call string, _ int) error {
		if call == "attach" {
			return petition.Fail(petition.Invalid, "file.too_large")
		}
		return nil
	}
	h.accept("tg:1", "e1", "fetch-a")
	h.accept("tg:2", "e2", "fetch-lost")
	h.waitIdle()
	got := strings.Join(h.sender.all(), "|")
	for _, want := range []string{"done:e1/0: fetch-a invalid pending=false", "done:e2/0: fetch-lost invalid pending=false"} {
		if !strings.Contains(got, want) {
			t.Errorf("sent %s, want %s in it", got, want)
		}
	}
}
