package cases_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"dengwen/petition"
	"dengwen/storage/cases"
)

// A filing that fails takes no place of the year's counter; numbers of filings that come one after
// another don't count up.
func TestNumbersDoNotCountUp(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) {
		s := open(t, url, dir, newBox(t))
		var got, want []string
		for n := 1; n <= 12; n++ {
			_, _, err := s.Create(t.Context(), fmt.Sprint("bad", n), 2026, func(int) (petition.Record, []petition.Notice, error) {
				return petition.Record{}, nil, errors.New("no")
			})
			if err == nil {
				t.Fatal("a failing build filed")
			}
			got, want = append(got, create(t, s, "路").Case.Number), append(want, cases.NumberOf(t, s, 2026, n))
		}
		if !slices.Equal(got, want) {
			t.Errorf("numbers %v, want %v", got, want)
		}
		if slices.IsSorted(got) {
			t.Errorf("numbers count up: %v", got)
		}
	})
}

// A serial that leads to a number there is, as under another key or in a year of which more than
// 99,999 numbers were counted up, is passed over.
func TestNumbersAreNotGivenTwice(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, url, dir string) {
		s := open(t, url, dir, newBox(t))
		for _, count := range []int{4, 5, 7} {
			old := create(t, s, "路").Case.Number
			if _, err := s.Writer().ExecContext(t.Context(), `UPDATE cases SET number = $1 WHERE number = $2`, cases.NumberOf(t, s, 2026, count), old); err != nil {
				t.Fatal(err)
			}
		}
		for _, count := range []int{6, 8, 9} {
			if got, want := create(t, s, "路").Case.Number, cases.NumberOf(t, s, 2026, count); got != want {
				t.Errorf("number %s, want %s", got, want)
			}
		}
	})
}
