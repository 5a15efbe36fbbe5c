package extract

import (
	"strings"
	"testing"
)

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

func TestDangerToLife(t *testing.T) {
	t.Parallel()
	r := newReader(t, county)
	for _, s := range []string{
		"我真的不想活了，他们天天来逼债", "再不解决我就从县政府楼上跳楼", "我妈喝了农药，在医院里", "我爸想不开，写了遗书", "不给钱我就炸了那个工地",
		"我们六个人被困在西川村的桥那边，水还在涨", "隔壁的孩子被打得浑身是伤，天天哭", "楼道里一股煤气味，闻到煤气好几天了", "家里煤气泄漏，打电话没人来",
		"她老公天天家暴，拿刀追她", "老人被关在屋里不让出来三天没吃的", "他们把我关在仓库里不让出去", "my neighbour's child is being beaten every night",
		"I want to end my life", "we smell gas in the stairwell", "隔壁着火了，消防车进不来",
	} {
		if got := r.Read(s, readAt); got.Danger.Value != ToLife {
			t.Errorf("%s: danger %+v", s, got.Danger)
		}
	}
	for _, s := range []string{
		"开发商跳楼价卖房又不认账", "夏天教室里热死了，没有电扇", "炸鸡店油烟太大，熏得人头疼", "我们长期被困扰，噪音不断", "小区没有装天然气，一直用罐子",
		"消防通道被车堵住，有火灾隐患", "工地上的灰太大，被子都没法晒", "下梁镇三组的路塌了", "农药店卖假种子，苗都死了",
	} {
		if got := r.Read(s, readAt); got.Danger.Value == ToLife {
			t.Errorf("%s: taken for danger to life by %q", s, got.Danger.From.Text)
		}
	}
}

func TestARequestBeginsWithItsFirstWord(t *testing.T) {
	t.Parallel()
	got := newReader(t, county).Read("下梁镇三组的路塌了，找村上说没钱，请把路修好", readAt)
	if got.Request.Value != "请把路修好" {
		t.Errorf("request %q", got.Request.Value)
	}
}

func TestATitleNamesTheThing(t *testing.T) {
	t.Parallel()
	r := newReader(t, county)
	for s, want := range map[string][]string{
		"下梁镇那边三组的路去年才修今年一下雨就塌拖拉机过不去，找村上说没钱，你们管不管": {"下梁镇", "三组的路", "塌"},
		"老板欠我三个月工资一万二不给":             {"欠我三个月工资"},
		"凤凰镇清水村的水渠是前年修的，现在到处漏水，地浇不上": {"水渠", "漏水"},
		"我家门口的路灯装了两年，最近一直不亮":         {"路灯", "不亮"},
	} {
		got := r.Read(s, readAt).Title
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: title %q lacks %s", s, got, w)
			}
		}
	}
}
