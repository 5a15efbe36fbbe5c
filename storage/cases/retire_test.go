package cases_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dengwen/internal/scrub"

	"dengwen/internal/office"
	"dengwen/internal/test/memory"
	"dengwen/internal/test/signoff"
	"dengwen/petition"
)

// The service and the real store together: at the end of its years a case has neither
// words nor files nor notices, on both databases; one that is open has all of them.
func TestRetireOnTheStore(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) {
		box := newBox(t)
		s := open(t, url, dir, box)
		now := time.Date(2020, 3, 2, 9, 0, 0, 0, time.UTC)
		o := *office.Example()
		o.Settings.KeepCaseYears = 3
		blobs := new(memory.Blobs)
		var ids atomic.Int64
		svc := petition.NewService(s, &o, petition.DefaultCalendar(), box.Hash, func() time.Time { return now },
			func() string { return "id-" + string(rune('a'+ids.Add(1))) }, blobs).WithScrub(scrub.New(scrub.DefaultLimits()))
		me := petition.Actor{Owner: "tg:1", Asker: "tg:1"}
		lodge := func(key string) string {
			_, err := svc.Attach(t.Context(), me, petition.Attachment{ID: "note-" + key, Kind: "document", Name: "说明.txt"}, strings.NewReader("桥面塌了的说明"))
			if err != nil {
				t.Fatal(err)
			}
			k, err := svc.File(t.Context(), me, petition.Filing{Key: key, Owner: "tg:1", Channel: "telegram", Class: petition.Claim, Facts: "村口的桥面塌了一半", Attachments: []petition.Attachment{{ID: "note-" + key, Kind: "document"}}})
			if err != nil {
				t.Fatal(err)
			}
			return k.Number
		}
		old, running := lodge("1"), lodge("2")
		clerk := petition.Actor{Staff: "clerk", Unit: "petition", Roles: []petition.Role{petition.Intake}}
		refuse := petition.Move{Key: "r", Name: petition.MoveRefuse, Text: "同一件事正在办", Args: map[string]string{"rule": "other", "elsewhere": "原单位"}}
		if _, err := signoff.Do(t.Context(), svc, clerk, old, refuse); err != nil {
			t.Fatal(err)
		}
		now = now.AddDate(3, 0, 1)
		walk := svc.Retiring()
		for _, want := range []int{1, 0} {
			if n, err := walk.Retire(t.Context()); err != nil || n != want {
				t.Fatalf("erased %d, want %d (%v)", n, want, err)
			}
		}
		if n, err := svc.Cleanup(t.Context()); err != nil || n != 1 {
			t.Errorf("tidied %d files, %v", n, err)
		}
		if n := blobs.Count(); n != 2 {
			t.Errorf("%d blobs are left, want the copy and the original of the open case's file", n)
		}
		if body, _, err := svc.Open(t.Context(), me, running, "note-2"); err != nil {
			t.Errorf("the open case lost its file: %v", err)
		} else {
			_ = body.Close()
		}
		found, _, err := s.List(t.Context(), petition.Scope{All: true}, petition.Query{Words: "桥面", Order: "new", Limit: 10})
		if err != nil || len(found) != 1 || found[0].Case.Number != running {
			t.Errorf("found by its words: %d cases, %v", len(found), err)
		}
		feed, err := s.Notices(t.Context(), "", 100)
		if err != nil || len(feed) != 0 {
			t.Errorf("%d notices of three years ago are left, %v", len(feed), err)
		}
		year, _, err := svc.Figures(t.Context(), "2020-01-01", "2020-12-31")
		if err != nil || year.Filed != 2 {
			t.Errorf("the year's figures count %d, %v", year.Filed, err)
		}
	})
}
