package storagetest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dengwen/petition"
	"dengwen/petition/bulletin"
)

// Bulletins is what every petition.Bulletins must do. open gives an empty one.
func Bulletins(t *testing.T, open func(t *testing.T) bulletin.Store) {
	for name, check := range map[string]func(*testing.T, bulletin.Store){
		"consents": bulletinConsents, "one at a time": bulletinOne, "everybody once": bulletinRound,
		"one leads": bulletinLead, "outcomes": bulletinOutcomes, "stopped": bulletinStopped,
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); check(t, open(t)) })
	}
}

var bulletinDay = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)

func agreeAll(t *testing.T, s bulletin.Store, n int) {
	t.Helper()
	for i := range n {
		_, err := s.Agree(t.Context(), bulletin.Consent{Chat: fmt.Sprintf("tg:%d", i), Lang: "zh-CN", At: bulletinDay})
		noError(t, err)
	}
}

func sendOff(t *testing.T, s bulletin.Store, id string) bulletin.Bulletin {
	t.Helper()
	b, err := s.PutBulletin(t.Context(), bulletin.Bulletin{ID: id, Text: "周五停止接待", By: "p1", Name: "刘敏", Chat: "tg:9", At: bulletinDay.Add(time.Hour)})
	noError(t, err)
	return b
}

func bulletinConsents(t *testing.T, s bulletin.Store) {
	ctx := t.Context()
	if _, err := s.Consent(ctx, "tg:1"); !errors.Is(err, petition.Fail(petition.NotFound, "notices.none")) {
		t.Errorf("a chat that was never asked: %v", err)
	}
	agreeAll(t, s, 2)
	again, err := s.Agree(ctx, bulletin.Consent{Chat: "tg:1", Lang: "en", At: bulletinDay.Add(time.Hour)})
	noError(t, err)
	got, err := s.Consent(ctx, "tg:1")
	noError(t, err)
	if !got.At.Equal(bulletinDay) || !again.At.Equal(bulletinDay) || got.Chat != "tg:1" || got.Lang != "zh-CN" {
		t.Errorf("agreed twice: %+v, %+v", again, got)
	}
	noError(t, s.Disagree(ctx, "tg:1"))
	noError(t, s.Disagree(ctx, "tg:1"))
	if n, err := s.Agreed(ctx); err != nil || n != 1 {
		t.Errorf("%d agreed, %v", n, err)
	}
}

func bulletinOne(t *testing.T, s bulletin.Store) {
	ctx := t.Context()
	if _, err := s.Bulletin(ctx, ""); !errors.Is(err, petition.Fail(petition.NotFound, "broadcast.none")) {
		t.Errorf("no notice yet: %v", err)
	}
	agreeAll(t, s, 3)
	b := sendOff(t, s, "b1")
	if b.State != bulletin.Running || b.Total != 3 || b.Waiting != 3 || b.Text != "周五停止接待" || b.By != "p1" || b.Chat != "tg:9" {
		t.Errorf("sent off: %+v", b)
	}
	if again := sendOff(t, s, "b1"); again.ID != "b1" || again.Total != 3 {
		t.Errorf("the same one again: %+v", again)
	}
	_, err := s.PutBulletin(ctx, bulletin.Bulletin{ID: "b2", Text: "x", At: bulletinDay.Add(2 * time.Hour)})
	if !errors.Is(err, petition.Fail(petition.Conflict, "broadcast.running")) {
		t.Errorf("a second one at the same time: %v", err)
	}
	_, err = s.EndBulletin(ctx, "b1", bulletin.Done, "", bulletinDay.Add(2*time.Hour))
	noError(t, err)
	_, err = s.PutBulletin(ctx, bulletin.Bulletin{ID: "b2", Text: "y", At: bulletinDay.Add(3 * time.Hour)})
	noError(t, err)
	if last, err := s.Bulletin(ctx, ""); err != nil || last.ID != "b2" {
		t.Errorf("the latest is %+v, %v", last, err)
	}
	all, err := s.BulletinsSince(ctx, bulletinDay)
	if err != nil || len(all) != 2 || all[0].ID != "b2" || all[1].State != bulletin.Done || !all[1].Ended.Equal(bulletinDay.Add(2*time.Hour)) {
		t.Errorf("since then: %+v, %v", all, err)
	}
}

// Whoever agrees later is not told; whoever leaves before their turn is counted.
func bulletinRound(t *testing.T, s bulletin.Store) {
	ctx := t.Context()
	agreeAll(t, s, 7)
	sendOff(t, s, "b1")
	_, err := s.Agree(ctx, bulletin.Consent{Chat: "tg:late", At: bulletinDay.Add(2 * time.Hour)})
	noError(t, err)
	mine, err := s.Lead(ctx, "b1", "me", bulletinDay, time.Minute)
	if err != nil || !mine {
		t.Fatalf("lead: %v, %v", mine, err)
	}
	seen := map[string]bool{}
	for {
		next, err := s.Next(ctx, "b1", 2)
		noError(t, err)
		if len(next) == 0 {
			break
		}
		for _, c := range next {
			if seen[c.Chat] {
				t.Errorf("%s twice", c.Chat)
			}
			seen[c.Chat] = true
		}
		noError(t, s.Handed(ctx, "b1", "me", next[len(next)-1].Chat, len(next)))
		if len(seen) == 4 {
			noError(t, s.Disagree(ctx, oneLeft(seen)))
		}
	}
	if len(seen) != 6 || seen["tg:late"] {
		t.Errorf("told %v", seen)
	}
	b, err := s.Bulletin(ctx, "b1")
	if want := (bulletin.Reach{Total: 7, Left: 1, OnWay: 6}); err != nil || b.Reach != want {
		t.Errorf("reach %+v, want %+v, %v", b.Reach, want, err)
	}
}

