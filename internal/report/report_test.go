package report

import (
	"slices"
	"testing"

	"dengwen/internal/office"
	"dengwen/locales"
	"dengwen/petition"
)

// Every case stands in a row, whatever the office's data have become: the total of a table is
// that of the cases.
func TestReportCountsWhatTheOfficeLacks(t *testing.T) {
	t.Parallel()
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	o := office.Example()
	u := &o.Units[slices.IndexFunc(o.Units, func(u petition.Unit) bool { return u.Code == "water" })]
	u.Was, u.Name = []petition.Former{{Name: u.Name, Until: "2026-06-01"}}, "柞水县水务局"
	p := Printer{Words: words, Lang: locales.Default, Office: o, Inner: true, Periods: []petition.PeriodFigures{{Year: petition.YearFigures{From: "2026-01-01", To: "2026-12-31"}}}}
	have := map[string]int{"construction": 3, "gone": 38, "": 1}
	got := p.counts("", []map[string]int{have}, petition.InOrder(o, petition.FieldCodes, have), p.field)
	want := [][]string{{"", "件数"}, {"城乡建设", "3"}, {"gone", "38"}, {"没有写明", "1"}, {"合计", "42"}}
	if len(got.Rows) != len(want) || got.Rows[2][0] != "gone" || got.Rows[4][1] != "42" {
		t.Errorf("rows %v, want %v", got.Rows, want)
	}
	if name := p.unit("water"); name != "柞水县水务局（原柞水县水利局）" {
		t.Errorf("a unit renamed in the year is called %s", name)
	}
	p.Periods[0].Year.From = "2026-06-01"
	if name := p.unit("water"); name != "柞水县水务局" {
		t.Errorf("after it was renamed: %s", name)
	}
}
