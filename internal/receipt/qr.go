package receipt

import (
	"errors"
	"sync"

	"rsc.io/qr/coding"
)

// correction survives a fold or a stain of 15 %.
const correction = coding.M

// qrCache keeps how QR codes of a size are laid out, not what they say: making such a
// plan takes twice as long as all else about a code, and an office's links are all
// about as long. It is safe for concurrent use.
type qrCache struct {
	mu    sync.Mutex
	plans map[coding.Version]*coding.Plan
}

// code is the QR code of a link, nil without one.
func (q *qrCache) code(link string) (*coding.Code, error) {
	if link == "" {
		return nil, nil
	}
	text := coding.String(link)
	for v := coding.Version(coding.MinVersion); v <= coding.MaxVersion; v++ {
		if text.Bits(v) > v.DataBytes(correction)*8 {
			continue
		}
		plan, err := q.plan(v)
		if err != nil {
			return nil, err
		}
		return plan.Encode(text)
	}
	return nil, errors.New("the link is too long")
}

func (q *qrCache) plan(v coding.Version) (*coding.Plan, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if plan := q.plans[v]; plan != nil {
		return plan, nil
	}
	plan, err := coding.NewPlan(v, correction, 0)
	if err != nil {
		return nil, err
	}
	if q.plans == nil {
		q.plans = map[coding.Version]*coding.Plan{}
	}
	q.plans[v] = plan
	return plan, nil
}
