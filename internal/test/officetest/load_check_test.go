package officetest_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"dengwen/petition/roster"
)

// check reads every chat from beginning to end.
func (c *county) check(citizens int) {
	if len(c.owner) != citizens {
		c.t.Errorf("%d cases for %d citizens", len(c.owner), citizens)
	}
	told := map[string]int{}
	for _, p := range slices.Concat(c.clerks, slices.Concat(mapValues(c.officers)...)) {
		c.checkOfficer(p, told)
	}
	for number := range c.owner {
		if want := len(c.clerks) + len(c.officers[c.unit[number]]); told[number] < want {
			c.t.Errorf("%s was announced in %d chats, want %d", number, told[number], want)
		}
	}
	for i := range citizens {
		c.checkCitizen(i)
	}
}

func mapValues(m map[string][]roster.Person) (out [][]roster.Person) {
	for _, v := range m {
		out = append(out, v)
	}
	return out
}

func (c *county) checkOfficer(p roster.Person, told map[string]int) {
	chat, _ := strconv.ParseInt(strings.TrimPrefix(p.Chat, "tg:"), 10, 64)
	heard, words := map[string]bool{}, map[string]int{}
	var order []string
	for _, m := range c.api.Chat(chat).Messages() {
		for _, number := range numberIn.FindAllString(m.Text, -1) {
			heard[number] = true
			if p.Unit != "petition" && c.unit[number] != p.Unit {
				c.t.Errorf("%s of %s was told of %s, which is with %s", p.Name, p.Unit, number, c.unit[number])
			}
		}
		if w := wordIn.FindStringSubmatch(m.Text); w != nil {
			i, _ := strconv.Atoi(w[1])
			if c.taker[i] != p.Chat {
				c.t.Errorf("%s heard %s, which is for %s", p.Name, w[0], c.taker[i])
			}
			words[w[0]]++
			order = append(order, w[0])
		}
		if strings.Contains(m.Text, "answer-") {
			c.t.Errorf("an answer came back to %s", p.Name)
		}
	}
	for number := range heard {
		told[number]++
	}
	for _, i := range c.mine[p.Chat] {
		c.once(words, order, "word", i)
	}
}

func (c *county) checkCitizen(i int) {
	words := map[string]int{}
	var order []string
	own := regexp.MustCompile(`answer-(\d+)-\d+`)
	for _, m := range c.api.Chat(int64(firstCitizen + i)).Messages() {
		if a := own.FindStringSubmatch(m.Text); a != nil {
			if a[1] != strconv.Itoa(i) {
				c.t.Errorf("citizen %d read %s", i, a[0])
			}
			words[a[0]]++
			order = append(order, a[0])
		}
		for _, number := range numberIn.FindAllString(m.Text, -1) {
			if c.owner[number] != i {
				c.t.Errorf("citizen %d was told of %s", i, number)
			}
		}
	}
	c.once(words, order, "answer", i)
}

// once: each word came exactly once, and the words of one person in their order.
func (c *county) once(words map[string]int, order []string, kind string, i int) {
	last := -1
	for k := range c.rounds {
		w := fmt.Sprintf("%s-%d-%d", kind, i, k)
		if words[w] != 1 {
			c.t.Errorf("%s arrived %d times", w, words[w])
		}
		if at := slices.Index(order, w); at < last {
			c.t.Errorf("%s came out of order", w)
		} else {
			last = at
		}
	}
}
