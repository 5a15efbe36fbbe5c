package names

import (
	"testing"
)

func TestFind(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][]string{
		"我住在下梁镇老庵村二组":        {"下梁镇", "老庵村", "二组"},
		"投诉丽景新城小区旁边的搅拌站":     {"丽景新城"},
		"找过派出所和镇政府没人管":       {"派出所", "镇政府"},
		"家住县城迎宾路桂花园小区3栋":     {"县城迎宾路", "桂花园"},
		"东盛建筑有限公司拖欠工资":       {"东盛建筑有限公司"},
		"村里的路灯坏了，道路不平，小区没人管": nil,
		"": nil,
	} {
		runes := []rune(in)
		found := Find(runes)
		var got []string
		end := 0
		for _, n := range found {
			if n.Start < end || n.Tail < n.Start || n.End <= n.Tail {
				t.Errorf("%s: %+v overlaps or is empty", in, n)
			}
			end = n.End
			got = append(got, string(runes[n.Start:n.End]))
		}
		if len(got) != len(want) {
			t.Errorf("%s: %q, want %q", in, got, want)
			continue
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%s: %q, want %q", in, got, want)
			}
		}
	}
}

func FuzzFind(f *testing.F) {
	f.Add("下梁镇老庵村二组，东盛公司\xff")
	f.Fuzz(func(t *testing.T, s string) {
		runes, end := []rune(s), 0
		for _, n := range Find(runes) {
			if n.Start < end || n.Tail < n.Start || n.End <= n.Tail || n.End > len(runes) {
				t.Fatalf("%q: %+v", s, n)
			}
			end = n.End
		}
	})
}
