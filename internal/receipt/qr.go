package receipt

import (
	"errors"
	"sync"

	"rsc.io/qr/coding"
)

// correction survives a fold or a stain of 15 %.
const correction = coding.M

// plans are how QR codes of a size are laid out. Making one takes twice as long as all
// else about a code, and an office's links are all about as long. It is safe for
// concurrent use.
type plans struct {
	mu   sync.Mutex
	made map[coding.Version]*coding.Plan
}

// code is the QR code of a link, nil without one.
func (p *plans) code(link string) (*coding.Code, error) {
	if link == "" {
		return nil, nil
	}
	text := coding.String(link)
	for v := coding.Version(coding.MinVersion); v <= coding.MaxVersion; v++ {
		if text.Bits(v) > v.DataBytes(correction)*8 {
			continue
		}
		plan, err := p.of(v)
		if err != nil {
			return nil, err
		}
		return plan.Encode(text)
	}
	return nil, errors.New("the link is too long")
}

func (p *plans) of(v coding.Version) (*coding.Plan, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if plan := p.made[v]; plan != nil {
		return plan, nil
	}
	plan, err := coding.NewPlan(v, correction, 0)
	if err != nil {
		return nil, err
	}
	if p.made == nil {
		p.made = map[coding.Version]*coding.Plan{}
	}
	p.made[v] = plan
	return plan, nil
}
