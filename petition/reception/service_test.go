package reception_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"dengwen/internal/office"
	"dengwen/internal/test/memory"
	"dengwen/petition"
	"dengwen/petition/reception"
)

// world is the service beside the case service, on a clock that only the test moves.
type world struct {
	t      *testing.T
	now    time.Time
	cases  *petition.Service
	store  *memory.Receptions
	memory *memory.Memory
	*reception.Service
	n int
}

// monday is 09:00 of Monday, 30 November 2026 at the office.
var monday = time.Date(2026, 11, 30, 9, 0, 0, 0, time.FixedZone("UTC+8", 8*3600))

var clerk = petition.Actor{Staff: "p1", Unit: "petition", Roles: []petition.Role{petition.Intake}, Asker: "desk:p1"}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, now: monday, memory: memory.NewMemory()}
	now := func() time.Time { return w.now }
	id := func() string { w.n++; return fmt.Sprintf("id-%06d", w.n) }
	o := office.Example()
	w.cases = petition.NewService(w.memory, o, petition.DefaultCalendar(), keyed, now, id, new(memory.Blobs))
	w.store = memory.NewReceptions(w.memory)
	w.Service = reception.New(w.store, w.cases, o, now, id)
	return w
}

func keyed(purpose, value string) []byte {
	h := sha256.Sum256([]byte(purpose + ":" + value))
	return h[:]
}

func (w *world) day(date string, slots int) reception.Day {
	w.t.Helper()
	d, err := w.PutDay(w.t.Context(), clerk, reception.Day{Leader: "王某某 副县长", Date: date, Time: "09:00", Minutes: 20, Slots: slots, Each: 1, Place: "一楼"})
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

// lodge files a petition from a chat.
func (w *world) lodge(chat string, class petition.Class) petition.Ticket {
	w.t.Helper()
	k, err := w.cases.File(w.t.Context(), petition.Actor{Owner: chat, Asker: chat}, petition.Filing{Key: "of " + chat, Channel: "telegram", Class: class, Facts: "村里的路塌了，请修好"})
	if err != nil {
		w.t.Fatal(err)
	}
	return k
}

func (w *world) book(chat string, d reception.Day, slot int) (reception.Booking, petition.Ticket) {
	w.t.Helper()
	k := w.lodge(chat, petition.Claim)
	b, err := w.Book(w.t.Context(), petition.Actor{Owner: chat, Asker: chat}, reception.Request{Key: "b", Number: k.Number, Day: d.ID, Slot: slot, Lang: "zh-CN"})
	if err != nil {
		w.t.Fatal(err)
	}
	return b, k
}

// told is what is handed over now.
func (w *world) told() (all []string) {
	w.t.Helper()
	if _, err := w.Remind(w.t.Context(), func(_ context.Context, chat string, n reception.Notice) error {
		all = append(all, chat+" "+n.Booking.Appointment.Say)
		return nil
	}); err != nil {
		w.t.Fatal(err)
	}
	return all
}

func wantErr(t *testing.T, what string, err error, code petition.Code, key string) {
	t.Helper()
	if !errors.Is(err, petition.Fail(code, key)) {
		t.Errorf("%s: got %v, want %s (%s)", what, err, code, key)
	}
}

func TestDaysAreChecked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	good := reception.Day{Leader: "王某某", Date: "2026-12-08", Time: "09:00", Minutes: 20, Slots: 9, Each: 1, Place: "一楼"}
	for key, change := range map[string]func(*reception.Day){
		"reception.leader": func(d *reception.Day) { d.Leader = " " }, "reception.place": func(d *reception.Day) { d.Place = "" },
		"reception.when": func(d *reception.Day) { d.Date = "2026-02-30" }, "reception.slots": func(d *reception.Day) { d.Minutes = 3 },
		"reception.midnight": func(d *reception.Day) { d.Slots = 60 }, "reception.past": func(d *reception.Day) { d.Date = "2026-11-29" },
		"reception.link": func(d *reception.Day) { d.Online, d.Link = true, "http://meet.example.cn/1" }, "reception.no_meeting": func(d *reception.Day) { d.Online = true },
		"reception.long": func(d *reception.Day) { d.Charge = string(slices.Repeat([]rune("教"), 101)) },
	} {
		d := good
		change(&d)
		_, err := w.PutDay(t.Context(), clerk, d)
		wantErr(t, key, err, petition.Invalid, key)
	}
	for _, link := range []string{"https://a@b.cn/1", "javascript:alert(1)", "https://", "https://x.cn/ y"} {
		d := good
		d.Online, d.Link = true, link
		_, err := w.PutDay(t.Context(), clerk, d)
		wantErr(t, link, err, petition.Invalid, "reception.link")
	}
}

