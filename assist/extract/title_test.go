package extract

import "testing"

func TestPlaceAndThingAreJoinedOnce(t *testing.T) {
	t.Parallel()
	for _, c := range [][3]string{
		{"下梁镇老庵村三组", "三组的路：一下雨就塌", "下梁镇老庵村三组的路：一下雨就塌"},
		{"下梁镇三组", "组织大家修路没人管", "下梁镇三组：组织大家修路没人管"},
		{"营盘镇", "水管：冬天冻裂", "营盘镇水管：冬天冻裂"},
	} {
		if got := joined(c[0], c[1]); got != c[2] {
			t.Errorf("%s + %s = %s, want %s", c[0], c[1], got, c[2])
		}
	}
}
