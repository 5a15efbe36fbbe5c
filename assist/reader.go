// Package assist joins the offline readers for one office: what kind of message a citizen
// wrote, its class, subject, place and request, danger, related petitions, and answers to
// questions on the rules. Everything is a proposal with a confidence; nothing leaves the
// process. The language model is assist/model.
package assist

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"dengwen/assist/aim"
	"dengwen/assist/answer"
	"dengwen/assist/classify"
	"dengwen/assist/extract"
	"dengwen/assist/misconduct"
	"dengwen/assist/replycheck"
	"dengwen/assist/triage"
	"dengwen/bot"
	"dengwen/petition"
)

// Reader is the offline reader for one office: always there, some 0.2 ms for an
// ordinary story. It is safe for concurrent use.
type Reader struct {
	words        *extract.Reader
	model        *classify.Model
	triage       *triage.Model
	aims         aim.Model
	misconduct   misconduct.Model
	book         *answer.Book
	all          *classify.Choice             // the first-level names
	trained      *classify.Choice             // those of them that the model was trained on
	codes        map[string]petition.Category // by name, second level as "first/second"
	second       []petition.Category
	wordsByFirst map[rune][]word // the second level's, by their first character
}

// NewReader prepares the reader with the office's places and subjects; book tells
// questions from stories.
func NewReader(o *petition.Office, book *answer.Book) (*Reader, error) {
	m, err := classify.Default()
	if err != nil {
		return nil, fmt.Errorf("read the subject model: %w", err)
	}
	danger, err := triage.Default()
	if err != nil {
		return nil, fmt.Errorf("prepare the offline reader: %w", err)
	}
	tales, err := misconduct.Default()
	if err != nil {
		return nil, fmt.Errorf("prepare the offline reader: %w", err)
	}
	aims, err := aim.Default()
	if err != nil {
		return nil, fmt.Errorf("prepare the offline reader: %w", err)
	}
	words, err := extract.NewReader(gazetteer(o))
	if err != nil {
		return nil, fmt.Errorf("prepare the offline reader: %w", err)
	}
	r := &Reader{words: words, model: m, triage: danger, aims: aims, misconduct: tales, book: book, codes: map[string]petition.Category{}, wordsByFirst: map[rune][]word{}}
	names := map[string]string{}
	var subjects []string
	for _, c := range o.Categories {
		if c.Parent == "" {
			names[c.Code] = c.Name
			subjects = append(subjects, c.Name)
			r.codes[c.Name] = c
		}
	}
	r.all, r.trained = m.Choice(subjects), m.Choice(m.Trained(subjects))
	for _, c := range o.Categories {
		if c.Parent != "" {
			r.codes[names[c.Parent]+"/"+c.Name] = c
			r.addWords(c)
		}
	}
	return r, nil
}

// word is one that speaks for a category of the second level, by its place in
// Reader.second.
type word struct {
	text string
	of   int
}

func (r *Reader) addWords(c petition.Category) {
	for i, w := range c.Words {
		if first, _ := utf8.DecodeRuneInString(w); w != "" && !slices.Contains(c.Words[:i], w) {
			r.wordsByFirst[first] = append(r.wordsByFirst[first], word{w, len(r.second)})
		}
	}
	r.second = append(r.second, c)
}

func gazetteer(o *petition.Office) extract.Gazetteer {
	g := extract.Gazetteer{Code: o.Code}
	for _, p := range o.Places {
		g.Places = append(g.Places, extract.Place{Code: p.Code, Name: p.Name, Short: p.Short, Villages: p.Villages})
	}
	return g
}