// Who keeps the timetable, reads a sheet and books.
func TestWhoMay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.day("2026-12-08", 3)
	d.Staff = "leader"
	d, err := w.PutDay(t.Context(), clerk, d)
	if err != nil {
		t.Fatal(err)
	}
	b, k := w.book("tg:1", d, 0)
	leader := petition.Actor{Staff: "leader", Unit: "county-gov", Roles: []petition.Role{petition.Head}, Asker: "desk:leader"}
	other := petition.Actor{Staff: "else", Unit: "transport", Roles: []petition.Role{petition.Head}}
	for _, a := range []petition.Actor{leader, other, {Owner: "tg:1"}, {Staff: "x", Unit: "petition", Roles: []petition.Role{petition.Admin}}} {
		_, err := w.PutDay(t.Context(), a, d)
		wantErr(t, "plans", err, petition.Forbidden, "reception.who")
		_, err = w.Cancel(t.Context(), a, d.ID, "x")
		wantErr(t, "cancels", err, petition.Forbidden, "reception.who")
		wantErr(t, "notes", w.Note(t.Context(), a, b.Appointment.ID, reception.Came), petition.Forbidden, "reception.who")
		_, err = w.WalkIn(t.Context(), a, d.ID, petition.Filing{Key: "v", Class: petition.Claim, Facts: "x"})
		wantErr(t, "writes down", err, petition.Forbidden, "reception.who")
	}
	_, _, err = w.Sheet(t.Context(), other, d.ID)
	wantErr(t, "another head reads the sheet", err, petition.NotFound, "reception.none")
	_, rows, err := w.Sheet(t.Context(), leader, d.ID)
	if err != nil || len(rows) != 1 || rows[0].View != nil || rows[0].Number != k.Number || rows[0].Matter == "" {
		t.Errorf("the leader reads %+v, %v", rows, err) // whose unit has not got the case: its line alone
	}
	_, rows, err = w.Sheet(t.Context(), clerk, d.ID)
	if err != nil || len(rows) != 1 || rows[0].View == nil || rows[0].View.Contact.Name != "" {
		t.Errorf("the petition office reads %+v, %v", rows, err)
	}
	lines, _, err := w.memory.Accesses(t.Context(), petition.AccessQuery{Limit: 100})
	seen := map[string]bool{}
	for _, x := range lines {
		if x.Act == petition.ActList && slices.Contains(x.Numbers, k.Number) {
			seen[x.Staff+" "+x.Door] = true
		}
	}
	if err != nil || !seen["leader desk"] || !seen["p1 desk"] {
		t.Errorf("the access log has %v, %v", seen, err)
	}
	for name, a := range map[string]petition.Actor{"a stranger": {Owner: "tg:2", Asker: "tg:2"}, "nobody": {}} {
		_, err := w.Mine(t.Context(), a, k.Number, "")
		wantErr(t, name, err, petition.NotFound, "lookup.no_match")
		_, err = w.GiveBack(t.Context(), a, k.Number, "AAAA-BBBB")
		wantErr(t, name, err, petition.NotFound, "lookup.no_match")
	}
	if got, err := w.Mine(t.Context(), petition.Actor{Asker: "ip"}, k.Number, k.Code); err != nil || got.Queue != 1 {
		t.Errorf("with number and code: %+v, %v", got, err)
	}
	_, err = w.Book(t.Context(), clerk, reception.Request{Key: "c", Number: k.Number, Day: d.ID})
	wantErr(t, "an officer books", err, petition.Forbidden, "reception.citizens")
}

// A report on misconduct is never received on these days, and a visitor's is lodged with its named
// officers: the sheet shows neither its number nor what it says.
func TestReportsAreNotOnSheets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.day("2026-11-30", 3) // its first appointment begins now
	k := w.lodge("tg:1", petition.Report)
	_, err := w.Book(t.Context(), petition.Actor{Owner: "tg:1", Asker: "tg:1"}, reception.Request{Key: "b", Number: k.Number, Day: d.ID})
	wantErr(t, "a report is booked", err, petition.Conflict, "reception.report")
	visit := petition.Filing{Key: "v", Class: petition.Report, Facts: "某科长收了钱", Title: "收钱", Contact: petition.Contact{Name: "老李"}}
	for range 2 {
		if _, err := w.WalkIn(t.Context(), clerk, d.ID, visit); err != nil {
			t.Fatal(err)
		}
	}
	_, rows, err := w.Sheet(t.Context(), clerk, d.ID)
	if err != nil || len(rows) != 1 || rows[0].Number != "" || rows[0].Matter != "" || rows[0].Name != "" || rows[0].View != nil {
		t.Errorf("sheet: %+v, %v", rows, err)
	}
}

// Reminders go the day before and two hours before, never at night, never twice.
func TestReminders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.book("tg:1", w.day("2026-12-02", 9), 0) // 09:00
	w.book("tg:2", w.day("2026-12-02", 9), 6) // 11:00
	for _, c := range []struct {
		at   string
		want string
	}{
		{"2026-12-01 09:59", "[]"}, {"2026-12-01 10:00", "[tg:1 tomorrow tg:2 tomorrow]"}, {"2026-12-01 10:01", "[]"},
		{"2026-12-02 07:00", "[]"}, {"2026-12-02 07:59", "[]"}, // two hours before nine is night
		{"2026-12-02 08:00", "[tg:1 soon]"}, {"2026-12-02 09:00", "[tg:2 soon]"}, {"2026-12-02 10:00", "[]"},
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", c.at, monday.Location())
		if err != nil {
			t.Fatal(err)
		}
		w.now = at
		if got := w.told(); fmt.Sprint(got) != c.want {
			t.Errorf("%s: told %v, want %s", c.at, got, c.want)
		}
	}
}