// oneLeft is one of tg:0 to tg:6 that was not seen.
func oneLeft(seen map[string]bool) string {
	for i := range 7 {
		if chat := fmt.Sprintf("tg:%d", i); !seen[chat] {
			return chat
		}
	}
	return ""
}

func bulletinLead(t *testing.T, s bulletin.Store) {
	ctx := t.Context()
	agreeAll(t, s, 1)
	sendOff(t, s, "b1")
	var leads atomic.Int64
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			mine, err := s.Lead(ctx, "b1", fmt.Sprint("process ", i), bulletinDay, time.Minute)
			if err != nil {
				t.Error(err)
			}
			if mine {
				leads.Add(1)
			}
		})
	}
	wg.Wait()
	if leads.Load() != 1 {
		t.Errorf("%d lead at once", leads.Load())
	}
	after := bulletinDay.Add(2 * time.Minute)
	if mine, err := s.Lead(ctx, "b1", "heir", after, time.Minute); err != nil || !mine {
		t.Errorf("after the lead ran out: %v, %v", mine, err)
	}
	if mine, err := s.Lead(ctx, "b1", "heir", after.Add(time.Second), time.Minute); err != nil || !mine {
		t.Errorf("going on: %v, %v", mine, err)
	}
	if err := s.Handed(ctx, "b1", "process 9", "tg:0", 1); !errors.Is(err, petition.Fail(petition.Conflict, "broadcast.lost")) {
		t.Errorf("handed over by who does not lead: %v", err)
	}
}

func bulletinOutcomes(t *testing.T, s bulletin.Store) {
	ctx := t.Context()
	agreeAll(t, s, 4)
	sendOff(t, s, "b1")
	_, err := s.Lead(ctx, "b1", "me", bulletinDay, time.Minute)
	noError(t, err)
	next, err := s.Next(ctx, "b1", 10)
	noError(t, err)
	noError(t, s.Handed(ctx, "b1", "me", next[3].Chat, 4))
	for chat, outcome := range map[string]string{"tg:0": bulletin.Sent, "tg:1": bulletin.Failed, "tg:2": bulletin.Left} {
		noError(t, s.NoteOutcome(ctx, "b1", chat, outcome))
		noError(t, s.NoteOutcome(ctx, "b1", chat, bulletin.Withheld))
		if got, err := s.Outcome(ctx, "b1", chat); err != nil || got != outcome {
			t.Errorf("%s: %q, %v", chat, got, err)
		}
	}
	if got, err := s.Outcome(ctx, "b1", "tg:3"); err != nil || got != "" {
		t.Errorf("nothing noted: %q, %v", got, err)
	}
	if err := s.NoteOutcome(ctx, "b1", "tg:3", "maybe"); petition.CodeOf(err) != petition.Invalid {
		t.Errorf("an unknown outcome: %v", err)
	}
	b, err := s.Bulletin(ctx, "b1")
	if want := (bulletin.Reach{Total: 4, Sent: 1, Failed: 1, Left: 1, OnWay: 1}); err != nil || b.Reach != want {
		t.Errorf("reach %+v, want %+v, %v", b.Reach, want, err)
	}
}

func bulletinStopped(t *testing.T, s bulletin.Store) {
	ctx := t.Context()
	agreeAll(t, s, 5)
	sendOff(t, s, "b1")
	_, err := s.Lead(ctx, "b1", "me", bulletinDay, time.Minute)
	noError(t, err)
	next, err := s.Next(ctx, "b1", 2)
	noError(t, err)
	noError(t, s.Handed(ctx, "b1", "me", next[1].Chat, 2))
	noError(t, s.NoteOutcome(ctx, "b1", next[0].Chat, bulletin.Sent))
	rest, err := s.Next(ctx, "b1", 1)
	noError(t, err)
	noError(t, s.Disagree(ctx, rest[0].Chat))
	b, err := s.EndBulletin(ctx, "b1", bulletin.Stopped, "王芳", bulletinDay.Add(2*time.Hour))
	noError(t, err)
	want := bulletin.Reach{Total: 5, Sent: 1, Left: 1, OnWay: 1, Withheld: 2}
	if b.Reach != want || b.State != bulletin.Stopped || b.EndedBy != "王芳" {
		t.Errorf("stopped: %+v, want %+v", b, want)
	}
	if again, err := s.EndBulletin(ctx, "b1", bulletin.Done, "x", bulletinDay.Add(3*time.Hour)); err != nil || again.State != bulletin.Stopped || again.EndedBy != "王芳" {
		t.Errorf("ended twice: %+v, %v", again, err)
	}
	noError(t, s.NoteOutcome(ctx, "b1", next[1].Chat, bulletin.Withheld))
	if b, err = s.Bulletin(ctx, "b1"); err != nil || b.OnWay != 0 || b.Withheld != 3 {
		t.Errorf("in the end: %+v, %v", b.Reach, err)
	}
	if mine, err := s.Lead(ctx, "b1", "me", bulletinDay, time.Minute); err != nil || mine {
		t.Errorf("led after its end: %v, %v", mine, err)
	}
}
