package desk_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"dengwen/internal/test/invented"
	"dengwen/petition"
)

var links = regexp.MustCompile(`(?:href|action)="(/desk[^"#]*)`)

// officeText is the office's own file, which is shown as it is.
var officeText = regexp.MustCompile(`(?s)<textarea id="text".*?</textarea>`)

// Every page that the links of three officers lead to, and what is said to a form that was sent
// empty, is in a language that was added by a folder.
func TestAnAddedLanguageIsSpokenAtTheDesk(t *testing.T) {
	t.Parallel()
	s := newStageIn(t, invented.Tag, invented.Catalog(t))
	numbers := []string{s.file("村口的路灯坏了一个月，晚上老人摔倒了两次。"), s.file("水管漏水没有人修。")}
	// Papers are in Chinese in every language, and so is what people wrote.
	allowed := append(invented.OfficeData(s.office), invented.Titles()...)
	allowed = append(allowed, "村口的路灯坏了一个月，晚上老人摔倒了两次", "水管漏水没有人修", "请处理", "王秀兰", "黄英", "赵平", "李军", "周敏", "孙正", "钱复", "郑核", "旧人", "何管理", "吴网格", "刘副县长", "请办理")
	seen := map[string]bool{}
	look := func(b *browser, path string) {
		if !strings.HasPrefix(b.header.Get("Content-Type"), "text/html") {
			return
		}
		seen[path] = true
		for _, left := range invented.Left(invented.Shown(officeText.ReplaceAllString(b.page, "")), allowed...) {
			t.Errorf("%s: %q is left", path, left)
		}
	}
	walk := func(b *browser, send bool) {
		walked, waiting := map[string]bool{}, []string{"/desk/"}
		for len(waiting) > 0 && len(walked) < 200 {
			path := waiting[0]
			waiting = waiting[1:]
			shape := numberIn.ReplaceAllString(path, "N")
			if walked[shape] || strings.Contains(path, "/live") || strings.Contains(path, "/static/") {
				continue
			}
			walked[shape] = true
			b.get(path)
			look(b, path)
			for _, m := range links.FindAllStringSubmatch(b.page, -1) {
				waiting = append(waiting, strings.ReplaceAll(m[1], "&amp;", "&"))
			}
			if send && strings.Contains(b.page, " required") {
				b.post(path, url.Values{})
				look(b, path+" sent empty")
			}
		}
	}
	clerk := s.enter("clerk")
	walk(clerk, false)
	clerk.move(numbers[0], petition.MoveTransfer, map[string]string{"unit": s.town, "text": "请办理。"})
	town := s.enter("town")
	walk(town, false)
	town.move(numbers[0], petition.MoveAccept, nil)
	walk(town, false)
	walk(s.enter("head"), false)
	walk(clerk, true)
	walk(town, true)
	walk(s.enter("chief"), true)
	out := s.stranger()
	for _, path := range []string{"/desk/enter", "/desk/enter/none", "/desk/none"} {
		out.get(path)
		look(out, path)
	}
	if len(seen) < 40 {
		t.Errorf("only %d pages seen", len(seen))
	}
}

var numberIn = regexp.MustCompile(`ZS\d\d-\d{4}-\d{4,}[^/?&]*|[A-Z]{2}\d\d-[0-9A-Z-]+`)
