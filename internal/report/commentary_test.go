package report

import (
	"strings"
	"testing"

	"dengwen/internal/office"
	"dengwen/locales"
	"dengwen/petition"
)

// The draft says what the figures say: more and less beside both times, what rose and fell by enough to be mentioned, where
// something was late, by the office's order; nothing of it for the public.
func TestCommentaryFollowsFromTheFigures(t *testing.T) {
	t.Parallel()
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	year := func(filed, answered int, fields map[string]int) petition.PeriodFigures {
		return petition.PeriodFigures{Year: petition.YearFigures{From: "2026-10-01", To: "2026-10-31", Filed: filed, Answered: answered, Fields: fields}}
	}
	p := Printer{Words: words, Lang: locales.Default, Office: office.Example(), Inner: true, Periods: []petition.PeriodFigures{
		year(120, 90, map[string]int{"construction": 40, "labour": 30, "transport": 4, "": 60}), year(100, 90, map[string]int{"construction": 41, "labour": 12, "transport": 20}), year(130, 95, nil),
	}}
	p.Periods[0].Units = []petition.UnitFigures{
		{Unit: "transport", Answer: petition.Share{N: 8, Of: 10}, Rated: petition.Share{N: 5, Of: 20}, Satisfied: petition.Share{N: 4, Of: 5}},
		{Unit: "water", Answer: petition.Share{N: 5, Of: 5}},
		{Unit: "labour", Answer: petition.Share{N: 6, Of: 7}},
	}
	got := strings.Join(p.Commentary(), "\n")
	want := strings.Join([]string{
		"一共收到 120 件，比上一期的 100 件多 20 件，比去年同期的 130 件少 10 件。",
		"一共答复 90 件，和上一期一样多，比去年同期的 95 件少 5 件。",
		"反映最多的是城乡建设，40 件；增加最多的是劳动和社会保障，从 12 件到 30 件；减少最多的是交通运输，从 20 件到 4 件。",
		"按时答复 19/22 (86.4%)；没有按时的 3 件：柞水县交通运输局 2 件、柞水县人力资源和社会保障局 1 件。",
		"答复里有人评价的 5/20 (25.0%)，其中满意和基本满意的 4/5 (80.0%)。",
	}, "\n")
	if got != want {
		t.Errorf("it says\n%s\nwant\n%s", got, want)
	}
	p.Inner = false
	if p.Commentary() != nil {
		t.Error("the public is told what its figures hide")
	}
	p.Inner, p.Periods = true, p.Periods[:1]
	p.Periods[0].Year.Fields = nil
	if got := p.Commentary()[0]; got != "一共收到 120 件。" {
		t.Errorf("of one time alone: %s", got)
	}
}
