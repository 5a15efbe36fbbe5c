//go:build measure

package spans

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"

	"dengwen/assist/linear"
	"dengwen/assist/names"
	"dengwen/assist/normalize"
)

// A marked line is a message with its spans in braces, as {l:下梁镇三组}: l is where the matter is, h the writer's home, b both,
// H another place; n the writer's name, N another's; p the writer's number, P another's. A line that begins with ~
// has other places too, which nobody marked; with = it is only about whose the marked ones are.
type marked struct {
	Text
	partly, roles bool
	spans         []markedSpan
}

type markedSpan struct {
	Span
	mark byte
}

func readMarked(t *testing.T, file string) []marked {
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []marked
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		all = append(all, parseMarked(t, lines.Text()))
	}
	return all
}

func parseMarked(t *testing.T, line string) marked {
	m := marked{partly: strings.HasPrefix(line, "~"), roles: strings.HasPrefix(line, "=")}
	line = strings.ReplaceAll(strings.TrimLeft(line, "~="), `\n`, "\n")
	for line != "" {
		before, rest, ok := strings.Cut(line, "{")
		m.Runes = append(m.Runes, []rune(normalize.Text(before))...)
		if !ok {
			break
		}
		inside, after, ok := strings.Cut(rest, "}")
		mark, words, colon := strings.Cut(inside, ":")
		if !ok || !colon || len(mark) != 1 {
			t.Fatal("not a mark: " + rest)
		}
		start := len(m.Runes)
		m.Runes = append(m.Runes, []rune(normalize.Text(words))...)
		m.spans = append(m.spans, markedSpan{Span{start, len(m.Runes)}, mark[0]})
		line = after
	}
	m.Ended = names.Find(m.Runes)
	for _, s := range m.spans {
		if kindOf(s.mark) == Phone {
			m.Phones = append(m.Phones, s.Span)
		}
	}
	m.Known = known(m.Runes)
	return m
}

// known are the names of places in KNOWN, one a line, as those of an office are.
func known(runes []rune) []Span {
	var out []Span
	text := string(runes)
	for _, k := range places() {
		for from := 0; ; {
			i := strings.Index(text[from:], k)
			if i < 0 {
				break
			}
			at := len([]rune(text[:from+i]))
			out = append(out, Span{at, at + len([]rune(k))})
			from += i + len(k)
		}
	}
	return out
}

var places = func() func() []string {
	var all []string
	return func() []string {
		if all == nil {
			data, _ := os.ReadFile(os.Getenv("KNOWN"))
			all = append(strings.Fields(normalize.Text(string(data))), "\x00")
		}
		return all
	}
}()

func kindOf(mark byte) Kind {
	switch mark {
	case 'n', 'N':
		return Name
	case 'p', 'P':
		return Phone
	case 'l', 'h', 'b', 'H':
		return Place
	}
	return kinds
}

// examples are a line's: one a character for the tagger, one a span for each kind's owner.
func (m marked) examples(tagged []linear.Example, owned [kinds][]linear.Example) ([]linear.Example, [kinds][]linear.Example) {
	tag := make([]int, len(m.Runes))
	for _, s := range m.spans {
		first := map[Kind]int{Place: placeBegins, Name: nameBegins}[kindOf(s.mark)]
		if first == 0 {
			continue
		}
		for i := s.Start; i < s.End; i++ {
			tag[i] = first + 1
		}
		tag[s.Start], tag[s.End-1] = first, first+2
	}
	unknown := make([]bool, len(m.Runes))
	if m.partly {
		for _, n := range m.Ended {
			for i := n.Start; i < n.End && n.Kind < names.Organ; i++ {
				unknown[i] = tag[i] == outside
			}
		}
		for _, s := range m.Known {
			for i := s.Start; i < s.End; i++ {
				unknown[i] = tag[i] == outside
			}
		}
	}
	c := newCharacters(m.Text)
	for i := range m.Runes {
		if !unknown[i] && !m.roles {
			tagged = append(tagged, linear.Example{Features: c.features(nil, i), Class: tag[i], Weight: 1})
		}
	}
	w := newSurroundings(m.Runes, m.found())
	for i, s := range w.all {
		if m.partly && s.Kind == Place {
			continue
		}
		e := linear.Example{Features: w.features(i), Class: int(s.Own), Weight: 1}
		owned[s.Kind] = append(owned[s.Kind], e)
	}
	return tagged, owned
}

// homes are a wholly marked line's places: which of them the writer lives in.
func (m marked) homes() []linear.Example {
	if m.partly {
		return nil
	}
	w := newSurroundings(m.Runes, m.found())
	var out []linear.Example
	for i, s := range w.all {
		if s.Kind == Place {
			out = append(out, linear.Example{Features: w.features(i), Class: int(s.Home), Weight: 1})
		}
	}
	return out
}

// elsewhere are the places of a letter that its reader did not choose, beside the one chosen.
func (m *Model) elsewhere(l marked) (own, home []linear.Example) {
	chosen := map[Span]Found{}
	for _, s := range l.found() {
		chosen[s.Span] = s
	}
	var all []Found
	for _, s := range m.tagged(l.Text) {
		if s.Kind == Place {
			all = append(all, s)
		}
	}
	w := newSurroundings(l.Runes, all)
	for i, s := range all {
		own = append(own, linear.Example{Features: w.features(i), Class: int(chosen[s.Span].Own), Weight: 1})
		home = append(home, linear.Example{Features: w.features(i), Class: int(chosen[s.Span].Home), Weight: 1})
	}
	return own, home
}

