package desk_test

import (
	"net/url"
	"regexp"
	"testing"
	"time"

	"dengwen/petition"
)

// A report of the office is submitted by one who heads it, sent back with words, submitted once more, and signed by another:
// only then it carries a name and a time. What is signed is what was read.
func TestAReportIsSigned(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	second, err := s.people.Add(t.Context(), petition.Actor{Staff: "admin", Roles: []petition.Role{petition.Admin}}, "林副局长", s.office.Unit, []petition.Role{petition.Supervisor})
	if err != nil {
		t.Fatal(err)
	}
	s.file("桥垮了一半，拖拉机过不去。")
	chief, other, head := s.enter("chief"), s.enter(second.ID), s.enter("head")
	const page = "/desk/reports?kind=week&day=2026-11-16"
	open := func(b *browser, path string) {
		t.Helper()
		for range 200 { // it is counted in the background
			if b.get(path); !regexp.MustCompile(`正在数|还没有数好`).MatchString(b.page) {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
	do := func(b *browser, path, do, words string) {
		t.Helper()
		open(b, path)
		version := "0"
		if m := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(b.page); m != nil {
			version = m[1]
		}
		b.post(path, url.Values{"version": {version}, "do": {do}, "words": {words}})
	}
	do(chief, page, "submit", "")
	chief.shows("已经送签", "赵平送签", "收回")
	chief.hides(`value="sign"`)
	open(chief, "/desk/reports.pdf?kind=week&day=2026-11-16")
	chief.hides("林副局长")
	do(chief, page, "sign", "")
	if chief.status != 403 {
		t.Errorf("who submitted it signs it: %d", chief.status)
	}
	do(head, page, "sign", "")
	if head.status != 403 {
		t.Errorf("the head of a town signs a report of the office: %d", head.status)
	}
	other.get("/desk/")
	other.shows("信访办理一周通报", "赵平送签")
	do(other, page, "send_back", "")
	if other.status != 422 {
		t.Errorf("sent back without a word: %d", other.status)
	}
	do(other, page, "send_back", "第二张表的合计不对，请再核一遍。")
	other.shows("退回修改了")
	chief.get("/desk/")
	chief.shows("林副局长退回")
	open(chief, page)
	chief.shows("第二张表的合计不对，请再核一遍。")
	do(chief, page, "submit", "")
	open(other, page)
	read := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(other.page)[1]
	do(chief, page, "take_back", "")
	do(chief, page, "submit", "")
	other.post(page, url.Values{"version": {read}, "do": {"sign"}})
	if other.status != 409 {
		t.Errorf("what was not read is signed: %d", other.status)
	}
	do(other, page, "sign", "")
	other.shows("已经签发", "林副局长签发")
	other.hides(`name="do"`)
	for _, ending := range []string{".pdf", ".docx"} {
		open(other, "/desk/reports"+ending+"?kind=week&day=2026-11-16")
		other.shows("林副局长 2026 年 11 月 23 日（周一） 09:30", "赵平")
	}
	do(chief, page+"&public=1", "submit", "") // the public one is another paper
	chief.shows("已经送签")
	do(chief, "/desk/reports?kind=week&day=2026-11-23", "submit", "")
	if chief.status != 409 {
		t.Errorf("a week that is not over is submitted: %d", chief.status)
	}
}
