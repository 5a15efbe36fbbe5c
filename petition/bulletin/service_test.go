package bulletin_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"dengwen/internal/office"
	"dengwen/internal/test/memory"
	"dengwen/petition"
	"dengwen/petition/bulletin"
)

func person(unit string, roles ...petition.Role) petition.Actor {
	return petition.Actor{Staff: "p", Unit: unit, Roles: roles}
}

var chief = person("petition", petition.Supervisor)

func wantError(t *testing.T, err error, code petition.Code, key string) {
	t.Helper()
	if e, ok := err.(*petition.Error); !ok || e.Code != code || e.Key != key {
		t.Errorf("got %v, want %s (%s)", err, code, key)
	}
}

// newService is a service on a clock that only the test moves.
func newService(t *testing.T) (*bulletin.Service, *time.Time) {
	t.Helper()
	now, ids := time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC), 0
	s := bulletin.New(memory.NewBulletins(), office.Example(), func() time.Time { return now }, func() string { ids++; return fmt.Sprint("b", ids) })
	return s, &now
}

func TestWhoMayBroadcast(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		who petition.Actor
		may bool
	}{
		{person("", petition.Admin), true}, {chief, true}, {person("petition", petition.Head), true}, {petition.System(), true},
		{person("petition", petition.Intake), false}, {person("transport", petition.Head), false},
		{person("transport", petition.Officer), false}, {person("discipline", petition.Sealed), false},
		{petition.Actor{Owner: "tg:1"}, false}, {petition.Actor{}, false},
	} {
		s, _ := newService(t)
		_, err := s.Post(t.Context(), c.who, bulletin.Bulletin{Text: "周六上午也接待"})
		if (err == nil) != c.may || err != nil && petition.CodeOf(err) != petition.Forbidden {
			t.Errorf("%v of %s: %v, may %v", c.who.Roles, c.who.Unit, err, c.may)
		}
		if _, err := s.Stop(t.Context(), c.who, "", ""); c.may && err != nil || !c.may && petition.CodeOf(err) != petition.Forbidden {
			t.Errorf("%v of %s stops: %v", c.who.Roles, c.who.Unit, err)
		}
	}
}

func TestWhatMayBeBroadcast(t *testing.T) {
	t.Parallel()
	s, now := newService(t)
	post := func(id, text string) error {
		_, err := s.Post(t.Context(), chief, bulletin.Bulletin{ID: id, Text: text})
		return err
	}
	wantError(t, post("", "  \n "), petition.Invalid, "broadcast.empty")
	wantError(t, post("", "\xff"), petition.Invalid, "broadcast.empty")
	wantError(t, post("", strings.Repeat("长", bulletin.MaxText+1)), petition.Invalid, "broadcast.long")
	if err := post("n0", strings.Repeat("长", bulletin.MaxText)); err != nil {
		t.Error(err)
	}
	if err := post("n1", "第二条"); !errors.Is(err, petition.Fail(petition.Conflict, "broadcast.running")) {
		t.Errorf("a second one at the same time: %v", err)
	}
	if err := post("n0", "再来一次"); err != nil {
		t.Errorf("the same one again: %v", err)
	}
	end := func() {
		if _, err := s.Round(t.Context(), "me", 5, nil); err != nil {
			t.Fatal(err)
		}
		*now = now.Add(time.Hour)
	}
	end()
	for i := range 3 {
		if err := post(fmt.Sprint("m", i), "又一条"); err != nil {
			t.Fatal(err)
		}
		end()
	}
	wantError(t, post("m9", "第五条"), petition.Limited, "broadcast.too_many")
	if err := post("m2", "又一条"); err != nil {
		t.Errorf("one that went out already: %v", err)
	}
	*now = now.AddDate(0, 0, 31)
	if err := post("m9", "下个月"); err != nil {
		t.Errorf("a month later: %v", err)
	}
}

// Right before a notice goes out: whoever left, came back later, was reached, or whose
// notice was stopped or is old news, is not told.
func TestDue(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		happens func(s *bulletin.Service, now *time.Time) error
		due     bool
		reach   bulletin.Reach
	}{
		"agreed": {func(*bulletin.Service, *time.Time) error { return nil }, true, bulletin.Reach{OnWay: 1}},
		"left":   {func(s *bulletin.Service, _ *time.Time) error { return s.Disagree(t.Context(), "tg:1") }, false, bulletin.Reach{Left: 1}},
		"reached": {func(s *bulletin.Service, _ *time.Time) error {
			return s.Told(t.Context(), "tg:1", "b1", bulletin.Sent, false)
		}, false, bulletin.Reach{Sent: 1}},
		"blocked": {func(s *bulletin.Service, _ *time.Time) error {
			return s.Told(t.Context(), "tg:1", "b1", bulletin.Failed, true)
		}, false, bulletin.Reach{Failed: 1}},
		"came back": {func(s *bulletin.Service, now *time.Time) error {
			*now = now.Add(time.Minute)
			_ = s.Disagree(t.Context(), "tg:1")
			_, err := s.Agree(t.Context(), "tg:1", "")
			return err
		}, false, bulletin.Reach{Left: 1}},
		"stopped": {func(s *bulletin.Service, _ *time.Time) error {
			_, err := s.Stop(t.Context(), chief, "", "")
			return err
		}, false, bulletin.Reach{Withheld: 1}},
		"stale": {func(_ *bulletin.Service, now *time.Time) error { *now = now.AddDate(0, 0, 4); return nil }, false, bulletin.Reach{Failed: 1}},
	} {
		s, now := newService(t)
		if _, err := s.Agree(t.Context(), "tg:1", "zh-CN"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Post(t.Context(), chief, bulletin.Bulletin{Text: "周六上午也接待"}); err != nil {
			t.Fatal(err)
		}
		handed := 0
		hand := func(_ context.Context, _ bulletin.Consent, n bulletin.Bulletin) error { handed++; return nil }
		if _, err := s.Round(t.Context(), "me", 5, hand); err != nil || handed != 1 {
			t.Fatalf("%s: handed %d, %v", name, handed, err)
		}
		if err := c.happens(s, now); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for range 2 { // asked again it is the same
			if due, err := s.Due(t.Context(), "tg:1", "b1"); err != nil || due != c.due {
				t.Errorf("%s: due %v, %v", name, due, err)
			}
		}
		c.reach.Total = 1
		if n, err := s.Bulletin(t.Context(), "b1"); err != nil || n.Reach != c.reach {
			t.Errorf("%s: reach %+v, want %+v (%v)", name, n.Reach, c.reach, err)
		}
		if agreed, _ := s.Consent(t.Context(), "tg:1"); (agreed == nil) != (name == "left" || name == "blocked") {
			t.Errorf("%s: consent %+v", name, agreed)
		}
	}
	s, _ := newService(t)
	if due, err := s.Due(t.Context(), "tg:1", "never was"); due || err != nil {
		t.Errorf("an unknown notice: %v, %v", due, err)
	}
}
