package replay_test

import (
	"strings"
	"testing"
	"time"

	"dengwen/assist"
	"dengwen/bot/citizen"
	"dengwen/internal/replay"
)

func TestReplayCountsMessages(t *testing.T) {
	t.Parallel()
	p := parts()
	h := replay.Office{
		Step: citizen.New(p.office, p.words, citizen.Settings{}).Step, Reader: p.offline,
		Answer: assist.Answers(p.book), Cases: service(p.office), Now: time.Now,
	}
	var runs []replay.Run
	for text, want := range map[string]int{
		stories[0]: 2,
		"门口的路灯坏了三个月了，晚上什么都看不见，老人摔了两次，电话打了没人来":    2, // without a place: offered on the card
		"你好，老板拖欠我和工友十二个人的工资，一共六万四，在下梁镇的工地上干了四个月": 2,
	} {
		run, err := h.Replay(t.Context(), text[:6], text)
		if err != nil {
			t.Fatal(err)
		}
		if run.Ticket == "" || run.Messages != want {
			t.Errorf("%s: %+v, want %d messages", text, run, want)
		}
		runs = append(runs, run)
	}
	r := replay.Sum(runs)
	var out strings.Builder
	r.Print(&out)
	if r.Runs != 3 || r.Within(8) != 1 || r.Within(2) != 1 || !strings.Contains(out.String(), "3 first messages") {
		t.Errorf("%+v\n%s", r, out.String())
	}
}

func TestMessages(t *testing.T) {
	t.Parallel()
	all, err := replay.Read(strings.NewReader("\ufeff{\"id\":1,\"text\":\"甲\"}\n\n{\"id\":\"b\",\"title\":\"乙\"}\n{\"id\":\"c\",\"text\":\"丙\"}\n"))
	if err != nil || len(all) != 3 || all[0].ID != "1" || all[1].Title != "乙" {
		t.Fatalf("%+v, %v", all, err)
	}
	for _, bad := range []string{"甲", `{"id":1}`} {
		if _, err := replay.Read(strings.NewReader(bad)); err == nil || !strings.Contains(err.Error(), "line 1") {
			t.Errorf("%s: %v", bad, err)
		}
	}
	if a, b := replay.Sample(all, 2, 1), replay.Sample(all, 2, 1); len(a) != 2 || a[0] != b[0] || a[1] != b[1] {
		t.Errorf("%v, %v", a, b)
	}
	towns := []string{"下梁镇"}
	if got := replay.Settle("西地省A市A3区某路，B县", towns); got != "下梁镇某路，下梁镇" {
		t.Errorf("settled %q", got)
	}
	if got := replay.Settle("A7县的桥", nil); got != "的桥" {
		t.Errorf("settled %q", got)
	}
}
