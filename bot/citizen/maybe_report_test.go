package citizen

import (
	"testing"

	"dengwen/internal/officials"
)

func TestOfficial(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"找了村主任五次":                  "主任",
		"书记您好，路灯坏了，所长说没钱":          "所长",
		"请书记做主":                    "",
		"老板跑了，工钱没给":                "",
		"the village head said no": "village",
	} {
		i, j := officials.Find(text)
		got := ""
		if i >= 0 {
			got = text[i:j]
		}
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

// Danger said in the words people use; past harm, prices and figures of speech are none.
func TestEndangered(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"孩子掉井里了快来人":                       true,
		"我爸倒在地上不出气了":                      true,
		"他拿刀堵在我家门口":                       true,
		"there is a fire in the building": true,
		"救命钱被骗了":                          false,
		"建议在水库边立个防溺水的牌子":                  false,
		"路灯坏了，晚上走路危险":                     false,
	} {
		if got := endangered(text); got != want {
			t.Errorf("%s: %t", text, got)
		}
	}
}
