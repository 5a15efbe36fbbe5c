package demo

import (
	"context"
	"errors"
	"time"

	"dengwen/petition"
)

// scratch is a store of one case in memory. It answers only what a life needs.
type scratch struct {
	key    string
	year   int
	record petition.Record
}

// Indexing is petition.Store.Indexing.
func (m *scratch) Indexing(context.Context) bool { return false }

var errScratch = errors.New("a single invented case has no such thing")

func (m *scratch) Create(_ context.Context, key string, year int, build func(int) (petition.Record, []petition.Notice, error)) (petition.Record, bool, error) {
	r, _, err := build(1)
	if err == nil {
		r.Case.Version = 1
		m.key, m.year, m.record = key, year, r
	}
	return r, true, err
}

func (m *scratch) Load(context.Context, string) (petition.Record, error) { return m.record, nil }

func (m *scratch) Save(_ context.Context, r petition.Record, _ []petition.Notice) (int64, error) {
	r.Case.Version++
	m.record = r
	return r.Case.Version, nil
}

func (m *scratch) Try(context.Context, string, time.Time, []petition.Limit) (bool, error) {
	return true, nil
}
func (m *scratch) Untry(context.Context, string) error { return nil }

func (m *scratch) List(context.Context, petition.Scope, petition.Query) ([]petition.Record, string, error) {
	return nil, "", errScratch
}
func (m *scratch) Notices(context.Context, string, int) ([]petition.Notice, error) {
	return nil, errScratch
}
func (m *scratch) PutFile(context.Context, petition.File) (petition.File, error) {
	return petition.File{}, errScratch
}
func (m *scratch) Files(context.Context, []string) ([]petition.File, error) { return nil, nil }
func (m *scratch) LooseFiles(context.Context, time.Time, int) ([]petition.File, error) {
	return nil, errScratch
}
func (m *scratch) DropFile(context.Context, string) error { return errScratch }
func (m *scratch) Forget(context.Context, string, func(*petition.Record)) (int, error) {
	return 0, errScratch
}
func (m *scratch) Blank(context.Context, string, []petition.Entry) error { return errScratch }
func (m *scratch) DropNotices(context.Context, time.Time) error          { return errScratch }

// keep writes the case into the real store, in one transaction and under the next
// number there.
func (m *scratch) keep(ctx context.Context, st petition.Store, prefix string) error {
	_, _, err := st.Create(ctx, m.key, m.year, func(serial int) (petition.Record, []petition.Notice, error) {
		r := m.record
		r.Case.Number = petition.FormatNumber(prefix, m.year, serial)
		return r, nil, nil
	})
	return err
}
