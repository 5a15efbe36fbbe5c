package extract

import (
	"regexp/syntax"
	"slices"
	"strings"
	"testing"
)

// The words of an expression stand in the order in which it prefers them; … is where more follows.
func TestWordsOfAnExpression(t *testing.T) {
	t.Parallel()
	for expr, want := range map[string]string{
		`村?支?书记`:               "村支书记 村书记 支书记 书记",
		`路(?:灯|面)|桥[断塌]`:       "路灯 路面 桥塌 桥断",
		`找(?:过|了)[^,。]{0,8}村`:  "找了… 找过…",
		`请(?:你们|您)?(?:修|看)+`:   "请你们修… 请你们看… 请您修… 请您看… 请修… 请看…",
		`吗$`:                   "吗…",
		`,*电话`:                 ",… 电话",
		`(?:\p{Han}{1,4}局|镇上)`: "… 镇上",
		`[^,]{2}的`:             "…",
	} {
		tree, err := syntax.Parse(expr, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, w := range wordsOf(tree) {
			text := w.text
			if !w.whole {
				text += "…"
			}
			got = append(got, text)
		}
		if !slices.Equal(got, strings.Split(want, " ")) {
			t.Errorf("%s: %q, want %q", expr, got, want)
		}
	}
}

// An expression whose words would be without number keeps short ones.
func TestWordsAreNotTooMany(t *testing.T) {
	t.Parallel()
	tree, err := syntax.Parse(strings.Repeat(`[一二三四五六七八九十]`, 8), syntax.Perl)
	if err != nil {
		t.Fatal(err)
	}
	if got := wordsOf(tree); len(got) > mostWords || !begins(got) || got[0].whole {
		t.Errorf("%d words, the first %+v", len(got), got[0])
	}
}
