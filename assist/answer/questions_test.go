package answer

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, beijing)

// faults are what an answer lacks or should not say.
func (l asked) faults(a Answer) []string {
	var out []string
	if !a.Known {
		return []string{"not known"}
	}
	if !containsAll(a.Articles, l.Articles) {
		out = append(out, "articles")
	}
	for _, m := range l.Must {
		if !strings.Contains(a.Text, m) {
			out = append(out, "lacks "+m)
		}
	}
	for _, group := range l.AnyOf {
		if !slices.ContainsFunc(group, func(s string) bool { return strings.Contains(a.Text, s) }) {
			out = append(out, "lacks any of "+strings.Join(group, "/"))
		}
	}
	for _, m := range l.MustNot {
		if strings.Contains(a.Text, m) {
			out = append(out, "says "+m)
		}
	}
	return out
}

type tally struct{ asked, right, exact, refused, wrong int }

func (b *Book) tallyOf(t *testing.T, lines []asked) tally {
	var n tally
	for _, l := range lines {
		a := b.Answer(l.Q, "", noon)
		faults := l.faults(a)
		n.asked++
		switch {
		case len(faults) == 0:
			n.right++
			if slices.Equal(a.Articles, slices.Sorted(slices.Values(l.Articles))) {
				n.exact++
			}
			continue
		case !a.Known:
			n.refused++
		default:
			n.wrong++
		}
		if os.Getenv("SHOW") != "" {
			t.Logf("%s %s -> %s %v %.2f %v", l.ID, l.Q, a.Entry, a.Alternatives, a.Confidence, faults)
		}
	}
	return n
}

func TestQuestionsAreAnsweredRight(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	all := readLines(t, "questions.jsonl")
	if len(all) < 200 {
		t.Fatalf("%d questions, at least 200 are promised", len(all))
	}
	for h, name := range []string{"tuning half", "held-out half"} {
		n := b.tallyOf(t, half(all, h))
		t.Logf("%s: %d asked, %d right (%d with exactly these articles), %d refused, %d confidently wrong",
			name, n.asked, n.right, n.exact, n.refused, n.wrong)
		if share := float64(n.right) / float64(n.asked); share < 0.90 {
			t.Errorf("%s: only %.3f right", name, share)
		}
		if n.wrong > n.asked*6/100 {
			t.Errorf("%s: %d of %d confidently wrong", name, n.wrong, n.asked)
		}
	}
}

func TestQuestionsBeyondTheRulesAreRefused(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	all := readLines(t, "unknown.jsonl")
	for h, name := range []string{"tuning half", "held-out half"} {
		lines, refused := half(all, h), 0
		for _, l := range lines {
			a := b.Answer(l.Q, "", noon)
			if a.Known {
				if os.Getenv("SHOW") != "" {
					t.Logf("%s answered %s %.2f", l.Q, a.Entry, a.Confidence)
				}
				continue
			}
			refused++
			if !strings.Contains(a.Text, b.office.Phone) {
				t.Errorf("%s: the refusal does not say whom to ask: %s", l.Q, a.Text)
			}
		}
		t.Logf("%s: %d of %d refused", name, refused, len(lines))
		if float64(refused) < 0.9*float64(len(lines)) {
			t.Errorf("%s: only %d of %d refused", name, refused, len(lines))
		}
	}
}