// A delivery that fails is tried again under the same id.
func TestReminderIsTriedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.book("tg:1", w.day("2026-12-02", 3), 0)
	w.now = w.now.AddDate(0, 0, 1).Add(time.Hour)
	var ids []string
	deliver := func(fail error) func(context.Context, string, reception.Notice) error {
		return func(_ context.Context, _ string, n reception.Notice) error { ids = append(ids, n.ID); return fail }
	}
	if _, err := w.Remind(t.Context(), deliver(errors.New("away"))); err == nil {
		t.Error("nobody is told of a failure")
	}
	if n, err := w.Remind(t.Context(), deliver(nil)); err != nil || n != 1 {
		t.Error(n, err)
	}
	if len(ids) != 2 || ids[0] != ids[1] {
		t.Errorf("ids %v", ids)
	}
}

// Changed and cancelled days are told; what nobody sees of is not.
func TestChangesAreTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.day("2026-12-08", 3)
	w.book("tg:1", d, 1)
	d, err := w.store.ReceptionDay(t.Context(), d.ID)
	if err != nil {
		t.Fatal(err)
	}
	d.Charge = "教育"
	if d, err = w.PutDay(t.Context(), clerk, d); err != nil || len(w.told()) != 0 {
		t.Errorf("told of what does not concern them: %v", err)
	}
	short := d
	short.Slots = 1
	_, err = w.PutDay(t.Context(), clerk, short)
	wantErr(t, "a day is cut short", err, petition.Conflict, "reception.short")
	d.Time = "10:00"
	if _, err = w.PutDay(t.Context(), clerk, d); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(w.told()); got != "[tg:1 changed]" {
		t.Errorf("told %s", got)
	}
	w.now = w.now.Add(13 * time.Hour) // 22:00
	if _, err = w.Cancel(t.Context(), clerk, d.ID, "去省里开会"); err != nil {
		t.Fatal(err)
	}
	if got := w.told(); len(got) != 0 {
		t.Errorf("told at night: %v", got)
	}
	w.now = w.now.Add(10 * time.Hour)
	if got := fmt.Sprint(w.told()); got != "[tg:1 cancelled]" {
		t.Errorf("told %s", got)
	}
}

// Every figure has what it is of, and promises count by their day.
func TestFigures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.day("2026-12-01", 6)
	w.day("2026-12-03", 3) // nobody notes anything of it
	away := w.day("2026-12-02", 3)
	if _, err := w.Cancel(t.Context(), clerk, away.ID, "防汛"); err != nil {
		t.Fatal(err)
	}
	var numbers, ids []string
	for n := range 4 {
		b, k := w.book(fmt.Sprint("tg:", n), d, n)
		numbers, ids = append(numbers, k.Number), append(ids, b.Appointment.ID)
	}
	w.now = monday.AddDate(0, 0, 1)
	for n, id := range ids {
		state := reception.Came
		if n == 3 {
			state = reception.Absent
		}
		if err := w.Note(t.Context(), clerk, id, state); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.WalkIn(t.Context(), clerk, d.ID, petition.Filing{Key: "v", Class: petition.Claim, Facts: "低保停了", People: 2}); err != nil {
		t.Fatal(err)
	}
	do := func(number string, m petition.Move) {
		t.Helper()
		m.Key = fmt.Sprint(number, m.Name)
		if _, err := w.cases.Do(t.Context(), clerk, number, m); err != nil {
			t.Fatal(err)
		}
	}
	for _, number := range numbers[:3] {
		do(number, petition.Move{Name: petition.MovePromise, Text: "修路", Date: "2026-12-10", Args: map[string]string{"who": "王某某"}})
	}
	w.now = monday.AddDate(0, 0, 5)
	do(numbers[0], petition.Move{Name: petition.MoveKept, Text: "修好了"})
	w.now = monday.AddDate(0, 0, 12)
	do(numbers[1], petition.Move{Name: petition.MoveKept, Text: "修好了"})
	f, err := w.Figures(t.Context(), clerk, "2026-11-30", "2026-12-31")
	want := reception.Figures{
		From: "2026-11-30", To: "2026-12-31", Held: petition.Share{N: 1, Of: 2}, Cancelled: 1, Came: petition.Share{N: 3, Of: 4}, WalkIns: 1, People: 5,
		Promised: 3, Kept: petition.Share{N: 1, Of: 3}, Late: 1,
	}
	if err != nil || f != want {
		t.Errorf("figures %+v, %v, want %+v", f, err, want)
	}
	p, err := w.Public(t.Context())
	if err != nil || p.People != 5 || p.Kept.Of != -1 {
		t.Errorf("told outside: %+v, %v", p, err)
	}
	_, err = w.Figures(t.Context(), petition.Actor{Owner: "tg:1"}, "2026-11-30", "2026-12-31")
	wantErr(t, "a citizen counts", err, petition.Forbidden, "reception.who")
}
