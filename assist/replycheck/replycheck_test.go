package replycheck_test

import (
	"cmp"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"dengwen/assist/replycheck"
	"dengwen/internal/office"
	"dengwen/locales"
	"dengwen/petition"

	"go.yaml.in/yaml/v3"
)

// labelled is one answer with what should be found in it.
type labelled struct {
	Request, Facts, Text, Basis, Name, Outcome string
	Move                                       petition.MoveName
	Class                                      petition.Class
	Want                                       []string
}

func (l labelled) findings(g *replycheck.Checker) []string {
	v := petition.View{Class: cmp.Or(l.Class, petition.Claim), Request: l.Request}
	if l.Name != "" {
		v.Contact = &petition.Contact{Name: l.Name}
	}
	m := petition.Move{Name: cmp.Or(l.Move, petition.MoveReply), Text: l.Text, Args: map[string]string{
		"request": l.Request, "facts": l.Facts, "basis": l.Basis, "outcome": cmp.Or(l.Outcome, "support"),
	}}
	var keys []string
	for _, f := range g.Check(v, m) {
		keys = append(keys, strings.TrimPrefix(f.Key, "gate."))
	}
	return keys
}

func replies(t *testing.T, file string) []labelled {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var all []labelled
	if err := yaml.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// The check finds nearly all of what an officer would change, and seldom more.
func TestLabelledReplies(t *testing.T) {
	t.Parallel()
	for file, count := range map[string]int{"replies.yaml": 40, "county.yaml": 120} {
		all, g := replies(t, file), checker()
		if len(all) != count {
			t.Fatalf("%s: %d replies", file, len(all))
		}
		var right, said, wanted, clean, quiet int
		for i, l := range all {
			got := l.findings(g)
			said, wanted = said+len(got), wanted+len(l.Want)
			left := slices.Clone(l.Want)
			for _, k := range got {
				if at := slices.Index(left, k); at >= 0 {
					left = slices.Delete(left, at, at+1)
					right++
				}
			}
			if len(l.Want) == 0 {
				clean++
				if len(got) == 0 {
					quiet++
				}
			}
			slices.Sort(got)
			want := slices.Sorted(slices.Values(l.Want))
			if !slices.Equal(got, want) {
				t.Logf("%d: found %v, want %v: %s", i+1, got, want, l.Text)
			}
		}
		precision, recall := float64(right)/float64(said), float64(right)/float64(wanted)
		t.Logf("%s: %d findings of %d wanted, %d said: precision %.2f, recall %.2f; %d of %d good answers pass in silence", file, right, wanted, said, precision, recall, quiet, clean)
		if precision < 0.9 || recall < 0.9 || quiet*10 < clean*9 {
			t.Errorf("%s: precision %.2f, recall %.2f, silence %d of %d", file, precision, recall, quiet, clean)
		}
	}
}

// Of several demands the one that is passed over is named, whether they are numbered or joined by commas.
func TestDemandPassedOver(t *testing.T) {
	t.Parallel()
	found, silent := 0, 0
	for i, l := range replies(t, "demands.yaml") {
		got := l.findings(checker())
		switch named := slices.Contains(got, "demand"); {
		case len(l.Want) > 0 && named:
			found++
		case len(l.Want) == 0 && len(got) == 0:
			silent++
		default:
			t.Logf("%d: found %v, want %v", i+1, got, l.Want)
		}
	}
	if found < 12 || silent < 10 {
		t.Errorf("%d of 12 demands named, %d of 12 whole answers pass in silence", found, silent)
	}
}

func TestMissingPartsComeFirst(t *testing.T) {
	t.Parallel()
	g := checker()
	found := g.Check(petition.View{Class: petition.Claim, Request: "修桥"}, petition.Move{Name: petition.MoveReply, Text: "后果自负"})
	if len(found) < 5 || found[0].Severity != petition.MustFix || found[0].Key != "gate.missing" || found[0].Args["field"] != "request" {
		t.Errorf("%+v", found)
	}
	if g.Check(petition.View{}, petition.Move{Name: petition.MoveTransfer, Text: "后果自负"}) != nil {
		t.Error("a transfer is read over")
	}
}

// What was written for somebody is not held up as their demand.
func TestDemandThatIsOurs(t *testing.T) {
	t.Parallel()
	g := checker()
	for ours, want := range map[bool]string{true: "gate.demand_ours", false: "gate.demand"} {
		found := g.Check(petition.View{Class: petition.Claim, Request: "修桥", RequestOurs: ours}, petition.Move{Name: petition.MoveReply, Text: "工资已经发清"})
		if !slices.ContainsFunc(found, func(f petition.Finding) bool { return f.Key == want }) {
			t.Errorf("ours %v: no %s among %+v", ours, want, found)
		}
	}
}

func TestDemands(t *testing.T) {
	t.Parallel()
	for request, want := range map[string]string{
		"":     "",
		"谢谢":   "",
		"把桥修好": "把桥修好",
		"一、修桥面；二、赔偿农机；三、公开账目":         "修桥面|赔偿农机|公开账目",
		"1.修路灯 2.公开账目":                "修路灯|公开账目",
		"（1）退还押金。（2）道歉":               "退还押金|道歉",
		"请求退还押金2.5万元。希望道歉":            "请求退还押金2.5万元|希望道歉",
		"①恢復供水②說明原因":                  "恢复供水|说明原因",
		strings.Repeat("修第一座桥梁。", 30): strings.Repeat("修第一座桥梁|", 11) + "修第一座桥梁",
	} {
		if got := strings.Join(replycheck.Demands(request), "|"); got != want {
			t.Errorf("%q: %q, want %q", request, got, want)
		}
	}
}

// Every finding has a sentence in both languages.
func TestSentences(t *testing.T) {
	t.Parallel()
	words, err := locales.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range replycheck.Keys() {
		if !words.Has(key) {
			t.Errorf("no sentence for %s", key)
		}
	}
}

func FuzzCheck(f *testing.F) {
	g := checker()
	for _, seed := range []string{"", "一、\n二、", "承诺不再上访", "1391234567812345678901", "①②③", "\xff\xfe第"} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, request, text string) {
		v := petition.View{Class: petition.Claim, Request: request}
		for _, x := range g.Check(v, petition.Move{Name: petition.MoveReply, Text: text, Args: map[string]string{"facts": text, "basis": request}}) {
			if !slices.Contains(replycheck.Keys(), x.Key) || x.Severity == "" {
				t.Errorf("unknown finding %+v", x)
			}
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	g := checker()
	v := petition.View{Class: petition.Claim, Request: strings.Repeat("一、修桥面；二、赔偿农机。", 40)}
	m := petition.Move{Name: petition.MoveReply, Text: strings.Repeat("桥面10月修好，农机损失赔偿三千元。", 200), Args: map[string]string{"facts": strings.Repeat("8月4日在下梁镇查看。", 100)}}
	for b.Loop() {
		g.Check(v, m)
	}
}

// checker reads over answers written on 20 November 2026, for a printer that lacks 𪚥.
func checker() *replycheck.Checker {
	return replycheck.New(office.Example(), func() time.Time { return time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC) }, func(s string) []rune {
		if strings.ContainsRune(s, '𪚥') {
			return []rune{'𪚥'}
		}
		return nil
	})
}

// A day is held against the day of writing: facts lie before it, what is promised after it,
// and no calendar has the thirtieth of February.
func TestDays(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2026年2月29日到现场查看。":                "date",
		"2028年2月29日前修好。":                  "",
		"2024年2月29日到现场查看。":                "",
		"2026年13月到现场查看。":                  "date",
		"2026年11月16日（星期一）到现场查看。":          "",
		"2026年11月16日（周三）到现场查看。":           "date",
		"2026年11月21日到现场查看。":               "future",
		"合同约定2027年5月1日付清。":                "",
		"2026年8月4日至2026年8月2日查看。":          "date",
		"2026年12月20日至2027年1月5日施工，计划不变。":   "",
		"2026年9月8日22时30分至9月9日1时查看。":       "",
		"2026年11月3日25时查看。":                "date",
		"2026年12月31日前完工。":                 "",
		"诊断书有效期至2027年4月30日。":              "",
		"修桥工程预计于2027年6月30日完工，11月19日已经开工。": "",
	} {
		got := ""
		for _, k := range (labelled{Facts: text, Text: "支持。"}).findings(checker()) {
			if k == "date" || k == "future" {
				got = k
			}
		}
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]bool{
		"2026年10月20日前修好。": true, "2026年12月20日前修好。": false, "已责令其2026年10月20日前修好。": false, "合同约定2026年10月20日前付清。": false,
	} {
		if got := slices.Contains((labelled{Text: text}).findings(checker()), "past"); got != want {
			t.Errorf("%s: past %v", text, got)
		}
	}
}
