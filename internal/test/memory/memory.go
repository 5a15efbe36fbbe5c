// Package memory holds a case store and a blob store in memory, for tests of
// whoever works with petition.Cases. They keep every promise of petition.Store and
// petition.Blobs except lasting.
package memory

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"dengwen/petition"
)

// Memory is a petition.Store. It is safe for concurrent use.
type Memory struct {
	mu        sync.Mutex
	records   map[string]petition.Record // by number
	keys      map[string]string          // filing key → number
	serials   map[int]int
	registers map[string]int // organ and year → last document number
	feed      []petition.Notice
	tries     []try
	files     map[string]petition.File
	swept     time.Time // the latest moment of a sweep
	setBack   int
	log       []petition.Access // oldest first
	changed   []string          // numbers of cases, in the order of their changes
}

type try struct {
	id, who string
	at      time.Time
}

var _ petition.Store = (*Memory)(nil)

// NewMemory is an empty store.
func NewMemory() *Memory {
	return &Memory{
		records: map[string]petition.Record{}, keys: map[string]string{}, serials: map[int]int{}, registers: map[string]int{}, files: map[string]petition.File{},
	}
}

// copied goes through JSON as a real store does, so that nothing is shared and
// nothing is kept that could not be stored.
func copied[T any](v T) T {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	var out T
	if err := json.Unmarshal(b, &out); err != nil {
		panic(err)
	}
	return out
}

// Create is petition.Store.Create.
func (m *Memory) Create(_ context.Context, key string, year int,
	build func(serial int) (petition.Record, []petition.Notice, error),
) (petition.Record, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if number, ok := m.keys[key]; ok {
		return copied(m.records[number]), false, nil
	}
	r, notices, err := build(m.serials[year] + 1)
	if err != nil {
		return petition.Record{}, false, err
	}
	m.serials[year]++
	r.Case.Version = 1
	m.keys[key] = r.Case.Number
	m.records[r.Case.Number] = copied(r)
	m.changed = append(m.changed, r.Case.Number)
	m.tell(notices)
	m.note(r.Access)
	r.Access = nil
	return copied(r), true, nil
}

func (m *Memory) tell(notices []petition.Notice) {
	for _, n := range notices {
		n.ID = fmt.Sprintf("%012d", len(m.feed)+1)
		m.feed = append(m.feed, copied(n))
	}
}

// Load is petition.Store.Load.
func (m *Memory) Load(_ context.Context, number string) (petition.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.records[number]
	if !ok {
		return petition.Record{}, petition.Fail(petition.NotFound, "case.not_found")
	}
	return copied(r), nil
}

// Save is petition.Store.Save.
func (m *Memory) Save(_ context.Context, r petition.Record, notices []petition.Notice) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	have, ok := m.records[r.Case.Number]
	if !ok {
		return 0, petition.Fail(petition.NotFound, "case.not_found")
	}
	if have.Case.Version != r.Case.Version {
		return 0, petition.Fail(petition.Conflict, "case.changed")
	}
	for _, n := range r.Numbers {
		register := n.Organ + strconv.Itoa(n.Year)
		m.registers[register] = max(m.registers[register]+1, n.First)
		n.Give(&r.Case, m.registers[register])
	}
	r.Numbers = nil
	m.store(r, have)
	m.tell(notices)
	m.note(r.Access)
	return r.Case.Version + 1, nil
}

// store puts a record over the one it replaces; what the timeline already said stays.
func (m *Memory) store(r, have petition.Record) {
	r = copied(r)
	r.Case.Version++
	old := have.Case.Timeline
	r.Case.Timeline = append(slices.Clone(old), r.Case.Timeline[min(len(old), len(r.Case.Timeline)):]...)
	m.records[r.Case.Number] = r
	m.changed = append(m.changed, r.Case.Number)
}

// Changed is cases.Store.Changed.
func (m *Memory) Changed(_ context.Context, after int64) (numbers []string, next int64, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if after < 0 {
		return nil, int64(len(m.changed)), nil
	}
	return slices.Clone(m.changed[after:]), int64(len(m.changed)), nil
}

func (m *Memory) hits(s petition.Scope, q petition.Query) (hits []petition.Record) {
	for _, r := range m.records {
		if within(r, s) && matches(r, q) {
			hits = append(hits, r)
		}
	}
	return hits
}

// Count is petition.Store.Count.
func (m *Memory) Count(_ context.Context, s petition.Scope, q petition.Query) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return min(len(m.hits(s, q)), petition.MaxTotal+1), nil
}

