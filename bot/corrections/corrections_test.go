package corrections

import (
	"fmt"
	"strings"
	"testing"
)

func TestNumbersInWords(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]float64{
		"三万二": 32000, "两千四": 2400, "一千八百三": 1830, "十五": 15, "二十": 20, "一百零五": 105, "十二万": 120000, "3.5万": 35000, "128": 128,
		"三": 3, "18亿": 18e8, "一百七": 170, "九八": 98, "nine thousand": 9000, "twenty-two": 22, "1,800": 1800, "百姓": 100, "": 0,
	} {
		if got := Number(words); got != want {
			t.Errorf("%s is %v, want %v", words, got, want)
		}
	}
}

const (
	wages  = "我在北桥工地扎钢筋，做了三个月，老板欠我8500元，两次去要都没给，希望把工资要回来，电话13907316641"
	road   = "白杨镇柳沟村五组的路去年塌了一头，绕路要走四里，我们二十六户想请交通局来修，反映人章小满"
	clinic = "我妈在第二人民医院开刀，前院的护士给她打错针，2024年8月3日出院，要求医院赔偿，家属文丽娟"
	abroad = "My landlord at Building 3, Room 302, kept my deposit of 2500 yuan since April. I want it back. My name is Erik Hansson, phone 15702945518."
)

// What is set right is put where the wrong one stood, in the story's way of writing it.
func TestChanges(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ story, text, want string }{
		{wages, "钱数后头再加个零才对", "8500元→85000元"},
		{wages, "少写了一个零", "8500元→85000元"},
		{wages, "八千五说少了，应该是九千二", "8500元→9200元"},
		{wages, "5和8打反了，是5800", "8500元→5800元"},
		{wages, "哪有三个月，做了五个月", "三个月→五个月"},
		{wages, "两次说多了，实际只去了一回", "两次→一次"},
		{wages, "电话尾数应是47", "13907316641→13907316647"},
		{wages, "号码倒数第二位是1，不是4", "13907316641→13907316611"},
		{wages, "手机号中间那个731应该是713", "13907316641→13907136641"},
		{wages, "末尾四个字该是7133", "13907316641→13907317133"},
		{wages, "尾巴是50哈", "13907316641→13907316650"},
		{wages, "it ends in 88", "13907316641→13907316688"},
		{wages, "138打头的", "13907316641→13807316641"},
		{"座机0914-4321177，门口的渠塌了", "区号后头第一个是3", "0914-4321177→0914-3321177"},
		{"合同签到2031年，口子给人堵了", "写错了，签到前年就完了", "2031年→前年"},
		{wages, "南桥工地，不是北桥", "北桥工地→南桥工地"},
		{wages, "我要的不是工资，是把身份证还我", "→把身份证还我"},
		{road, "柳沟早就划给青石镇了，不归白杨管", "白杨镇→青石镇"},
		{road, "柳沟归青石管，恁写成白杨可不中", "白杨镇→青石镇"},
		{road, "地点错了，应该是白杨镇杨沟村", "白杨镇柳沟村→白杨镇杨沟村"},
		{road, "地点错了，应该是小岭镇罗庄村", "白杨镇柳沟村→小岭镇罗庄村"},
		{road, "五组写错了，是七组", "五组→七组"},
		{road, "是杨沟村，柳沟是隔壁村", "柳沟村→杨沟村"},
		{road, "户数少写了，三十六", "二十六户→三十六户"},
		{road, "走四里哪够，八里都不止", "四里→八里"},
		{road, "去年写错咯，是前年垮的", "去年→前年"},
		{road, "满字错了，是蛮，野蛮的蛮", "章小满→章小蛮"},
		{road, "姓错了，弓长张，不是立早章", "章小满→张小满"},
		{road, "不用修了，给我们搭个便桥就行", "→给我们搭个便桥"},
		{road, "弓长张，你写成立早章", "章小满→张小满"},
		{road, "弓长张。你给我写成立早章咧", "章小满→张小满"},
		{clinic, "是三院不是二院", "第二人民医院→第三人民医院"},
		{clinic, "最后那个字是俊俏的俊", "文丽娟→文丽俊"},
		{clinic, "9月3号出的院，8月3号还没住进去", "2024年8月3日→2024年9月3日"},
		{clinic, "护士在后院，前院是药房，写错了", "前院→后院"},
		{abroad, "wrong building, its 5 not 3", "Building 3→Building 5"},
		{abroad, "Surname is Hanssen, with an e", "Erik Hansson→Erik Hanssen"},
		{abroad, "Make that three thousand", "2500 yuan→three thousand yuan"},
		{abroad, "he took it in May, April is wrong", "April→May"},
		{abroad, "last digits of my phone are 81", "15702945518→15702945581"},
		{abroad, "I never asked for the deposit, I only want an apology", "→an apology"},
	} {
		list := Find(c.text, told(c.story), Story)
		if got := shown(list); got != c.want || !list[0].Plain {
			t.Errorf("%s: %q %v, want %q", c.text, got, list, c.want)
		}
	}
}

func told(story string) Told {
	t := Told{Story: story}
	if m := phoneIn.FindStringSubmatch(story); m != nil {
		t.Phone = m[1]
	}
	return t
}

func shown(list []Change) string {
	var out []string
	for _, c := range list {
		out = append(out, c.Wrong+"→"+c.Then)
	}
	return strings.Join(out, " or ")
}

// Where a number could belong in two places, both are named.
func TestTwoPlaces(t *testing.T) {
	t.Parallel()
	list := Find("六和八搞混了，说好的是三万八", Told{Story: "征我家林地讲定每亩三万六，合同上却是两万六"}, Story)
	if got := shown(list); got != "三万六→三万八 or 两万六→三万八" {
		t.Errorf("%q", got)
	}
}

// More of the story, another matter and questions change nothing, whatever numbers and places they hold.
func TestNothingIsChanged(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ story, text string }{
		{wages, "另外还欠我三百押金"}, {wages, "跟我一路的还有六个人"}, {wages, "南桥工地也欠着人的钱"}, {wages, "去年也欠过一次，后来给了"},
		{wages, "老板的电话是13800001111"}, {wages, "要不要带身份证去？"}, {road, "隔壁七组的路也断了"}, {road, "修好要花八万块"}, {road, "地点改成柳沟村"},
		{road, "前年也来看过一回"}, {clinic, "开刀那天是姑姑陪的，陪了二十天"}, {clinic, "一共花了一万六"}, {abroad, "He also kept two of my chairs"},
		{abroad, "I moved out on 3 June"}, {road, "镇上说过两回没钱"}, {clinic, "护士姓什么我不晓得"}, {wages, "不是我不讲理，是他躲着不见"},
	} {
		for _, change := range Find(c.text, told(c.story), Story) {
			if change.Plain {
				t.Errorf("%s: %s", c.text, fmt.Sprint(change))
			}
		}
	}
}

// Words of any length and kind are met without a panic.
func FuzzFind(f *testing.F) {
	f.Add("五次说多了，实际去了两回", wages)
	f.Add("Room 203, not 302", abroad)
	f.Fuzz(func(t *testing.T, text, story string) {
		for _, c := range Find(text, told(story), Story) {
			if c.Then == "" || c.Field == Story && !strings.Contains(story, c.Wrong) {
				t.Errorf("%q beside %q: %v", text, story, c)
			}
		}
	})
}
