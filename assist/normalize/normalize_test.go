package normalize

import (
	"testing"
	"unicode/utf8"
)

func TestText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":           "",
		"拖欠工資３個月":    "拖欠工资3个月",
		"ＡＢc　电话：１３９": "abc 电话:139",
		"村裡的路燈壞了😀":   "村里的路灯坏了😀",
		"ÉCOLE":      "école",
		"水廠汙染、噪音擾民﹐請處理": "水厂污染、噪音扰民﹐请处理",
	} {
		if got := Text(in); got != want {
			t.Errorf("Text(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzOneRuneForOneRune(f *testing.F) {
	f.Add("中華人民\xff😀")
	f.Fuzz(func(t *testing.T, s string) {
		p := Text(s)
		if utf8.RuneCountInString(p) != utf8.RuneCountInString(s) {
			t.Fatalf("%q became %q: rune counts differ", s, p)
		}
		if Text(p) != p {
			t.Fatalf("not stable: %q, then %q", p, Text(p))
		}
	})
}
