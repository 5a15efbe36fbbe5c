package desk_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"dengwen/petition"

	"github.com/xuri/excelize/v2"
)

// counted opens a page of figures until they were counted.
func (b *browser) counted(path string) {
	b.t.Helper()
	for range 200 {
		if b.get(path); !strings.Contains(b.page, "正在数") {
			return
		}
		if b.header.Get("Refresh") == "" {
			b.t.Fatal("a page that is being counted does not ask again")
		}
		time.Sleep(20 * time.Millisecond)
	}
	b.t.Fatalf("%s was never counted", path)
}

var (
	openRow  = regexp.MustCompile(`现在没办完或者期限还在走的：(\d+) 件`)
	received = regexp.MustCompile(`<a href="(/desk/cases\?from=[^"]+)">(\d+)</a>`)
	topics   = regexp.MustCompile(`<a href="(/desk/cases\?from=[^"]+(?:subject|place)=[^"]+|/desk/cases\?[^"]*place=[^"]+)">(\d+)</a>`)
	doneRow  = regexp.MustCompile(`<a href="(/desk/figures/cases\?of=done[^"]+)">([1-9]\d*)</a>`)
	total    = regexp.MustCompile(`(\d+) 件 *<a href="/desk/cases.csv`)
)

// Each figure opens as many cases as it says.
func TestAFigureOpensItsCases(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	var numbers []string
	for i := range 4 {
		numbers = append(numbers, s.file(fmt.Sprintf("第%d盏路灯坏了，晚上看不见路。", i)))
	}
	clerk, chief, head := s.enter("clerk"), s.enter("chief"), s.enter("head")
	clerk.move(numbers[0], petition.MoveTransfer, map[string]string{"unit": s.town, "text": "请按职责办理。"})
	if _, err := s.service.Do(t.Context(), petition.Actor{Owner: "web:1", Asker: "web:1"}, numbers[1], petition.Move{Key: "w", Name: petition.MoveWithdraw}); err != nil {
		t.Fatal(err)
	}
	for b, want := range map[*browser][2]string{chief: {"3", "4"}, head: {"1", "1"}} {
		b.counted("/desk/figures")
		page := b.page
		if got := openRow.FindStringSubmatch(page); got == nil || got[1] != want[0] {
			t.Fatalf("open %v, want %s", got, want[0])
		}
		b.get("/desk/cases?open=1")
		if got := total.FindStringSubmatch(b.page); got == nil || got[1] != want[0] {
			t.Errorf("the list of open ones has %v, want %s", got, want[0])
		}
		links := append(received.FindAllStringSubmatch(page, -1), topics.FindAllStringSubmatch(page, -1)...)
		opened := 0
		for _, l := range links {
			if l[2] == "0" {
				continue
			}
			opened++
			b.get(strings.ReplaceAll(l[1], "&amp;", "&"))
			if got := total.FindStringSubmatch(b.page); got == nil || got[1] != l[2] {
				t.Errorf("%s opens %v cases, the figure says %s", l[1], got, l[2])
			}
		}
		if opened < 3 {
			t.Errorf("only %d figures open cases", opened)
		}
	}
	chief.counted("/desk/figures")
	done := doneRow.FindStringSubmatch(chief.page)
	if done == nil || done[2] != "1" {
		t.Fatalf("the withdrawn case is not among those finished: %v", done)
	}
	chief.get(strings.ReplaceAll(done[1], "&amp;", "&"))
	chief.shows(numbers[1])
	chief.hides(numbers[0], numbers[2])
	head.get("/desk/figures/cases?of=everything")
	if head.status != http.StatusNotFound {
		t.Errorf("a figure that there is not: %d", head.status)
	}
}

// Figures are for heads, and nothing of their pages breaks the policy that forbids styles in place.
func TestWhoSeesFigures(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	number := s.file("村口的水管漏了。")
	for _, id := range []string{"clerk", "town"} {
		b := s.enter(id)
		b.hides(`href="/desk/figures"`, `href="/desk/reports"`)
		for _, path := range []string{"/desk/figures", "/desk/figures/cases?of=bad", "/desk/reports", "/desk/reports.csv", "/desk/reports.xlsx"} {
			if b.get(path); b.status != http.StatusForbidden {
				t.Errorf("%s reads %s: %d", id, path, b.status)
			}
		}
	}
	chief := s.enter("chief")
	chief.shows(`href="/desk/figures"`, `href="/desk/reports"`)
	for _, path := range []string{"/desk/figures", "/desk/reports?kind=year&day=2026-11-23"} {
		chief.counted(path)
		chief.hides(" style=", "<style", number, "李军", "周敏", "desk.page.", "report.")
	}
}

// A report has the cases of its time, that before and that of last year beside it, as page and as files;
// the public version hides what is few.
func TestAReportIsAPress(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for i := range 3 {
		s.file(fmt.Sprintf("第%d个水管漏了没有人修。", i))
	}
	chief := s.enter("chief")
	chief.counted("/desk/reports?kind=month&day=2026-11-01")
	chief.shows("一、收到 3 件", "2026-11-01到2026-11-30", "2026-10-01到2026-10-31", "2025-11-01到2025-11-30", `<th scope="row">合计</th><td class="count-cell">3</td><td class="count-cell">0</td>`)
	chief.get(chief.file("/desk/reports.csv"))
	if !strings.HasPrefix(chief.page, "\ufeff") || !strings.Contains(chief.page, "合计,3,0,0") {
		t.Errorf("the file %q", chief.page)
	}
	chief.counted("/desk/reports?kind=month&day=2026-11-01")
	chief.get(chief.file("/desk/reports.xlsx"))
	book, err := excelize.OpenReader(strings.NewReader(chief.page))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := book.GetRows("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, r := range rows {
		found = found || len(r) == 4 && r[0] == "合计" && r[1] == "3" && r[2] == "0"
	}
	if !found {
		t.Errorf("the workbook %v", rows)
	}
	chief.counted("/desk/reports?kind=month&day=2026-11-01&public=1")
	chief.shows("&lt;5")
	chief.hides(`<td class="count-cell">3</td>`)
	chief.get(chief.file("/desk/reports.csv"))
	if !strings.Contains(chief.page, "合计,<5") {
		t.Errorf("the file of what may be published is %q", chief.page)
	}
	chief.get("/desk/reports?day=yesterday")
	if chief.status != http.StatusUnprocessableEntity {
		t.Errorf("a day that is none: %d", chief.status)
	}
	for _, kind := range []string{"week", "half", "year"} {
		chief.counted("/desk/reports?kind=" + kind)
		if chief.status != http.StatusOK {
			t.Errorf("%s: %d", kind, chief.status)
		}
	}
}
