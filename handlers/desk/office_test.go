package desk_test

import (
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
)

var wasOf = regexp.MustCompile(`name="was" value="([^"]*)"`)

func (b *browser) officeText() string {
	b.t.Helper()
	text, err := os.ReadFile(b.stage.officeFile)
	if err != nil {
		b.t.Fatal(err)
	}
	return string(text)
}

// The head changes a part of the office's data: looked at first, logged, undone; the rest of the
// file stays to the letter.
func TestTheOfficeIsChangedAtTheDesk(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	clerk, chief := s.enter("clerk"), s.enter("chief")
	clerk.get("/desk/office")
	if clerk.status != 403 {
		t.Errorf("a clerk changes the office's data: %d", clerk.status)
	}
	before := chief.officeText()
	chief.get("/desk/office?part=settings")
	chief.shows("期限和限度", "yellow_days: 3")
	part := "\n" + before[strings.Index(before, "settings:"):strings.Index(before, "\n# organ:")]
	form := url.Values{"part": {"settings"}, "was": {wasOf.FindStringSubmatch(chief.page)[1]}, "text": {strings.Replace(part, "yellow_days: 3", "yellow_days: much", 1)}}
	chief.post("/desk/office", form)
	chief.shows(`role="alert"`)
	form.Set("text", strings.Replace(part, "yellow_days: 3", "yellow_days: 5", 1))
	chief.post("/desk/office", form)
	chief.shows("会改这些", "<del>3</del>", "<ins>5</ins>", "就这样改")
	if chief.officeText() != before {
		t.Error("a look changes the file")
	}
	form.Set("put", "1")
	chief.post("/desk/office", form)
	chief.shows("改好了，现在起用新的", "赵平")
	if got := chief.officeText(); got != strings.Replace(before, "yellow_days: 3", "yellow_days: 5", 1) {
		t.Error("the file is not what was written, or more changed than that")
	}
	chief.post("/desk/office", form) // made of the file before
	chief.shows("别人刚才改过单位文件")
	chief.get("/desk/office")
	copyOf := regexp.MustCompile(`name="before" value="([^"]*)"`).FindStringSubmatch(chief.page)[1]
	chief.post("/desk/office/undo", url.Values{"before": {copyOf}})
	if chief.officeText() != before {
		t.Error("undone it is not what it was")
	}
	chief.post("/desk/office/undo", url.Values{"before": {"../../etc/passwd"}})
	if chief.status != 404 {
		t.Errorf("another file as a copy: %d", chief.status)
	}
	chief.get("/desk/office.yaml")
	if chief.page != before {
		t.Error("exported it is another file")
	}
}

// An administrator takes somebody on and hands them a link; nobody else gives roles, the head neither.
func TestPeopleAtTheDesk(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	chief, admin := s.enter("chief"), s.enter("admin")
	form := url.Values{"do": {"add"}, "name": {"新来的"}, "unit": {s.town}, "role": {"officer"}}
	chief.get("/desk/office/people")
	chief.shows("黄英")
	chief.hides("添一个人")
	chief.post("/desk/office/people", form)
	if chief.status != 403 {
		t.Errorf("the head gives roles: %d", chief.status)
	}
	admin.post("/desk/office/people", form)
	admin.shows("新来的")
	link := regexp.MustCompile(`<code>([^<]+)</code>`).FindStringSubmatch(admin.page)
	if link == nil {
		t.Fatal("there is no link")
	}
	b := s.stranger()
	b.get(link[1])
	b.post(b.at, nil)
	b.shows("新来的")
	id := regexp.MustCompile(`(?s)<td>新来的</td>.*?name="id" value="([^"]+)"`).FindStringSubmatch(admin.page)[1]
	admin.post("/desk/office/people", url.Values{"do": {"revoke"}, "id": {id}})
	b.get("/desk/")
	if b.at != "/desk/enter" {
		t.Errorf("somebody whose access ended is at %s", b.at)
	}
}
