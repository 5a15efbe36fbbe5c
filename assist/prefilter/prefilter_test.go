package prefilter

import (
	"math/rand/v2"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What a match needs, … where more than these words may match.
func TestNeededWords(t *testing.T) {
	t.Parallel()
	for expr, want := range map[string]string{
		`村?支?书记`:             "村支书记 村书记 支书记 书记",
		`路(?:灯|面)|桥[断塌]`:     "路灯 路面 桥塌 桥断",
		`找[过了][^,。]{0,8}村委会`: "村委会 …",
		`[^,]{1,4}没人管`:       "没人管 …",
		`(?:请|您)+看`:          "看 …",
		`(工资)`:               "工资 …", // the group is asked for
		`吗$`:                 "吗 …",
		`,*电话`:               "电话 …",
		`[^,]{2}`:            "",
		`(?:修路)?`:            "",
		`(?i)wage`:           "",
	} {
		w, got := neededBy(expr), []string(nil)
		if w != nil {
			for _, words := range w.by {
				got = append(got, words...)
			}
			if !w.all {
				got = append(got, "…")
			}
		}
		wanted := strings.Fields(want)
		slices.Sort(got)
		slices.Sort(wanted)
		if !slices.Equal(got, wanted) {
			t.Errorf("%s: %q, want %q", expr, got, want)
		}
	}
}

// Whatever the expression and the text, what is found is what regexp finds.
func TestFindsWhatRegexpFinds(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(from ...string) string { return from[r.IntN(len(from))] }
	var expr func(depth int) string
	expr = func(depth int) string {
		if depth == 0 {
			return pick("a", "b", "路", "路灯", "没人管", "[ab]", "[^路]", `\d`, "^", "$", "")
		}
		switch r.IntN(5) {
		case 0:
			return "(?:" + expr(depth-1) + "|" + expr(depth-1) + ")"
		case 1:
			return "(" + expr(depth-1) + ")"
		case 2:
			return "(?:" + expr(depth-1) + ")" + pick("?", "??", "+", "{0,2}", "*")
		default:
			return expr(depth-1) + expr(depth-1)
		}
	}
	for range 5_000 {
		e := expr(r.IntN(5))
		exact, ours := regexp.MustCompile(e), MustCompile(e)
		for range 8 {
			s := ""
			for range r.IntN(9) {
				s += pick("a", "b", "路", "灯", "没人", "管", "1", "\xff", "�")
			}
			n := r.IntN(4) - 1
			want := []any{exact.MatchString(s), exact.FindStringIndex(s), exact.FindAllStringIndex(s, n), exact.FindStringSubmatchIndex(s), exact.FindAllStringSubmatchIndex(s, n), exact.ReplaceAllLiteralString(s, "…")}
			got := []any{ours.MatchString(s), ours.FindStringIndex(s), ours.FindAllStringIndex(s, n), ours.FindStringSubmatchIndex(s), ours.FindAllStringSubmatchIndex(s, n), ours.ReplaceAllLiteralString(s, "…")}
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("%q in %q: %v, regexp finds %v", e, s, got, want)
			}
		}
	}
}
