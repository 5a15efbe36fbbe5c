package answer

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// longestQuestion is how many runes of a message are read; the rest cannot change the answer's
// meaning and would only cost time.
const longestQuestion = 400

// vocabulary maps the words people use to concepts of the Regulation.
type vocabulary struct {
	rewrite *strings.Replacer
	first   map[rune][]conceptWord // by first character, so that one pass over a text finds them all
	signs   *signs
}

type conceptWord struct{ word, feature string }

func loadVocabulary() (*vocabulary, error) {
	var f wordsFile
	if err := readYAML(shipped, wordsName, &f); err != nil {
		return nil, err
	}
	var pairs []string
	for _, from := range sortedKeys(f.Rewrite) {
		pairs = append(pairs, from, f.Rewrite[from])
	}
	sounds, err := soundAlikes()
	if err != nil {
		return nil, err
	}
	pairs = append(pairs, sounds...)
	for _, s := range f.Strip {
		pairs = append(pairs, s, " ")
	}
	v := &vocabulary{rewrite: strings.NewReplacer(pairs...), first: map[rune][]conceptWord{}, signs: newSigns(f.Marks)}
	for _, name := range sortedKeys(f.Concepts) {
		for _, w := range append(f.Concepts[name], name) {
			r, _ := utf8.DecodeRuneInString(w)
			v.first[r] = append(v.first[r], conceptWord{w, "≈" + name})
		}
	}
	return v, nil
}

// soundAlikes are words of the procedure written with a character of the same sound, each followed by the word.
func soundAlikes() ([]string, error) {
	data, err := shipped.ReadFile("kb/sounds.txt")
	if err != nil {
		return nil, fmt.Errorf("read the words that sound alike: %w", err)
	}
	var pairs []string
	for line := range strings.Lines(string(data)) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) != 3 {
			continue
		}
		word := []rune(f[0])
		for _, wrong := range f[2] {
			said := slices.Clone(word)
			said[strings.Index("01", f[1])] = wrong
			pairs = append(pairs, string(said), f[0])
		}
	}
	return pairs, nil
}

// clean folds widths and case, cuts what is too long and rewrites common misspellings.
func (v *vocabulary) clean(text string) string {
	text = norm.NFKC.String(text)
	if utf8.RuneCountInString(text) > longestQuestion {
		text = string([]rune(text)[:longestQuestion])
	}
	return v.rewrite.Replace(strings.ToLower(text))
}

// features counts what a text is compared by: single Han characters and pairs, Latin words
// and pairs of them, numbers, and the concepts whose words occur in it.
func (v *vocabulary) features(text string) map[string]float64 {
	text = v.clean(text)
	bag := map[string]float64{}
	words := splitRuns(text)
	for i, w := range words {
		if w.han {
			addGrams(bag, w.runes)
			continue
		}
		bag[stem(string(w.runes))]++
		if i+1 < len(words) && !words[i+1].han {
			bag[stem(string(w.runes))+" "+stem(string(words[i+1].runes))]++
		}
	}
	for i, r := range text {
		for _, c := range v.first[r] {
			if strings.HasPrefix(text[i:], c.word) {
				bag[c.feature] = 1
			}
		}
	}
	return bag
}

// Weights found by asking phrasings that were left out of the knowledge base; see docs/answers.md.
const (
	singleWeight  = 1.7 // one Han character
	pairWeight    = 1.0 // two in a row, or two Latin words
	latinWeight   = 1.0
	conceptWeight = 2.6
)

func addGrams(bag map[string]float64, r []rune) {
	for i := range r {
		bag[string(r[i:i+1])]++
		if i+2 <= len(r) {
			bag[string(r[i:i+2])]++
		}
	}
}

// weightOf is what one occurrence of a feature counts.
func weightOf(w string) float64 {
	r := []rune(w)
	switch {
	case r[0] == '≈':
		return conceptWeight
	case kindOf(r[0]) != 'h':
		return latinWeight
	case len(r) == 1:
		return singleWeight
	}
	return pairWeight
}

type run struct {
	han   bool
	runes []rune
}

// splitRuns cuts a text into runs of Han characters, Latin words and numbers.
func splitRuns(text string) []run {
	var out []run
	kind := ' '
	for _, r := range text {
		k := kindOf(r)
		switch {
		case k == ' ':
		case k == kind:
			last := &out[len(out)-1]
			last.runes = append(last.runes, r)
		default:
			out = append(out, run{han: k == 'h', runes: []rune{r}})
		}
		kind = k
	}
	return out
}

func kindOf(r rune) rune {
	switch {
	case unicode.Is(unicode.Han, r):
		return 'h'
	case unicode.IsLetter(r) || r == '\'':
		return 'l'
	case unicode.IsDigit(r):
		return 'd'
	}
	return ' '
}

// stem cuts the commonest English endings, enough to let "visits" meet "visit".
func stem(w string) string {
	w = strings.TrimSuffix(w, "'s")
	for _, end := range []string{"ing", "ed", "es", "s"} {
		if len(w) > len(end)+3 && strings.HasSuffix(w, end) {
			return w[:len(w)-len(end)]
		}
	}
	return w
}
