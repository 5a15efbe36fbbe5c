package extract

import "testing"

// A number before 号 is a door, a house or a well, or it is a day, with blanks around the figures or without.
func TestADoorIsToldFromADay(t *testing.T) {
	t.Parallel()
	r := newReader(t, county)
	for _, c := range []struct{ text, place, when, title string }{
		{"下梁镇 5 号门口的路一下雨就塌，车过不去", "下梁镇 5 号门口", "", "下梁镇 5 号门口的路一下雨就塌"},
		{"下梁镇5号门口的路一下雨就塌，车过不去", "下梁镇5号门口", "", "下梁镇5号门口的路一下雨就塌"},
		{"下梁镇 5号门口的路一下雨就塌", "下梁镇 5号门口", "", "下梁镇 5号门口的路一下雨就塌"},
		{"凤凰镇 12 号楼三单元的电梯坏了半个月", "凤凰镇 12 号楼三单元", "", "凤凰镇 12 号楼三单元的电梯坏了半个月"},
		{"凤凰镇迎春路12号楼顶漏水没人修", "凤凰镇迎春路12号", "", "凤凰镇迎春路12号楼顶漏水没人修"},
		{"梨园社区 3 号院没人扫垃圾", "梨园社区 3 号院", "", "梨园社区 3 号院没人扫垃圾"},
		{"凤凰镇清水村 8 号井抽不上水", "凤凰镇清水村 8 号井", "", "凤凰镇清水村 8 号井抽不上水"},
		{"下梁镇 105 号门前的水沟堵了", "下梁镇 105 号门前", "", "下梁镇 105 号门前的水沟堵了"},
		{"梨园小区 2 栋 3 单元 501 的楼上漏水", "梨园小区 2 栋 3 单元", "", "梨园小区 2 栋 3 单元 501 的楼上漏水"},
		{"下梁镇迎春路15号停水没人管", "下梁镇迎春路15号", "", "下梁镇迎春路15号停水没人管"},
		{"山下 5 号隧道里没有灯", "山下 5 号隧道里", "", "山下 5 号隧道里没有灯"},
		{"下梁镇 5 号停水没人管", "下梁镇", "2026-11-05", "下梁镇 5 号停水没人管"},
		{"下梁镇5号停水没人管", "下梁镇", "2026-11-05", "下梁镇5号停水没人管"},
		{"下梁镇 25 号下午塌方了", "下梁镇", "2026-10-25", "下梁镇 25 号下午塌方了"},
		{"下梁镇每月 25 号开始停水", "下梁镇", "", "下梁镇每月 25 号开始停水"},
		{"11 月 5 号，下梁镇的水停了", "下梁镇", "2026-11-05", "下梁镇的水停了"},
		{"老板欠我 3 个月工资 12000 元不给", "", "", "老板欠我 3 个月工资 12000 元不给"},
	} {
		got, when := r.Read(c.text, readAt), ""
		if len(got.Times) > 0 {
			when = got.Times[0].Value
		}
		if got.PlaceText.Value != c.place || when != c.when || got.Title != c.title {
			t.Errorf("%s: place %q, when %q, title %q", c.text, got.PlaceText.Value, when, got.Title)
		}
	}
}

// A blank stands for a comma, but not where it sets figures apart from what they count.
func TestABlankBesideFigures(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int{
		"桥断了 娃上学过不去":          2,
		"电话 13900001234 家里没人": 3,
		"我是下梁镇的 2023年开始等":     2,
		"水不通 2 路也坏了":          3,
		"我家 8 口人等着":           1,
		"2023 年 5 月 3 日交的钱":   1,
		"欠我5000 请帮我要":         2,
	} {
		if got := newText(s).clauses; len(got) != want {
			t.Errorf("%s: %d clauses, want %d", s, len(got), want)
		}
	}
}
