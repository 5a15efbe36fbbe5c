package desk_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/url"
	"strings"
	"testing"

	"dengwen/petition"
)

// table is a form with a file in it.
func table(t *testing.T, text string) (kind, body string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	f, err := w.CreateFormFile("file", "台账.csv")
	if err == nil {
		_, err = f.Write([]byte(text))
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), b.String()
}

// A clerk looks at a table, imports it, finds a case by its old number, takes the whole back.
func TestATableIsImportedAtTheDesk(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	clerk, town := s.enter("clerk"), s.enter("town")
	kind, body := table(t, "信访编号,登记日期,信访人,说的啥\n旧001,2026.3.5,王秀兰,路坏了走不成\n旧002,2026年3月6日,李军,\n旧003,2026/3/7,赵平,水管漏了三天\n")
	town.send("/desk/import", kind, body)
	if town.status != 403 {
		t.Errorf("another unit imports: %d", town.status)
	}
	clerk.send("/desk/import", kind, body)
	clerk.shows("还没有找到这些列", "信访内容")
	clerk.hides("转入 3 行")
	at := clerk.at
	clerk.get(at + "?chosen=1&c.old=0&c.received=1&c.name=2&c.facts=3")
	clerk.shows("2 行可以转入，1 行不行", "没有信访内容", "路坏了走不成", "转入 2 行")
	form := url.Values{"chosen": {"1"}, "c.old": {"0"}, "c.received": {"1"}, "c.name": {"2"}, "c.facts": {"3"}}
	clerk.post(at, form)
	clerk.shows("办成 2 件，没办成 1 件", "撤销这次转入")
	done := clerk.at
	clerk.get(done + "/refused.csv")
	clerk.shows("3,没有信访内容,旧002,2026年3月6日,李军,")
	town.get(done)
	if town.status != 404 {
		t.Errorf("another unit sees the import: %d", town.status)
	}
	clerk.find("旧001", "")
	if !strings.HasPrefix(clerk.at, "/desk/cases/") || clerk.status != 200 {
		t.Errorf("the old number leads to %s", clerk.at)
	}
	clerk.shows("旧001", "路坏了走不成", "从旧台账转入")
	clerk.post(strings.Replace(done, "batches", "import", 1)+"/undo", nil)
	clerk.shows("办成 2 件")
	clerk.find("旧001", "")
	clerk.hides("路坏了走不成")
}

// The head exports everything with a reason; a clerk does not.
func TestExportAtTheDesk(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.file("路灯坏了。")
	clerk, chief := s.enter("clerk"), s.enter("chief")
	clerk.post("/desk/export", url.Values{"reason": {"审计"}})
	if clerk.status != 403 {
		t.Errorf("a clerk exports: %d", clerk.status)
	}
	chief.post("/desk/export", url.Values{"reason": {""}})
	if chief.status != 422 {
		t.Errorf("without a reason: %d", chief.status)
	}
	chief.post("/desk/export", url.Values{"reason": {"审计"}})
	chief.shows("办完了", "/result")
	at := chief.at
	chief.get(at + "/result")
	if !strings.HasPrefix(chief.page, "PK") || strings.Contains(chief.page, "13800138000") {
		t.Error("the result is no zip file")
	}
	clerk.get(at + "/result")
	if clerk.status != 404 {
		t.Errorf("a clerk gets the export: %d", clerk.status)
	}
}

