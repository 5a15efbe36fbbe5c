package petition

import (
	"context"
	"time"
)

// WithFilings is the same service with a limit on how many petitions one chat may lodge
// in 24 hours; 0 = none.
func (s *Service) WithFilings(perDay int) *Service {
	c := *s
	c.filings = perDay
	return &c
}

// tooMany reports whether a chat has lodged as much as it may in 24 hours.
func (s *Service) tooMany(ctx context.Context, owner string, now time.Time) (bool, error) {
	if s.filings <= 0 || owner == "" {
		return false, nil
	}
	own, _, err := s.store.List(ctx, Scope{Owner: owner}, Query{Order: "new", Limit: min(s.filings, 100)})
	if err != nil {
		return false, failed(err, "look what was filed lately")
	}
	return len(own) == min(s.filings, 100) && now.Sub(own[len(own)-1].Case.Received) < 24*time.Hour, nil
}
