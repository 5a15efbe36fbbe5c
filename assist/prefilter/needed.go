package prefilter

import (
	"regexp/syntax"
	"unicode/utf8"
)

// neededBy is the words one of which every match of an expression holds, nil = it may match
// without any.
func neededBy(expr string) *wordSet {
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		panic(err)
	}
	simple := tree.Simplify()
	w := wordsOf(simple)
	if len(w.needed) == 0 {
		return nil
	}
	return newWordSet(w.needed, w.whole != nil && simple.MaxCap() == 0)
}

// words is what is known of the matches of an expression.
type words struct {
	whole  []string // all the texts that it matches, those it prefers first; nil = too many
	needed []string // texts one of which each match holds; whole where that is known and none is ""
}

// mostWords is how many texts are made of the parts of an expression.
const mostWords = 250

func exactly(all []string) words {
	w := words{whole: all}
	if shortest(all) > 0 {
		w.needed = all
	}
	return w
}

func wordsOf(b *syntax.Regexp) words {
	switch b.Op {
	case syntax.OpEmptyMatch:
		return exactly([]string{""})
	case syntax.OpLiteral:
		if b.Flags&syntax.FoldCase == 0 {
			return exactly([]string{string(b.Rune)})
		}
	case syntax.OpCharClass:
		return wordsOfClass(b.Rune)
	case syntax.OpCapture:
		return wordsOf(b.Sub[0])
	case syntax.OpPlus:
		return words{needed: wordsOf(b.Sub[0]).needed}
	case syntax.OpQuest:
		if all := wordsOf(b.Sub[0]).whole; all != nil && b.Flags&syntax.NonGreedy == 0 {
			return exactly(append(all[:len(all):len(all)], ""))
		}
	case syntax.OpAlternate:
		return wordsOfAny(b.Sub)
	case syntax.OpConcat:
		return wordsOfRow(b.Sub)
	}
	return words{}
}

func wordsOfClass(ranges []rune) words {
	var all []string
	for i := 0; i+1 < len(ranges); i += 2 {
		if len(all)+int(ranges[i+1]-ranges[i]) >= mostWords {
			return words{}
		}
		for r := ranges[i]; r <= ranges[i+1]; r++ {
			all = append(all, string(r))
		}
	}
	return exactly(all)
}

func wordsOfAny(all []*syntax.Regexp) words {
	var union words
	whole, known := true, true
	for _, b := range all {
		sub := wordsOf(b)
		whole, known = whole && sub.whole != nil, known && sub.needed != nil
		union.whole, union.needed = append(union.whole, sub.whole...), append(union.needed, sub.needed...)
	}
	if !whole {
		union.whole = nil
	}
	if !known {
		union.needed = nil
	}
	return union
}

// wordsOfRow joins the words of what stands in a row for as long as they are few. Of the words
// of such stretches the best are needed.
func wordsOfRow(row []*syntax.Regexp) words {
	stretch, all := []string{""}, true
	var best []string
	for _, b := range row {
		sub := wordsOf(b)
		if sub.whole != nil && len(stretch)*len(sub.whole) <= mostWords {
			stretch = joined(stretch, sub.whole)
			continue
		}
		best, all = better(better(best, stretch), sub.needed), false
		stretch = []string{""}
		if sub.whole != nil {
			stretch = sub.whole
		}
	}
	if all {
		return exactly(stretch)
	}
	return words{needed: better(best, stretch)}
}

func joined(before, after []string) (all []string) {
	for _, b := range before {
		for _, a := range after {
			all = append(all, b+a)
		}
	}
	return all
}

// better is those of two lists of words that fewer texts hold: of two characters and more
// rather than of one, then the shorter list.
func better(a, b []string) []string {
	long, other := min(shortest(a), 2), min(shortest(b), 2)
	if other > long || other == long && len(b) < len(a) {
		a, long = b, other
	}
	if long == 0 {
		return nil
	}
	return a
}

// shortest is the number of characters of the shortest word, 0 where there is none.
func shortest(all []string) int {
	if len(all) == 0 {
		return 0
	}
	n := utf8.RuneCountInString(all[0])
	for _, w := range all[1:] {
		n = min(n, utf8.RuneCountInString(w))
	}
	return n
}
