package replycheck_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"dengwen/assist/replycheck"
	"dengwen/internal/office"
	"dengwen/locales"
	"dengwen/petition"

	"go.yaml.in/yaml/v3"
)

// labelled is one answer with what should be found in it.
type labelled struct {
	Request, Facts, Text, Basis, Name string
	Class                             petition.Class
	Want                              []string
}

func (l labelled) findings(g *replycheck.Checker) []string {
	v := petition.View{Class: petition.Claim, Request: l.Request}
	if l.Class != "" {
		v.Class = l.Class
	}
	if l.Name != "" {
		v.Contact = &petition.Contact{Name: l.Name}
	}
	m := petition.Move{Name: petition.MoveReply, Text: l.Text, Args: map[string]string{
		"request": l.Request, "facts": l.Facts, "basis": l.Basis, "outcome": "support",
	}}
	var keys []string
	for _, f := range g.Check(v, m) {
		keys = append(keys, strings.TrimPrefix(f.Key, "gate."))
	}
	return keys
}

func replies(t *testing.T) []labelled {
	t.Helper()
	raw, err := os.ReadFile("testdata/replies.yaml")
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
	all, g := replies(t), replycheck.New(office.Example())
	if len(all) != 40 {
		t.Fatalf("%d replies", len(all))
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
	t.Logf("%d findings of %d wanted, %d said: precision %.2f, recall %.2f; %d of %d good answers pass in silence", right, wanted, said, precision, recall, quiet, clean)
	if precision < 0.9 || recall < 0.9 || quiet*10 < clean*9 {
		t.Errorf("precision %.2f, recall %.2f, silence %d of %d", precision, recall, quiet, clean)
	}
}

func TestMissingPartsComeFirst(t *testing.T) {
	t.Parallel()
	g := replycheck.New(office.Example())
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
	g := replycheck.New(office.Example())
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
	g := replycheck.New(office.Example())
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
	g := replycheck.New(office.Example())
	v := petition.View{Class: petition.Claim, Request: strings.Repeat("一、修桥面；二、赔偿农机。", 40)}
	m := petition.Move{Name: petition.MoveReply, Text: strings.Repeat("桥面10月修好，农机损失赔偿三千元。", 200), Args: map[string]string{"facts": strings.Repeat("8月4日在下梁镇查看。", 100)}}
	for b.Loop() {
		g.Check(v, m)
	}
}
