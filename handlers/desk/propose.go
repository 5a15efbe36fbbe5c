package desk

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"dengwen/petition"
)

// A language model, where one is set up, proposes the texts of a paper. What it proposes is marked until an officer has
// read it: a paper with a mark in it is not laid before who signs.

// ProposalAsk is what a draft of a paper is proposed from.
type ProposalAsk struct {
	Number   string
	Fields   []ProposalField // empty texts of the paper
	Passages []ProposalPassage
}

// ProposalField is a text of a paper, with what it is for.
type ProposalField struct{ Key, About string }

// ProposalPassage is what sentences may stand on. Other: it is of another petition.
type ProposalPassage struct {
	ID, Text string
	Other    bool
}

// Proposed is a sentence of a proposal, with the ids of the passages it stands on.
type Proposed struct {
	Field, Text string
	Sources     []string
}

// Propose asks the model. It answers what holds and how many sentences were left out; petition.Invalid where nothing
// holds, petition.Unavailable where the model could not be asked. It covers personal data before anything is sent.
type Propose func(ctx context.Context, ask ProposalAsk) (sentences []Proposed, left int, err error)

// proposal is what a form shows of a proposal.
type proposal struct {
	Said  string
	Lines []proposedLine
}

type proposedLine struct {
	Field, Text string
	Sources     []proposalSource
}

// proposalSource names a passage; Href opens the case it is of, "" for the law.
type proposalSource struct{ Name, Text, Href string }

const (
	similarMost  = 3
	passagesMost = 16
)

// mayPropose reports whether a draft of this paper is proposed: never of a report on misconduct.
func (d *Door) mayPropose(c petition.View, s petition.MoveSpec) bool {
	return d.Propose != nil && c.Class != petition.Report && len(texts(s)) > 0
}

func texts(s petition.MoveSpec) (all []petition.Field) {
	for _, f := range s.Fields {
		if f.Kind == petition.KindText && !f.Optional && !f.Aside {
			all = append(all, f)
		}
	}
	return all
}

// propose fills the empty texts of a paper with what the model proposes, each with the mark, and answers what to show of it.
// A model that fails changes nothing, and that is said.
func (d *Door) propose(v *visit, c petition.View, s petition.MoveSpec, m *petition.Move) (*proposal, error) {
	if !d.mayPropose(c, s) {
		return nil, petition.Fail(petition.Conflict, "desk.page.not_now", "move", string(s.Name))
	}
	ask := ProposalAsk{Number: c.Number}
	for _, f := range texts(s) {
		if m.Of(f) == "" {
			label, why := v.names.Question(s, f, c.Class)
			ask.Fields = append(ask.Fields, ProposalField{f.Key, strings.TrimSpace(label + " " + why)})
		}
	}
	if len(ask.Fields) == 0 {
		return &proposal{Said: v.names.Text("desk.page.propose.full")}, nil
	}
	named := map[string]proposalSource{}
	d.addPassages(v, c, s, &ask, named)
	sentences, left, err := d.Propose(v.ctx(), ask)
	if err != nil {
		key := "desk.page.propose.away"
		if petition.CodeOf(err) == petition.Invalid {
			key = "desk.page.propose.unfit"
		}
		return &proposal{Said: v.names.Text(key)}, nil
	}
	p := &proposal{Said: v.names.Text("desk.page.propose.done", "Left", strconv.Itoa(left))}
	filled := map[string][]string{}
	for _, one := range sentences {
		line := proposedLine{Text: one.Text}
		for _, f := range texts(s) {
			if f.Key == one.Field {
				line.Field, _ = v.names.Question(s, f, c.Class)
			}
		}
		for _, id := range one.Sources {
			line.Sources = append(line.Sources, named[id])
		}
		p.Lines = append(p.Lines, line)
		filled[one.Field] = append(filled[one.Field], one.Text)
	}
	for key, all := range filled {
		m.Set(key, v.names.Text("desk.page.propose.mark")+strings.Join(all, ""))
	}
	return p, nil
}

// addPassages gathers what the officer may read: the rules that the paper's fields name, the petition as the petitioner sees it, and
// answers in petitions about the same matter.
func (d *Door) addPassages(v *visit, c petition.View, s petition.MoveSpec, ask *ProposalAsk, named map[string]proposalSource) {
	add := func(kind, text string, other bool, source proposalSource) {
		if text = strings.TrimSpace(text); text == "" || len(ask.Passages) >= passagesMost {
			return
		}
		id := kind + " " + strconv.Itoa(len(ask.Passages)+1)
		source.Text = text
		named[id] = source
		ask.Passages = append(ask.Passages, ProposalPassage{id, text, other})
	}
	articles := []string{s.Article}
	for _, f := range s.Fields {
		if f.Article != "" && !slices.Contains(articles, f.Article) {
			articles = append(articles, f.Article)
		}
	}
	for _, a := range articles {
		for _, rule := range d.Rules(a) {
			add("law", rule, false, proposalSource{Name: v.names.Article(a)})
		}
	}
	own := "/desk/cases/" + c.Number
	add("case", c.Facts, false, proposalSource{Name: v.names.Text("desk.page.story"), Href: own})
	add("case", c.Request, false, proposalSource{Name: v.names.Text("desk.page.request"), Href: own})
	for _, e := range c.Timeline {
		if e.Public && !slices.Contains(e.Inner, "text") {
			add("case", e.Text, false, proposalSource{Name: v.names.Move(e.Move), Href: own})
		}
	}
	for _, other := range d.answered(v, c) {
		for _, e := range other.Timeline {
			if e.Public && e.Move == petition.MoveReply {
				add("similar", e.Text, true, proposalSource{Name: other.Number, Href: "/desk/cases/" + other.Number})
			}
		}
	}
}

// answered are petitions about the same matter that this officer may see and that have an answer.
func (d *Door) answered(v *visit, c petition.View) (all []petition.View) {
	if d.Related == nil {
		return nil
	}
	found, err := d.Related(v.ctx(), c)
	if err != nil {
		return nil // without them the draft stands on less
	}
	for _, r := range found {
		if len(all) == similarMost {
			break
		}
		other, err := d.Cases.Look(v.ctx(), v.actor, r.Number, "")
		if err == nil && other.Class != petition.Report && other.State["answer"] != "" {
			all = append(all, other)
		}
	}
	return all
}

// unread reports whether a paper has texts that the model wrote and nobody has confirmed.
func (d *Door) unread(s petition.MoveSpec, m petition.Move) bool {
	for _, f := range s.Fields {
		for _, l := range d.Locales.Languages() {
			if strings.Contains(m.Of(f), strings.TrimSpace(d.Locales.Say(l.Tag, "desk.page.propose.mark"))) {
				return true
			}
		}
	}
	return false
}
