package assist_test

import "testing"

// A report is taken for one only where the person calls it so; where words of
// misconduct stand beside an official the person is asked; slow service is a claim.
func TestReportsAreAskedAboutNotAssumed(t *testing.T) {
	t.Parallel()
	r := reader(t)
	for text, want := range map[string]string{
		"我实名举报我们村支书贪污扶贫款，账上有三万对不上":                                        "report",
		"村支书贪污了修渠的钱":                                                      "",
		"所长让我先给好处费，才肯盖章":                                                  "",
		"文书替死人领补贴，钱都私吞了":                                                  "",
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
