package extract

import (
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"dengwen/assist/prefilter"
)

// What the prefilter lets through is what the expression finds, in every message at hand.
func TestPrefilterFindsWhatTheExpressionFinds(t *testing.T) {
	t.Parallel()
	texts := []string{letter, "", "工资", "他打了110，又去找过村委会。", "My boss owes me wages, police came.", "去年今年水渠都坏了", "而且,后来 我想反映一下路灯"}
	for _, c := range append(readChecked(t, "testdata/messages.jsonl"), readChecked(t, "testdata/later.jsonl")...) {
		texts = append(texts, c.Text)
	}
	for name, m := range map[string]*prefilter.Regexp{
		"corrupt": corrupt, "taking": taking, "official": official, "grieved": grieved, "plight": plight, "asking": asking, "asked": asked,
		"telling": telling, "proceeding": proceeding, "decision": decision, "life": lifeWords, "acute": acute, "hazard": hazardWords,
		"yearOnly": yearOnly, "notYet": notYet, "never": never, "nameThenRole": nameThenRole, "calledBy": calledBy,
		"season": season, "ago": ago, "monthDay": monthDay, "yuan": yuan, "together": together,
		"sought": sought, "atOffice": atOffice, "paying": paying, "roleThenName": roleThenName, "mobile": mobile,
		"opening": opening, "lead": lead, "since": since, "counted": counted, "thing": thing, "harmed": harmed,
	} {
		exact := regexp.MustCompile(m.String())
		for _, s := range texts {
			p := newText(s).normal
			want, got := exact.FindAllStringSubmatchIndex(p, -1), m.FindAllStringSubmatchIndex(p, -1)
			if !reflect.DeepEqual(want, got) || m.MatchString(p) != (want != nil) {
				t.Errorf("%s in %q: %v, the expression finds %v", name, s, got, want)
			}
			if want, got := exact.ReplaceAllLiteralString(p, "…"), m.ReplaceAllLiteralString(p, "…"); want != got {
				t.Errorf("%s replaced in %q: %q, want %q", name, s, got, want)
			}
		}
	}
}

// Whatever a stranger repeats for ten thousand characters is read about as quickly as a letter of that length.
func TestTheLongestMessageIsReadInTime(t *testing.T) {
	t.Parallel()
	reader := newReader(t, Gazetteer{})
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	read := func(s string) time.Duration {
		began := time.Now()
		reader.Read("请修路 "+strings.Repeat(s, 9900/len([]rune(s))), now)
		return time.Since(began)
	}
	usual := read("下梁镇三组的路一下雨就塌，车过不去，请派人来修。") + read("工资")
	for _, s := range []string{
		"1", "一", "1一", "一1,", "1,", "1.", "万", "多", "k", "1 ", "3月", "1年", "我们1", "找", "镇", "村", "元", "在", "的", "a", "A ", "\n", "\n ", "jan", "，", "(", "13900001234 ", "身份证6100",
	} {
		if took := read(s); took > 20*usual+time.Second {
			t.Errorf("%q repeated is read in %v, a letter in %v", s, took, usual)
		}
	}
}
