package office

import (
	"slices"
	"strings"
	"testing"
)

// Every entry of the example, written again as it is, changes nothing that is read, and
// no remark is lost.
func TestEntriesWrittenAgainChangeNothing(t *testing.T) {
	t.Parallel()
	was, _, err := read(zhashui)
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range []string{"units", "places", "categories", "routing", "wordings"} {
		all, err := Entries(zhashui, list)
		if err != nil || len(all) == 0 {
			t.Fatal(list, err)
		}
		text := zhashui
		for n := range all {
			if text, err = WithEntry(text, list, n, nil); err != nil {
				t.Fatal(err)
			}
		}
		now, _, err := read(text)
		if err != nil {
			t.Fatalf("%s: %v\n%s", list, err, part(text, list))
		}
		if changes := Compare(was, now); len(changes) > 0 {
			t.Fatalf("%s: %v", list, changes)
		}
		if a, b := strings.Count(string(zhashui), "#"), strings.Count(string(text), "#"); a != b {
			t.Errorf("%s: %d remarks, were %d", list, b, a)
		}
	}
}

func lineDiff(a, b []byte) (out []string) {
	x, y := strings.Split(string(a), "\n"), strings.Split(string(b), "\n")
	for _, l := range y {
		if !slices.Contains(x, l) {
			out = append(out, l)
		}
	}
	return out
}

// A change touches its entry alone, adds where a list is missing, and takes out; a renamed unit keeps its name before.
func TestEntriesAreChanged(t *testing.T) {
	t.Parallel()
	units, _ := Entries(zhashui, "units")
	water := slices.IndexFunc(units, func(f Fields) bool { return f.One("code") == "water" })
	text, err := Renamed(zhashui, "units", water, "2026-11-30")
	if err != nil {
		t.Fatal(err)
	}
	if text, err = WithEntry(text, "units", water, []Set{{"name", Text, []string{"柞水县水务局"}}, {"phone", Text, []string{"0914-4320000"}}, {"short", List, []string{"水务局", "水利局"}}, {"check", Bare, nil}, {"names.en", Text, []string{"Water: affairs"}}}); err != nil {
		t.Fatal(err)
	}
	if diff := lineDiff(zhashui, text); len(diff) != 1 || !strings.Contains(diff[0], `phone: 0914-4320000`) {
		t.Errorf("more than its line changed: %q", diff)
	}
	now, _, err := read(text)
	if err != nil {
		t.Fatal(err)
	}
	u, _ := now.Find("water")
	if u.Name != "柞水县水务局" || u.Check || u.NameIn("en") != "Water: affairs" || u.NameOn("", "2026-11-29") != "柞水县水利局" || !slices.Equal(u.Short, []string{"水务局", "水利局"}) {
		t.Errorf("%+v", u)
	}
	text, err = WithEntry(text, "duty", 0, []Set{{"unit", Text, []string{"petition"}}, {"days", List, []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}}, {"roles", List, []string{"intake"}}})
	if err != nil {
		t.Fatal(err)
	}
	text, err = WithEntry(text, "duty", 9, []Set{{"dates", List, []string{"2026-12-01"}}, {"officers", List, []string{"王芳", "12"}}})
	if err != nil {
		t.Fatal(err)
	}
	if now, _, err = read(text); err != nil || len(now.Duty) != 2 || !slices.Equal(now.Duty[1].Officers, []string{"王芳", "12"}) || len(now.Duty[0].Days) != 7 {
		t.Fatalf("%v %+v", err, now)
	}
	for range 2 {
		if text, err = WithoutEntry(text, "duty", 0); err != nil {
			t.Fatal(err)
		}
	}
	if now, _, err = read(text); err != nil || len(now.Duty) != 0 {
		t.Errorf("%v: the rota is not gone", err)
	}
	n := len(now.Wordings)
	text, err = WithEntry(text, "wordings", n, []Set{{"move", Text, []string{"tell"}}, {"name", Text, []string{"新的"}}, {"fields.text", Text, []string{"一行\n# 不是说明\n\n两行："}}})
	if err != nil {
		t.Fatal(err)
	}
	text, err = WithEntry(text, "wordings", n+1, []Set{{"move", Text, []string{"tell"}}, {"name", Text, []string{"后一个"}}, {"fields.text", Text, []string{"三"}}})
	if err != nil {
		t.Fatal(err)
	}
	if now, _, err = read(text); err != nil || len(now.Wordings) != n+2 || now.Wordings[n].Fields["text"] != "一行\n# 不是说明\n\n两行：" {
		t.Errorf("%v: %+v", err, now)
	}
}

// Places that are no list are changed one by one; remarks stay.
func TestTheHeadIsChanged(t *testing.T) {
	t.Parallel()
	text, err := WithHead(zhashui, []Set{{"phone", Text, []string{"0914-4321234"}}, {"settings.yellow_days", Bare, []string{"5"}}, {"lines.mind", Text, []string{"12356"}}, {"documents", List, []string{"身份证", "合同"}}, {"example", Bare, []string{"false"}}, {"county", Text, []string{"柞水县"}}, {"settings.any_hour", Bare, []string{"true"}}})
	if err != nil {
		t.Fatal(err)
	}
	now, _, err := read(text)
	if err != nil {
		t.Fatal(err)
	}
	if now.Phone != "0914-4321234" || now.Settings.YellowDays != 5 || !now.Settings.AnyHour || now.Example || !slices.Equal(now.Documents, []string{"身份证", "合同"}) {
		t.Errorf("%+v", now)
	}
	if a, b := strings.Count(string(zhashui), "#"), strings.Count(string(text), "#"); a != b {
		t.Errorf("%d remarks, were %d", b, a)
	}
	was, _, _ := read(zhashui)
	if changes := Compare(was, now); len(changes) != 5 {
		t.Errorf("%d changes: %v", len(changes), changes)
	}
}
