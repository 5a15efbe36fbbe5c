package assist_test

import (
	"testing"
	"time"
)

// stories are ordinary ones, of 40 to 120 characters.
var stories = []string{
	"下梁镇那边三组的路去年才修今年一下雨就塌拖拉机过不去，找村上说没钱，你们管不管，请派人来看看，我叫周大山，电话13800001234",
	"老板欠我三个月工资一万二不给，我在小岭镇金米村的工地干活，一共十二个人，打电话不接，劳动监察说找不到人，请帮我们把钱要回来",
	"我们小区2栋楼下的烧烤店每天晚上吵到一两点，油烟往家里灌，老人睡不着，打过12345也没人管，希望尽快处理",
	"凤凰镇清水村的变压器从上个月起老是跳闸，冰箱里的东西都坏了，找过供电所两次，说等上面换，到现在没换，请尽快换一台",
	"我母亲今年七十三岁，一个人住在营盘镇朱家湾村，低保去年十月突然停了，村上说名单是镇里定的，镇里又叫问村上，请查一查是什么原因",
	"建议在乾佑街道河边的步道上多装几个路灯，晚上散步的老人多，路又黑，上个星期有人摔了一跤",
	"学校收了我们每个孩子三百八十元的课后服务费，可是一个月只上了两个星期，问老师说不退，请教育局查一下",
	"征地的时候说好每亩补三万六，到手只有两万八，村里账目一直不公开，我们十七户多次反映都没有结果，要求把补偿的账公布出来",
}

// BenchmarkRead reads an ordinary story, everything compiled.
func BenchmarkRead(b *testing.B) {
	r := reader(b)
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	one := func(i int) {
		if _, err := r.Read(b.Context(), stories[i%len(stories)], "zh-CN", now); err != nil {
			b.Fatal(err)
		}
	}
	for i := range stories {
		one(i)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		one(i)
	}
}
