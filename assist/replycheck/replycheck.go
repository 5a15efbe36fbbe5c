// Package replycheck reads an answer over before it goes out: whether every demand is
// answered, whether facts have a time and a place, whether a law is named, whether days can
// be and the result is what the text says, whether anything in it is nobody's business, takes
// a right away or cannot be printed. It proposes, a person
// decides: nothing here stops a move.
package replycheck

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"dengwen/assist/normalize"
	"dengwen/petition"
)

// Checker reads answers over. Safe for concurrent use.
type Checker struct {
	office  *petition.Office
	now     func() time.Time
	lacking func(string) []rune
}

// New makes the check of an office: the names of its units and places are known words. now
// is the time of writing; lacking answers the characters that cannot be printed, nil where
// nothing is printed here.
func New(o *petition.Office, now func() time.Time, lacking func(string) []rune) *Checker {
	return &Checker{office: o, now: now, lacking: lacking}
}

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
	d.dates()
	d.fullStop()
	d.characters()
	if opinionLike(m.Name) || m.Name == petition.MoveReply {
		d.demands()
		d.outcome()
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

// keys lists the sentences of every finding there is.
func keys() []string {
	return []string{
		"gate.missing", "gate.demand", "gate.demand_ours", "gate.time", "gate.place", "gate.law", "gate.article", "gate.waiver", "gate.threat", "gate.denied",
		"gate.phone", "gate.identity", "gate.account", "gate.person", "gate.health", "gate.short", "gate.long",
		"gate.date", "gate.future", "gate.past", "gate.outcome", "gate.stop", "gate.lacking",
	}
}

// Words that take a right away or threaten. None of them is in the Regulation; Art 18
// and 46 forbid retaliation, Art 35 and 36 give the rights (and only a review after
// them ends the procedure).
var (
	waives = regexp.MustCompile(`息诉罢访|息访|罢访|(?:承诺|保证|自愿|同意|不得|必须|应当|以后)[^。；\n]{0,12}(?:不再|放弃|不得再|停止)[^。；\n]{0,8}(?:上访|信访|反映|投诉|申诉|复查|复核|起诉|诉讼|举报|追究)|放弃[^。；\n]{0,10}(?:权利|复查|复核|复议|诉讼|起诉|申请)|一次性了结[^。；\n]{0,10}(?:不再|永不)|签[^。；\n]{0,8}(?:承诺书|保证书)[^。；\n]{0,20}(?:方可|才能|才给|后再)|不得再次?(?:来|去|到)?(?:上访|信访|反映|投诉|申诉|举报)|(?:不要|别|勿)再[^。；\n]{0,6}(?:上访|反映|信访|投诉)|不要再(?:来|上访|反映|信访|投诉)|(?:今后|以后|从此|永远)[^。；\n]{0,6}不(?:再|得再?|许再?|准再?|能再?)(?:来|去)?(?:上访|信访|反映|投诉|申诉|举报)`)
	threat = regexp.MustCompile(`后果自负|否则[^。；\n]{0,20}(?:取消|停发|列入|(?:追究|处罚|拘留|打击|处理)[你您])|否则[^。；\n]{0,10}[你您][^。；\n]{0,12}(?:追究|处罚|拘留|打击|责任)|无理取闹|胡搅蛮缠|缠访|闹访|非访|越级上访|黑名单|列为重点人员|稳控|(?:将|会|要)(?:把|对|将|依法)*[你您][^。；\n]{0,8}(?:拘留|训诫|打击处理)|影响(?:你|您|你们|您们)?(?:的)?(?:子女|孩子|家人|工作|低保|待遇|贷款)|刁民|恶意(?:上访|信访|投诉)`)
	denied = regexp.MustCompile(`(?:本|此)(?:答复|意见)(?:为|是|系)?(?:最终|终局|终结)|不得(?:申请|提出|提起)?(?:复查|复核|复议|诉讼)|(?:不能|不可以|不许)(?:申请)?(?:复查|复核)`)
)

func (d *draft) waiver() {
	if w := waives.FindString(d.text); w != "" {
		d.find(petition.ShouldFix, "waiver", "words", cut(w, 30))
	}
	if w := threat.FindString(d.text); w != "" {
		d.find(petition.ShouldFix, "threat", "words", cut(w, 30))
	}
	if w := denied.FindString(d.text); w != "" && d.move.Name != petition.MoveRereviewReply {
		d.find(petition.ShouldFix, "denied", "words", cut(w, 30))
	}
}
