package desk

import (
	"slices"
	"strings"
)

// paperLine is one part of a paper, with what is new in it.
type paperLine struct {
	Name   string
	Pieces []piece
}

// piece is a run of words that stayed (""), was taken out ("del") or put in ("ins").
type piece struct{ How, Text string }

// maxCompared bounds what is compared, in phrases of both texts multiplied: two opinions of 20,000
// characters have fewer. Beyond it one text stands for the other as a whole.
const maxCompared = 4_000_000

// changes are the phrases of a text with those of the text before it, by their longest common
// subsequence.
func changes(was, is string) []piece {
	if was == is {
		return []piece{{"", is}}
	}
	a, b := phrases(was), phrases(is)
	if len(a)*len(b) > maxCompared {
		return []piece{{"del", was}, {"ins", is}}
	}
	common := make([][]int32, len(a)+1) // length for what is left of both from here on
	for i := range common {
		common[i] = make([]int32, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var all []piece
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			all = put(all, "", a[i])
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			all = put(all, "del", a[i])
			i++
		default:
			all = put(all, "ins", b[j])
			j++
		}
	}
	return all
}

func put(all []piece, how, text string) []piece {
	if n := len(all); n > 0 && all[n-1].How == how {
		all[n-1].Text += text
		return all
	}
	return append(all, piece{how, text})
}

// phrases cuts a text behind each mark that ends a part of a sentence, and behind blanks.
func phrases(text string) []string {
	var all []string
	for text != "" {
		i := strings.IndexFunc(text, func(r rune) bool { return slices.Contains([]rune("，。；：、！？,.;:!?\n "), r) })
		if i < 0 {
			return append(all, text)
		}
		for _, r := range text[i:] {
			i += len(string(r))
			break
		}
		all, text = append(all, text[:i]), text[i:]
	}
	return all
}
