package extract

import (
	"reflect"
	"regexp"
	"testing"
)

// What a matcher finds is what the expression finds, in every message at hand.
func TestMatcherFindsWhatTheExpressionFinds(t *testing.T) {
	t.Parallel()
	texts := []string{letter, "", "工资", "他打了110，又去找过村委会。", "My boss owes me wages, police came."}
	for _, c := range append(readChecked(t, "testdata/messages.jsonl"), readChecked(t, "testdata/later.jsonl")...) {
		texts = append(texts, c.Text)
	}
	for name, m := range map[string]*matcher{
		"corrupt": corrupt, "taking": taking, "official": official, "grieved": grieved, "plight": plight, "asking": asking, "asked": asked,
		"telling": telling, "proceeding": proceeding, "decision": decision, "life": lifeWords, "acute": acute, "hazard": hazardWords,
		"yearOnly": yearOnly, "notYet": notYet, "never": never, "nameThenRole": nameThenRole, "calledBy": calledBy,
		"season": season, "ago": ago, "monthDay": monthDay, "yuan": yuan, "together": together,
	} {
		for _, s := range texts {
			p := newText(s).plain
			want, got := regexp.MustCompile(m.expr).FindAllStringSubmatchIndex(p, -1), m.FindAllStringSubmatchIndex(p, -1)
			if !reflect.DeepEqual(want, got) {
				t.Errorf("%s in %q: %v, the expression finds %v", name, s, got, want)
			}
		}
	}
}
