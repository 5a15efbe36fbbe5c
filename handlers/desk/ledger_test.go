package desk_test

import (
	"encoding/csv"
	"net/url"
	"strings"
	"testing"

	"dengwen/petition"

	"github.com/xuri/excelize/v2"
)

func TestTheListIsFiltered(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	one := s.file("路灯坏了。")
	two := s.file("水管漏了。")
	clerk := s.enter("clerk")
	clerk.move(two, petition.MoveTransfer, map[string]string{"unit": s.town, "text": "请办理。"})
	for address, want := range map[string][]string{
		"":                  {one, two},
		"unit=" + s.town:    {two},
		"status=registered": {one},
		"words=" + url.QueryEscape("没有人写"): nil,
		"channel=letter":                   nil,
		"channel=web&order=new":            {one, two},
		"from=2026-11-23&to=2026-11-23":    {one, two},
		"to=2026-11-22":                    nil,
		"place=" + s.office.Places[0].Code: {one, two},
		"place=nowhere":                    nil,
	} {
		clerk.get("/desk/cases?" + address)
		if len(want) == 1 && strings.HasPrefix(clerk.at, "/desk/cases/") {
			t.Errorf("%s opens a case though no words were looked for", address)
		}
		for _, number := range []string{one, two} {
			listed := strings.Contains(clerk.page, number)
			wanted := strings.Contains(strings.Join(want, " "), number)
			if listed != wanted {
				t.Errorf("%s: %s listed %t, want %t", address, number, listed, wanted)
			}
		}
	}
	clerk.get("/desk/cases?from=yesterday")
	if clerk.status != 422 {
		t.Errorf("a day that is none is answered %d", clerk.status)
	}
}

// Nothing that a citizen wrote runs as a formula where the list is opened.
func TestExports(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	number := s.file("=HYPERLINK(\"http://evil\",\"路灯\")坏了")
	clerk, town := s.enter("clerk"), s.enter("town")
	clerk.get("/desk/cases.csv")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(clerk.page, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 2 || rows[1][0] != number || !strings.HasPrefix(rows[1][1], "'=HYPERLINK") || !strings.HasPrefix(clerk.page, "\ufeff") {
		t.Errorf("%q, %v", clerk.page, err)
	}
	clerk.get("/desk/cases.xlsx")
	book, err := excelize.OpenReader(strings.NewReader(clerk.page))
	if err != nil {
		t.Fatal(err)
	}
	cell, _ := book.GetCellValue("Sheet1", "A2")
	formula, _ := book.GetCellFormula("Sheet1", "B2")
	if cell != number || formula != "" {
		t.Errorf("the workbook has %q and the formula %q", cell, formula)
	}
	town.get("/desk/cases.csv")
	if strings.Contains(town.page, number) {
		t.Error("a unit exports a case that it may not see")
	}
}
