package officer_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"dengwen/bot"
	"dengwen/bot/officer"
	"dengwen/internal/office"
	"dengwen/locales"
	"dengwen/petition"
	"dengwen/petition/roster"
)

func digestOf(n int) petition.Digest {
	d := petition.Digest{Unit: "transport", Day: "2026-08-03", From: "2026-07-31", To: "2026-08-02",
		DueSoon:  []petition.DigestItem{{Number: "ZS26-0002-XX", Title: "桥面塌了", Rule: "notify", Due: "2026-08-05", Left: 2}},
		Answered: []petition.DigestItem{{Number: "ZS26-0003-XX"}}, Reopened: []petition.DigestItem{{Number: "ZS26-0004-XX"}}}
	for i := range n {
		d.Overdue = append(d.Overdue, petition.DigestItem{Number: fmt.Sprintf("ZS26-1%03d-XX", i), Rule: "handle", Due: "2026-08-01", Left: -2})
	}
	return d
}

func TestDigestIsPlain(t *testing.T) {
	t.Parallel()
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	c := officer.New(office.Example(), words, nil)
	now := time.Date(2026, 8, 3, 0, 0, 0, 0, time.UTC)
	for lang, want := range map[string][]string{
		"zh-CN": {"柞水县交通运输局，", "超期 12 件", "已超期 2 天", "ZS26-0002-XX 桥面塌了：", "还有 2 件，打 /unit", "已答复 1 件", "重新办理 1 件"},
		"en":    {"Transport Bureau, to look at", "overdue: 12", "2 days overdue", "2 days left", "2 more; /unit", "answered: 1", "reopened after an answer: 1"},
	} {
		got := c.Digest(lang, digestOf(12), now)
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: no %q in\n%s", lang, w, got)
			}
		}
		if strings.Contains(got, "digest.") || strings.Contains(got, "desk.") || strings.Count(got, "\n") > 20 {
			t.Errorf("%s:\n%s", lang, got)
		}
	}
	week := digestOf(0)
	week.Weekly, week.Sealed = true, true
	if got := c.Digest("zh-CN", week, now); !strings.Contains(got, "这一周") || !strings.Contains(got, "检举控告") {
		t.Error(got)
	}
}

// A digest is an officer's: it is said as it comes and leaves an open question alone.
func TestADigestComesIn(t *testing.T) {
	t.Parallel()
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	c := officer.New(office.Example(), words, nil)
	d := digestOf(1)
	e := bot.Event{ID: d.ID(), Digest: &d, Officer: &roster.Person{ID: "p", Unit: "transport", Roles: []petition.Role{petition.Officer}}}
	s := bot.Session{Lang: "zh-CN"}
	if !c.Takes(s, e) {
		t.Fatal("nobody takes a digest")
	}
	_, effects := c.Step(s, e, time.Date(2026, 8, 3, 0, 0, 0, 0, time.UTC))
	if len(effects) != 1 || effects[0].Say == nil || !strings.Contains(effects[0].Say.Text, "超期 1 件") {
		t.Errorf("effects %+v", effects)
	}
}

// A day of a year whose holidays are not published is marked wherever officers read it.
func TestProvisionalDays(t *testing.T) {
	t.Parallel()
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 12, 28, 0, 0, 0, 0, time.UTC)
	for lang, mark := range map[string]string{"zh-CN": "暂定", "en": "provisional"} {
		for provisional, want := range map[bool]bool{true: true, false: false} {
			d := petition.Digest{Unit: "transport", Day: "2026-12-28", DueSoon: []petition.DigestItem{
				{Number: "ZS26-0002-XX", Rule: "notify", Due: "2027-01-04", Left: 7, Provisional: provisional}}}
			if got := officer.New(office.Example(), words, nil).Digest(lang, d, now); strings.Contains(got, mark) != want {
				t.Errorf("%s, provisional %v: %s", lang, provisional, got)
			}
		}
	}
}
