package storagetest

import (
	"errors"
	"maps"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dengwen/petition"
	"dengwen/petition/roster"
)

// Roster is what every petition.Roster must do. open gives an empty one.
func Roster(t *testing.T, open func(t *testing.T) roster.Store) {
	t.Run("people", func(t *testing.T) { t.Parallel(); rosterPeople(t, open(t)) })
	t.Run("chat of two", func(t *testing.T) { t.Parallel(); rosterChat(t, open(t)) })
	t.Run("invitations", func(t *testing.T) { t.Parallel(); rosterInvites(t, open(t)) })
	t.Run("bindings", func(t *testing.T) { t.Parallel(); rosterBindings(t, open(t)) })
}

var rosterDay = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)

func rosterPeople(t *testing.T, r roster.Store) {
	ctx := t.Context()
	if _, err := r.Person(ctx, "p1"); !errors.Is(err, petition.Fail(petition.NotFound, "staff.unknown")) {
		t.Fatalf("an unknown person: %v", err)
	}
	wang := roster.Person{ID: "p1", Name: "王芳", Unit: "road", Roles: []petition.Role{petition.Officer}, Chat: "tg:51", Joined: rosterDay}
	zhao := roster.Person{ID: "p2", Name: "赵军", Unit: "xialiang", Roles: []petition.Role{petition.Head}, Chat: "tg:52", Joined: rosterDay}
	for _, p := range []roster.Person{wang, zhao} {
		noError(t, r.PutPerson(ctx, p))
	}
	got, err := r.PersonByChat(ctx, "tg:51")
	noError(t, err)
	if got.ID != "p1" || got.Name != "王芳" || !got.Has(petition.Officer) || !got.Joined.Equal(rosterDay) {
		t.Errorf("read back %+v", got)
	}
	wang.Left = rosterDay.Add(time.Hour)
	noError(t, r.PutPerson(ctx, wang))
	if _, err := r.PersonByChat(ctx, "tg:51"); petition.CodeOf(err) != petition.NotFound {
		t.Errorf("somebody who left still has access: %v", err)
	}
	all, err := r.People(ctx, "")
	noError(t, err)
	if len(all) != 2 || all[0].ID != "p2" || all[1].Active() {
		t.Errorf("people = %+v", all)
	}
	if own, err := r.People(ctx, "xialiang"); err != nil || len(own) != 1 {
		t.Errorf("people of one unit = %+v, %v", own, err)
	}
}

func rosterChat(t *testing.T, r roster.Store) {
	ctx := t.Context()
	noError(t, r.PutPerson(ctx, roster.Person{ID: "p1", Unit: "road", Chat: "tg:51"}))
	err := r.PutPerson(ctx, roster.Person{ID: "p2", Unit: "road", Chat: "tg:51"})
	if !errors.Is(err, petition.Fail(petition.Conflict, "staff.chat")) {
		t.Errorf("a second person with the same chat: %v", err)
	}
	noError(t, r.PutPerson(ctx, roster.Person{ID: "p1", Unit: "road", Chat: "tg:51", Left: rosterDay}))
	noError(t, r.PutPerson(ctx, roster.Person{ID: "p2", Unit: "road", Chat: "tg:51"}))
	noError(t, r.PutPerson(ctx, roster.Person{ID: "p3", Unit: "road"}))
	noError(t, r.PutPerson(ctx, roster.Person{ID: "p4", Unit: "road"}))
}

// One invitation lets exactly one of many in.
func rosterInvites(t *testing.T, r roster.Store) {
	ctx := t.Context()
	invite := roster.Invite{Hash: []byte("hash of a token"), Unit: "road", Roles: []petition.Role{petition.Head}, Expires: rosterDay}
	noError(t, r.PutInvite(ctx, invite))
	var in atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			got, err := r.TakeInvite(ctx, invite.Hash, rosterDay.Add(-time.Minute))
			switch {
			case err == nil && got.Unit == "road" && len(got.Roles) == 1:
				in.Add(1)
			case !errors.Is(err, petition.Fail(petition.NotFound, "staff.invite")):
				t.Errorf("used up: %+v, %v", got, err)
			}
		})
	}
	wg.Wait()
	if in.Load() != 1 {
		t.Errorf("one invitation let %d in", in.Load())
	}
	late := roster.Invite{Hash: []byte("late"), Unit: "road", Expires: rosterDay}
	noError(t, r.PutInvite(ctx, late))
	if _, err := r.TakeInvite(ctx, late.Hash, rosterDay.Add(time.Minute)); !errors.Is(err, petition.Fail(petition.NotFound, "staff.invite")) {
		t.Errorf("an expired invitation: %v", err)
	}
}

func rosterBindings(t *testing.T, r roster.Store) {
	ctx := t.Context()
	noError(t, r.DropBinding(ctx, "tg:-1001"))
	noError(t, r.PutBinding(ctx, roster.Binding{Chat: "tg:-1001", Unit: "road", At: rosterDay}))
	noError(t, r.PutBinding(ctx, roster.Binding{Chat: "tg:-1001", Unit: "xialiang", Topics: true, At: rosterDay}))
	noError(t, r.PutBinding(ctx, roster.Binding{Chat: "tg:-1002", Unit: "road", At: rosterDay}))
	got, err := r.Bindings(ctx, "xialiang")
	noError(t, err)
	if len(got) != 1 || got[0].Chat != "tg:-1001" || !got[0].Topics {
		t.Errorf("bindings = %+v", got)
	}
	noError(t, r.DropBinding(ctx, "tg:-1001"))
	noError(t, r.PutRefs(ctx, "tg:-1002", map[string]string{"77": "ZS26-0001-KN", "78": "ZS26-0002-Z1"}, rosterDay))
	noError(t, r.PutRefs(ctx, "tg:-1002", map[string]string{"78": "ZS26-0003-9J"}, rosterDay))
	want := map[string]string{"77": "ZS26-0001-KN", "78": "ZS26-0003-9J"}
	if all, err := r.Refs(ctx, "tg:-1002", "77", "78", "79"); err != nil || !maps.Equal(all, want) {
		t.Errorf("the messages are about %v, %v", all, err)
	}
	if all, err := r.Refs(ctx, "tg:-1001", "77"); err != nil || len(all) > 0 {
		t.Errorf("the same message id in another chat is about %v, %v", all, err)
	}
	if all, err := r.Bindings(ctx, ""); err != nil || len(all) != 1 {
		t.Errorf("all bindings = %+v, %v", all, err)
	}
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
