// Package gate reads an answer over before it goes out: whether every demand is
// answered, whether facts have a time and a place, whether a law is named, whether
// anything in it is nobody's business or takes a right away. It proposes, a person
// decides: nothing here stops a move.
package replycheck

import (
	"slices"
	"strconv"
	"strings"

	"dengwen/assist/normalize"
	"dengwen/petition"
)

// Checker reads answers over. Safe for concurrent use.
type Checker struct{ office *petition.Office }

// New makes a gate for an office: the names of its units and places are known words.
func New(o *petition.Office) *Checker { return &Checker{office: o} }

// draft is an answer being read over, with what it answers.
type draft struct {
	g     *Checker
	view  petition.View
	move  petition.Move
	text  string // everything the citizen would read, simplified characters
	found []petition.Finding
}

// answers are the moves that are read over. Never written to.
var answers = []petition.MoveName{
	petition.MoveReply, petition.MoveReviewReply, petition.MoveReviewRedo, petition.MoveRereviewReply, petition.MoveAgreement,
	petition.MoveRefuse, petition.MoveTell,
}

// Reads reports whether a move is an answer that is read over.
func (g *Checker) Reads(m petition.MoveName) bool { return slices.Contains(answers, m) }

// Check answers what to look at, worst first; nil for a move that is no answer.
func (g *Checker) Check(v petition.View, m petition.Move) []petition.Finding {
	if !g.Reads(m.Name) {
		return nil
	}
	d := &draft{g: g, view: v, move: m}
	d.text = normalize.Text(strings.Join([]string{m.Args["request"], m.Args["facts"], m.Text, m.Args["basis"], m.Args["rule"], m.Args["elsewhere"]}, "\n"))
	d.missing()
	d.waiver()
	d.privacy()
	if opinionLike(m.Name) || m.Name == petition.MoveReply {
		d.demands()
		d.length()
	}
	if d.formal() {
		d.facts()
		d.basis()
	}
	slices.SortStableFunc(d.found, func(a, b petition.Finding) int { return rank(a) - rank(b) })
	return d.found
}

func opinionLike(m petition.MoveName) bool {
	return m == petition.MoveReviewReply || m == petition.MoveReviewRedo || m == petition.MoveRereviewReply
}

// formal reports an opinion that Art 32 or 35 gives its contents: a reply to a claim,
// a review, a re-review.
func (d *draft) formal() bool {
	return opinionLike(d.move.Name) || d.move.Name == petition.MoveReply && d.view.Class == petition.Claim
}

func rank(f petition.Finding) int {
	return slices.Index([]string{petition.MustFix, petition.ShouldFix, petition.MayFix}, f.Severity)
}

func (d *draft) find(severity, key string, args ...string) {
	f := petition.Finding{Key: "gate." + key, Severity: severity}
	for i := 0; i+1 < len(args); i += 2 {
		if f.Args == nil {
			f.Args = map[string]string{}
		}
		f.Args[args[i]] = args[i+1]
	}
	d.found = append(d.found, f)
}

// missing names the parts the table of moves requires and nobody wrote.
func (d *draft) missing() {
	spec, err := petition.SpecOf(d.move.Name, d.view.Class)
	if err != nil {
		return
	}
	for _, f := range spec.Fields {
		if !f.Optional && f.Kind != petition.KindFiles && strings.TrimSpace(d.move.Of(f)) == "" {
			d.find(petition.MustFix, "missing", "field", f.Key, "article", f.Article)
		}
	}
}

// Lengths of an answer, in characters: below the first it hardly explains anything,
// above the second hardly anybody reads it.
const (
	tooShort = 20
	tooLong  = 6000
)

func (d *draft) length() {
	n := len([]rune(strings.TrimSpace(d.move.Text)))
	if d.formal() {
		n += len([]rune(strings.TrimSpace(d.move.Args["facts"])))
	}
	switch {
	case n == 0: // missing says so
	case n < tooShort:
		d.find(petition.MayFix, "short", "count", strconv.Itoa(n))
	case n > tooLong:
		d.find(petition.MayFix, "long", "count", strconv.Itoa(n))
	}
}

// Keys lists the sentences of every finding there is.
func Keys() []string {
	return []string{
		"gate.missing", "gate.demand", "gate.demand_ours", "gate.time", "gate.place", "gate.law", "gate.article", "gate.waiver", "gate.threat", "gate.denied",
		"gate.phone", "gate.identity", "gate.account", "gate.person", "gate.short", "gate.long",
	}
}
