package petition_test

import (
	"testing"

	"dengwen/petition"
)

// A period that ends in the long holiday is due on its day by law; a unit's own target
// is the last working day before it, and the first one after is told beside it.
func TestPeriodEndingInAHoliday(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, due, rolled, internal string }{
		{"2026-09-18", "2026-10-03", "2026-10-08", "2026-09-30"}, // national holiday
		{"2026-09-16", "2026-10-01", "2026-10-08", "2026-09-30"}, // its first day
		{"2026-09-22", "2026-10-07", "2026-10-08", "2026-09-30"}, // its last day
		{"2026-09-25", "2026-10-10", "2026-10-10", "2026-10-10"}, // a Saturday that is worked
		{"2026-02-03", "2026-02-18", "2026-02-24", "2026-02-14"}, // spring festival, after a Saturday that is worked
		{"2026-08-14", "2026-08-29", "2026-08-31", "2026-08-28"}, // an ordinary Saturday
	} {
		d, err := petition.Due("notify", c.from, petition.DefaultCalendar(), petition.Settings{})
		if err != nil {
			t.Fatal(err)
		}
		if d.Due != c.due || d.Rolled != c.rolled || d.Internal != c.internal {
			t.Errorf("from %s: due %s, rolled %s, internal %s; want %s, %s, %s", c.from, d.Due, d.Rolled, d.Internal, c.due, c.rolled, c.internal)
		}
	}
}

// What is public shows no figure from one to four: people could be recognised by it.
func TestPublicFiguresBelowFive(t *testing.T) {
	t.Parallel()
	for n, hidden := range map[int]bool{0: false, 1: true, 4: true, 5: false, 6: false} {
		if petition.TooFew(n) != hidden {
			t.Errorf("%d: hidden %v", n, !hidden)
		}
	}
	for want, s := range map[string]petition.Share{
		"—": {N: 0, Of: 0}, "<5": {N: 3, Of: 4}, "<5/5": {N: 4, Of: 5}, "5/5": {N: 5, Of: 5}, "0/5": {N: 0, Of: 5},
	} {
		if got := petition.PublicShare(s); got != want {
			t.Errorf("%d of %d: %s, want %s", s.N, s.Of, got, want)
		}
	}
	for _, c := range []struct {
		counts []int
		want   string
	}{
		{[]int{4, 9, 20}, "<5 * 20"}, // alone it would follow from the total
		{[]int{4, 3, 20}, "<5 <5 20"},
		{[]int{5, 9, 20}, "5 9 20"},
	} {
		got := ""
		for i, s := range petition.PublicCounts(c.counts) {
			if i > 0 {
				got += " "
			}
			got += s
		}
		if got != c.want {
			t.Errorf("%v: %s, want %s", c.counts, got, c.want)
		}
	}
}
