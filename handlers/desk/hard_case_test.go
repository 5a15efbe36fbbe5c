package desk_test

import (
	"strings"
	"testing"
	"time"

	"dengwen/petition"
)

// A leader sets a step for a town, which finds it on its first page when it is late, in words and not by colour
// alone, and notes it; the sheet and the minutes are printed.
func TestHardCaseAtTheDesk(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	number := s.file("村口的桥面塌了一半，拖拉机过不去。")
	chief := s.enter("chief")
	chief.move(number, petition.MoveLead, map[string]string{"officer": "leader"})
	leader := s.enter("leader")
	leader.get("/desk/")
	leader.shows("我包的案", number)
	leader.move(number, petition.MovePlan, map[string]string{"unit": s.town, "date": "2026-11-25", "text": "清走桥头的碎石"})
	leader.shows("清走桥头的碎石", "11 月 25 日（周三）以前", "包案一页纸", "刘副县长")
	town := s.enter("town")
	town.get("/desk/cases/" + number)
	town.shows("清走桥头的碎石", "步骤办完了")
	town.get("/desk/")
	town.hides("我们的步骤过期了")
	s.now.Add(int64(3 * 24 * time.Hour))
	town, leader, chief = s.enter("town"), s.enter("leader"), s.enter("chief")
	for _, b := range []*browser{town, leader, chief} {
		b.get("/desk/")
		b.shows("步骤过期了", number, "清走桥头的碎石", "过期 1 天")
	}
	other := s.enter("review")
	other.get("/desk/")
	other.hides(number)
	other.get("/desk/cases/" + number)
	if other.status != 404 {
		t.Errorf("a unit without a step opens the case: %d", other.status)
	}
	leader.get("/desk/hard")
	leader.shows("刘副县长", number, "过期 1 天", "/desk/hard/week.pdf?leader=leader")
	chief.get("/desk/hard/week.pdf?leader=leader")
	if chief.status != 200 || !strings.HasPrefix(chief.page, "%PDF-") {
		t.Errorf("the weekly sheet: %d", chief.status)
	}
	town.get("/desk/hard")
	town.shows(number)
	town.hides("week.pdf")
	town.get("/desk/hard/week.pdf?leader=leader")
	if town.status != 403 {
		t.Errorf("a unit reads the week of a leader: %d", town.status)
	}
	town.move(number, petition.MovePlanDone, map[string]string{"step": "1", "text": "清走了"})
	leader.get("/desk/cases/" + number)
	leader.shows("清走了", "比定的晚")
	leader.move(number, petition.MoveMeeting, map[string]string{"date": "2026-11-26", "place": "县政府", "attendees": "交通局、镇政府", "text": "月底前修好"})
	leader.shows("协调会纪要")
	for _, paper := range []string{"包案一页纸", "协调会纪要"} {
		at := strings.LastIndex(leader.page[:strings.Index(leader.page, paper)], `href="`) + len(`href="`)
		href, _, _ := strings.Cut(leader.page[at:], `"`)
		page := s.enter("leader")
		page.get(href)
		if page.status != 200 || !strings.Contains(page.page, number) {
			t.Errorf("%s: %d", paper, page.status)
		}
	}
}
