package desk

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestChanges(t *testing.T) {
	t.Parallel()
	got := changes("经查，路灯坏了。已修好。", "经查，路灯线路老化。已于十一月二十日修好。")
	want := []piece{{"", "经查，"}, {"del", "路灯坏了。已修好。"}, {"ins", "路灯线路老化。已于十一月二十日修好。"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	got = changes("甲，乙，丙。", "甲，丙。丁。")
	want = []piece{{"", "甲，"}, {"del", "乙，"}, {"", "丙。"}, {"ins", "丁。"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// What stayed and what was taken out is the text before; what stayed and what was put in is the text now.
func TestChangesTellBothTexts(t *testing.T) {
	t.Parallel()
	words := rapid.StringOfN(rapid.SampledFrom([]rune("甲乙丙，。 \n")), 0, 60, -1)
	rapid.Check(t, func(t *rapid.T) {
		was, is := words.Draw(t, "was"), words.Draw(t, "is")
		var before, now strings.Builder
		for _, p := range changes(was, is) {
			if p.How != "ins" {
				before.WriteString(p.Text)
			}
			if p.How != "del" {
				now.WriteString(p.Text)
			}
		}
		if before.String() != was || now.String() != is {
			t.Fatalf("%q to %q: %v", was, is, changes(was, is))
		}
	})
}
