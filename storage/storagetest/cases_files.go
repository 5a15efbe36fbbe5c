package storagetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"dengwen/petition"

	"github.com/google/go-cmp/cmp"
)

var fileChecks = map[string]func(*testing.T, petition.Store){
	"a file is noted once":            fileOnce,
	"files are read by id":            fileRead,
	"loose files belong to no case":   fileLoose,
	"a file named before it is noted": fileNamedFirst,
	"a dropped file is gone":          fileDrop,
}

func note(t *testing.T, s petition.Store, id, by string, at time.Time) petition.File {
	t.Helper()
	f := petition.File{
		Attachment: petition.Attachment{ID: id, Kind: "photo", Name: "门口.jpg", Type: "image/jpeg", Size: 1234, Stored: true},
		By:         by, Original: id + ".orig", At: at,
	}
	got, err := s.PutFile(t.Context(), f)
	if err != nil {
		t.Fatalf("put file %s: %v", id, err)
	}
	return got
}

func fileOnce(t *testing.T, s petition.Store) {
	first := note(t, s, "a", "tg:1", day)
	again, err := s.PutFile(t.Context(), petition.File{Attachment: petition.Attachment{ID: "a", Size: 99}, By: "tg:2", At: day.Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(first, again); d != "" {
		t.Errorf("second note (-first +second):\n%s", d)
	}
	if got := filesByID(t, s, "a"); len(got) != 1 || !cmp.Equal(got[0], first) {
		t.Errorf("noted: %+v", got)
	}
}

func fileRead(t *testing.T, s petition.Store) {
	a, b := note(t, s, "a", "tg:1", day), note(t, s, "b", "staff:7", day)
	note(t, s, "c", "tg:1", day)
	if d := cmp.Diff([]petition.File{a, b}, filesByID(t, s, "b", "nothing", "a")); d != "" {
		t.Errorf("files (-want +got):\n%s", d)
	}
	if got := filesByID(t, s); len(got) != 0 {
		t.Errorf("no ids gave %v", got)
	}
}

func fileLoose(t *testing.T, s petition.Store) {
	for i := range 5 {
		note(t, s, fmt.Sprint("f", i), "tg:1", day.Add(time.Duration(i)*time.Hour))
	}
	r := file(t, s, draft{files: []string{"f1"}})
	wantLoose(t, s, day.Add(4*time.Hour), "f0", "f2", "f3")
	r.Files = []string{"f1", "f2"}
	r = save(t, s, r)
	wantLoose(t, s, day.Add(4*time.Hour), "f0", "f3")
	r.Files = []string{"f2"}
	save(t, s, r)
	wantLoose(t, s, day.Add(4*time.Hour), "f0", "f1", "f3")
	file(t, s, draft{files: []string{"f0", "f2"}})
	wantLoose(t, s, day.Add(24*time.Hour), "f1", "f3", "f4")
	got, err := s.LooseFiles(t.Context(), day.Add(24*time.Hour), 2)
	if err != nil || len(got) != 2 {
		t.Errorf("two at most: %d, %v", len(got), err)
	}
}

func fileNamedFirst(t *testing.T, s petition.Store) {
	file(t, s, draft{files: []string{"late"}})
	note(t, s, "late", "tg:1", day)
	wantLoose(t, s, day.Add(time.Hour))
}

func fileDrop(t *testing.T, s petition.Store) {
	note(t, s, "a", "tg:1", day)
	for range 2 {
		if err := s.DropFile(t.Context(), "a"); err != nil {
			t.Errorf("drop: %v", err)
		}
	}
	if got := filesByID(t, s, "a"); len(got) != 0 {
		t.Errorf("dropped file is there: %v", got)
	}
}

func wantLoose(t *testing.T, s petition.Store, before time.Time, want ...string) {
	t.Helper()
	got, err := s.LooseFiles(t.Context(), before, 100)
	if err != nil {
		t.Fatal(err)
	}
	ids := []string{}
	for _, f := range got {
		ids = append(ids, f.ID)
	}
	slices.Sort(ids)
	if !slices.Equal(ids, want) {
		t.Errorf("loose files %v, want %v", ids, want)
	}
}

// filesByID reads and sorts.
func filesByID(t *testing.T, s petition.Store, ids ...string) []petition.File {
	t.Helper()
	got, err := s.Files(t.Context(), ids)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(got, func(a, b petition.File) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	return got
}
