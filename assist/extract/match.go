package extract

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"
	"unicode/utf8"
)

// A matcher finds what a regular expression finds, faster in running text: expressions
// here are long lists of words, so it looks at a character first and tries only the
// alternatives that can begin with it. Alternatives that can begin with anything are
// searched for as usual; where one of them and a listed one begin at the same place, the
// listed one is taken.
type matcher struct {
	expr    string
	prepare func() parts
	past    func(s string, i int) int // where to look on when nothing begins at i; nil = at the next character
}

// parts is an expression taken apart.
type parts struct {
	whole *regexp.Regexp  // nil where it is not needed
	by    map[rune]listed // anchored alternatives by their first character
	heads sieve           // of these
	rest  *regexp.Regexp  // the others; nil = there are none
	needs map[rune]bool   // no match of whole or rest is without one of these; nil = not known
}

// mostFirst is how many characters an alternative may begin with to be listed.
const mostFirst = 80

// matching is for expressions in the program; like regexp.MustCompile it panics over a
// faulty one, at the first use: all of them together take longer to compile than
// anything else takes at the start of the program.
func matching(expr string) *matcher {
	return &matcher{expr: expr, prepare: sync.OnceValue(func() parts { return takeApart(expr) })}
}

// counting is matching for expressions that begin with a numeral. Figures in a row are looked through once and not
// anew from each of them: ten thousand took a minute.
func counting(after string) *matcher {
	m := matching(`(` + numeral + `)` + after)
	m.past = pastNumeral
	return m
}

