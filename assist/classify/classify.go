// Package classify tells a petition's subject from its words: a linear model over character n-grams with calibrated
// confidence, and, for the labels nobody has trained it on, the words that offices file them under.
// A suggestion for a person to confirm, never a decision.
package classify

import (
	"cmp"
	"math"
	"slices"
)

// A Result is the likeliest category of a message. Confidence is the share of messages with this confidence that
// are expected to be in the category, 0 to 1; the confidences of all labels sum to 1.
type Result struct {
	Category     string        `json:"category"`
	Confidence   float64       `json:"confidence"`
	Subject      string        `json:"subject,omitempty"` // second level, by its words; empty where none speaks for one
	Alternatives []Alternative `json:"alternatives"`      // the next likeliest, best first, at most 6
}

// An Alternative is another category the message may belong to.
type Alternative struct {
	Category   string  `json:"category"`
	Confidence float64 `json:"confidence"`
}

const maxAlternatives = 6

// How a label without training data wins or loses against the trained ones: its odds are
// exp(wordPull × (its words − half the trained labels' best) − reluctance − scorePull × the best score).
// Set on hand-written messages; the seven trained labels alone are not touched by them.
const (
	wordPull   = 0.9
	reluctance = 3.0
	scorePull  = 2.0
	wordLift   = 0.45  // how far a word raises a trained label: it helps where few messages taught it
	mostWords  = 6.0   // words that count for that
	unspoken   = 0.002 // of a label none of whose words occurs
)

// Classify tells the subject of a message. The title may be empty. Only the labels in among can result, under the
// names given there; an empty among means all labels known. A name nobody knows stands for its own words.
func (m *Model) Classify(title, text string, among []string) Result {
	return m.Choose(title, text, m.Choice(among))[0]
}

// A Choice is a set of labels to choose from, looked up once for many messages.
type Choice struct {
	known *taxonomy
	all   []chance // without words and probability
}

// Choice prepares labels as Classify takes them.
func (m *Model) Choice(among []string) *Choice {
	if len(among) == 0 {
		among = m.all()
	}
	c := &Choice{known: m.subjects.with(among)}
	for _, name := range among {
		if !slices.ContainsFunc(c.all, func(o chance) bool { return o.name == name }) {
			i := c.known.find(name)
			c.all = append(c.all, chance{name: name, label: i, trained: m.trained(c.known, i)})
		}
	}
	return c
}

// Choose is Classify for several choices, with one look at the message.
func (m *Model) Choose(title, text string, choices ...*Choice) []Result {
	head := chars(nil, title, maxTitleRunes)
	whole := chars(slices.Clone(head), text, maxTextRunes)
	scores := m.scores(title, text)
	out := make([]Result, len(choices))
	var words evidence
	for i, c := range choices {
		if i == 0 || c.known != choices[i-1].known {
			words = c.known.read(whole, len(head))
		}
		out[i] = result(m.chances(scores, c, words, len(whole)), c.known, words)
	}
	return out
}

// all lists every label under the name the model has for it.
func (m *Model) all() []string {
	var names []string
	for i, l := range m.subjects.labels {
		if at := m.trained(m.subjects, i); at >= 0 && l.Shares == "" {
			names = append(names, m.head.Labels[at])
			continue
		}
		names = append(names, l.Name)
	}
	return names
}

// Trained are those of the names that the model was trained on with messages; the others win by their words alone.
func (m *Model) Trained(among []string) []string {
	known := m.subjects.with(among)
	var out []string
	for _, name := range among {
		if i := known.find(name); i >= 0 && m.trained(known, i) >= 0 && known.labels[i].Shares == "" {
			out = append(out, name)
		}
	}
	return out
}

// trained returns the model's label that serves label i of the taxonomy; -1 where none does.
func (m *Model) trained(t *taxonomy, i int) int {
	l := t.labels[i]
	for _, name := range append([]string{l.Name}, l.Aliases...) {
		if at := slices.Index(m.head.Labels, name); at >= 0 {
			return at
		}
	}
	if l.Shares == "" {
		return -1
	}
	return m.trained(t, t.find(l.Shares))
}

// chance is one label that may result.
type chance struct {
	name        string
	label       int // in the taxonomy
	trained     int // in the model, -1 for none
	words       float64
	probability float64
}

func (m *Model) chances(scores []float64, c *Choice, words evidence, length int) []chance {
	all := slices.Clone(c.all)
	spread := math.Sqrt(1 + float64(length)/200) // long messages hold more words of every kind
	for i := range all {
		all[i].words = words.label(all[i].label) / spread
	}
	m.weigh(all, scores)
	sum := 0.0
	for _, c := range all {
		sum += c.probability
	}
	for i := range all {
		all[i].probability /= sum
	}
	slices.SortStableFunc(all, func(a, b chance) int { return cmp.Compare(b.probability, a.probability) })
	return all
}

// weigh gives every label its mass: the trained ones share 1 as calibrated, each other one its odds against them.
func (m *Model) weigh(all []chance, scores []float64) {
	top, wordsOfTrained := -1.0, 0.0
	probabilities := m.head.Calibration.probabilities(scores)
	for _, c := range all {
		if c.trained >= 0 {
			top = max(top, scores[c.trained])
			wordsOfTrained = max(wordsOfTrained, c.words)
		}
	}
	mass := 0.0
	for i, c := range all {
		if c.trained >= 0 {
			all[i].probability = probabilities[c.trained] * share(all, i) * math.Exp(wordLift*min(c.words, mostWords))
			mass += all[i].probability
		}
	}
	for i, c := range all {
		switch {
		case c.trained < 0 && c.words == 0:
			all[i].probability = unspoken
		case c.trained < 0:
			all[i].probability = math.Exp(min(wordPull*(c.words-wordsOfTrained/2)-reluctance-scorePull*top, 20))
		case mass > 0:
			all[i].probability /= mass
		}
	}
}

// share is the part of a trained label's mass that label i gets when several of the labels wanted are served by it,
// by their words.
func share(all []chance, i int) float64 {
	sum := 0.0
	for _, c := range all {
		if c.trained == all[i].trained {
			sum += math.Exp(wordPull * (c.words - all[i].words))
		}
	}
	return 1 / sum
}

func result(all []chance, t *taxonomy, words evidence) Result {
	if len(all) == 0 {
		return Result{}
	}
	best := all[0]
	r := Result{Category: best.name, Confidence: best.probability, Alternatives: []Alternative{}}
	most := 0.0
	for s, weight := range words[best.label] {
		if weight > most {
			most, r.Subject = weight, t.labels[best.label].Subjects[s].Name
		}
	}
	for _, c := range all[1:min(len(all), maxAlternatives+1)] {
		r.Alternatives = append(r.Alternatives, Alternative{c.name, c.probability})
	}
	return r
}
