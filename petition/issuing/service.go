package issuing

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"dengwen/petition"
)

// Service takes papers from step to step.
type Service struct {
	store Store
	law   *petition.Law
	now   func() time.Time
}

// New makes one.
func New(store Store, law *petition.Law, now func() time.Time) *Service {
	return &Service{store, law, now}
}

// Find reads the paper of a report, the zero Paper where none was submitted, and what the actor may do with it.
// Forbidden "issuing.who" for who does not head the petition office.
func (s *Service) Find(ctx context.Context, a petition.Actor, id string) (p Paper, can []petition.MoveName, err error) {
	if !s.law.HeadsOffice(a) {
		return p, nil, petition.Fail(petition.Forbidden, "issuing.who")
	}
	if p, err = s.store.ReportPaper(ctx, id); petition.IgnoreNotFound(err) != nil {
		return p, nil, petition.Wrap(err, "read the paper of a report")
	}
	for _, name := range []petition.MoveName{petition.MoveSubmit, petition.MoveSign, petition.MoveSendBack, petition.MoveTakeBack} {
		if s.refusal(p, a, name) == nil {
			can = append(can, name)
		}
	}
	return p, can, nil
}

// Waiting are the papers that wait for somebody: to be signed by them, or sent back to them.
func (s *Service) Waiting(ctx context.Context, a petition.Actor) ([]Paper, error) {
	if !s.law.HeadsOffice(a) {
		return nil, nil
	}
	all, err := s.store.ReportPapers(ctx, []petition.DraftState{petition.DraftSubmitted, petition.DraftSentBack})
	return slices.DeleteFunc(all, func(p Paper) bool {
		if p.State == petition.DraftSentBack {
			return p.Author != a.Staff
		}
		return s.refusal(p, a, petition.MoveSign) != nil
	}), petition.Wrap(err, "list papers of reports")
}

// Submit lays a report before who signs it. version is that of the paper as it was read, 0 where there is none.
// Forbidden "issuing.who", Conflict "issuing.changed", Invalid "issuing.long".
func (s *Service) Submit(ctx context.Context, a petition.Actor, id, title string, version int64, content json.RawMessage) (Paper, error) {
	if len(content) > MaxContent {
		return Paper{}, petition.Fail(petition.Invalid, "issuing.long")
	}
	return s.step(ctx, a, id, version, petition.MoveSubmit, func(p *Paper, _ *Step) error {
		p.ID, p.Title, p.Content, p.Author = id, title, content, a.Staff
		return nil
	})
}

// TakeBack takes a paper back from who would sign it. Errors as of Submit.
func (s *Service) TakeBack(ctx context.Context, a petition.Actor, id string, version int64) (Paper, error) {
	return s.step(ctx, a, id, version, petition.MoveTakeBack, func(*Paper, *Step) error { return nil })
}

// SendBack gives a paper back with words. Invalid "issuing.words" without any, or with more than MaxWords; else errors as
// of Submit.
func (s *Service) SendBack(ctx context.Context, a petition.Actor, id string, version int64, words string) (Paper, error) {
	return s.step(ctx, a, id, version, petition.MoveSendBack, func(_ *Paper, done *Step) error {
		if done.Words = strings.TrimSpace(words); done.Words == "" || utf8.RuneCountInString(done.Words) > MaxWords {
			return petition.Fail(petition.Invalid, "issuing.words")
		}
		return nil
	})
}

// Sign issues a paper with the actor's name and the time. Forbidden "issuing.own" for who submitted it, where the office
// has not settled otherwise (Unit.SelfApproval); else errors as of Submit.
func (s *Service) Sign(ctx context.Context, a petition.Actor, id string, version int64) (Paper, error) {
	return s.step(ctx, a, id, version, petition.MoveSign, func(p *Paper, done *Step) error {
		p.Signer, p.Signed = a.Staff, done.At
		return nil
	})
}

func (s *Service) step(ctx context.Context, a petition.Actor, id string, version int64, name petition.MoveName, change func(*Paper, *Step) error) (Paper, error) {
	p, err := s.store.ReportPaper(ctx, id)
	if petition.IgnoreNotFound(err) != nil {
		return p, petition.Wrap(err, "read the paper of a report")
	}
	if err := s.refusal(p, a, name); err != nil {
		return p, err
	}
	if p.Version != version {
		return p, petition.Fail(petition.Conflict, "issuing.changed")
	}
	done := Step{At: s.now(), Staff: a.Staff, Name: name}
	if err := change(&p, &done); err != nil {
		return p, err
	}
	p.Version, p.State, p.Log = p.Version+1, steps[name].to, append(slices.Clip(p.Log), done)
	return p, petition.Wrap(s.store.PutReportPaper(ctx, p), "write the paper of a report")
}
