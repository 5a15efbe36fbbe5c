package citizen

import "testing"

// Questions on what was lodged, and stories that only look like them.
func TestStatusAsked(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]bool{
		"我上个月交的那个事怎么样了":                               {true, true},
		"上回给你们说的路灯办到哪一步了":                             {true, true},
		"我反映的低保有结果没":                                  {true, true},
		"前天投诉的噪音处理了没有":                                {true, true},
		"我们交上来的材料有人看没":                                {true, true},
		"我那个案子有消息了吗":                                  {true, true},
		"俺爹上个月递的信咋没个回音":                               {true, true},
		"昨天反映的水的事还没人来":                                {true, false},
		"上周报的井盖到现在都没人管":                               {true, false},
		"what happened to my complaint":               {true, true},
		"any news on the thing i reported last week?": {true, true},
		"我去年向镇上反映过这个问题，一直没人管":                         {},
		"村里的路塌了，没人管":                                  {},
		"老板说的工资到现在没给":                                 {},
		"找村上反映过三次，都没人来":                               {},
		"什么时候答复":                                      {},
		"复查要多久":                                       {},
		"我们小区电梯坏了半个月，物业说没钱修，业主投诉了几次都没结果，希望住建局来管一管，老人上下楼太难了": {},
	} {
		asked, sure := statusAsked(text)
		if asked != want[0] || sure != want[1] {
			t.Errorf("%s: %v %v, want %v", text, asked, sure, want)
		}
	}
}
