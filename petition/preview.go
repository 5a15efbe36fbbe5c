package petition

import (
	"context"
	"io"
)

// Preview prints the paper that a move would issue, as PDF, on a copy of the case: nothing is changed
// and no number is given. Refused as the move itself would be, and Forbidden for who may neither
// write nor sign it.
func (s *Service) Preview(ctx context.Context, a Actor, number string, m Move) (io.ReadCloser, Attachment, error) {
	r, a, err := s.prove(ctx, a, number, "")
	if err != nil {
		return nil, Attachment{}, err
	}
	if s.render == nil {
		return nil, Attachment{}, Fail(Unavailable, "paper.no_press")
	}
	c := r.Case.clone()
	now := s.now()
	p := &step{law: s.law, c: &c, a: a, m: m, now: now, today: Day(now), how: drafting}
	if err := p.choose(); err != nil {
		if p.how = signing; p.choose() != nil {
			return nil, Attachment{}, err
		}
	}
	if p.spec.Signs == nil {
		return nil, Attachment{}, p.refuse(Invalid, "draft.no_paper")
	}
	p.how = signing
	if err := p.carryOut(); err != nil {
		return nil, Attachment{}, err
	}
	delete(c.Timeline[len(c.Timeline)-1].Args, "approved_by") // nobody has signed it
	kinds := DocumentsOf(c.Timeline[len(c.Timeline)-1], false)
	if len(kinds) == 0 {
		return nil, Attachment{}, Fail(NotFound, "paper.none")
	}
	d, err := s.law.document(c, a, DocumentRef{Seq: len(c.Timeline), Kind: kinds[0], Form: "pdf"}, "")
	if err != nil {
		return nil, Attachment{}, err
	}
	if err := s.noteRead(ctx, toward(&r.Case, a), ActDocument, "preview "+string(m.Name), r.Case.Number); err != nil {
		return nil, Attachment{}, err
	}
	return s.rendered(ctx, "pdf", d)
}
