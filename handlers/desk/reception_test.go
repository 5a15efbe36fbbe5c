package desk_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"dengwen/petition"
)

// planned is the address of the sheet of a day that the clerk plans for a leader's account.
func (b *browser) planned(date, staff string) string {
	b.t.Helper()
	b.post("/desk/reception", url.Values{
		"leader": {"王某某 副县长"}, "staff": {staff}, "charge": {"教育"}, "date": {date}, "time": {"10:00"}, "minutes": {"20"}, "slots": {"3"}, "each": {"1"}, "place": {"一楼"},
	})
	if b.status != http.StatusOK || !strings.HasPrefix(b.at, "/desk/reception/") {
		b.t.Fatalf("planned: %d at %s\n%s", b.status, b.at, b.page)
	}
	return b.at
}

// A day is planned, a visitor is written down, what was promised is noted, and the figures count it.
func TestReceptionDayAtTheDesk(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	b := s.enter("clerk")
	sheet := b.planned("2026-11-23", "head")
	b.shows("还没有人约", "没约就来的")
	b.post(sheet+"/visit", url.Values{"key": {"v1"}, "facts": {"低保停了两个月，想问什么时候能发"}, "name": {"老李"}, "class": {"claim"}})
	b.shows("登记好了", "老李", "打印回执", "来了", "记下答应的事")
	number := strings.TrimPrefix(b.at[strings.Index(b.at, "visit="):], "visit=")
	b.post(sheet+"/visit", url.Values{"key": {"v1"}, "facts": {"低保停了两个月，想问什么时候能发"}, "name": {"老李"}, "class": {"claim"}})
	b.get(sheet)
	if n := strings.Count(b.page, "/desk/cases/"+number+`"`); n != 1 {
		t.Errorf("sent twice, the visitor stands there %d times", n)
	}
	b.get("/desk/cases/" + number + "/documents/1.pdf")
	if b.status != http.StatusOK {
		t.Errorf("receipt: %d", b.status)
	}
	b.move(number, petition.MovePromise, map[string]string{"text": "月底前补发", "who": "王某某副县长", "date": "2026-11-30"})
	b.get(sheet)
	b.shows("11 月 30 日")
	b.get("/desk/reception")
	b.shows("按时接访的天数", "1 / 1", "接访了")
	b.post("/desk/reception", url.Values{"leader": {""}, "date": {"2026-12-01"}, "time": {"10:00"}, "minutes": {"20"}, "slots": {"3"}, "each": {"1"}, "place": {"一楼"}})
	b.shows(`role="alert"`, "姓名和职务")
}

// Who is not of the petition office reads the timetable and changes nothing; the leader of a day reads its
// sheet, with no more of a case than their unit sees.
func TestReceptionIsForWhoKeepsIt(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	clerk := s.enter("clerk")
	sheet := clerk.planned("2026-11-23", "head")
	clerk.post(sheet+"/visit", url.Values{"key": {"v1"}, "facts": {"低保停了两个月"}, "title": {"低保停发"}, "class": {"claim"}})
	clerk.post(sheet+"/visit", url.Values{"key": {"v2"}, "facts": {"某科长收钱"}, "title": {"收钱的事"}, "class": {string(petition.Report)}})
	if clerk.status != http.StatusOK || strings.Contains(clerk.page, "收钱的事") {
		t.Errorf("a report on misconduct stands on the sheet: %d", clerk.status)
	}
	for _, who := range []string{"town", "grid", "named", "admin"} {
		b := s.enter(who)
		b.get("/desk/reception")
		if b.status != http.StatusOK || strings.Contains(b.page, sheet) || strings.Contains(b.page, `name="leader"`) {
			t.Errorf("%s: timetable %d with a sheet or a form", who, b.status)
		}
		b.get(sheet)
		if b.status != http.StatusNotFound {
			t.Errorf("%s reads the sheet: %d", who, b.status)
		}
		for _, path := range []string{"/desk/reception", sheet, sheet + "/visit"} {
			b.post(path, url.Values{"leader": {"x"}, "date": {"2026-12-01"}, "time": {"10:00"}, "minutes": {"20"}, "slots": {"3"}, "each": {"1"}, "place": {"x"}, "do": {"cancel"}, "why": {"x"}, "facts": {"x"}, "class": {"claim"}})
			if b.status != http.StatusForbidden {
				t.Errorf("%s posts to %s: %d", who, path, b.status)
			}
		}
	}
	leader := s.enter("head")
	leader.get(sheet)
	leader.shows("低保停发")
	if strings.Contains(leader.page, "没约就来的</h2>") || strings.Contains(leader.page, "/desk/cases/ZS") {
		t.Error("the leader is offered what they may not do or see")
	}
}
