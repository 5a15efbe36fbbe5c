package turn_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dengwen/bot/turn"
	"dengwen/internal/test/memory"
	"dengwen/petition"
	"dengwen/petition/roster"
	"dengwen/petition/telling"
)

// tasks keeps what is missed as the store does.
type tasks struct {
	mu  sync.Mutex
	all map[string]*telling.Untold
}

func (k *tasks) note(_ context.Context, all []telling.Miss) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, m := range all {
		u := k.all[m.Notice.ID]
		if u == nil {
			u = &telling.Untold{}
			k.all[m.Notice.ID] = u
		}
		u.Note(m)
	}
	return nil
}

// open are the ids of the notices that nobody has.
func (k *tasks) open() (ids []string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for id, u := range k.all {
		if len(u.Open()) > 0 {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// failures are the ways in which a place is not reached, by the name that its address holds.
var failures = map[string]error{
	"closed":  &turn.SendError{Gone: true, Err: errors.New("403")},
	"muted":   &turn.SendError{Muted: true, Err: errors.New("no right to write")},
	"refused": &turn.SendError{Drop: true, Err: errors.New("400")},
	"panics":  nil,
	"away":    errors.New("502"), // for more than an hour of tries
}

// Every notice of a case that reaches nobody is a task, whomever it is for and however its places fail;
// one that gets to a single place is none.
func TestEveryNoticeThatReachesNobodyIsATask(t *testing.T) {
	t.Parallel()
	for _, to := range []string{"chat", "unit", "sealed", "staff"} {
		for failure, err := range failures {
			t.Run(to+" "+failure, func(t *testing.T) {
				t.Parallel()
				missedTable(t, to, failure, err)
			})
		}
	}
}

func missedTable(t *testing.T, to, failure string, err error) {
	people, k := memory.NewRoster(), &tasks{all: map[string]*telling.Untold{}}
	units, also, want := []petition.Unit(nil), map[string][]string{}, []string(nil)
	var feed []petition.Notice
	// Which chat the notice has, and which places besides: each is good, or fails.
	for i, row := range []struct{ chat, sms, mail, robot string }{
		{chat: "bad"}, {chat: "good"}, {chat: "bad", sms: "bad"}, {chat: "bad", sms: "good"}, {chat: "good", sms: "bad"},
		{chat: "bad", mail: "bad", robot: "bad"}, {chat: "bad", mail: "bad", robot: "good"}, {chat: "bad", sms: "bad", mail: "bad", robot: "bad"},
		{}, {mail: "bad"}, {mail: "good"}, {sms: "bad", robot: "bad"}, {sms: "good", robot: "bad"},
	} {
		if row.chat == "" && to == "chat" {
			continue
		}
		id, unit := fmt.Sprintf("%04d", i+1), fmt.Sprintf("u%d", i)
		units = append(units, petition.Unit{Code: unit, Name: unit})
		n := petition.Notice{ID: id, Number: "N" + id, Entry: petition.Entry{Move: petition.MoveTransfer}, View: petition.View{Unit: unit, Class: petition.Claim}}
		chat := "tg:" + row.chat + failure + id
		switch to {
		case "chat":
			n.To = chat
		case "staff":
			n.To = "staff:o" + id
		default:
			n.To = to + ":" + unit
		}
		if to == "sealed" {
			n.View.Class = petition.Report
		}
		if row.chat != "" && to != "chat" {
			p := roster.Person{ID: "o" + id, Name: "o", Unit: unit, Chat: chat, Joined: time.Now(), Roles: []petition.Role{petition.Officer, petition.Sealed}}
			if err := people.PutPerson(t.Context(), p); err != nil {
				t.Fatal(err)
			}
		}
		reached := row.chat == "good"
		for door, how := range map[string]string{"sms": row.sms, "mail": row.mail, "robot": row.robot} {
			if how != "" {
				also[id] = append(also[id], door+":"+how+failure+id)
				reached = reached || how == "good"
			}
		}
		if !reached {
			want = append(want, id)
		}
		feed = append(feed, n)
	}
	h := newHarness(t, func(h *harness) {
		h.also = func(_ context.Context, n petition.Notice) ([]string, error) { return also[n.ID], nil }
		h.missed = k.note
		h.people = roster.New(people, h.cases, &petition.Office{Units: units}, time.Now, func() string { return "id" })
	})
	h.sender.fail = func(_ int, conv, _ string) error {
		if !strings.Contains(conv, "bad") {
			return nil
		}
		if failure == "panics" {
			panic("door")
		}
		return err
	}
	h.cases.feed = feed
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.r.Follow(ctx) }()
	end := time.Now().Add(20 * time.Second)
	for !slices.Equal(k.open(), want) && time.Now().Before(end) {
		time.Sleep(10 * time.Millisecond)
	}
	time.Sleep(100 * time.Millisecond) // nothing more becomes one
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if got := k.open(); !slices.Equal(got, want) {
		t.Errorf("tasks are %v, want %v", got, want)
	}
}
