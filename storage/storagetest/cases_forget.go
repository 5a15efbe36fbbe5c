package storagetest

import (
	"testing"

	"dengwen/petition"
)

var forgetChecks = map[string]func(*testing.T, petition.Store){
	"forget cuts the owner":    forgetOwner,
	"forget takes the notices": forgetNotices,
	"forget disowns files":     forgetFiles,
	"forget a stranger":        forgetStranger,
}

func eraseContact(r *petition.Record) {
	r.Case.Filing.Owner, r.Case.Filing.Contact = "", petition.Contact{}
	*r = grow(*r, "forgotten")
}

func forgetOwner(t *testing.T, s petition.Store) {
	rs := fileAll(t, s, draft{owner: "tg:1", facts: "一"}, draft{owner: "tg:1", facts: "二", sealed: true}, draft{owner: "tg:2"})
	n, err := s.Forget(t.Context(), "tg:1", eraseContact)
	if err != nil || n != 2 {
		t.Fatalf("forgot %d, %v; want 2", n, err)
	}
	wantListed(t, s, rs, petition.Scope{Owner: "tg:1"}, petition.Query{Order: "new"})
	wantListed(t, s, rs, petition.Scope{Owner: "tg:2"}, petition.Query{Order: "new"}, 2)
	wantListed(t, s, rs, all, petition.Query{Order: "due"}, 0, 2)
	for _, r := range rs[:2] {
		got := load(t, s, r.Case.Number)
		want := r
		eraseContact(&want)
		want.Case.Version = 2
		same(t, "forgotten", got, want)
	}
	same(t, "another's", load(t, s, rs[2].Case.Number), rs[2])
}

func forgetNotices(t *testing.T, s petition.Store) {
	r := file(t, s, draft{owner: "tg:1"})
	save(t, s, r, petition.Notice{To: "tg:1"}, petition.Notice{To: "unit:town"}, petition.Notice{To: "tg:1"})
	before, err := s.Notices(t.Context(), "", 10)
	if err != nil || len(before) != 3 {
		t.Fatalf("%d notices, %v", len(before), err)
	}
	if _, err := s.Forget(t.Context(), "tg:1", eraseContact); err != nil {
		t.Fatal(err)
	}
	left, err := s.Notices(t.Context(), "", 10)
	if err != nil || len(left) != 1 || left[0].To != "unit:town" {
		t.Errorf("left: %v, %v", left, err)
	}
	// A reader that stood on a notice now gone goes on from there.
	rest, err := s.Notices(t.Context(), before[2].ID, 10)
	if err != nil || len(rest) != 0 {
		t.Errorf("after a forgotten position: %v, %v", rest, err)
	}
}

func forgetFiles(t *testing.T, s petition.Store) {
	note(t, s, "a", "tg:1", day)
	note(t, s, "b", "tg:2", day)
	file(t, s, draft{owner: "tg:1", files: []string{"a"}})
	if _, err := s.Forget(t.Context(), "tg:1", eraseContact); err != nil {
		t.Fatal(err)
	}
	got := filesByID(t, s, "a", "b")
	if len(got) != 2 || got[0].By != "" || got[1].By != "tg:2" || got[0].Name != "门口.jpg" {
		t.Errorf("files after forget: %+v", got)
	}
}

func forgetStranger(t *testing.T, s petition.Store) {
	r := file(t, s, draft{owner: "tg:1"})
	file(t, s, draft{})
	for _, who := range []string{"tg:3", ""} {
		n, err := s.Forget(t.Context(), who, func(*petition.Record) { t.Errorf("erased for %q", who) })
		if err != nil || n != 0 {
			t.Errorf("forget %q: %d, %v", who, n, err)
		}
	}
	same(t, "untouched", load(t, s, r.Case.Number), r)
}
