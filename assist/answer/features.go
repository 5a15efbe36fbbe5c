package answer

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// longestQuestion is how many runes of a message are read; the rest cannot change the answer's
// meaning and would only cost time.
const longestQuestion = 400

// vocabulary knows the words people use for the words of the Regulation.
type vocabulary struct {
	rewrite  *strings.Replacer
	concepts []concept
}

type concept struct {
	name  string
	words []string
}

func loadVocabulary() (*vocabulary, error) {
	var f wordsFile
	if err := readYAML(wordsName, &f); err != nil {
		return nil, err
	}
	var pairs []string
	for _, from := range sortedKeys(f.Rewrite) {
		pairs = append(pairs, from, f.Rewrite[from])
	}
	for _, s := range f.Strip {
		pairs = append(pairs, s, " ")
	}
	v := &vocabulary{rewrite: strings.NewReplacer(pairs...)}
	for _, name := range sortedKeys(f.Concepts) {
		v.concepts = append(v.concepts, concept{name, append(f.Concepts[name], name)})
	}
	return v, nil
}

// clean folds widths and case, cuts what is too long and rewrites common misspellings.
func (v *vocabulary) clean(text string) string {
	text = norm.NFKC.String(text)
	if runes := []rune(text); len(runes) > longestQuestion {
		text = string(runes[:longestQuestion])
	}
	return v.rewrite.Replace(strings.ToLower(text))
}

// features counts what a text is compared by: runs of one to three Han characters, Latin words
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
		bag[stem(string(w.runes))] += latinWeight
		if i+1 < len(words) && !words[i+1].han {
			bag[stem(string(w.runes))+" "+stem(string(words[i+1].runes))] += pairWeight
		}
	}
	for _, c := range v.concepts {
		if c.in(text) {
			bag["≈"+c.name] += conceptWeight
		}
	}
	return bag
}

func (c concept) in(text string) bool {
	for _, w := range c.words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// Weights found by leaving each phrasing of the knowledge base out in turn; see docs/answers.md.
const (
	unigramWeight = 0.35
	bigramWeight  = 1.0
	trigramWeight = 0.6
	latinWeight   = 1.0
	pairWeight    = 0.7
	conceptWeight = 1.4
)

func addGrams(bag map[string]float64, r []rune) {
	for i := range r {
		bag[string(r[i:i+1])] += unigramWeight
		if i+2 <= len(r) {
			bag[string(r[i:i+2])] += bigramWeight
		}
		if i+3 <= len(r) {
			bag[string(r[i:i+3])] += trigramWeight
		}
	}
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
