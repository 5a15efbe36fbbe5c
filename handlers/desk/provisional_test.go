package desk_test

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"dengwen/internal/test/invented"
	"dengwen/internal/test/provisional"
	"dengwen/internal/test/signoff"
	"dengwen/locales"
	"dengwen/petition"
)

// Where no calendar is published, every day that is computed is marked on every page that the links of officers lead to,
// and in the files those pages offer.
func TestTheDeskSaysWhatIsProvisional(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"zh-CN", "en"} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			words, err := locales.New()
			if err != nil {
				t.Fatal(err)
			}
			s := newStageOn(t, lang, words, new(petition.Calendar))
			numbers := []string{s.file("村口的路灯坏了一个月，晚上老人摔倒了两次。"), s.file("水管漏水没有人修。"), s.file("垃圾堆在桥头半个月没有人拉。"), s.file("工地夜里施工吵得睡不着。")}
			clerk, town, head, chief := s.enter("clerk"), s.enter("town"), s.enter("head"), s.enter("chief")
			pages, marked := 0, 0
			look := func(b *browser) {
				days := s.computed(numbers)
				text := spans.ReplaceAllString(b.page, "")
				if strings.HasPrefix(b.header.Get("Content-Type"), "text/html") {
					text = invented.Shown(officeText.ReplaceAllString(text, ""))
				}
				pages++
				marked += strings.Count(text, "暂定") + strings.Count(text, "provisional")
				for _, bare := range provisional.Bare(text, days) {
					t.Errorf("%s: %q", b.at, bare)
				}
			}
			move := func(b *browser, number string, m petition.MoveName, answers map[string]string) {
				b.move(number, m, answers)
				look(b)
			}
			for _, n := range numbers[:3] {
				move(clerk, n, petition.MoveTransfer, map[string]string{"unit": s.town, "text": "请办理。"})
			}
			for _, n := range numbers[:2] {
				move(town, n, petition.MoveAccept, nil)
			}
			longer := petition.Move{Name: petition.MoveExtend, Text: "情况复杂，要请外地的专家来看。"}
			by := petition.Actor{Staff: "town", Unit: s.town, Roles: []petition.Role{petition.Officer}}
			if _, err := signoff.Do(t.Context(), s.service, by, numbers[0], longer); err != nil {
				t.Fatal(err)
			}
			longer.For, longer.Name = longer.Name, petition.MoveSubmit // another one waits to be signed
			if _, err := s.service.Do(t.Context(), by, numbers[1], longer); err != nil {
				t.Fatal(err)
			}
			for _, b := range map[string][]*browser{"zh-CN": {clerk, town, head, chief}, "en": {town, head}}[lang] {
				walked, shapes, waiting := map[string]bool{}, map[string]int{}, []string{"/desk/"}
				for len(waiting) > 0 && len(walked) < 200 {
					path := waiting[0]
					waiting = waiting[1:]
					if walked[path] || strings.Contains(path, "/live") || strings.Contains(path, "/static/") || strings.Contains(path, "/documents/") {
						continue
					}
					shape := anyDigits.ReplaceAllString(numberIn.ReplaceAllString(path, "N"), "0")
					if walked[path] = true; shapes[shape] == 3 { // as many as there are states of the cases here
						continue
					}
					shapes[shape]++
					b.get(path)
					look(b)
					for _, m := range links.FindAllStringSubmatch(b.page, -1) {
						waiting = append(waiting, strings.ReplaceAll(m[1], "&amp;", "&"))
					}
					if strings.Contains(b.page, " required") {
						b.post(path, url.Values{})
						look(b)
					}
				}
			}
			if pages < 60 || marked < 50 {
				t.Errorf("%d pages seen with %d marks", pages, marked)
			}
		})
	}
}

// computed are the last days of the periods of cases.
func (s *stage) computed(numbers []string) (days []string) {
	s.t.Helper()
	for _, n := range numbers {
		days = append(days, provisional.Computed(s.look(n))...)
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// look is a case as the program sees it.
func (s *stage) look(number string) petition.View {
	s.t.Helper()
	v, err := s.service.Look(s.t.Context(), petition.System(), number, "")
	if err != nil {
		s.t.Fatal(err)
	}
	return v
}

var anyDigits = regexp.MustCompile(`\d+`)

// spans are the times that reports are about, which may end on the last day of a period.
var spans = regexp.MustCompile(`\d{4}-\d\d-\d\d ?(?:到|to) ?\d{4}-\d\d-\d\d`)
