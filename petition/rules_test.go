package petition

import (
	"errors"
	"strings"
	"testing"
)

// The worked examples of the office's deadline guide.
func TestDue(t *testing.T) {
	t.Parallel()
	c := DefaultCalendar()
	for _, v := range []struct{ rule, from, due, rolled, internal string }{
		{"notify", "2026-01-30", "2026-02-14", "2026-02-14", "2026-02-14"},
		{"forward", "2026-02-06", "2026-02-21", "2026-02-24", "2026-02-14"},
		{"handle", "2026-08-03", "2026-10-02", "2026-10-08", "2026-09-30"},
		{"extend", "2026-10-02", "2026-11-01", "2026-11-02", "2026-10-30"},
		{"review_window", "2026-09-02", "2026-10-02", "2026-10-08", "2026-09-30"},
		{"review", "2025-12-05", "2026-01-04", "2026-01-04", "2026-01-04"},
		{"object", "2026-02-12", "2026-02-26", "2026-02-26", "2026-02-26"},
		{"object", "2026-09-29", "2026-10-12", "2026-10-12", "2026-10-12"},
		{"object", "2026-09-18", "2026-09-24", "2026-09-24", "2026-09-24"},
		{"simple_accept", "2026-04-30", "2026-05-08", "2026-05-08", "2026-05-08"},
		{"simple_reply", "2026-04-30", "2026-05-18", "2026-05-18", "2026-05-18"},
		{"notify", "2026-11-23", "2026-12-08", "2026-12-08", "2026-12-08"},
		{"handle", "2026-11-23", "2027-01-22", "2027-01-22", "2027-01-22"},
		{"register", "2026-08-03", "2026-08-03", "2026-08-03", "2026-08-03"},
		{"rereview_window", "2026-09-02", "2026-10-02", "2026-10-08", "2026-09-30"},
		{"suggestion_reply", "2026-08-03", "2026-08-18", "2026-08-18", "2026-08-18"},
	} {
		d, err := Due(v.rule, v.from, c, Settings{})
		if err != nil || d.Due != v.due || d.Rolled != v.rolled || d.Internal != v.internal {
			t.Errorf("Due(%s, %s) = %+v, %v; want %+v", v.rule, v.from, d, err, v)
		}
		if want := v.due > "2027"; d.Provisional != want {
			t.Errorf("Due(%s, %s): provisional %v, want %v", v.rule, v.from, d.Provisional, want)
		}
	}
}

func TestWorkingDaysOfAYear(t *testing.T) {
	t.Parallel()
	c := DefaultCalendar()
	for year, want := range map[string]int{"2024": 251, "2025": 248, "2026": 248} {
		n := 0
		for d := year + "-01-01"; d <= year+"-12-31"; d = addDays(d, 1) {
			if day, _ := parseDay(d); c.Workday(day) {
				n++
			}
		}
		if n != want {
			t.Errorf("%s has %d working days, want %d", year, n, want)
		}
	}
}

func TestYearWithoutNotice(t *testing.T) {
	t.Parallel()
	c := DefaultCalendar()
	for day, want := range map[string]bool{
		"2027-02-05": false, "2027-02-08": false, "2027-02-09": true, "2027-04-05": false, "2027-06-09": false,
		"2027-09-15": false, "2027-10-01": false, "2027-10-04": true, "2028-01-01": false, "2028-05-01": false, "2028-06-06": true,
	} {
		if d, _ := parseDay(day); c.Workday(d) != want {
			t.Errorf("Workday(%s) = %v, want %v", day, !want, want)
		}
	}
	d, err := Due("object", "2026-12-28", c, Settings{})
	if err != nil || !d.Provisional || d.Due != "2027-01-05" {
		t.Errorf("a period into a year without notice: %+v, %v", d, err)
	}
	d, err = Due("object", "2026-12-21", c, Settings{})
	if err != nil || d.Provisional {
		t.Errorf("a period within a year with notice: %+v, %v", d, err)
	}
}

const notice2027 = `{"years":{"2027":{"notice":"test","off":["2027-01-01/2027-01-03","2027-05-01/2027-05-05","2027-10-01/2027-10-07"],"work":["2027-10-09"]}}}`