// Read understands a message. It has no error: what is not understood stays empty.
func (r *Reader) Read(_ context.Context, text, _ string, now time.Time) (bot.Reading, error) {
	x := r.words.Read(text, now)
	score := r.triage.Score(text)
	han := strings.ContainsFunc(text, func(c rune) bool { return unicode.Is(unicode.Han, c) })
	var is bot.Guess
	if han { // trained on Chinese alone
		is.Value, is.Conf = r.aims.Of(text)
	}
	tale := 0.0
	if han || misconductWords.MatchString(text) { // trained on Chinese alone too
		tale = r.misconduct.Chance(text)
	}
	out := bot.Reading{
		Class: guess(classOrReport(x.Class, text, tale, is)), Aim: is, Place: guess(x.Place), PlaceText: x.PlaceText.Value, Outside: x.Outside.Value,
		Title: x.Title, Summary: x.Summary, Request: guess(x.Request), Derived: !x.Request.Found(),
		Tried: tried(x.Tried), People: x.People.Count, Used: used(x.Used),
		Phone: x.Phone.Value, Name: x.Name.Value, Address: x.Address.Value,
		Danger: score.Urgent() || x.Danger.Value == extract.ToLife && score.Danger >= triage.Unsafe, Minor: x.Minor.Found(),
		Number: x.Ticket.Value, Decision: x.Decision.Found(),
	}
	out.Subject, out.Likely = r.subject(text)
	if len(x.Times) > 0 {
		out.When = x.Times[0].Slot.From.Text
	}
	if len(x.Amounts) > 0 {
		out.Amount = x.Amounts[0].Slot.From.Text
	}
	for _, s := range append(x.Units, x.Persons...) {
		out.Concerned = append(out.Concerned, s.Value)
	}
	out.Kind, out.KindConf = r.kind(x, text, is)
	if out.Kind == extract.Question && out.KindConf >= sureRules && score.Danger < triage.Plain {
		out.Danger = false // the rules answer it
	}
	if asksEnglish.MatchString(text) && score.Danger < 0 && !x.Danger.Found() {
		out.Danger = false
	}
	if !han {
		out = inEnglish(text, out)
	} else if asksNothing(out) {
		out.Request, out.Derived = bot.Guess{}, false
	}
	out.Derived = out.Derived && out.Class.Value != extract.Report // what may be a report is given no words
	return out, nil
}

// asksNothing reports whether a message holds no request whatever its words: a report is against somebody, who is in
// danger asks for no petition, and thanks ask for nothing.
func asksNothing(r bot.Reading) bool {
	return r.Danger || r.Class.Value == extract.Report && r.Class.Conf > askClass || r.Aim.Value == aim.Thanks && r.Aim.Conf >= sureThanks
}

// sureThanks is the chance from which a message is taken for thanks.
const sureThanks = 0.6

func guess(s extract.Slot) bot.Guess {
	return bot.Guess{Value: s.Value, Conf: s.Confidence, From: s.From.Text}
}

func tried(slots []extract.Slot) string {
	var parts []string
	for _, s := range slots {
		parts = append(parts, s.Value)
	}
	return strings.Join(parts, "；")
}

// used is empty where a text names no other procedure: that does not say that there was
// none.
func used(s extract.Slot) petition.Used {
	if s.Confidence < 0.5 {
		return ""
	}
	return petition.Used(s.Value)
}

// sureVotes is how many more of the office's words than any other subject has make the
// likeliest one sure: 5 of 5 such messages were right, in a set where few are so plain.
const sureVotes = 3

// sure is the model's confidence from which the office's words alone change nothing.
const sure = 0.9

// maxWordConfidence is the most that words alone can speak for a subject: below what the bot
// takes unasked, since nobody has measured them on real messages.
const maxWordConfidence = 0.8

