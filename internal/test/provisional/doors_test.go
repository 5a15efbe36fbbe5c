package provisional_test

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"time"

	"dengwen/bot"
	"dengwen/bot/officer"
	"dengwen/bot/oneway"
	"dengwen/internal/office"
	"dengwen/internal/test/memory"
	"dengwen/internal/test/provisional"
	"dengwen/internal/test/signoff"
	"dengwen/locales"
	"dengwen/petition"
)

// Where no calendar is published, every day that is computed is marked in what robots of groups, mails and short messages
// say of each step of a life, and in the lists of the morning, whoever reads them.
func TestWhereNobodyAnswers(t *testing.T) {
	t.Parallel()
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	o, at, ids := office.Example(), time.Date(2026, 11, 23, 1, 30, 0, 0, time.UTC), 0
	hash := func(purpose, value string) []byte { h := sha256.Sum256([]byte(purpose + value)); return h[:] }
	s := petition.NewService(memory.NewMemory(), o, new(petition.Calendar), hash, func() time.Time { return at }, func() string { ids++; return fmt.Sprint("id-", ids) }, new(memory.Blobs))
	clerk := petition.Actor{Staff: "clerk", Unit: o.Unit, Roles: []petition.Role{petition.Intake}}
	road := petition.Actor{Staff: "road", Unit: "transport", Roles: []petition.Role{petition.Officer}}
	var numbers []string
	for i := range 3 {
		k, err := s.File(t.Context(), petition.Actor{Owner: "web:1", Asker: "web:1"}, petition.Filing{
			Key: fmt.Sprint("k", i), Owner: "web:1", Channel: "web", Lang: "zh-CN", Class: petition.Claim, Facts: "路塌了，车过不去。", Request: "请修好。", Subject: "transport.roads"})
		if err != nil {
			t.Fatal(err)
		}
		numbers = append(numbers, k.Number)
	}
	do := func(a petition.Actor, number string, m petition.Move) {
		t.Helper()
		if _, err := signoff.Do(t.Context(), s, a, number, m); err != nil {
			t.Fatal(err)
		}
	}
	for _, n := range numbers[:2] {
		do(clerk, n, petition.Move{Name: petition.MoveTransfer, Unit: "transport"})
	}
	do(road, numbers[0], petition.Move{Name: petition.MoveAccept})
	desk := officer.New(o, words, func(string, bool) string { return "" })
	door := oneway.New(o, words, "https://xf.example.cn/desk", "https://xf.example.cn", desk.Digest)
	marked, after := 0, ""
	for range 70 {
		if _, err := s.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		var days []string
		for _, n := range numbers {
			v, err := s.Look(t.Context(), petition.System(), n, "")
			if err != nil {
				t.Fatal(err)
			}
			days = append(days, provisional.Computed(v)...)
		}
		look := func(what, text string) {
			for _, bare := range provisional.Bare(text, days) {
				t.Errorf("%s on %s: %q", what, petition.Day(at), bare)
			}
			marked += strings.Count(text, "暂定") + strings.Count(text, "provisional")
		}
		notices, err := s.Notices(t.Context(), after, 500)
		if err != nil {
			t.Fatal(err)
		}
		said := func(what string, e bot.Event) {
			_, effects := door.Step(bot.Session{}, e, at)
			for _, f := range effects {
				if f.Say != nil {
					look(what, text(e, f.Say.Text))
				}
			}
		}
		for _, n := range notices {
			said("a robot", bot.Event{Notice: &n, Door: bot.Door{OneWay: true}})
			said("a short message", bot.Event{Notice: &n, Door: bot.Door{OneWay: true, Brief: true}})
		}
		digests, err := s.Digest(t.Context(), at)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range digests {
			said("the list in a mail", bot.Event{Digest: &d, Door: bot.Door{OneWay: true}})
			for _, l := range words.Languages() {
				look("the list in "+l.Tag, text(bot.Event{Digest: &d}, desk.Digest(l.Tag, d, at)))
			}
		}
		if len(notices) > 0 {
			after = notices[len(notices)-1].ID
		}
		at = at.AddDate(0, 0, 1)
		switch petition.Day(at) {
		case "2026-11-30":
			do(road, numbers[0], petition.Move{Name: petition.MoveExtend, Text: "情况复杂"})
		case "2026-12-07":
			do(road, numbers[0], petition.Move{Name: petition.MoveReply, Text: "已经修好。", Args: map[string]string{"request": "修路。", "facts": "路塌了。", "basis": "公路法。", "outcome": "support"}})
		}
	}
	if marked < 40 {
		t.Errorf("only %d days seen", marked)
	}
}

// text is what is said without the head of a list, which names the day it is of.
func text(e bot.Event, said string) string {
	if e.Digest == nil {
		return said
	}
	_, lines, _ := strings.Cut(said, "\n")
	return lines
}
