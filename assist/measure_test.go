//go:build measure

package assist_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// labelled is a message and what a reader found in it, one a line.
type labelled struct {
	Text, Name, Phone, Address, Place, Request, Class, Kind, Question string
	People                                                            int
	Good                                                              []string
}

func labelledIn(t *testing.T, name string) []labelled {
	t.Helper()
	f, err := os.Open(filepath.Join(os.Getenv("LABELLED"), name))
	if err != nil {
		t.Skip(err)
	}
	defer f.Close()
	var all []labelled
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var l labelled
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		all = append(all, l)
	}
	return all
}

// bare is a value without what people put between its characters.
func bare(s string) string {
	return strings.NewReplacer("我屋", "", " ", "", "-", "", "请", "", "，", ",", "。", "", "0086", "", "一", "1", "三", "3", "九", "9", "四", "4", "零", "0", "五", "5", "二", "2").Replace(s)
}

// TestLabelled prints what is read of the messages in the folder LABELLED: roles.jsonl,
// places.jsonl, requests.jsonl, titles.jsonl. SHOW=1 prints what is wrong.
func TestLabelled(t *testing.T) {
	r := reader(t)
	score := map[string][2]int{}
	note := func(what string, right bool, l labelled, got any) {
		s := score[what]
		s[1]++
		if right {
			s[0]++
		} else if os.Getenv("SHOW") != "" {
			t.Logf("%s: %q of %s", what, got, l.Text)
		}
		score[what] = s
	}
	for _, l := range labelledIn(t, "roles.jsonl") {
		x := read(t, r, l.Text)
		note("phone", bare(x.Phone) == bare(l.Phone), l, x.Phone)
		note("name", x.Name == l.Name, l, x.Name)
		note("address", bare(x.Address) == bare(l.Address), l, x.Address)
		note("people", x.People == l.People, l, x.People)
		if l.Phone != bare(x.Phone) && x.Phone != "" && bare(x.Phone) != bare(l.Phone) {
			note("phone of others taken", false, l, x.Phone)
		}
		if x.Address != "" && bare(x.Address) != bare(l.Address) {
			note("wrong address taken", false, l, x.Address)
		}
		if x.People != 0 && x.People != l.People {
			note("wrong people taken", false, l, x.People)
		}
	}
	for _, l := range labelledIn(t, "places.jsonl") {
		x := read(t, r, l.Text)
		note("place", x.PlaceText == l.Place, l, x.PlaceText)
	}
	for _, l := range labelledIn(t, "requests.jsonl") {
		x := read(t, r, l.Text)
		own := x.Request.Value
		if x.Derived {
			own = ""
		}
		ok := l.Request == "" && own == "" || l.Request != "" && own != "" && overlap(bare(own), bare(l.Request)) >= 0.7
		note("request right", ok, l, own)
		note("request right or neutral", ok || own == "" && l.Class != "report" && l.Class != "thanks" && l.Class != "", l, own)
	}
	for _, l := range labelledIn(t, "titles.jsonl") {
		x := read(t, r, l.Text)
		best := 0.0
		for _, g := range l.Good {
			best = max(best, contained(g, x.Title))
		}
		note("title", best >= 0.8, l, x.Title)
	}
	for _, what := range []string{"phone", "name", "address", "people", "phone of others taken", "wrong address taken", "wrong people taken", "place", "request right", "request right or neutral", "title"} {
		t.Logf("%s: %d of %d", what, score[what][0], score[what][1])
	}
}

// overlap is the F1 of two texts' characters, in order.
func overlap(a, b string) float64 {
	x, y := []rune(a), []rune(b)
	n := longestCommon(x, y)
	return 2 * float64(n) / float64(max(len(x)+len(y), 1))
}

// contained is how much of a stands in b, in order.
func contained(a, b string) float64 {
	return float64(longestCommon([]rune(bare(a)), []rune(bare(b)))) / float64(max(len([]rune(bare(a))), 1))
}

func longestCommon(x, y []rune) int {
	row := make([]int, len(y)+1)
	for i := range x {
		diagonal := 0
		for j := range y {
			old := row[j+1]
			if x[i] == y[j] {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(row[j+1], row[j])
			}
			diagonal = old
		}
	}
	return row[len(y)]
}

// TestReportsAsked prints how many messages of TALES, "yes" or "no", a tab and a text a line, are asked about or taken
// as reports.
func TestReportsAsked(t *testing.T) {
	data, err := os.ReadFile(os.Getenv("TALES"))
	if err != nil {
		t.Skip(err)
	}
	r := reader(t)
	var asked, taken, all [2]int
	for line := range strings.Lines(string(data)) {
		f := append(strings.Split(strings.TrimSpace(line), "\t"), "")
		yes := 0
		if f[0] == "yes" {
			yes = 1
		}
		c := read(t, r, f[1]).Class
		all[yes]++
		if c.Value == "report" && c.Conf >= 0.6 {
			taken[yes]++
		} else if c.Value == "report" {
			asked[yes]++
		}
	}
	t.Logf("of %d that tell of misconduct %d asked and %d taken; of %d others %d and %d", all[1], asked[1], taken[1], all[0], asked[0], taken[0])
}
