package citizen

import "testing"

func TestNumbersInWords(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]float64{
		"三万二": 32000, "两千四": 2400, "一千八百三": 1830, "十五": 15, "二十": 20, "一百零五": 105, "十二万": 120000, "3.5万": 35000, "128": 128, "三": 3,
	} {
		if got := valueOf(words); got != want {
			t.Errorf("%s is %v, want %v", words, got, want)
		}
	}
}

// A number that is set right is put where the wrong one stood; where it is not plain which, nothing is.
func TestNumbersAreSetRight(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ story, text, want string }{
		{"欠我三个月工资，一共一万八千块", "钱数不对，是两万一", "一万八千块→两万一块"},
		{"我去过五次镇上", "五次说多了，实际去了两回", "五次→两回"},
		{"路灯坏了十四天", "四十天喽，十四天我还忍得住", "十四天→四十天"},
		{"七户人家没水吃", "七户？少写个一，十七户", "七户→十七户"},
		{"八月三号在三组修路，要了四百块", "还有五个人也看见了", ""},
		{"路坏了两年，修过两回", "哪有两年，都三年了", "两年→三年"},
	} {
		got := ""
		if m, ok := numberMended(c.text, c.story); ok {
			got = m.wrong + "→" + m.then
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.text, got, c.want)
		}
	}
}

func TestEndsOfNumbersAreSetRight(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"电话尾数应是47，莫搞错哒": "13909141247", "电话倒数第二位是9，不是3": "13909141294", "电话末尾那个不是4，是7": "13909141237", "手机号最后俩数写反了，43": "13909141243",
		"最后一位是8": "13909141238", "那条路最后修了20米": "", "打13037219058这个": "",
	} {
		got, ok := endMended("13909141234", text)
		if ok != (want != "") || ok && got != want {
			t.Errorf("%s: %q %v, want %q", text, got, ok, want)
		}
	}
}

func TestSurnamesBySound(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"你把我姓写错了嘛，双木林，不是那个凌": "林", "弓长张不对，是立早章": "章", "我姓曹，曹操的曹": "曹", "不是弓长张，立早章": "章", "姓错了": "", "我的姓也打错了": "",
	} {
		if got := surnameIn(text); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
