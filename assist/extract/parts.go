package extract

import (
	"regexp"
	"regexp/syntax"
	"sync"
	"unicode/utf8"
)

// parts is an expression taken apart.
type parts struct {
	by    map[rune][]start // words that matches begin with, by their first character, in the order of the expression
	heads heads            // of these
	first bool             // a match begins where the text does
	rest  *regexp.Regexp   // the alternatives that may begin with anything; nil = there are none
	needs needs            // of rest
}

// start is a word at which a match may begin.
type start struct {
	word string
	of   *alternative // nil: the word is the match
}

// alternative is one that is more than words. It is compiled when one of its words comes: most never do.
type alternative struct {
	needs needs
	find  func() *regexp.Regexp
}

// takeApart keeps texts and not the parsed expression, which is larger than all else.
func takeApart(expr string) *parts {
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		panic(err)
	}
	if row, ok := atStart(tree); ok {
		if p := listed(row); p.rest == nil {
			p.first = true
			return p
		}
	}
	return listed(tree)
}

// atStart is what follows where an expression matches at the start of the text only.
func atStart(tree *syntax.Regexp) (rest *syntax.Regexp, ok bool) {
	if tree.Op != syntax.OpConcat || tree.Sub[0].Op != syntax.OpBeginText {
		return nil, false
	}
	row := *tree
	row.Sub = tree.Sub[1:]
	return &row, true
}

// listed takes apart what may match anywhere.
func listed(tree *syntax.Regexp) *parts {
	p := &parts{by: map[rune][]start{}}
	branches := []*syntax.Regexp{tree}
	if tree.MaxCap() == 0 {
		branches = apart(tree)
	}
	var rest []*syntax.Regexp
	for _, b := range branches {
		if words := wordsOf(b); begins(words) {
			p.list(b, words)
			continue
		}
		rest = append(rest, b)
	}
	if len(rest) > 0 {
		p.rest, p.needs = regexp.MustCompile(sources(rest, "|")), needsOfAny(rest)
	}
	return p
}

// list notes the words of an alternative.
func (p *parts) list(b *syntax.Regexp, words []word) {
	text := `\A(?:` + source(b) + `)`
	whole := &alternative{needs: needsOf(b), find: sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })}
	for _, w := range words {
		first, _ := utf8.DecodeRuneInString(w.text)
		p.heads.add(w.text)
		st := start{word: w.text, of: whole}
		if w.whole && b.MaxCap() == 0 {
			st.of = nil
		}
		p.by[first] = append(p.by[first], st)
	}
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
	if begins(wordsOf(b)) {
		return []*syntax.Regexp{b}
	}
	var all []*syntax.Regexp
	for _, head := range inRuns(b.Sub[0].Sub) {
		row := *b
		row.Sub = append([]*syntax.Regexp{head}, b.Sub[1:]...)
		all = append(all, apart(&row)...)
	}
	return all
}

// inRuns makes one of alternatives that follow each other and can be listed.
func inRuns(all []*syntax.Regexp) (out []*syntax.Regexp) {
	var run []*syntax.Regexp
	for i, b := range all {
		if begins(wordsOf(b)) {
			run = append(run, b)
			if i+1 < len(all) {
				continue
			}
			b = nil
		}
		if len(run) > 0 {
			out = append(out, &syntax.Regexp{Op: syntax.OpAlternate, Sub: run})
			run = nil
		}
		if b != nil {
			out = append(out, b)
		}
	}
	return out
}
