package turn_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"dengwen/bot"
	"dengwen/bot/turn"
)

func TestPanicIsADeadLetter(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.accept("tg:1", "e1", "hello")
	h.accept("tg:1", "e2", "panic")
	h.accept("tg:1", "e3", "hello")
	h.waitIdle()
	h.wantSent("e1 hello", "sorry in en", "e3 hello")
	all, err := h.store.DeadLetters(context.Background(), 10)
	if err != nil || len(all) != 1 || all[0].ID != "e2" {
		t.Fatalf("dead letters %v, %v", all, err)
	}
	if h.r.Metrics().DeadLetters.Load() != 1 {
		t.Error("not counted")
	}
	if log := h.log.String(); strings.Contains(log, "secret words") || !strings.Contains(log, "panicked") {
		t.Errorf("log: %s", log)
	}
}

func TestUndecodableEventIsADeadLetter(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	ctx := context.Background()
	h.accept("tg:1", "e1", "hello")
	h.waitIdle()
	keys := h.keyOf("tg:1")
	if _, err := h.store.Accept(ctx, keys, "bad", []byte("not sealed"), turn.Lease{Now: time.Now()}); err != nil {
		t.Fatal(err)
	}
	h.until("it is a dead letter", func() bool { return h.r.Metrics().DeadLetters.Load() == 1 })
	h.accept("tg:1", "e2", "hello")
	h.waitIdle()
	if d, err := h.store.Depth(ctx, time.Now()); err != nil || d.DeadLetters != 1 {
		t.Fatalf("depth %+v, %v", d, err)
	}
	if err := h.r.PutDeadLetter(ctx, "tg:", "tg:88", []byte(`{"what":"?"}`)); err != nil {
		t.Fatal(err)
	}
	all, err := h.store.DeadLetters(ctx, 10)
	if err != nil || len(all) != 2 || strings.Contains(string(all[0].Body), "what") {
		t.Fatalf("dead letters %v, %v", all, err)
	}
}

// keyOf finds the store's name of a conversation that nobody else is in.
func (h *harness) keyOf(conv string) string {
	return fmt.Sprintf("%x", h.box.Hash("conversation", conv)[:16])
}

func TestEventsOutsideTheLimits(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
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
	h := newHarness(t)
	h.sender.fail = func(int, string, string) error { return errors.New("down") }
	h.accept("tg:55512345", "e1", "waste water in the river")
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

// A row that a later version wrote for what this one does not know is not ended as if it
// were done: what it carries is kept, and can be seen.
func TestRowOfAnUnknownKindIsADeadLetter(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.stop()
	ctx, key := context.Background(), h.keyOf("tg:1")
	row, err := h.box.Seal([]byte(`{"c":"tg:1","e":{"tag":"later","teleport":{"file":"the only copy"}}}`), "turn:"+key+":row")
	if err != nil {
		t.Fatal(err)
	}
	w, err := h.store.Accept(ctx, key, "e1", []byte("x"), turn.Lease{Owner: "later", For: time.Second, Now: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	c := turn.Change{Fence: w.Fence, Version: w.Version, Done: "e1", Rows: []turn.Item{{Key: "e1/0", Body: row}}, Retention: time.Hour, Now: time.Now()}
	if err := h.store.Commit(ctx, key, c); err != nil {
		t.Fatal(err)
	}
	h.start()
	h.waitIdle()
	h.wantSent()
	all, err := h.store.DeadLetters(ctx, 10)
	if err != nil || len(all) != 1 || all[0].ID != "e1/0" || !bytes.Equal(all[0].Body, row) {
		t.Fatalf("dead letters %v, %v", all, err)
	}
	if n := h.r.Metrics().DeadLetters.Load(); n != 1 || !strings.Contains(h.log.String(), "unknown kind") || strings.Contains(h.log.String(), "only copy") {
		t.Errorf("%d counted, log: %s", n, h.log.String())
	}
}
