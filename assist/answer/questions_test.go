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

// tally counts answers; sure are the wrong ones told without a word of doubt.
type tally struct{ asked, right, exact, refused, wrong, sure int }

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
			if a.Confidence >= plainly {
				n.sure++
			}
		}
		if os.Getenv("SHOW") != "" {
			t.Logf("%s %s -> %s %v %.2f %v", l.ID, l.Q, a.Entry, a.Alternatives, a.Confidence, faults)
		}
	}
	return n
}

// set is a pair of files: one that phrasings and weights were tuned on, one written afterwards and
// never tuned on. floor is the share that must come right, wrong the share that may be told wrongly.
type set struct {
	file         string
	floor, wrong float64
}

func TestQuestionsAreAnsweredRight(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	for _, s := range []set{{"questions.jsonl", 0.96, 0.03}, {"questions_heldout.jsonl", 0.88, 0.09}} {
		n := b.tallyOf(t, readLines(t, s.file))
		t.Logf("%s: %d asked, %d right (%d with exactly these articles), %d refused, %d wrong of which %d without a word of doubt",
			s.file, n.asked, n.right, n.exact, n.refused, n.wrong, n.sure)
		if share := float64(n.right) / float64(n.asked); share < s.floor {
			t.Errorf("%s: %.3f right, floor %.2f", s.file, share, s.floor)
		}
		if share := float64(n.wrong) / float64(n.asked); share > s.wrong {
			t.Errorf("%s: %.3f wrong, at most %.2f", s.file, share, s.wrong)
		}
	}
}

func TestQuestionsBeyondTheRulesAreRefused(t *testing.T) {
	t.Parallel()
	b := openBook(t)
	for _, s := range []set{{"unknown.jsonl", 0.96, 0}, {"unknown_heldout.jsonl", 0.85, 0}} {
		lines, refused := readLines(t, s.file), 0
		for _, l := range lines {
			a := b.Answer(l.Q, "", noon)
			if a.Known {
				t.Logf("%s was answered with %s %.2f", l.Q, a.Entry, a.Confidence)
				continue
			}
			refused++
			if !strings.Contains(a.Text, b.office.Phone) || !strings.Contains(a.Text, b.office.Hours) {
				t.Errorf("%s: the refusal does not say whom to ask and when: %s", l.Q, a.Text)
			}
		}
		t.Logf("%s: %d of %d refused", s.file, refused, len(lines))
		if float64(refused) < s.floor*float64(len(lines)) {
			t.Errorf("%s: only %d of %d refused", s.file, refused, len(lines))
		}
	}
}
