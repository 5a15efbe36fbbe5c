package petition_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dengwen/internal/scrub"
	"dengwen/petition"
)

func (w *world) minutes(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = w.at.Add(time.Duration(n) * time.Minute)
}

func urgent(class petition.Class) petition.Filing {
	f := filing(class)
	f.Urgency = petition.UrgentGround
	return f
}

func (w *world) unattended() int {
	w.t.Helper()
	n, err := w.s.SweepUnattended(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// restart is the office's program begun anew on what is stored.
func (w *world) restart() {
	w.s = petition.NewService(w.store, w.o, petition.DefaultCalendar(), keyed, w.now,
		func() string { return fmt.Sprintf("id-%06d", w.ids.Add(1)) }, w.blobs).WithScrub(scrub.New(scrub.DefaultLimits()))
}

// A danger that nobody took in hand is told to the head after five minutes and to the supervisor and
// the duty office after ten, once each, at night as by day and across a restart in between.
func TestUnattendedDangerGoesUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.minutes(13 * 60) // 23:00
	n := w.file(urgent(petition.Claim)).Number
	for _, step := range []struct{ wait, wrote int }{{4, 0}, {1, 1}, {0, 0}, {4, 0}, {1, 1}, {0, 0}, {60, 0}} {
		w.minutes(step.wait)
		if got := w.unattended(); got != step.wrote {
			t.Errorf("at %s: wrote %d, want %d", w.now().Format("15:04"), got, step.wrote)
		}
		w.restart()
	}
	want := []string{
		"file  unit:petition", "unattended head unit:petition", "unattended supervisor unit:county-gov", "unattended supervisor unit:petition",
	}
	if got := w.steps(0); !slices.Equal(got, want) {
		t.Errorf("told %q, want %q", got, want)
	}
	v, err := w.s.Look(t.Context(), county, n, "")
	if err != nil || !slices.Contains(v.Can, petition.MoveAttend) {
		t.Errorf("the duty office sees %+v, %v", v.Can, err)
	}
}

// After a standstill both levels are due at once: one reminder tells both.
func TestStandstillTellsTheFurthestLevel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.file(urgent(petition.Claim))
	w.minutes(300)
	if n := w.unattended(); n != 1 {
		t.Errorf("wrote %d", n)
	}
	if n := w.unattended(); n != 0 {
		t.Errorf("wrote %d more", n)
	}
}

// What is taken in hand goes no further; the citizen is told that somebody has it, and not who.
func TestAttendedDangerStaysWhereItIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.file(urgent(petition.Claim)).Number
	w.refused(clerk, n, m(petition.MoveAttended, "measure", "called"), petition.Conflict, "need.is_attended")
	w.minutes(3)
	v := w.do(clerk, n, m(petition.MoveAttend))
	if v.Officer != "clerk" || v.Urgency != petition.UrgentGround || !v.Taken.Equal(w.now()) {
		t.Errorf("taken in hand: %+v", v)
	}
	w.refused(chief, n, m(petition.MoveAttend), petition.Conflict, "need.not_attended")
	w.refused(clerk, n, m(petition.MoveAttended), petition.Invalid, "need.says_what_was_done")
	w.do(clerk, n, m(petition.MoveAttended, "text", "已封路"))
	w.minutes(60)
	if got := w.unattended(); got != 0 {
		t.Errorf("brought up %d times", got)
	}
	own, err := w.s.Look(t.Context(), lin, n, "")
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("%+v", own)
	if own.Taken.IsZero() || !strings.Contains(text, string(petition.MoveAttend)) || strings.Contains(text, "已封路") || strings.Contains(text, "clerk") {
		t.Errorf("the citizen sees %s", text)
	}
}

