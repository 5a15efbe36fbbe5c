package extract

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
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

// A word is how a match of an alternative begins, and all of it where whole.
type word struct {
	text  string
	whole bool
}

const (
	mostClass = 80  // characters of a class that are words of their own
	mostWords = 250 // of one alternative
)

// wordsOf are the words of b in the order in which it prefers them: 村?支?书记 has four. One is empty where a match may
// begin with anything, or be empty.
func wordsOf(b *syntax.Regexp) []word {
	switch b.Op {
	case syntax.OpEmptyMatch:
		return []word{{"", true}}
	case syntax.OpLiteral:
		if b.Flags&syntax.FoldCase == 0 {
			return []word{{string(b.Rune), true}}
		}
	case syntax.OpCharClass:
		return wordsOfClass(b.Rune)
	case syntax.OpCapture:
		return wordsOf(b.Sub[0])
	case syntax.OpQuest, syntax.OpStar, syntax.OpPlus, syntax.OpRepeat:
		return wordsOfRepeat(b)
	case syntax.OpAlternate:
		var all []word
		for _, sub := range b.Sub {
			all = append(all, wordsOf(sub)...)
		}
		return all
	case syntax.OpConcat:
		return wordsOfRow(b.Sub)
	}
	return []word{{"", false}}
}

func wordsOfRepeat(b *syntax.Regexp) []word {
	all := wordsOf(b.Sub[0])
	if b.Op != syntax.OpQuest {
		all = begun(all)
	}
	switch {
	case b.Op == syntax.OpPlus, b.Op == syntax.OpRepeat && b.Min > 0:
		return all
	case b.Flags&syntax.NonGreedy == 0 && begins(all):
		return append(all, word{"", true})
	}
	return []word{{"", false}}
}

// begun are words that more may follow.
func begun(all []word) []word {
	for i := range all {
		all[i].whole = false
	}
	return all
}

func wordsOfClass(ranges []rune) (all []word) {
	for i := 0; i+1 < len(ranges); i += 2 {
		if len(all)+int(ranges[i+1]-ranges[i]) > mostClass {
			return []word{{"", false}}
		}
		for r := ranges[i]; r <= ranges[i+1]; r++ {
			all = append(all, word{string(r), true})
		}
	}
	return all
}

// wordsOfRow joins the words of what stands in a row, up to where they would be too many.
func wordsOfRow(row []*syntax.Regexp) []word {
	all := []word{{"", true}}
	for _, sub := range row {
		ends, longer := wordsOf(sub), []word(nil)
		many := countWhole(all)*len(ends) > mostWords
		for _, w := range all {
			switch {
			case !w.whole:
				longer = append(longer, w)
			case many && w.text != "":
				longer = append(longer, word{w.text, false})
			default:
				longer = append(longer, extended(w, ends)...)
			}
		}
		all = longer
	}
	return all
}

func countWhole(all []word) (n int) {
	for _, w := range all {
		if w.whole {
			n++
		}
	}
	return n
}

func extended(w word, ends []word) (all []word) {
	for _, end := range ends {
		all = append(all, word{w.text + end.text, end.whole})
	}
	return all
}

// begins says whether all words have a first character.
func begins(all []word) bool {
	for _, w := range all {
		if w.text == "" {
			return false
		}
	}
	return true
}

// needs are sets of characters: a match holds one of each. Most expressions match no message, and looking through its
// characters costs a twentieth of trying them.
type needs []sieve

// lack says that nothing with these characters alone is a match.
func (n needs) lack(have *sieve) bool {
	for i := range n {
		if !n[i].meets(have) {
			return true
		}
	}
	return false
}

// needsOf names none where it would be too many characters.
func needsOf(b *syntax.Regexp) needs {
	switch b.Op {
	case syntax.OpLiteral:
		if b.Flags&syntax.FoldCase == 0 {
			return needs{sieveOf(string(b.Rune[:1]))}
		}
	case syntax.OpCharClass:
		if all := wordsOfClass(b.Rune); begins(all) {
			var any sieve
			for _, w := range all {
				any.addAll(sieveOf(w.text))
			}
			return needs{any}
		}
	case syntax.OpCapture, syntax.OpPlus:
		return needsOf(b.Sub[0])
	case syntax.OpRepeat:
		if b.Min > 0 {
			return needsOf(b.Sub[0])
		}
	case syntax.OpAlternate:
		return needsOfAny(b.Sub)
	case syntax.OpConcat:
		var all needs
		for _, sub := range b.Sub {
			all = append(all, needsOf(sub)...)
		}
		return all
	}
	return nil
}

// needsOfAny is the one of alternatives: the fewest characters of each.
func needsOfAny(all []*syntax.Regexp) needs {
	var union sieve
	for _, b := range all {
		own := needsOf(b)
		if len(own) == 0 {
			return nil
		}
		union.addAll(slices.MinFunc(own, func(a, b sieve) int { return a.size() - b.size() }))
	}
	return needs{union}
}

// source writes b as an expression, as its String does. That folds the case of every character of a class to say whether
// case matters, which for [^,] takes longer than all else at the first use.
func source(b *syntax.Regexp) string {
	switch b.Op {
	case syntax.OpCharClass:
		return sourceOfClass(b.Rune)
	case syntax.OpConcat:
		return sources(b.Sub, "")
	case syntax.OpAlternate:
		return "(?:" + sources(b.Sub, "|") + ")"
	case syntax.OpCapture:
		return "(" + source(b.Sub[0]) + ")"
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		return "(?:" + source(b.Sub[0]) + ")" + howOften(b)
	}
	return b.String()
}

func sources(all []*syntax.Regexp, between string) string {
	var out []string
	for _, b := range all {
		out = append(out, source(b))
	}
	return strings.Join(out, between)
}

func sourceOfClass(ranges []rune) string {
	var b strings.Builder
	b.WriteByte('[')
	for i := 0; i+1 < len(ranges); i += 2 {
		fmt.Fprintf(&b, `\x{%x}-\x{%x}`, ranges[i], ranges[i+1])
	}
	b.WriteByte(']')
	return b.String()
}

func howOften(b *syntax.Regexp) string {
	often := map[syntax.Op]string{syntax.OpStar: "*", syntax.OpPlus: "+", syntax.OpQuest: "?"}[b.Op]
	switch {
	case b.Op == syntax.OpRepeat && b.Max < 0:
		often = fmt.Sprintf("{%d,}", b.Min)
	case b.Op == syntax.OpRepeat:
		often = fmt.Sprintf("{%d,%d}", b.Min, b.Max)
	}
	if b.Flags&syntax.NonGreedy != 0 {
		often += "?"
	}
	return often
}
