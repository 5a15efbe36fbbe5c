package answer

import (
	"os"
	"testing"
)

func TestMessagesAreToldApart(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	lines := readLines(t, "messages.jsonl")
	for _, q := range readLines(t, "questions.jsonl") {
		q.Kind = string(RulesQuestion)
		lines = append(lines, q)
	}
	got := map[string]map[Kind]int{}
	for _, l := range lines {
		k, _ := b.IsQuestion(l.Q)
		if got[l.Kind] == nil {
			got[l.Kind] = map[Kind]int{}
		}
		got[l.Kind][k]++
		if string(k) != l.Kind && os.Getenv("SHOW") != "" {
			t.Logf("%s %s: %s, should be %s", l.ID, l.Q, k, l.Kind)
		}
	}
	for _, c := range []struct {
		kind  Kind
		floor float64
	}{{Story, 0.95}, {CaseQuestion, 0.9}, {Either, 0.8}, {RulesQuestion, 0.85}} {
		n, all := got[string(c.kind)][c.kind], 0
		for _, v := range got[string(c.kind)] {
			all += v
		}
		t.Logf("%s: %d of %d told apart; read as %v", c.kind, n, all, got[string(c.kind)])
		if float64(n) < c.floor*float64(all) {
			t.Errorf("%s: %d of %d, floor %.2f", c.kind, n, all, c.floor)
		}
	}
	if n := got[string(Story)][RulesQuestion]; n > 0 {
		t.Errorf("%d stories were taken for questions on the rules", n)
	}
}
