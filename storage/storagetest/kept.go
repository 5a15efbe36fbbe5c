package storagetest

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"dengwen/petition"

	"github.com/google/go-cmp/cmp"
)

// Kept is the suite of a store of what officers keep for themselves.
func Kept(t *testing.T, s petition.KeptStore) {
	ctx := t.Context()
	day := time.Date(2026, 8, 3, 9, 0, 0, 0, time.UTC)
	keep := func(want petition.Code, k petition.Kept) {
		t.Helper()
		err := s.Keep(ctx, k)
		if got := petition.CodeOf(err); err != nil && got != want || err == nil && want != "" {
			t.Errorf("keep %s of %s: %v, want %q", k.Key, k.Person, err, want)
		}
	}
	if _, err := s.Kept(ctx, "o-1", "form:a"); petition.CodeOf(err) != petition.NotFound {
		t.Errorf("an empty store keeps something: %v", err)
	}
	first := petition.Kept{Person: "o-1", Key: "form:a", Number: "ZS26-0417-3K", Values: map[string]string{"f.text": "写到一半"}, At: day}
	keep("", first)
	keep("", petition.Kept{Person: "o-2", Key: "form:a", Values: map[string]string{"f.text": "别人的"}, At: day})
	if got, err := s.Kept(ctx, "o-1", "form:a"); err != nil || !cmp.Equal(got, first) {
		t.Errorf("%+v, %v", got, err)
	}
	first.Values, first.At = map[string]string{"f.text": "写完了"}, day.Add(time.Minute)
	keep("", first)
	for i := range petition.MaxKept - 1 {
		keep("", petition.Kept{Person: "o-1", Key: "form:" + strconv.Itoa(i), At: day.Add(-time.Duration(i) * time.Hour)})
	}
	keep(petition.Limited, petition.Kept{Person: "o-1", Key: "one more", At: day})
	keep("", first) // in the place of what is there
	keep(petition.Invalid, petition.Kept{Person: "o-2", Key: "long", Values: map[string]string{"f.text": strings.Repeat("长", petition.MaxKeptBytes/3)}, At: day})
	keep("", petition.Kept{Person: "o-3", Key: "form:a", At: day, Until: day.Add(time.Hour)})
	keep("", petition.Kept{Person: "o-3", Key: "form:b", At: day.Add(time.Hour), Until: day.Add(3 * time.Hour)})
	if all, err := s.KeptBy(ctx, "o-3"); err != nil || len(all) != 2 {
		t.Errorf("%d are kept, %v", len(all), err)
	}
	keep("", petition.Kept{Person: "o-2", Key: "form:b", At: day.Add(2 * time.Hour)})
	if all, err := s.KeptBy(ctx, "o-3"); err != nil || len(all) != 1 || all[0].Key != "form:b" {
		t.Errorf("what was kept long enough is there: %+v, %v", all, err)
	}
	all, err := s.KeptBy(ctx, "o-1")
	if err != nil || len(all) != petition.MaxKept || !cmp.Equal(all[0], first) || all[1].Key != "form:0" || all[2].Key != "form:1" {
		t.Errorf("%d are kept, %v", len(all), err)
	}
	for range 2 {
		if err := s.DropKept(ctx, "o-1", "form:a"); err != nil {
			t.Error(err)
		}
	}
	if _, err := s.Kept(ctx, "o-1", "form:a"); petition.CodeOf(err) != petition.NotFound {
		t.Errorf("what was dropped is there: %v", err)
	}
	if got, err := s.Kept(ctx, "o-2", "form:a"); err != nil || got.Values["f.text"] != "别人的" {
		t.Errorf("dropped with another's: %+v, %v", got, err)
	}
}