func TestCalendarWith(t *testing.T) {
	t.Parallel()
	old := DefaultCalendar()
	c, err := old.With([]byte(notice2027))
	if err != nil {
		t.Fatal(err)
	}
	d, err := Due("handle", "2027-08-06", c, Settings{})
	if err != nil || d.Provisional || d.Due != "2027-10-05" || d.Rolled != "2027-10-08" || d.Internal != "2027-09-30" {
		t.Errorf("with the notice: %+v, %v", d, err)
	}
	if c.Version() == old.Version() || old.Known(2027) || !c.Known(2027) || !c.Known(2024) {
		t.Errorf("versions %s → %s; the old calendar must not change", old.Version(), c.Version())
	}
	if marked, err := old.With([]byte("\ufeff" + notice2027)); err != nil || marked.Version() != c.Version() {
		t.Errorf("with a byte order mark: %v", err)
	}
	list := `{"year":2027,"papers":["test"],"days":[{"name":"元旦","date":"2027-01-01","isOffDay":true},
		{"date":"2027-05-01","isOffDay":true},{"date":"2027-05-02","isOffDay":true},{"date":"2027-05-03","isOffDay":true},
		{"date":"2027-10-01","isOffDay":true},{"date":"2027-10-02","isOffDay":true},{"date":"2027-10-03","isOffDay":true},
		{"date":"2027-05-08","isOffDay":false}]}`
	if c, err = old.With([]byte(list)); err != nil || !c.years[2027].work["2027-05-08"] {
		t.Errorf("the list of days: %v", err)
	}
}

func TestCalendarRefuses(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"not JSON":          `放假`,
		"nothing in it":     `{}`,
		"no public holiday": `{"years":{"2027":{"off":["2027-01-01"]}}}`,
		"both":              strings.Replace(notice2027, `"work":["2027-10-09"`, `"work":["2027-10-03"`, 1),
		"worked Tuesday":    strings.Replace(notice2027, "2027-10-09", "2027-10-12", 1),
		"other year":        strings.Replace(notice2027, "2027-10-09", "2026-10-10", 1),
		"not a date":        strings.Replace(notice2027, "2027-10-09", "2027-13-09", 1),
		"range backwards":   strings.Replace(notice2027, "2027-10-01/2027-10-07", "2027-10-07/2027-10-01", 1),
		"not a year":        strings.Replace(notice2027, `"2027":`, `"next":`, 1),
	} {
		if _, err := DefaultCalendar().With([]byte(text)); !errors.Is(err, Fail(Invalid, "calendar.bad")) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDueOn(t *testing.T) {
	t.Parallel()
	c := DefaultCalendar()
	d, err := DueOn("assigned_report", "2026-09-01", "2026-10-03", c)
	if err != nil || d.Due != "2026-10-03" || d.Internal != "2026-09-30" || d.Article != "22(1)(3)" {
		t.Errorf("DueOn = %+v, %v", d, err)
	}
	for key, err := range map[string]error{
		"due.set":    second(Due("assigned_report", "2026-09-01", c, Settings{})),
		"due.rule":   second(Due("someday", "2026-09-01", c, Settings{})),
		"due.date":   second(Due("notify", "2026-9-1", c, Settings{})),
		"due.before": second(DueOn("assigned_report", "2026-09-01", "2026-08-31", c)),
	} {
		if !errors.Is(err, Fail(Invalid, key)) {
			t.Errorf("want %s, got %v", key, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestEveryRuleIsWhole(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range Rules() {
		if seen[r.ID] || r.Party == "" || r.Article == "" && r.Source == "" {
			t.Errorf("rule %+v is not whole", r)
		}
		if r.length(Settings{}) == 0 && !r.Set && r.ID != "register" {
			t.Errorf("rule %s has no length", r.ID)
		}
		seen[r.ID] = true
	}
}

// A period that no move begins is a promise nobody can keep.
func TestEveryRuleIsBegun(t *testing.T) {
	t.Parallel()
	begun := map[string]bool{
		"register": true,                                                  // done with the filing itself
		"extend":   true, "suggestion_reply": true, "sender_report": true, // begun by what a move does, with a date of their own
	}
	for _, m := range Moves() {
		for _, s := range m.Starts {
			begun[s.Rule] = true
		}
	}
	for _, r := range Rules() {
		if !begun[r.ID] {
			t.Errorf("no move begins %s", r.ID)
		}
	}
	for id := range begun {
		if _, err := RuleOf(id); err != nil {
			t.Errorf("a move begins %s, which is no rule: %v", id, err)
		}
	}
}
