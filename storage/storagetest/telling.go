package storagetest

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	county "dengwen/internal/office"
	"dengwen/petition"
	"dengwen/petition/telling"
)

// TellingStore is what the suite Telling checks.
type TellingStore interface {
	telling.Endpoints
	petition.Store
	telling.Tasks
	CountUntold(ctx context.Context) (int, error)
	DropUntold(ctx context.Context, before time.Time) (int, error)
	telling.CitizenStore
}

// Telling is the suite of a store of who is told besides the chats.
func Telling(t *testing.T, s TellingStore, cases petition.Cases) {
	t.Run("endpoints", func(t *testing.T) { endpointSuite(t, s, cases) })
	t.Run("untold", func(t *testing.T) { untoldSuite(t, s) })
	t.Run("wishes", func(t *testing.T) { wishesSuite(t, s) })
}

func lodgeAs(t *testing.T, cases petition.Cases, class petition.Class, facts string) string {
	t.Helper()
	k, err := cases.File(t.Context(), citizen, petition.Filing{Key: facts, Owner: citizen.Owner, Channel: "telegram", Class: class, Facts: facts, Request: "请处理。"})
	if err != nil {
		t.Fatal(err)
	}
	return k.Number
}

// An endpoint is told of what happens after it was added, of the cases of its unit, never of a report,
// each step once; what is not taken waits, dies, and is sent again.
func endpointSuite(t *testing.T, s TellingStore, cases petition.Cases) {
	ctx, now, o := t.Context(), time.Now(), county.Example()
	lodgeAs(t, cases, petition.Claim, "这是以前的事，不会再说")
	all := telling.Endpoint{ID: "e1", URL: "https://a.example/hook", Secrets: []string{telling.NewSecret()}, At: now}
	other := telling.Endpoint{ID: "e2", URL: "https://b.example/hook", Unit: "water", Secrets: []string{telling.NewSecret()}, At: now}
	for _, e := range []telling.Endpoint{all, other} {
		if err := errors.Join(e.Check(o), s.PutEndpoint(ctx, e)); err != nil {
			t.Fatal(err)
		}
	}
	number := lodgeAs(t, cases, petition.Claim, "村口的路灯坏了一个月")
	lodgeAs(t, cases, petition.Report, "镇上的干部收了钱")
	for want := range slices.Values([]int{1, 0}) {
		if n, err := s.GatherEvents(ctx, now); err != nil || n != want {
			t.Fatalf("gathered %d, %v; want %d", n, err, want)
		}
	}
	d, ok, err := s.ClaimDelivery(ctx, "e1", now, now.Add(time.Minute))
	if err != nil || !ok || d.Event.Number != number || d.Event.Move != petition.MoveFile || d.Event.Version != 1 || d.Event.At.IsZero() {
		t.Fatalf("claimed %+v, %v, %v", d, ok, err)
	}
	for _, e := range []string{"e1", "e2"} {
		if other, ok, err := s.ClaimDelivery(ctx, e, now, now.Add(time.Minute)); ok || err != nil {
			t.Errorf("%s is given %+v, %v", e, other, err)
		}
	}
	if again, ok, err := s.ClaimDelivery(ctx, "e1", now.Add(2*time.Minute), now.Add(3*time.Minute)); !ok || err != nil || again.ID != d.ID {
		t.Errorf("after the lease: %+v, %v, %v", again, ok, err)
	}
	d.Tries, d.Last, d.Why = 10, now, "500"
	if err := s.PostponeDelivery(ctx, d, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if dead, err := s.DeadDeliveries(ctx, 10); err != nil || len(dead) != 1 || dead[0].Why != "500" {
		t.Fatalf("dead: %+v, %v", dead, err)
	}
	if n, err := s.ResendDeliveries(ctx, now, "e1/none"); err != nil || n != 0 {
		t.Errorf("sent again %d, %v", n, err)
	}
	if n, err := s.ResendDeliveries(ctx, now, d.ID); err != nil || n != 1 {
		t.Errorf("sent again %d, %v", n, err)
	}
	if waiting, dead, err := s.CountDeliveries(ctx); err != nil || waiting != 1 || dead != 0 {
		t.Errorf("%d wait, %d are dead, %v", waiting, dead, err)
	}
	// It turns out to be a report: what is on its way is not sent.
	if _, err := cases.Do(ctx, clerk(), number, petition.Move{Name: petition.MoveSeal, Text: "说的是干部收钱"}); err != nil {
		t.Fatal(err)
	}
	if d, ok, err := s.ClaimDelivery(ctx, "e1", now.Add(time.Hour), now.Add(2*time.Hour)); ok || err != nil {
		t.Errorf("a report is sent: %+v, %v", d, err)
	}
	if n, err := s.GatherEvents(ctx, now); err != nil || n != 0 {
		t.Errorf("a report is told: %d, %v", n, err)
	}
	if err := s.DropEndpoint(ctx, "e1"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Endpoint(ctx, "e1"); petition.CodeOf(err) != petition.NotFound {
		t.Errorf("a removed endpoint: %v", err)
	}
}

func missed(id, to, place string, places ...string) telling.Miss {
	n := petition.Notice{ID: id, To: to, Number: "ZS1", Entry: petition.Entry{Move: petition.MoveReply}}
	return telling.Miss{Notice: n, Place: place, Places: places, At: time.Now()}
}

// A notice is a task when no place has it, once, whatever comes twice; one that was ended is none again.
func untoldSuite(t *testing.T, s TellingStore) {
	ctx := t.Context()
	open := func(want ...int) (all []telling.Untold) {
		t.Helper()
		all, err := s.Untold(ctx, 10)
		var news []int
		for _, u := range all {
			news = append(news, len(u.Open()))
		}
		if n, countErr := s.CountUntold(ctx); err != nil || countErr != nil || n != len(want) || !slices.Equal(news, want) {
			t.Fatalf("open are %v (counted %d), %v; want %v", news, n, errors.Join(err, countErr), want)
		}
		return all
	}
	note := func(m telling.Miss) {
		t.Helper()
		for range 2 {
			if err := s.NoteMisses(ctx, []telling.Miss{m}); err != nil {
				t.Fatal(err)
			}
		}
	}
	note(missed("1", "unit:water", "mail:1", "mail:1", "robot:1"))
	open()
	note(missed("1", "unit:water", "robot:1", "mail:1", "robot:1"))
	note(missed("2", "unit:water", ""))
	note(missed("2", "tg:5", "tg:5", "tg:5"))
	all := open(2, 1)
	if err := s.TakeUntold(ctx, all[0].ID, "o-1"); err != nil {
		t.Fatal(err)
	}
	if all = open(2, 1); all[0].Taken != "o-1" || all[0].Unit() != "water" || all[1].Unit() != "" {
		t.Errorf("%+v", all)
	}
	for _, u := range all {
		if err := s.EndUntold(ctx, u.ID); err != nil {
			t.Fatal(err)
		}
	}
	note(missed("2", "unit:water", "")) // delivered again after a crash
	open()
	note(missed("3", "unit:water", ""))
	open(1)
	if err := s.TakeUntold(ctx, strings.Repeat("0", 64), "o-1"); petition.CodeOf(err) != petition.NotFound {
		t.Errorf("took a task that is none: %v", err)
	}
	if n, err := s.DropUntold(ctx, time.Now().Add(time.Hour)); err != nil || n != 1 {
		t.Errorf("forgot %d, %v", n, err)
	}
	open(1)
}

// Wishes are found by chat and by id, and go when the chat is forgotten.
func wishesSuite(t *testing.T, s TellingStore) {
	ctx := t.Context()
	change := func(change func(c *telling.Citizen) error) telling.Citizen {
		t.Helper()
		c, err := s.ChangeWishes(ctx, "tg:77", "w-1", change)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	change(func(c *telling.Citizen) error {
		c.Phone = telling.Place{Address: "13912345678"}
		return nil
	})
	if _, err := s.ChangeWishes(ctx, "tg:77", "w-2", func(c *telling.Citizen) error {
		c.Phone = telling.Place{}
		return petition.Fail(petition.Invalid, "wishes.phone")
	}); petition.CodeOf(err) != petition.Invalid {
		t.Errorf("a change that failed: %v", err)
	}
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			_, err := s.ChangeWishes(ctx, "tg:77", "w-3", func(c *telling.Citizen) error {
				c.Kinds = append(c.Kinds, strconv.Itoa(i))
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if c := change(func(c *telling.Citizen) error { c.Mail.Address = "a@b.cn"; return nil }); len(c.Kinds) != 8 || c.ID != "w-1" {
		t.Errorf("after eight changes at once: %+v", c)
	}
	of, err := s.WishesOf(ctx, "tg:77")
	if by, err2 := s.WishesByID(ctx, "w-1"); err != nil || err2 != nil || of.Mail.Address != "a@b.cn" || by.Phone.Address != "13912345678" {
		t.Errorf("%+v, %+v, %v", of, by, errors.Join(err, err2))
	}
	if _, err := s.Forget(ctx, "tg:77", func(*petition.Record) {}); err != nil {
		t.Fatal(err)
	}
	for _, find := range []func() (telling.Citizen, error){
		func() (telling.Citizen, error) { return s.WishesOf(ctx, "tg:77") },
		func() (telling.Citizen, error) { return s.WishesByID(ctx, "w-1") },
	} {
		if got, err := find(); petition.CodeOf(err) != petition.NotFound {
			t.Errorf("forgotten: %+v, %v", got, err)
		}
	}
	change(func(c *telling.Citizen) error { c.From, c.To = "22:00", "07:00"; return nil })
	change(func(c *telling.Citizen) error { c.From, c.To = "", ""; return nil })
	if got, err := s.WishesByID(ctx, "w-1"); petition.CodeOf(err) != petition.NotFound {
		t.Errorf("wishes of which nothing is left: %+v, %v", got, err)
	}
}
