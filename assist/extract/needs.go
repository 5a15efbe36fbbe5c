package extract

import (
	"regexp/syntax"
	"unicode"
)

// idle reports that whole and rest find nothing in s, by its characters alone. Most
// expressions match no message, and looking through its characters costs a twentieth
// of trying them.
func (p parts) idle(s string) bool {
	if p.needs == nil {
		return false
	}
	for _, r := range s {
		if p.needs[r] {
			return false
		}
	}
	return true
}

// needsOf are characters of which every match of b holds at least one; nil where none
// can be named.
func needsOf(b *syntax.Regexp) map[rune]bool {
	switch b.Op {
	case syntax.OpLiteral:
		return folds(b.Rune[0], b.Flags&syntax.FoldCase != 0)
	case syntax.OpCharClass:
		if first, ok := firsts(b); ok {
			return set(first)
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
		return fewest(b.Sub)
	}
	return nil
}

// needsOfAny are those of alternatives: a match is one of them.
func needsOfAny(all []*syntax.Regexp) map[rune]bool {
	union := map[rune]bool{}
	for _, b := range all {
		needs := needsOf(b)
		if needs == nil {
			return nil
		}
		for r := range needs {
			union[r] = true
		}
	}
	return union
}

// fewest are those of the part of a row that names the fewest.
func fewest(row []*syntax.Regexp) (best map[rune]bool) {
	for _, b := range row {
		if needs := needsOf(b); needs != nil && (best == nil || len(needs) < len(best)) {
			best = needs
		}
	}
	return best
}

func folds(r rune, anyCase bool) map[rune]bool {
	all := map[rune]bool{r: true}
	for f := unicode.SimpleFold(r); anyCase && f != r; f = unicode.SimpleFold(f) {
		all[f] = true
	}
	return all
}

func set(runes []rune) map[rune]bool {
	all := map[rune]bool{}
	for _, r := range runes {
		all[r] = true
	}
	return all
}