// It is lowered with a reason only, and both stand in the case; a new danger is taken in hand anew.
func TestDangerEndsWithAReason(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.file(urgent(petition.Claim)).Number
	w.refused(clerk, n, m(petition.MoveEndAlarm), petition.Invalid, "field.missing")
	w.refused(lin, n, m(petition.MoveEndAlarm, "text", "x"), petition.Forbidden, "move.who")
	w.refused(clerk, n, m(petition.MoveAlarm, "kind", "ground"), petition.Invalid, "need.other_urgency")
	w.do(clerk, n, m(petition.MoveAttend))
	v := w.do(clerk, n, m(petition.MoveEndAlarm, "text", "人都撤出来了"))
	if v.Urgency != "" || !v.Taken.IsZero() {
		t.Errorf("still urgent: %s", v.Urgency)
	}
	if last := v.Timeline[len(v.Timeline)-1]; last.Text != "人都撤出来了" || last.Move != petition.MoveEndAlarm {
		t.Errorf("kept %+v", last)
	}
	v = w.do(clerk, n, m(petition.MoveAlarm, "kind", "crowd"))
	if v.Urgency != petition.UrgentCrowd || !v.Taken.IsZero() {
		t.Errorf("a new danger: %s, taken %s", v.Urgency, v.Taken)
	}
	w.minutes(5)
	if got := w.unattended(); got != 1 {
		t.Errorf("the new danger was brought up %d times", got)
	}
	own, _ := w.s.Look(t.Context(), lin, n, "")
	for _, e := range own.Timeline {
		if e.Text != "" || e.Args["kind"] != "" {
			t.Errorf("the citizen reads %+v", e)
		}
	}
}

// A withdrawal ends no danger, and a report's stays with its named officers.
func TestDangerOutlivesWithdrawalAndSeal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.file(urgent(petition.Claim)).Number
	w.do(lin, n, m(petition.MoveWithdraw))
	w.minutes(5)
	if got := w.unattended(); got != 1 {
		t.Errorf("withdrawn: brought up %d times", got)
	}
	f := urgent(petition.Report)
	f.Key = "draft-2"
	n = w.file(f).Number
	w.minutes(10)
	w.unattended()
	feed, err := w.s.Notices(t.Context(), "", 500)
	if err != nil {
		t.Fatal(err)
	}
	told := 0
	for _, x := range feed {
		if x.Number != n {
			continue
		}
		told++
		if !x.Urgent() || x.To != "sealed:discipline" || x.View.Title+x.View.Facts+x.Entry.Text != "" {
			t.Errorf("of a report, told %s: %+v", x.To, x)
		}
	}
	if told != 2 {
		t.Errorf("told %d times", told)
	}
	if _, err := w.s.Look(t.Context(), county, n, ""); petition.CodeOf(err) != petition.NotFound {
		t.Errorf("the duty office sees a report: %v", err)
	}
}

// A rota names people by day and date, and dates go first.
func TestRota(t *testing.T) {
	t.Parallel()
	o := &petition.Office{Unit: "petition", Duty: []petition.Duty{
		{Days: []string{"sat", "sun"}, Officers: []string{"weekend"}}, {Dates: []string{"2026-11-28"}, Officers: []string{"saturday"}},
		{Unit: "transport", Officers: []string{"road"}},
	}}
	for _, c := range []struct {
		unit string
		at   time.Time
		want string
	}{
		{"petition", time.Date(2026, 11, 27, 23, 0, 0, 0, zone), ""}, {"petition", time.Date(2026, 11, 28, 3, 0, 0, 0, zone), "saturday"},
		{"petition", time.Date(2026, 11, 28, 20, 0, 0, 0, time.UTC), "weekend"}, {"transport", time.Date(2026, 11, 25, 9, 0, 0, 0, zone), "road"},
	} {
		var got []string
		for _, d := range o.OnDuty(c.unit, c.at) {
			got = append(got, d.Officers...)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s at %s: %q, want %q", c.unit, c.at, got, c.want)
		}
	}
}

// The urgent report is filled from the case: what the danger is, since when, and what was done.
func TestUrgentReportIsFilledFromTheCase(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := w.file(urgent(petition.Claim)).Number
	w.minutes(3)
	w.do(clerk, n, m(petition.MoveAttend))
	w.do(clerk, n, m(petition.MoveAttended, "measure", "called", "text", "派出所已到"))
	v := w.do(clerk, n, m(petition.MoveUrgent, "text", "桥随时会塌，已封路"))
	w.wantDocument(clerk, n, fmt.Sprintf("%d-urgent_report.pdf", len(v.Timeline)), "重大紧急信访事项报告",
		"danger", "险情，2026年8月3日10:00起", "done", "10:03柞水县信访局接手处置", "done", "派出所已到", "facts", "桥随时会塌", "to", "柞水县人民政府", "name", "信访人")
}
