package extract

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"dengwen/assist/names"
	"dengwen/assist/normalize"
	"dengwen/assist/prefilter"
)

// A Place is one of the office's places: a town or sub-district, with what people call it and its villages.
type Place struct {
	Code     string // what Reading.Place holds; the name where it is empty
	Name     string
	Short    []string
	Villages []string
}

// Gazetteer is the places of an office.
type Gazetteer struct {
	Code   string // the office's division code, 611026; "" = nothing is known to lie outside
	Places []Place
}

// atlas is a gazetteer prepared for finding: every name in normal form.
type atlas struct {
	places []Place
	byTwo  map[string][]entry // by a name's first two characters
}

type entry struct {
	name   string
	place  int
	weight float64 // how sure the name alone makes
}

const (
	ofFullName = 0.97
	ofShort    = 0.85
	ofVillage  = 0.88
	ofStem     = 0.75 // a village without its 村
	ofTypo     = 0.6
)

func newAtlas(g Gazetteer) *atlas {
	a := &atlas{places: g.Places, byTwo: map[string][]entry{}}
	for i, p := range g.Places {
		a.enter(i, p.Name, ofFullName)
		if stem, _ := cutTown(normalize.Text(p.Name)); utf8.RuneCountInString(stem) >= 2 {
			a.enter(i, stem, ofShort)
		}
		for _, s := range p.Short {
			a.enter(i, s, ofShort)
		}
		for _, v := range p.Villages {
			a.enter(i, v, ofVillage)
			v = normalize.Text(v)
			if stem := strings.TrimSuffix(strings.TrimSuffix(v, "社区"), "村"); utf8.RuneCountInString(stem) >= 2 && stem != v {
				a.enter(i, stem, ofStem)
			}
		}
	}
	return a
}

func cutTown(name string) (stem, ending string) {
	for _, e := range []string{"街道办事处", "街道办", "街道", "镇", "乡"} {
		if s, ok := strings.CutSuffix(name, e); ok {
			return s, e
		}
	}
	return name, ""
}

func (a *atlas) enter(place int, name string, weight float64) {
	name = normalize.Text(strings.TrimSpace(name))
	if utf8.RuneCountInString(name) < 2 {
		return
	}
	key := firstTwo(name)
	same := func(e entry) bool { return e.name == name && e.place == place }
	if !slices.ContainsFunc(a.byTwo[key], same) {
		a.byTwo[key] = append(a.byTwo[key], entry{name, place, weight})
	}
}

func firstTwo(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	_, m := utf8.DecodeRuneInString(s[n:])
	return s[:n+m]
}

// match is a name of the gazetteer at bytes [start, end) of the normal form.
type match struct {
	entry
	start, end int
}

func (a *atlas) matches(t *text) []match {
	var out []match
	for i := 0; i+1 < len(t.runes); i++ {
		start := int(t.at[i])
		key := t.normal[start:t.at[i+2]]
		for _, e := range a.byTwo[key] {
			if strings.HasPrefix(t.normal[start:], e.name) {
				out = append(out, match{e, start, start + len(e.name)})
			}
		}
	}
	return out
}

// place returns the office's place the text is about. Several villages of one name are told apart by a town named
// too; where two towns are named, the one named more surely, then first, wins at lower confidence.
func (a *atlas) place(t *text, found []names.Name, w *whose) Slot {
	all := slices.DeleteFunc(a.matches(t), func(m match) bool { return m.weight < ofFullName && !w.inPlace(m.start, m.end) })
	if len(all) == 0 {
		return a.misspelt(t, found)
	}
	votes := make([]float64, len(a.places))
	for _, m := range all {
		votes[m.place] = max(votes[m.place], m.weight) + 0.01
	}
	best := all[0]
	for _, m := range all {
		if votes[m.place] > votes[best.place]+0.05 || m.place == best.place && m.weight > best.weight {
			best = m
		}
	}
	s := t.slot(best.start, best.end, min(best.weight, 0.97))
	s.Value = a.code(best.place)
	for i, v := range votes {
		if i != best.place && v > 0 {
			s.Confidence -= 0.3 * v / (votes[best.place] + v) * 2
		}
	}
	s.Confidence = max(s.Confidence, 0.3)
	return s
}

func (a *atlas) code(i int) string {
	if a.places[i].Code != "" {
		return a.places[i].Code
	}
	return a.places[i].Name
}

// misspelt finds a town's name with one wrong character (下粱镇 for 下梁镇).
func (a *atlas) misspelt(t *text, found []names.Name) Slot {
	for _, n := range found {
		if n.Kind != names.Town {
			continue
		}
		said := t.runes[n.Start:n.End]
		for i, p := range a.places {
			if name := []rune(normalize.Text(p.Name)); len(name) >= 3 && len(name) == len(said) && differ(name, said) == 1 {
				s := Slot{a.code(i), ofTypo, t.runeWords(n.Start, n.End)}
				return s
			}
		}
	}
	return Slot{}
}

func differ(a, b []rune) int {
	n := 0
	for i := range a {
		if a[i] != b[i] {
			n++
		}
	}
	return n
}

var (
	houseNumber = prefilter.MustCompile(`^ ?[\d一二三四五六七八九十-]{1,11} ?(?:号(?:楼|院|门口|门前|井|店|铺|桥|电?杆|隧道|厂房|车间|窗口)?|[栋幢楼组期]|单元)`)
	// dayAlone is a day without its month; what follows tells it from a door.
	dayAlone = prefilter.MustCompile(`((` + cn + `)\s*号)\s*(?:(上午|下午|早上|晚上|中午|凌晨|半夜|夜里|傍晚|那天|当天|开始|以来|至今|到现在)|停[水电气]|断[水电])`)
)

// pastHouseNumber moves the end of a place, a byte of the normal form, over the numbers that follow it (12号, 3栋2单元,
// 5 号门口), but for one that is a day (下梁镇 5 号停水).
func pastHouseNumber(t *text, end int) int {
	for {
		m := houseNumber.FindStringIndex(t.after(end, 60))
		if m == nil || isDay(t, end) {
			return end
		}
		end += m[1]
		if strings.HasSuffix(t.normal[:end], "楼") && strings.ContainsAny(t.after(end, 3), "顶上下道梯") { // 51号, 楼顶
			return end - len("楼")
		}
	}
}

func isDay(t *text, at int) bool {
	at += len(t.normal[at:]) - len(strings.TrimLeft(t.normal[at:], " "))
	m := dayAlone.FindStringSubmatchIndex(t.after(at, 30))
	return m != nil && m[0] == 0 && small(t.normal[at+m[4]:at+m[5]]) <= 31 && !isHouseNumber(t, at, m)
}

// isHouseNumber says whether what stands before the day m at byte i gives its number another sense: in a street 5号停水
// is a house, and of 下月5号 the month is another one.
func isHouseNumber(t *text, i int, m []int) bool {
	before := strings.TrimRight(t.before(i, 9), " ")
	return hasEnd(before, "月第") || m[6] < 0 && hasEnd(before, "路街巷道弄区院苑")
}

// dayAlone is the last such day that has come.
func (c *clock) dayAlone(g []string) (from, to time.Time, ok bool) {
	month, day := int(c.today.Month()), small(g[2])
	if day > c.today.Day() {
		month--
	}
	from = c.date(c.today.Year(), month, day)
	return from, from, day > 0 && from.Day() == day
}

func hasEnd(s, any string) bool { return strings.TrimRight(s, any) != s }
