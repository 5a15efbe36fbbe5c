package demo

import (
	"context"
	"time"

	"dengwen/petition"
)

// caseStore is a store of one case in memory. It has only what a life needs.
type caseStore struct {
	petition.Store // nil
	key            string
	year           int
	record         petition.Record
}

// Indexing reports that nothing is left to index: words are not searched here.
func (s *caseStore) Indexing(context.Context) bool { return false }

func (s *caseStore) Create(_ context.Context, key string, year int, build func(int) (petition.Record, []petition.Notice, error)) (petition.Record, bool, error) {
	r, _, err := build(1)
	if err == nil {
		r.Case.Version = 1
		s.key, s.year, s.record = key, year, r
	}
	return r, true, err
}

func (s *caseStore) Load(context.Context, string) (petition.Record, error) { return s.record, nil }

func (s *caseStore) Save(_ context.Context, r petition.Record, _ []petition.Notice) (int64, error) {
	r.Case.Version++
	s.record = r
	return r.Case.Version, nil
}

func (s *caseStore) Try(context.Context, string, time.Time, []petition.Limit) (time.Duration, error) {
	return 0, nil
}
func (s *caseStore) Untry(context.Context, string) error { return nil }

func (s *caseStore) Files(context.Context, []string) ([]petition.File, error) { return nil, nil }

// writeTo writes the case into the real store, in one transaction and under the next
// number there.
func (s *caseStore) writeTo(ctx context.Context, st petition.Store, prefix string) error {
	_, _, err := st.Create(ctx, s.key, s.year, func(serial int) (petition.Record, []petition.Notice, error) {
		r := s.record
		r.Case.Number = petition.FormatNumber(prefix, s.year, serial)
		return r, nil, nil
	})
	return err
}