// All that a list finds is moved, not only what a page shows.
func TestEveryCaseFound(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for i := range 30 {
		s.file(fmt.Sprintf("第 %d 盏路灯坏了。", i))
	}
	clerk := s.enter("clerk")
	clerk.get("/desk/cases?open=1")
	clerk.shows("查到的 30 件都办")
	form := url.Values{"move": {"note"}, "every": {"1"}, "of": {"open=1"}, "said": {"1"}, "key": {"b"}, "f.text": {"统一记录。"}}
	for range 2 { // pressed twice it is done once
		clerk.post("/desk/bulk", form)
		clerk.shows("办成 30 件，没办成 0 件")
	}
	page, err := s.service.List(t.Context(), petition.System(), petition.Query{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	v, err := s.service.Look(t.Context(), petition.System(), page.Items[0].Number, "")
	if err != nil || len(v.Timeline) != 2 {
		t.Errorf("%d entries, %v", len(v.Timeline), err)
	}
}

// A list is saved with its columns under a name, for oneself or the unit.
func TestSavedViews(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.file("路灯坏了。")
	clerk, chief, town := s.enter("clerk"), s.enter("chief"), s.enter("town")
	clerk.post("/desk/views", url.Values{"name": {"只看编号"}, "query": {"open=1&col=status&junk=1"}, "shared": {"1"}})
	if clerk.at != "/desk/cases?col=status&open=1" {
		t.Errorf("saved and at %s", clerk.at)
	}
	clerk.shows("只看编号", "<th scope=\"col\" class=\"wide\">状态</th>")
	clerk.hides("<th scope=\"col\" class=\"wide\">地点</th>")
	clerk.get("/desk/cases.csv?col=status")
	clerk.shows("编号,事情,状态")
	chief.get("/desk/cases")
	chief.shows("只看编号")
	chief.hides("/drop")
	town.get("/desk/cases")
	town.hides("只看编号")
}

// The head compares a file of the system above, takes in what is missing, and writes one for above; a clerk does not.
func TestFilesAreExchangedAtTheDesk(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	number := s.file("路灯坏了。")
	clerk, chief := s.enter("clerk"), s.enter("chief")
	kind, body := table(t, "信访件编号,本地编号,登记日期,信访形式,信访目的,信访内容,办理状态\nSX-1,,2026-08-03,网上,申诉求决,村口的桥塌了,\n,"+number+",,,,,已办结\nSX-3,,2026-08-03,网上,检举控告,镇长收了钱,\n")
	clerk.get("/desk/batches")
	clerk.hides("与上级信访系统交换文件")
	clerk.send("/desk/exchange", kind, body)
	if clerk.status != 403 {
		t.Errorf("a clerk compares: %d", clerk.status)
	}
	chief.get("/desk/batches")
	chief.shows("与上级信访系统交换文件", "CSV（GB18030，旧系统用）")
	chief.send("/desk/exchange", kind, body)
	chief.shows("一致 0 行，不一致 3 处", "上级有，这里没有（第 2 行）", "还是“已登记”", "按保密渠道", "把这里没有的收进来")
	compared := chief.at
	chief.shows(`href="/desk/cases/` + number + `"`)
	chief.get(compared + "/refused.csv")
	chief.shows("SX-1,", number)
	chief.post(strings.Replace(compared, "batches", "exchange", 1), nil)
	chief.shows("办成 1 件，没办成 1 件", "1 行这里已经有")
	taken := chief.at
	clerk.get(taken)
	if clerk.status != 404 {
		t.Errorf("a clerk sees it: %d", clerk.status)
	}
	chief.get("/desk/cases")
	chief.shows("村口的桥塌了")
	clerk.post("/desk/exchange/export", url.Values{"form": {"csv"}})
	if clerk.status != 403 {
		t.Errorf("a clerk writes a file: %d", clerk.status)
	}
	chief.post("/desk/exchange/export", url.Values{"form": {"doc"}})
	if chief.status != 422 {
		t.Errorf("another form is %d", chief.status)
	}
	chief.post("/desk/exchange/export", url.Values{"form": {"csv"}})
	chief.shows("办成 2 件", "下载交换文件")
	chief.get(chief.at + "/result")
	chief.shows("SX-1", number, "村口的桥塌了")
}

// Of a list the marked cases alone come as a file for a spreadsheet, with the columns that are shown; their papers come behind one another
// in one file to be printed, and which were refused is said.
func TestMarkedCasesAreFilesAndPrinted(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	var all []string
	for _, facts := range []string{"村口的路灯坏了一个月，晚上老人摔倒了两次。", "水管漏水没有人修，流了半条街。", "桥栏杆断了三根，学生不敢过。"} {
		all = append(all, s.file(facts))
	}
	clerk, town := s.enter("clerk"), s.enter("town")
	for _, n := range all[:2] {
		clerk.move(n, petition.MoveTransfer, map[string]string{"unit": s.town, "text": "请办理。"})
		town.move(n, petition.MoveAccept, nil)
	}
	for _, ending := range []string{"csv", "xlsx"} {
		clerk.post("/desk/bulk", url.Values{"move": {ending}, "number": {all[0], all[2]}, "of": {"open=1&col=number&col=unit"}})
		if clerk.status != 200 || !strings.Contains(clerk.header.Get("Content-Disposition"), "."+ending) {
			t.Fatalf("%s: %d %v", ending, clerk.status, clerk.header)
		}
		if ending == "csv" {
			clerk.shows(all[0], all[2])
			clerk.hides(all[1])
			if lines := strings.Count(clerk.page, "\n"); lines != 3 {
				t.Errorf("%d lines: %s", lines, clerk.page)
			}
		}
	}
	clerk.post("/desk/bulk", url.Values{"move": {"csv"}, "of": {"open=1"}})
	if clerk.status == 200 {
		t.Error("nothing is marked and a file comes")
	}
	town.post("/desk/bulk", url.Values{"move": {"print"}, "number": all, "of": {"open=1"}}) // the third is nothing of this unit's
	town.shows(all[2], "没办成的")
	town.get(town.at + "/result")
	if kind := town.header.Get("Content-Type"); kind != "application/pdf" || !strings.Contains(town.page, all[1]) || strings.Contains(town.page, all[2]) {
		t.Errorf("to be printed: %s %d", kind, town.status)
	}
}
