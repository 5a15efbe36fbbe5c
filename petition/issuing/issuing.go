// Package issuing has reports of the office issued as its papers are: somebody submits what was counted, somebody else who
// heads the petition office signs it or sends it back, and only then it is the office's, with a name and a time.
package issuing

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"dengwen/petition"
)

// Issued is the state of a paper that was signed. It is the last one.
const Issued petition.DraftState = "issued"

// MaxContent bounds what a paper says, in bytes, and MaxWords why it was sent back, in characters.
const (
	MaxContent = 1 << 20
	MaxWords   = 1000
)

// Paper is a report on its way out. What it says does not change from when it was submitted: what was read is signed.
type Paper struct {
	ID      string              `json:"id"`      // of the report: kind, first day and for whom
	Version int64               `json:"version"` // 1, 2, 3 …
	State   petition.DraftState `json:"state"`
	Title   string              `json:"title"`
	Content json.RawMessage     `json:"content"` // as who made the report writes it down
	Author  string              `json:"author"`  // id in the roster of who submitted it last
	Signer  string              `json:"signer,omitempty"`
	Signed  time.Time           `json:"signed,omitzero"`
	Log     []Step              `json:"log"` // what was done, the first first
}

// Step is one thing done with a paper.
type Step struct {
	At    time.Time         `json:"at"`
	Staff string            `json:"staff"`
	Name  petition.MoveName `json:"name"`            // MoveSubmit, MoveTakeBack, MoveSendBack or MoveSign
	Words string            `json:"words,omitempty"` // why it was sent back
}

// Last is the last step; a paper has one.
func (p Paper) Last() Step { return p.Log[len(p.Log)-1] }

// Store keeps papers, sealed. Two stores pass one suite: storage/cases and the one in memory.
type Store interface {
	// PutReportPaper writes a paper of version 1, or in the place of the version before. Conflict "issuing.changed"
	// where that is not the one there is.
	PutReportPaper(ctx context.Context, p Paper) error

	// ReportPaper reads one. NotFound "issuing.none".
	ReportPaper(ctx context.Context, id string) (Paper, error)

	// ReportPapers lists at most a hundred papers of one of some states, by their id.
	ReportPapers(ctx context.Context, states []petition.DraftState) ([]Paper, error)
}

// steps say from which states something is done with a paper, and what it is then. Never written to.
var steps = map[petition.MoveName]struct {
	from []petition.DraftState // "" = there is none yet
	to   petition.DraftState
}{
	petition.MoveSubmit:   {[]petition.DraftState{"", petition.DraftSentBack, petition.DraftWithdrawn}, petition.DraftSubmitted},
	petition.MoveTakeBack: {[]petition.DraftState{petition.DraftSubmitted}, petition.DraftWithdrawn},
	petition.MoveSendBack: {[]petition.DraftState{petition.DraftSubmitted}, petition.DraftSentBack},
	petition.MoveSign:     {[]petition.DraftState{petition.DraftSubmitted}, Issued},
}

// Fixed reports whether what the paper says is shown, and no newer figures.
func (p Paper) Fixed() bool { return p.State == petition.DraftSubmitted || p.State == Issued }

// refusal is why an actor may not take a step with a paper as it stands; nil = they may.
func (s *Service) refusal(p Paper, a petition.Actor, name petition.MoveName) error {
	step, own := steps[name], p.Author == a.Staff
	switch {
	case !s.law.HeadsOffice(a) || name == petition.MoveTakeBack && !own:
		return petition.Fail(petition.Forbidden, "issuing.who")
	case !slices.Contains(step.from, p.State):
		return petition.Fail(petition.Conflict, "issuing.changed")
	case name == petition.MoveSign && own && !s.alone():
		return petition.Fail(petition.Forbidden, "issuing.own")
	}
	return nil
}

// alone reports whether who submitted a paper may sign it as well.
func (s *Service) alone() bool {
	u, _ := s.law.Office.Find(s.law.Office.Unit)
	return u.SelfApproval
}
