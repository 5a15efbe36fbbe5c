package answer

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"dengwen/locales"
)

// Answer is what the bot says to one question.
type Answer struct {
	Text         string   // ends with the line naming the articles
	Lang         string   // that Text is in
	Articles     []int    // of the Regulation, ascending; empty when none applies
	Confidence   float64  // 0–1, chance that this entry answers the question
	Entry        string   // id of the first entry used; empty when not known
	Used         []string // ids of all entries told
	Known        bool     // false: Text says so and where to ask
	Alternatives []string // ids of other entries that come near, best first, at most three
}

// From plainly on an answer stands alone; below it a word of doubt comes first and the runner-up is
// told too, when it is near. From surely on a message counts as a question. Below perhaps the question
// is "not known", unless it is plainly about the procedure: a wrong rule told with confidence can cost
// a citizen a deadline.
const (
	plainly = 0.85
	surely  = 0.65
	fairly  = 0.55 // of one of two sentences that ask
	perhaps = 0.4

	wellWithin = 3.0  // lead in score over the topics beyond this book
	farthest   = 10.0 // a greater lead says nothing more
)

// closeBy is how near the runner-up must be to the best entry, by cosine, to be told beside it.
const closeBy = 0.8

// comparable is how near, by cosine, an entry must be to one of two things compared.
const comparable = 0.3

const (
	mostAlternatives = 3
	shortestPart     = 5 // runes; 为什么 alone is no question of its own
	mostClauses      = 8
)

// Answer finds the entry that answers a question and holds on the day at (a zero time skips that
// check). lang is the language of the answer; when empty, that of the question.
func (b *Book) Answer(question, lang string, at time.Time) Answer {
	lang = cmp.Or(lang, b.locales.Written(question), locales.Default)
	whole := b.match(question, lang, at)
	if both, sure := b.twoMatters(question, lang, whole, at); len(both) == 2 {
		return b.say(both, reading{whole.hits, sure, true}, lang)
	}
	if both := b.twoClauses(question, lang, whole, at); len(both) == 2 {
		return b.say(both, whole, lang)
	}
	if whole.confidence < perhaps && !whole.within {
		return b.notKnown(whole, lang)
	}
	chosen := []int{whole.best()}
	if also, ok := b.runnerUp(whole); ok {
		chosen = append(chosen, also)
	}
	return b.say(chosen, whole, lang)
}

// reading is how a question was understood.
type reading struct {
	hits       []hit
	confidence float64
	within     bool // speaks of the procedure and is far from every topic this book does not answer
}

func (r reading) best() int { return r.hits[0].entry }

func (b *Book) match(question, lang string, at time.Time) reading {
	x := b.indexFor(lang)
	vec := x.vector(question)
	hits, foreign := b.split(x.rank(vec))
	hits = slices.DeleteFunc(hits, func(h hit) bool { return !b.entries[h.entry].valid(at) })
	if len(hits) == 0 {
		return reading{}
	}
	ev := b.evidence(x, question, vec, hits, foreign)
	return reading{hits, ev.confidence(), ev.rules > 0 && ev.home > wellWithin}
}

// split parts the entries, in place, from the topics this book does not answer and gives the latters' best score.
func (b *Book) split(hits []hit) (own []hit, foreign float64) {
	own, foreign = hits[:0], noScore
	for _, h := range hits {
		if h.entry < len(b.entries) {
			own = append(own, h)
			continue
		}
		foreign = max(foreign, h.score)
	}
	return own, foreign
}

func (b *Book) evidence(x *index, question string, vec map[string]float64, hits []hit, foreign float64) evidence {
	best := hits[0]
	ev := evidence{score: best.score, near: best.near, margin: best.score, home: min(farthest, best.score-foreign),
		cover:  x.covered(vec, best.entry),
		rules:  min(2, float64(b.words.signs.in(b.words.clean(question)).n[process])),
		chance: best.chance}
	for _, h := range hits[1:] {
		if !slices.Equal(b.entries[h.entry].Articles, b.entries[best.entry].Articles) {
			ev.margin = best.score - h.score
			break
		}
	}
	return ev
}

