package extract

import "regexp/syntax"

// A sieve tells most characters that are not in a set, at once; what it lets through
// may be in it.
type sieve [8]uint64

func (v *sieve) add(r rune) { v[r>>6&7] |= 1 << (r & 63) }

func (v *sieve) has(r rune) bool { return v[r>>6&7]&(1<<(r&63)) != 0 }

// secondsOf are the characters that come second in a match of any of the alternatives,
// each of which begins with one character; nil where they are too many, or where a match
// may have no second.
func secondsOf(all []*syntax.Regexp) *sieve {
	var v sieve
	for _, b := range all {
		second, ok := seconds(b)
		if !ok {
			return nil
		}
		for _, r := range second {
			v.add(r)
		}
	}
	return &v
}

func seconds(b *syntax.Regexp) ([]rune, bool) {
	switch b.Op {
	case syntax.OpLiteral:
		if len(b.Rune) > 1 && b.Flags&syntax.FoldCase == 0 {
			return b.Rune[1:2], true
		}
	case syntax.OpCapture:
		return seconds(b.Sub[0])
	case syntax.OpConcat:
		return secondsOfRow(b.Sub)
	}
	return nil, false
}

func secondsOfRow(row []*syntax.Regexp) ([]rune, bool) {
	one := row[0].Op == syntax.OpCharClass || row[0].Op == syntax.OpLiteral && len(row[0].Rune) == 1
	if !one {
		return seconds(row[0])
	}
	return firstsOf(row[1:], true)
}
