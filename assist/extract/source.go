package extract

import (
	"fmt"
	"regexp/syntax"
	"strings"
)

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
