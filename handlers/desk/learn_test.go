package desk_test

import (
	"net/url"
	"strings"
	"testing"
)

// An officer is told what is right and why, and has finished a course when all is right. The head of the unit sees that, and
// nothing of what anybody answered; other units' heads do not see even that.
func TestCoursesAtTheDesk(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	b := s.enter("town")
	b.get("/desk/me")
	b.shows(`href="/desk/learn"`)
	b.get("/desk/learn")
	b.shows("期限", "还没学完")
	b.hides("本单位", "周敏")
	b.post("/desk/learn/clocks", url.Values{"q1": {"2"}, "q2": {"3"}, "q3": {"2"}})
	b.shows("答对 2 道，共 4 道", "5 个工作日内提出异议", "信访工作条例第 23 条")
	head := s.enter("head")
	head.get("/desk/learn")
	head.shows("李军")
	head.hides("<td>学完</td>")
	b.post("/desk/learn/clocks", url.Values{"q1": {"2"}, "q2": {"1"}, "q3": {"2"}, "q4": {"2"}})
	b.shows("这门学完了")
	b.get("/desk/learn")
	b.shows("11 月 23 日")
	head.get("/desk/learn")
	if n := strings.Count(head.page, "<td>学完</td>"); n != 1 {
		t.Errorf("the head sees %d done", n)
	}
	head.hides("11 月 23 日")
	chief := s.enter("chief")
	chief.get("/desk/learn")
	chief.hides("李军", "<td>学完</td>")
	kept, err := s.kept.KeptBy(t.Context(), "town")
	if err != nil || len(kept) != 1 || len(kept[0].Values) != 0 {
		t.Errorf("kept: %+v, %v", kept, err)
	}
	b.get("/desk/learn/none")
	if b.status != 404 {
		t.Errorf("a course that there is not: %d", b.status)
	}
}

// What the office's guide says of a step stands beside its form, in the officer's language, and beside no other.
func TestGuideBesideAStep(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	number := s.file("三组的路塌了")
	clerk := s.enter("clerk")
	clerk.get("/desk/cases/" + number + "/do/transfer")
	clerk.shows("本局导则：先看地点和种类")
	clerk.get("/desk/cases/" + number + "/do/note")
	clerk.hides("本局导则")
}