func takeApart(expr string) parts {
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		panic(err)
	}
	branches := []*syntax.Regexp{tree}
	if tree.MaxCap() == 0 {
		branches = apart(tree)
	}
	heads, rest := map[rune][]*syntax.Regexp{}, []written{}
	var others []*syntax.Regexp
	texts := map[*syntax.Regexp]written{}
	for _, b := range branches {
		text := written(sync.OnceValue(b.String))
		texts[b] = text
		first, ok := firsts(b)
		if !ok {
			rest, others = append(rest, text), append(others, b)
			continue
		}
		for _, r := range first {
			heads[r] = append(heads[r], b)
		}
	}
	if len(rest) > 0 && len(branches) == 1 {
		return parts{whole: regexp.MustCompile(expr), needs: needsOfAny(others)}
	}
	p := parts{by: map[rune]listed{}, needs: needsOfAny(others)}
	if len(rest) > 0 {
		p.rest = regexp.MustCompile(or(rest))
	}
	for r, alternatives := range heads {
		var words []written
		for _, b := range alternatives {
			words = append(words, texts[b])
		}
		p.heads.add(r)
		// Most first characters never come: compiled when one does.
		p.by[r] = listed{second: secondsOf(alternatives), find: sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\A(?:` + or(words) + `)`) })}
	}
	return p
}

// apart are the alternatives of b. Those that begin with alternatives of which some
// could be listed and some not become several, so that only the latter are searched for.
func apart(b *syntax.Regexp) []*syntax.Regexp {
	if b.Op == syntax.OpAlternate {
		var all []*syntax.Regexp
		for _, sub := range b.Sub {
			all = append(all, apart(sub)...)
		}
		return all
	}
	if b.Op != syntax.OpConcat || b.Sub[0].Op != syntax.OpAlternate {
		return []*syntax.Regexp{b}
	}
	if _, ok := firsts(b); ok {
		return []*syntax.Regexp{b}
	}
	var all []*syntax.Regexp
	for _, head := range b.Sub[0].Sub {
		row := *b
		row.Sub = append([]*syntax.Regexp{head}, b.Sub[1:]...)
		all = append(all, apart(&row)...)
	}
	return all
}

// listed are the alternatives that begin with one character.
type listed struct {
	second *sieve // the characters after it; nil = any, or the match may end there
	find   func() *regexp.Regexp
}

// written is an alternative as text, written once and where it is needed: writing a
// parsed class of characters costs more than compiling it.
type written func() string

func or(alternatives []written) string {
	var b strings.Builder
	for i, a := range alternatives {
		if i > 0 {
			b.WriteByte('|')
		}
		b.WriteString(a())
	}
	return b.String()
}

// firsts are the characters that a match of b begins with; ok is false when they are too
// many, or what stands before a match decides too.
func firsts(b *syntax.Regexp) (out []rune, ok bool) {
	switch b.Op {
	case syntax.OpLiteral:
		return b.Rune[:1], b.Flags&syntax.FoldCase == 0
	case syntax.OpCharClass:
		for i := 0; i+1 < len(b.Rune); i += 2 {
			if int(b.Rune[i+1]-b.Rune[i])+len(out) > mostFirst {
				return nil, false
			}
			for r := b.Rune[i]; r <= b.Rune[i+1]; r++ {
				out = append(out, r)
			}
		}
		return out, true
	case syntax.OpCapture, syntax.OpPlus:
		return firsts(b.Sub[0])
	case syntax.OpRepeat:
		if b.Min > 0 {
			return firsts(b.Sub[0])
		}
	case syntax.OpAlternate:
		return firstsOf(b.Sub, false)
	case syntax.OpConcat:
		return firstsOf(b.Sub, true)
	}
	return nil, false
}

// firstsOf gathers over alternatives, or over a row up to the part that must be there.
func firstsOf(subs []*syntax.Regexp, row bool) (out []rune, ok bool) {
	for _, s := range subs {
		may := s.Op == syntax.OpQuest || s.Op == syntax.OpStar || s.Op == syntax.OpRepeat && s.Min == 0
		if may {
			s = s.Sub[0]
		}
		first, ok := firsts(s)
		if !ok || may && !row || len(first)+len(out) > mostFirst {
			return nil, false
		}
		if out = append(out, first...); row && !may {
			return out, true
		}
	}
	return out, !row
}

// FindAllStringSubmatchIndex is the method of regexp.Regexp.
func (m *matcher) FindAllStringSubmatchIndex(s string, n int) [][]int {
	p := m.prepare()
	if p.whole != nil {
		if p.idle(s) {
			return nil
		}
		return p.whole.FindAllStringSubmatchIndex(s, n)
	}
	var others [][]int
	if p.rest != nil && !p.idle(s) {
		others = p.rest.FindAllStringSubmatchIndex(s, n)
	}
	var out [][]int
	for i := 0; i < len(s) && (n < 0 || len(out) < n); {
		r, size := utf8.DecodeRuneInString(s[i:])
		var found []int
		if p.heads.has(r) {
			found = p.at(r, s, i, i+size)
		}
		for len(others) > 0 && others[0][0] < i {
			others = others[1:]
		}
		if found == nil && len(others) > 0 && others[0][0] == i {
			found = others[0]
		}
		if _, tried := p.by[r]; tried && found == nil && m.past != nil {
			i = m.past(s, i)
			continue
		}
		if found == nil || found[1] == i {
			i += size
			continue
		}
		out, i = append(out, found), found[1]
	}
	return out
}

// at is the match of a listed alternative that begins with r at byte i; next is the
// byte after r.
func (p parts) at(r rune, s string, i, next int) []int {
	l, ok := p.by[r]
	if !ok {
		return nil
	}
	if l.second != nil {
		if c, _ := utf8.DecodeRuneInString(s[next:]); !l.second.has(c) {
			return nil
		}
	}
	found := l.find().FindStringSubmatchIndex(s[i:])
	for k := range found {
		if found[k] >= 0 {
			found[k] += i
		}
	}
	return found
}

// FindAllStringIndex is the method of regexp.Regexp.
func (m *matcher) FindAllStringIndex(s string, n int) [][]int {
	found := m.FindAllStringSubmatchIndex(s, n)
	for i := range found {
		found[i] = found[i][:2]
	}
	return found
}

// FindStringSubmatchIndex is the method of regexp.Regexp.
func (m *matcher) FindStringSubmatchIndex(s string) []int {
	if found := m.FindAllStringSubmatchIndex(s, 1); found != nil {
		return found[0]
	}
	return nil
}

// FindStringIndex is the method of regexp.Regexp.
func (m *matcher) FindStringIndex(s string) []int {
	if found := m.FindAllStringSubmatchIndex(s, 1); found != nil {
		return found[0][:2]
	}
	return nil
}

// MatchString is the method of regexp.Regexp.
func (m *matcher) MatchString(s string) bool { return m.FindAllStringSubmatchIndex(s, 1) != nil }

// ReplaceAllString puts with, as it stands, where the expression matches.
func (m *matcher) ReplaceAllString(s, with string) string {
	found := m.FindAllStringSubmatchIndex(s, -1)
	if found == nil {
		return s
	}
	var b strings.Builder
	from := 0
	for _, at := range found {
		b.WriteString(s[from:at[0]])
		b.WriteString(with)
		from = at[1]
	}
	b.WriteString(s[from:])
	return b.String()
}
