package extract

import (
	"regexp/syntax"
	"slices"
)

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
