package extract

import "regexp/syntax"

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
