package extract

import "testing"

func TestOutside(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]string{
		"西安市雁塔区": "西安市", "西安": "西安", "镇安县永乐街道": "镇安县", "山阳": "山阳", "河南洛阳": "河南",
		"柞水县营盘镇": "", "商洛": "", "陕西省商洛市柞水县": "", "新城小区": "", "凤凰镇": "", "水磨沟": "",
	} {
		if got := outside(Slot{Value: said, Confidence: 0.9}, Slot{}, "611026"); got.Value != want {
			t.Errorf("%s: outside in %q, want %q", said, got.Value, want)
		}
	}
	if outside(Slot{Value: "西安市"}, Slot{Value: "611026102"}, "611026").Found() || outside(Slot{Value: "西安市"}, Slot{}, "").Found() {
		t.Error("a place of the office, or of an office nobody knows where, was put outside")
	}
}