// found are the marked spans as the model would find them; a home is where the matter is when no other place is said.
func (m marked) found() []Found {
	var all []Found
	there := false
	for _, s := range m.spans {
		there = there || s.mark == 'l' || s.mark == 'b'
	}
	for _, kind := range []Kind{Place, Name, Phone} {
		for _, s := range m.spans {
			if kindOf(s.mark) != kind {
				continue
			}
			own := 0.0
			if s.mark == 'l' || s.mark == 'b' || s.mark == 'n' || s.mark == 'p' || s.mark == 'h' && !there {
				own = 1
			}
			home := 0.0
			if s.mark == 'h' || s.mark == 'b' {
				home = 1
			}
			all = append(all, Found{s.Span, kind, own, home})
		}
	}
	return all
}

// TestTrain fits the weights to the marked lines in MARKED and measures those in HELD; WRITE=1 writes the weights.
func TestTrain(t *testing.T) {
	var tagged []linear.Example
	var owned [kinds][]linear.Example
	var homes []linear.Example
	lines := readMarked(t, os.Getenv("MARKED"))
	for _, l := range lines {
		tagged, owned = l.examples(tagged, owned)
		homes = append(homes, l.homes()...)
	}
	t.Logf("%d characters, %d places, %d names, %d numbers", len(tagged), len(owned[Place]), len(owned[Name]), len(owned[Phone]))
	files := map[string][]byte{"tags.bin": linear.Training{Classes: tags, Buckets: 1 << 16, Epochs: 5, Shrink: 1e-6, Rate: 0.3}.Fit(tagged)}
	m := &Model{}
	m.tags, _ = linear.Open(files["tags.bin"])
	for _, l := range lines {
		if l.partly {
			own, home := m.elsewhere(l)
			owned[Place], homes = append(owned[Place], own...), append(homes, home...)
		}
	}
	for kind, name := range map[Kind]string{Place: "places.bin", Name: "names.bin", Phone: "phones.bin"} {
		files[name] = linear.Training{Classes: 2, Buckets: 1 << 13, Epochs: 10, Shrink: 1e-4, Rate: 0.1}.Fit(owned[kind])
	}
	files["homes.bin"] = linear.Training{Classes: 2, Buckets: 1 << 13, Epochs: 10, Shrink: 1e-4, Rate: 0.1}.Fit(homes)
	if os.Getenv("WRITE") != "" {
		for name, file := range files {
			if err := os.WriteFile(name, file, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	m.home, _ = linear.Open(files["homes.bin"])
	m.own[Place], _ = linear.Open(files["places.bin"])
	m.own[Name], _ = linear.Open(files["names.bin"])
	m.own[Phone], _ = linear.Open(files["phones.bin"])
	if held := os.Getenv("HELD"); held != "" {
		m.measure(t, readMarked(t, held))
	}
}

// measure prints how many of each kind's marked spans are found whole, and how many owners are right.
func (m *Model) measure(t *testing.T, held []marked) {
	var spans, found, owners, right [kinds]int
	alarms := [kinds]int{}
	best, homes := [2]int{}, [2][2]int{}
	for _, l := range held {
		got := m.Find(l.Text)
		at := map[Span]Found{}
		for _, g := range got {
			at[g.Span] = g
		}
		for _, s := range l.found() {
			g, ok := at[s.Span]
			spans[s.Kind]++
			if ok && g.Kind == s.Kind {
				found[s.Kind]++
				owners[s.Kind]++
				if s.Kind == Place {
					homes[int(s.Home)][int(g.Home+0.3)]++
				}
				if (g.Own >= 0.5) == (s.Own == 1) {
					right[s.Kind]++
				}
				delete(at, s.Span)
			} else if os.Getenv("SHOW") != "" {
				t.Logf("missed %d %s in %s", s.Kind, string(l.Runes[s.Start:s.End]), string(l.Runes[max(0, s.Start-15):min(len(l.Runes), s.End+10)]))
			}
		}
		for _, g := range at {
			alarms[g.Kind]++
		}
		top := Found{Own: -1}
		for _, g := range got {
			if g.Kind == Place && g.Own > top.Own {
				top = g
			}
		}
		for _, s := range l.found() {
			if s.Kind == Place && s.Own == 1 {
				best[1]++
				if top.Span == s.Span {
					best[0]++
				}
				break
			}
		}
	}
	for k := range kinds {
		t.Log(fmt.Sprintf("kind %d: %d of %d found whole, %d more found; owner right in %d of %d", k, found[k], spans[k], alarms[k], right[k], owners[k]))
	}
	t.Logf("homes taken: %d of %d, and %d of %d others", homes[1][1], homes[1][0]+homes[1][1], homes[0][1], homes[0][0]+homes[0][1])
	t.Logf("the likeliest place is the marked one in %d of %d", best[0], best[1])
}
