package bot

import "testing"

func TestOfficial(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"找了村主任五次":                  "主任",
		"书记您好，路灯坏了，所长说没钱":          "所长",
		"请书记做主":                    "",
		"老板跑了，工钱没给":                "",
		"the village head said no": "village",
	} {
		i, j := Official(text)
		got := ""
		if i >= 0 {
			got = text[i:j]
		}
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
