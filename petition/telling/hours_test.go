package telling

import "testing"

func TestHoursThatAreTyped(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]string{
		"22:00-7:30": {"22:00", "07:30"}, " 21：30 到 6：00 ": {"21:30", "06:00"}, "22点到7点半": {"22:00", "07:30"}, "22–7": {"22:00", "07:00"}, "22:00 to 7:30": {"22:00", "07:30"},
		"23时至6时": {"23:00", "06:00"},
		"22:00":  {}, "25:00-7:00": {}, "22:60-7:00": {}, "7:00-7:00": {}, "139 1234 5678": {}, "22:00-7:30x": {}, "": {}, "a@b.cn": {},
	} {
		if from, to, ok := Hours(text); [2]string{from, to} != want && ok || ok != (want != [2]string{}) {
			t.Errorf("%q: %s %s %v, want %v", text, from, to, ok, want)
		}
	}
}