// subject is the office's category: of the second level where words point to one, else
// of the first; likely are it and the next one. The model was trained on labels of
// many offices, the office's words are of this county. Where they name the same first level, the
// confidence is that of the trained labels among themselves, which is calibrated; where
// they differ, both are likely and neither is sure.
func (r *Reader) subject(text string) (g bot.Guess, likely []string) {
	if !strings.ContainsFunc(text, func(c rune) bool { return unicode.Is(unicode.Han, c) }) {
		return r.english(text) // the model is trained on Chinese only
	}
	both := r.model.Choose("", text, r.all, r.trained)
	all, trained := both[0], both[1]
	g = bot.Guess{Value: r.codes[all.Category].Code, Conf: min(maxWordConfidence, all.Confidence)}
	next := trained.Category
	if all.Category == trained.Category {
		g.Conf = trained.Confidence
		next = ""
		if len(all.Alternatives) > 0 {
			next = all.Alternatives[0].Category
		}
	}
	first := g.Value
	best, hits, own, rival := r.votes(text, first)
	if all.Category == trained.Category && own >= rival+sureVotes {
		g.Conf = max(g.Conf, sure)
	}
	second, named := r.codes[all.Category+"/"+all.Subject]
	switch {
	case named && all.Subject != "":
		g.Value, g.From = second.Code, all.Subject
	case hits >= 2 && hits > own+1 && g.Conf < sure: // against a sure model they were wrong 39 times of 40
		g, next = bot.Guess{Value: best.Code, Conf: min(maxWordConfidence, 0.5+0.1*float64(hits)), From: best.Name}, all.Category
	case own > 0 && best.Parent == first:
		g.Value, g.From = best.Code, best.Name
	}
	return g, append(nonEmpty(g.Value), nonEmpty(r.codes[next].Code)...)
}

func nonEmpty(code string) []string {
	if code == "" {
		return nil
	}
	return []string{code}
}

// votes are the second-level category that most of the office's words speak for, how
// many do, how many speak for the best one under first, and for the best elsewhere.
func (r *Reader) votes(text, first string) (best petition.Category, hits, own, rival int) {
	for i, n := range r.count(text) {
		c := &r.second[i]
		if n > hits {
			best, hits = *c, n
		}
		if c.Parent == first {
			own = max(own, n)
		} else {
			rival = max(rival, n)
		}
	}
	return best, hits, own, rival
}

// count is how many of each second-level category's words the text holds.
func (r *Reader) count(text string) []int {
	n := make([]int, len(r.second))
	seen := map[word]bool{}
	for i, first := range text {
		for _, w := range r.wordsByFirst[first] {
			if !seen[w] && strings.HasPrefix(text[i:], w.text) {
				seen[w] = true
				n[w.of]++
			}
		}
	}
	return n
}

// kind combines two classifiers of what a message is, one of what is told and one of what
// can be answered. Where they differ and neither is sure, the answer is a question with a
// confidence below the one from which the bot does not ask the person.
func (r *Reader) kind(x extract.Reading, text string, is bot.Guess) (string, float64) {
	kind, conf := r.book.IsQuestion(text)
	told := x.Kind.Value == extract.Story
	plain := told && x.Kind.Confidence >= 0.95
	asks := is.Value == aim.Question && is.Conf >= sureAim
	switch {
	case kind == answer.RulesQuestion && conf >= sureRules:
		return extract.Question, conf
	case kind == answer.Either && conf <= 0.5 && asks && r.book.Sure(text) >= nearEntry:
		return extract.Question, sureRules
	case x.Kind.Value == extract.Unclear:
		return extract.Unclear, x.Kind.Confidence
	case kind == answer.CaseQuestion || x.Kind.Value == extract.OwnCase:
		return extract.OwnCase, max(conf, x.Kind.Confidence)
	case kind == answer.RulesQuestion && x.Kind.Value == extract.Question:
		return extract.Question, max(conf, x.Kind.Confidence)
	case kind == answer.Story && (told || x.Kind.Confidence < 0.8):
		return extract.Story, conf
	case plain && (kind == answer.Either || conf < 0.9):
		return extract.Story, 0.8
	}
	return extract.Question, 0.5
}

// From sureRules on words are a question on the rules whatever else they look like; where the model of aims says from
// sureAim on that something is asked, an entry that is nearEntry is told.
const (
	sureRules = 0.7
	sureAim   = 0.6
	nearEntry = 0.45
)

// People are the names of persons in a text, whosever they are, each once.
func (r *Reader) People(text string) []string {
	all := r.words.People(text)
	for _, n := range replycheck.Named(text) {
		if !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	return all
}
