package answer

import (
	"errors"
	"testing"
)

func TestCheckLetsOnlyTheEntriesNumbersPass(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	for _, c := range []struct {
		text    string
		entries []string
		pass    bool
	}{
		{"一般60日内办完，复杂的再加30日，理由要告诉您。", []string{"sixty-days"}, true},
		{"一般六十天内办完，复杂的最多再加三十天。", []string{"sixty-days"}, true},
		{"自受理起60个工作日内办完。", []string{"sixty-days"}, false},
		{"一般两个月办完。", []string{"sixty-days"}, false},
		{"一般60日内办完，最多可以延长45日。", []string{"sixty-days"}, false},
		{"根据第三十四条，60日内办结。", []string{"sixty-days"}, true},
		{"根据条例第 34 条，60日内办结。", []string{"sixty-days"}, true},
		{"根据第三十五条，60日内办结。", []string{"sixty-days"}, false},
		{"第六十条规定要办结。", []string{"sixty-days"}, false},
		{"这是一般的做法，统一由一个单位办，一次说清。", []string{"sixty-days"}, true},
		{"代表最多５人，去哪一级都行。", []string{"five-representatives"}, true},
		{"代表最多6人。", []string{"five-representatives"}, false},
		{"代表最多六名。", []string{"five-representatives"}, false},
		{"代表最多五名。", []string{"five-representatives"}, true},
		{"Within sixty days of acceptance, at most thirty more.", []string{"sixty-days"}, true},
		{"Within twenty days of acceptance.", []string{"sixty-days"}, false},
		{"See Articles 34 and 31.", []string{"sixty-days"}, true},
		{"See Article 36.", []string{"sixty-days"}, false},
		{"半年之内会有结果。", []string{"sixty-days"}, false},
		{"十五日内书面告知，五个工作日内提出异议。", []string{"told-15-transferred"}, true},
		{"15个工作日内书面告知。", []string{"told-15-transferred"}, false},
		{"打 110 报警。", []string{"emergency"}, true},
		{"打 12388 举报。", []string{"report-handling"}, false},
		{"60日内办完，不服30日内请求复查。", []string{"sixty-days", "review"}, true},
		{"没有数字的话。", nil, true},
		{"15日。", nil, false},
	} {
		err := b.Check(c.text, c.entries)
		if (err == nil) != c.pass {
			t.Errorf("Check(%q, %v) = %v, want pass %v", c.text, c.entries, err, c.pass)
		}
		if err != nil && !errors.Is(err, ErrUnbacked) {
			t.Errorf("Check(%q): %v is not ErrUnbacked", c.text, err)
		}
	}
	if err := b.Check("好。", []string{"no-such-entry"}); err == nil || errors.Is(err, ErrUnbacked) {
		t.Errorf("an unknown entry: got %v", err)
	}
}

func TestEveryEntryPassesItsOwnCheck(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	for _, id := range b.Entries() {
		for _, lang := range builtIn {
			e, err := b.Entry(id, lang)
			if err != nil {
				t.Fatal(err)
			}
			if err := b.Check(e.Text+"\n"+b.Basis(e.Articles, lang), []string{id}); err != nil {
				t.Errorf("%s in %s: %v", id, lang, err)
			}
		}
	}
}

func TestHanNumeralsAreRead(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int64{
		"五": 5000, "十": 10000, "十五": 15000, "二十": 20000, "六十": 60000, "九十九": 99000, "一百零五": 105000,
		"两": 2000, "半": 500, "二〇二二": 2022000, "三千五百": 3500000, "廿三": 23000, "卅": 30000,
	} {
		if got := hanValue(s); got != want {
			t.Errorf("hanValue(%s) = %d, want %d", s, got, want)
		}
	}
}
