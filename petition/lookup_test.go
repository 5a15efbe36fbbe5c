package petition_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"dengwen/petition"
)

func TestLookUpAndGuessing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.file(filing(petition.Claim))
	look := func(a petition.Actor, number, code string) error {
		_, err := w.s.Look(t.Context(), a, number, code)
		return err
	}
	if err := look(lin, strings.ToLower(k.Number), ""); err != nil {
		t.Errorf("own chat: %v", err)
	}
	if err := look(stranger, k.Number, strings.ToLower(k.Code)); err != nil {
		t.Errorf("number and code: %v", err)
	}
	wrongNumber, wrongCode := look(stranger, "ZS26-9999-22", "ABCDEFGH"), look(stranger, k.Number, "ABCDEFGH")
	if fmt.Sprint(wrongNumber) != fmt.Sprint(wrongCode) || petition.CodeOf(wrongCode) != petition.NotFound {
		t.Errorf("wrong number: %v; wrong code: %v", wrongNumber, wrongCode)
	}
	for range 3 {
		wantError(t, look(stranger, k.Number, "ABCDEFGH"), petition.NotFound, "lookup.no_match")
	}
	wantError(t, look(stranger, k.Number, k.Code), petition.Limited, "lookup.locked")
	if err := look(lin, k.Number, ""); err != nil {
		t.Errorf("the own chat was locked out: %v", err)
	}
	w.days(1)
	if err := look(stranger, k.Number, k.Code); err != nil {
		t.Errorf("a day later: %v", err)
	}
	for i := range 10 {
		_ = look(petition.Actor{Asker: fmt.Sprintf("ip:%d", i)}, k.Number, "ABCDEFGH")
	}
	wantError(t, look(petition.Actor{Asker: "ip:fresh"}, k.Number, k.Code), petition.Limited, "lookup.locked")
	for i := range 12 { // right look-ups are not counted
		w.days(1)
		for range 6 {
			if err := look(petition.Actor{Asker: "ip:right"}, k.Number, k.Code); err != nil {
				t.Fatalf("day %d: %v", i, err)
			}
		}
	}
}

// A wrong number and a wrong code take the same time. Each is held to a floor well
// above what either needs.
func TestWrongAnswersTakeTheSameTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.file(filing(petition.Claim))
	for _, number := range []string{k.Number, "ZS26-9999-22", "nonsense"} {
		began := time.Now()
		_, err := w.s.Look(t.Context(), petition.Actor{Asker: "ip:" + number}, number, "ABCDEFGH")
		if took := time.Since(began); took < 30*time.Millisecond || petition.CodeOf(err) != petition.NotFound {
			t.Errorf("%s answered after %s: %v", number, took, err)
		}
	}
}

func TestGuessesAtTheSameMoment(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.file(filing(petition.Claim))
	var wg sync.WaitGroup
	var mu sync.Mutex
	through := 0
	for range 50 {
		wg.Go(func() {
			_, err := w.s.Look(context.Background(), stranger, k.Number, "ABCDEFGH")
			mu.Lock()
			defer mu.Unlock()
			if petition.CodeOf(err) == petition.NotFound {
				through++
			}
		})
	}
	wg.Wait()
	if through != 5 {
		t.Errorf("%d of 50 parallel guesses were tested, want 5", through)
	}
}