// twoMatters answers "two questions in one message": two sentences, of which each either asks and is fairly sure of
// its own entry or is surer than the whole message, are both told, as sure as the less sure of them.
func (b *Book) twoMatters(question, lang string, whole reading, at time.Time) (chosen []int, sure float64) {
	sure = 1
	for _, p := range strings.FieldsFunc(question, func(r rune) bool { return strings.ContainsRune("?？。；;\n", r) }) {
		if utf8.RuneCountInString(p) < shortestPart {
			continue
		}
		r := b.surest(p, lang, at)
		own := asks.MatchString(p) && r.confidence >= fairly || r.confidence >= max(surely, whole.confidence)
		if own && !slices.Contains(chosen, r.best()) {
			chosen = append(chosen, r.best())
			sure = min(sure, r.confidence)
		}
	}
	return chosen, sure
}

// surest reads a sentence, or of its clauses that ask the one that is surer of its answer: 再问一下，窗口骂人归谁管.
func (b *Book) surest(sentence, lang string, at time.Time) reading {
	best := b.match(sentence, lang, at)
	clauses := strings.FieldsFunc(sentence, func(r rune) bool { return strings.ContainsRune(",，、", r) })
	for _, p := range clauses[:min(len(clauses), mostClauses)] {
		if utf8.RuneCountInString(p) < shortestPart || !asks.MatchString(p) {
			continue
		}
		if r := b.match(p, lang, at); r.confidence > best.confidence {
			best = r
		}
	}
	return best
}

// compares finds two things that are to be told apart: 复查跟复核有什么不同.
var compares = regexp.MustCompile(`([^，。？,?\s]{2,8}?)(?:跟|和|与|还是|同)([^，。？,?\s]{2,8}?)(?:有|的|是|到底|究竟)?(?:什么|啥|多大)?(?:区别|不同|不一样|分别|两样|一样)`)

// asks finds a clause that asks something.
var asks = regexp.MustCompile(`吗|么|几|多少|多久|多长|怎|咋|如何|哪|谁|啥|\p{Han}不\p{Han}|有没有|可以|[没不][\s。!！]*$|(?i:\b(?:how|what|when|where|who|which|why|can|may|must|do|does|is|are)\b)`)

// twoClauses answers a question of two parts in one sentence: the entry that answers the whole, and another that came
// near and is the surest answer to one clause. Two things compared are both told.
func (b *Book) twoClauses(question, lang string, whole reading, at time.Time) []int {
	if len(whole.hits) < 2 || whole.confidence < perhaps {
		return nil
	}
	first := whole.best()
	near := whole.hits[1:min(len(whole.hits), 1+mostAlternatives)]
	if m := compares.FindStringSubmatch(b.words.clean(question)); m != nil {
		for _, thing := range m[1:] {
			r := b.match(thing, lang, at)
			if len(r.hits) > 0 && r.best() != first && r.hits[0].near >= comparable {
				return []int{first, r.best()}
			}
		}
	}
	clauses := strings.FieldsFunc(question, func(r rune) bool { return strings.ContainsRune(",，、?？。；;\n", r) })
	if asked := slices.DeleteFunc(slices.Clone(clauses), func(p string) bool { return !asks.MatchString(p) }); len(asked) < 2 {
		return nil // the other clause says what the one that asks is about
	}
	for _, p := range clauses {
		if utf8.RuneCountInString(p) < shortestPart {
			continue
		}
		r := b.match(p, lang, at)
		least := surely
		if asks.MatchString(p) {
			least = perhaps
		}
		if r.confidence < least || r.best() == first {
			continue
		}
		if asks.MatchString(p) && r.confidence >= surely || slices.ContainsFunc(near, func(h hit) bool { return h.entry == r.best() }) {
			return []int{first, r.best()}
		}
	}
	return nil
}

