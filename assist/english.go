package assist

import (
	"regexp"
	"strings"
	"unicode"

	"dengwen/bot"
)

// How sure the office's English words are of a subject: one that more speak for than
// for any other stands on the card as a guess; of two alike the person chooses.
const (
	leadConfidence = 0.6
	tieConfidence  = 0.4
)

// english is the subject that most of the office's English words in the text speak for,
// and the next likeliest. Those of several words count for as many.
func (r *Reader) english(text string) (g bot.Guess, likely []string) {
	text = spaced(text)
	most, next := 0, 0
	var first, second string
	for _, c := range r.second {
		n := 0
		for _, w := range c.WordsEn {
			if begins(text, w) {
				n += len(strings.Fields(w))
			}
		}
		switch {
		case n > most:
			most, next, first, second = n, most, c.Code, first
		case n > next:
			next, second = n, c.Code
		}
	}
	if most == 0 {
		return bot.Guess{}, nil
	}
	g = bot.Guess{Value: first, Conf: leadConfidence}
	if next == most {
		g.Conf = tieConfidence
	}
	return g, append([]string{first}, nonEmpty(second)...)
}

// begins reports a word that begins with w. Short ones are found whole or with an s: bus
// is not in "business".
func begins(text, w string) bool {
	if len(w) > 4 {
		return strings.Contains(text, " "+w)
	}
	return strings.Contains(text, " "+w+" ") || strings.Contains(text, " "+w+"s ")
}

// spaced is a text in small letters with one blank around each word.
func spaced(text string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
	return " " + strings.Join(words, " ") + " "
}

// misconductWords are said of people in office who take or favour.
var misconductWords = regexp.MustCompile(`(?i)\b(?:brib\w*|corrupt\w*|embezzl\w*|kickbacks?|pocket(?:s|ed|ing)|extort\w*|cronies|nepotism|cousin|nephew|brother-in-law|under the table|falsif\w*|fake (?:names?|invoices?|lists?)|keeps? the (?:money|subsid\w*)|stole|steals?|stolen|misus\w*|abus\w*)\b`)

// asksEnglish is a question that asks for nobody's help.
var asksEnglish = regexp.MustCompile(`(?i)^(?:(?:can|could|may|must|should|do|does|did) (?:i|we|my|the|a|an|they|it|one)|how|what|which|who|when|where|why|is|are|was)\b[^.!]*\?$`)

var pleas = regexp.MustCompile(`(?i)\b(?:please|(?:can|could|would) (?:you|someone|somebody|anyone)|would be (?:nice|good|better|great) (?:to|if)|make (?:him|her|them|the)|(?:i|we) (?:want|ask|demand|request|would like)|(?:i|we) hope)\b[^.!?;\n]*`)

// inEnglish is what the offline reader knows of a text in Latin letters: it puts no title
// and no summary together, and what is asked for is the writer's own clause.
func inEnglish(text string, out bot.Reading) bot.Reading {
	out.Title, out.Tried, out.Request, out.Derived = "", "", bot.Guess{}, true
	if plea := strings.TrimRight(pleas.FindString(text), " ,"); len(strings.Fields(plea)) >= 3 {
		out.Request = bot.Guess{Value: plea, Conf: leadConfidence, From: plea}
		out.Derived = false
	}
	return out
}
