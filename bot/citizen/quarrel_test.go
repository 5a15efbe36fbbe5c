package citizen

import (
	"testing"

	"dengwen/bot"
	"dengwen/petition"
)

// Mediation is offered for quarrels between people and for nothing that a body of the state is to do; not beside danger, a
// report or a suggestion.
func TestMediationIsOfferedForQuarrels(t *testing.T) {
	t.Parallel()
	b := testBot(t)
	offered := func(f petition.Filing) bool {
		s := &step{conv: b, s: &bot.Session{Draft: &bot.Draft{Filing: f, Known: map[string]string{}}}}
		return s.quarrel()
	}
	for words, want := range quarrels {
		if got := offered(petition.Filing{Class: petition.Claim, Facts: words}); got != want {
			t.Errorf("%s: offered %t, want %t", words, got, want)
		}
	}
	quarrel := "邻居把排水沟挖到我家屋后，两家吵了半年"
	for name, f := range map[string]petition.Filing{
		"danger": {Class: petition.Claim, Facts: quarrel, Urgency: petition.Urgencies()[0]}, "report": {Class: petition.Report, Facts: quarrel}, "suggestion": {Class: petition.Suggestion, Facts: quarrel},
	} {
		if offered(f) {
			t.Errorf("offered beside a %s", name)
		}
	}
	b.set.Mediation = false
	if offered(petition.Filing{Class: petition.Claim, Facts: quarrel}) {
		t.Error("offered where there are no disputes")
	}
}

// quarrels are stories, and whether a mediator may help.
var quarrels = map[string]bool{
	"我和弟兄为老人轮流住哪家吵翻了，老二家三年没给过一分钱":                           true,
	"同村的老张借了我八千块，借条写得清楚，就是不还":                               true,
	"隔壁养了二十只鸡，味道大得很，跟他说也不听":                                 true,
	"他家的牛吃了我半亩苞谷，只肯赔五十块":                                    true,
	"分家的时候说好的老屋归我，现在我哥兄弟几个都不认了":                             true,
	"楼上天天半夜吵架，噪音大得睡不着":                                      true,
	"我家和对门为过路的三尺地争了好多年，他把路堵了":                               true,
	"My neighbour moved the fence onto our plot by a metre": true,
	"前夫不付娃的抚养费，说了几次都不理":                                     true,
	"妯娌两个为地畔子的事见面就吵，地界石让她挪了":                                true,
	"镇上修路占了我家地，补偿款三年没给":                                     false,
	"开发商交房漏水，邻居家也一样，物业不管":                                   false,
	"包工头欠我们工钱，找劳动局说没证据":                                     false,
	"村干部把低保给了他自己亲戚，我家没有":                                    false,
	"路灯坏了半年，两家娃上学都摔过":                                       false,
	"厂里排污水，把隔壁几家的井都弄脏了":                                     false,
	"村委会把我家承包地分给了别人家":                                       false,
	"医院把我妈的手术做坏了，人家都说要赔":                                    false,
	"The company next door dumps waste into the river":      false,
	"派出所说邻居打我是互殴，我不服":                                       false,
}