// runnerUp is the second entry of an unclear question, when it rests on other articles.
func (b *Book) runnerUp(r reading) (int, bool) {
	if r.confidence >= plainly || len(r.hits) < 2 {
		return 0, false
	}
	best, next := r.hits[0], r.hits[1]
	other := !containsAll(b.entries[best.entry].Articles, b.entries[next.entry].Articles)
	return next.entry, other && next.near >= closeBy*best.near
}

func containsAll(have, want []int) bool {
	return !slices.ContainsFunc(want, func(n int) bool { return !slices.Contains(have, n) })
}

func (b *Book) say(chosen []int, r reading, lang string) Answer {
	a := Answer{Lang: lang, Confidence: r.confidence, Known: true, Entry: b.entries[chosen[0]].ID}
	var texts []string
	if r.confidence < plainly {
		texts = append(texts, b.locales.Say(lang, "rules.doubt"))
	}
	for k, i := range chosen {
		if k > 0 && r.confidence < plainly {
			texts = append(texts, b.locales.Say(lang, "rules.or"))
		}
		e := b.entry(i, lang)
		a.Used = append(a.Used, e.ID)
		texts = append(texts, e.Text)
		a.Articles = append(a.Articles, e.Articles...)
	}
	slices.Sort(a.Articles)
	a.Articles = slices.Compact(a.Articles)
	if basis := b.Basis(a.Articles, lang); basis != "" {
		texts = append(texts, basis)
	}
	a.Text = strings.Join(texts, "\n")
	a.Alternatives = b.others(r.hits, chosen)
	return a
}

func (b *Book) notKnown(r reading, lang string) Answer {
	return Answer{
		Text:         b.locales.Say(lang, "rules.unknown") + "\n" + b.contact(lang),
		Lang:         lang,
		Confidence:   r.confidence,
		Alternatives: b.others(r.hits, nil),
	}
}

// others are the runners-up; those far behind the best are no help to anybody.
func (b *Book) others(hits []hit, used []int) []string {
	var ids []string
	for _, h := range hits {
		if len(ids) == mostAlternatives || h.near < hits[0].near/2 {
			break
		}
		if !slices.Contains(used, h.entry) {
			ids = append(ids, b.entries[h.entry].ID)
		}
	}
	return ids
}

// lastArticle is the number of articles of the Regulation (信访工作条例, in force since 2022-05-01).
const lastArticle = 50

// Basis is the line that names the articles of an answer; empty when it rests on none.
func (b *Book) Basis(articles []int, lang string) string {
	if len(articles) == 0 {
		return ""
	}
	names := make([]string, len(articles))
	for i, n := range articles {
		names[i] = b.locales.Say(lang, "rules.article", "Number", n)
	}
	key := "rules.basis"
	if len(names) > 1 {
		key = "rules.basis.several"
	}
	return b.locales.Say(lang, key, "Articles", strings.Join(names, b.locales.Say(lang, "rules.comma")))
}

// answerJSON is the machine-readable form of an answer.
type answerJSON struct {
	Answer     string  `json:"answer"`
	Articles   []int   `json:"articles"`
	Confidence float64 `json:"confidence"`
	Entry      string  `json:"entry"`
}

// RunAsk prints the answer to one question as it holds today, as text or as one line of JSON with
// the fields answer, articles, confidence and entry (empty when not known).
func RunAsk(book *Book, question, lang string, asJSON bool, out io.Writer) error {
	a := book.Answer(question, lang, time.Now())
	if !asJSON {
		if _, err := fmt.Fprintln(out, a.Text); err != nil {
			return fmt.Errorf("print the answer: %w", err)
		}
		return nil
	}
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(answerJSON{a.Text, append([]int{}, a.Articles...), a.Confidence, a.Entry}); err != nil {
		return fmt.Errorf("print the answer: %w", err)
	}
	return nil
}