// List is petition.Store.List.
func (m *Memory) List(_ context.Context, s petition.Scope, q petition.Query) ([]petition.Record, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	hits := m.hits(s, q)
	slices.SortFunc(hits, func(a, b petition.Record) int { return strings.Compare(place(a, q), place(b, q)) })
	if q.Order == "new" {
		slices.Reverse(hits)
	}
	from, ok := strings.CutPrefix(q.After, q.Order+"|")
	if q.After != "" && (!ok || len(from) < len("9999-99-99 ")) {
		return nil, "", petition.Fail(petition.Invalid, "list.cursor")
	}
	q.After = from
	return page(hits, q)
}

// Indexing is petition.Store.Indexing.
func (m *Memory) Indexing(context.Context) bool { return false }

func page(hits []petition.Record, q petition.Query) ([]petition.Record, string, error) {
	if q.Limit <= 0 {
		q.Limit = 20
	}
	var out []petition.Record
	for _, r := range hits {
		at := place(r, q)
		if q.After != "" && (q.Order == "new" && at >= q.After || q.Order != "new" && at <= q.After) {
			continue
		}
		if len(out) == q.Limit {
			return out, q.Order + "|" + place(out[len(out)-1], q), nil
		}
		r = copied(r)
		if !q.Whole {
			r.Case.Timeline = nil
		}
		out = append(out, r)
	}
	return out, "", nil
}

// place sorts as text: by due date, open urgent ones first, none last, or by arrival; then by number.
func place(r petition.Record, q petition.Query) string {
	if q.Order == "new" {
		return r.Case.Received.UTC().Format("2006-01-02T15:04:05.000000000") + " " + r.Case.Number
	}
	due := cmp.Or(r.Due, "9999-99-99")
	if r.Urgent && r.Open {
		due = "0" + due
	}
	return due + " " + r.Case.Number
}

func within(r petition.Record, s petition.Scope) bool {
	in := func(units []string) bool {
		return slices.ContainsFunc(units, func(u string) bool { return slices.Contains(r.Units, u) })
	}
	switch {
	case s.Owner != "":
		return r.Case.Filing.Owner == s.Owner
	case r.Sealed:
		return in(s.SealedUnits)
	}
	return len(r.Units) > 0 && (s.All || in(s.Units))
}

func matches(r petition.Record, q petition.Query) bool {
	text := strings.Join(r.Case.Texts(), "\n")
	for _, word := range strings.Fields(petition.Fold(q.Words)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return (q.Unit == "" || q.Unit == r.Case.Unit) && (q.Officer == "" || q.Officer == r.Case.Officer) && (q.Status == "" || q.Status == r.Case.Status) && (!q.Open || r.Open) && q.Fits(&r.Case) &&
		(q.DraftsOf == "" || slices.Contains(r.Case.DraftUnits(), q.DraftsOf))
}

// Notices is petition.Store.Notices.
func (m *Memory) Notices(_ context.Context, after string, limit int) ([]petition.Notice, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if after != "" && (len(after) != 12 || strings.Trim(after, "0123456789") != "" || after > fmt.Sprintf("%012d", len(m.feed))) {
		return nil, petition.Fail(petition.Invalid, "feed.cursor")
	}
	var out []petition.Notice
	for _, n := range m.feed {
		if n.ID > after && n.To != "" && len(out) < limit {
			out = append(out, copied(n))
		}
	}
	return out, nil
}

// Forget is petition.Store.Forget.
func (m *Memory) Forget(_ context.Context, owner string, erase func(*petition.Record)) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := 0
	for _, have := range m.records {
		if owner == "" || have.Case.Filing.Owner != owner {
			continue
		}
		r := copied(have)
		erase(&r)
		m.store(r, have)
		n++
	}
	for i := range m.feed {
		if owner != "" && m.feed[i].To == owner {
			m.feed[i] = petition.Notice{ID: m.feed[i].ID}
		}
	}
	for id, f := range m.files {
		if owner != "" && f.By == owner {
			f.By = ""
			m.files[id] = f
		}
	}
	return n, nil
}

// Blank is petition.Store.Blank.
func (m *Memory) Blank(_ context.Context, number string, entries []petition.Entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.records[number]
	if !ok {
		return petition.Fail(petition.NotFound, "case.not_found")
	}
	r = copied(r)
	for _, e := range entries {
		if e.Seq >= 1 && e.Seq <= len(r.Case.Timeline) {
			r.Case.Timeline[e.Seq-1] = copied(e)
		}
	}
	m.records[number] = r
	m.forgetAccesses(number)
	return nil
}

// DropNotices is petition.Store.DropNotices. Positions count from the start, so what
// is dropped stays as an empty place.
func (m *Memory) DropNotices(_ context.Context, before time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i, n := range m.feed {
		if n.To != "" && n.Entry.At.Before(before) {
			m.feed[i] = petition.Notice{ID: n.ID}
		}
	}
	return nil
}
