package desk_test

import (
	"encoding/csv"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

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
		"":                                 {one, two},
		"unit=" + s.town:                   {two},
		"status=registered":                {one},
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

// What is looked for and why stands in no address of the desk, not in those that lists, files, views
// and forms lead to, and is nobody else's.
func TestNothingSoughtInAddresses(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	number := s.file("路灯坏了。")
	s.file("水管漏了。")
	neighbour := s.fileOf("李四", "路灯又坏了。")
	clerk := s.enter("clerk")
	const name, reason = "王秀兰", "核对电话"
	clerk.find("没有人写", "")
	clerk.hides(number)
	clerk.find(name, "")
	asked := clerk.at
	clerk.shows("为什么要找", `name="words" value="`+name+`"`)
	clerk.find("路灯", "")
	clerk.shows(number, neighbour)
	clerk.find(name, reason)
	if clerk.at != asked {
		t.Errorf("the same words are at %s and then at %s", asked, clerk.at)
	}
	clerk.shows(number, "cases.csv?find=", `name="words" value="`+name+`"`)
	addresses := regexp.MustCompile(`(?:href|src|action|hx-[a-z]+)="([^"]*)"`)
	for _, a := range append(addresses.FindAllString(clerk.page, -1), clerk.at) {
		if plain, err := url.QueryUnescape(a); err != nil || strings.Contains(plain, name) || strings.Contains(plain, reason) {
			t.Errorf("an address of the list says what is looked for: %s, %v", plain, err)
		}
	}
	list := clerk.at
	clerk.get(clerk.file("/desk/cases.csv"))
	clerk.shows(number)
	clerk.hides(neighbour)
	clerk.post("/desk/bulk", url.Values{"move": {"note"}, "every": {"1"}, "of": {list[strings.Index(list, "?")+1:]}, "said": {"1"}, "key": {"k"}, "f.text": {"统一记录。"}})
	clerk.shows("办成 2 件")
	clerk.post("/desk/views", url.Values{"name": {"常来的人"}, "query": {list[strings.Index(list, "?")+1:]}})
	view := regexp.MustCompile(`/desk/views/[^"/]+`).FindString(clerk.page)
	s.now.Add(int64(20 * time.Minute))
	clerk.get("/desk/")
	s.now.Add(int64(20 * time.Minute))
	clerk.get(view)
	clerk.shows("为什么要找", `name="words" value="`+name+`"`)
	other := s.enter("chief")
	other.get(list)
	if other.status != 409 {
		t.Errorf("the address of a colleague's search is answered %d", other.status)
	}
	other.hides(name, number)
	other.get(view)
	if other.status != 404 {
		t.Errorf("a colleague's own view is answered %d", other.status)
	}
}
