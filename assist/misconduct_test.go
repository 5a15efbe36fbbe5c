package assist_test

import "testing"

// A report is taken for one where the person calls it so, or where words and judge agree;
// where only one of them speaks the person is asked; slow service is a claim.
func TestReportsAreAskedAboutNotAssumed(t *testing.T) {
	t.Parallel()
	r := reader(t)
	for text, want := range map[string]string{
		"我实名举报我们村支书贪污扶贫款，账上有三万对不上":                                        "report",
		"村支书贪污了修渠的钱":                                                      "report",
		"所长让我先给好处费，才肯盖章":                                                  "",
		"文书替死人领补贴，钱都私吞了":                                                  "report",
		"发下来的米少了两袋，管库房的家里倒是堆着":                                            "",
		"给我签字可以，他说先把他婆娘店里的茶叶买两盒":                                          "",
		"the accountant keeps the subsidy and takes a bribe for the form": "",
		"找了村主任五次，自来水还是没接上":                                                "claim",
		"派出所民警一个多小时才到，小偷早跑了":                                              "claim",
		"举报楼下的烧烤店，半夜还在冒烟":                                                 "claim",
		"书记您好，开发商收了钱不交房":                                                  "claim",
	} {
		got := read(t, r, text)
		class := got.Class.Value
		if got.Class.Conf < 0.6 { // the bot asks
			class = ""
		}
		if class != want {
			t.Errorf("%s: class %q (%.2f), want %q", text, class, got.Class.Conf, want)
		}
	}
}

// Danger told in words that no list has still brings the emergency numbers; what is over
// or only feared does not.
func TestDangerInOtherWords(t *testing.T) {
	t.Parallel()
	r := reader(t)
	for text, want := range map[string]bool{
		"我爸突然倒了，嘴歪了，喊他没反应":     true,
		"水涨到窗台了，屋里还有两个老人走不动":   true,
		"爷爷前年中风了，想办残疾证":        false,
		"河边没有护栏，怕小孩夏天掉下去":      false,
		"电梯老是坏，物业修了又坏，希望换一部":   false,
		"路口的井盖裂了，晚上骑车要绕着走，请来换": false,
	} {
		if got := read(t, r, text); got.Danger != want {
			t.Errorf("%s: danger %v", text, got.Danger)
		}
	}
}
