package memory

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"dengwen/petition"
	"dengwen/petition/bulletin"
)

// Bulletins is a petition.Bulletins in memory. It is safe for concurrent use.
type Bulletins struct {
	mu       sync.Mutex
	consents map[string]bulletin.Consent
	all      []storedBulletin // oldest first
}

type storedBulletin struct {
	bulletin.Bulletin
	upto, owner  string
	until        time.Time
	handed, gone int
	outcomes     map[string]string
}

var _ bulletin.Store = (*Bulletins)(nil)

// NewBulletins is an empty store.
func NewBulletins() *Bulletins { return &Bulletins{consents: map[string]bulletin.Consent{}} }

// Agree is petition.Bulletins.Agree.
func (m *Bulletins) Agree(_ context.Context, c bulletin.Consent) (bulletin.Consent, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if have, ok := m.consents[c.Chat]; ok {
		return have, nil
	}
	m.consents[c.Chat] = copied(c)
	return c, nil
}

// Disagree is petition.Bulletins.Disagree.
func (m *Bulletins) Disagree(_ context.Context, chat string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.consents, chat)
	return nil
}

// Consent is petition.Bulletins.Consent.
func (m *Bulletins) Consent(_ context.Context, chat string) (bulletin.Consent, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, ok := m.consents[chat]
	if !ok {
		return c, petition.Fail(petition.NotFound, "notices.none")
	}
	return c, nil
}

// Agreed is petition.Bulletins.Agreed.
func (m *Bulletins) Agreed(context.Context) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.consents), nil
}

// PutBulletin is petition.Bulletins.PutBulletin.
func (m *Bulletins) PutBulletin(_ context.Context, b bulletin.Bulletin) (bulletin.Bulletin, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if old := m.find(b.ID); old != nil {
		return m.read(old), nil
	}
	if slices.ContainsFunc(m.all, func(o storedBulletin) bool { return o.State == bulletin.Running }) {
		return b, petition.Fail(petition.Conflict, "broadcast.running")
	}
	b = copied(b)
	b.State, b.Reach = bulletin.Running, bulletin.Reach{}
	m.all = append(m.all, storedBulletin{Bulletin: b, outcomes: map[string]string{}})
	last := &m.all[len(m.all)-1]
	last.Total = len(m.left(last))
	return m.read(last), nil
}

func (m *Bulletins) find(id string) *storedBulletin {
	for i := range m.all {
		if m.all[i].ID == id {
			return &m.all[i]
		}
	}
	return nil
}

// left are those whose turn has not come, in order.
func (m *Bulletins) left(b *storedBulletin) (out []bulletin.Consent) {
	for _, c := range m.consents {
		if c.Chat > b.upto && !c.At.After(b.At) {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(x, y bulletin.Consent) int { return strings.Compare(x.Chat, y.Chat) })
	return out
}

func (m *Bulletins) read(b *storedBulletin) bulletin.Bulletin {
	out, n := b.Bulletin, map[string]int{}
	for _, o := range b.outcomes {
		n[o]++
	}
	gone := b.gone
	if b.State == bulletin.Running {
		out.Waiting = len(m.left(b))
		gone = b.Total - b.handed - out.Waiting
	} else {
		out.Withheld = b.Total - b.handed - gone
	}
	out.Sent, out.Failed, out.Left = n[bulletin.Sent], n[bulletin.Failed], gone+n[bulletin.Left]
	out.Withheld += n[bulletin.Withheld]
	out.OnWay = b.handed - len(b.outcomes)
	return out
}

// Bulletin is petition.Bulletins.Bulletin.
func (m *Bulletins) Bulletin(_ context.Context, id string) (bulletin.Bulletin, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	b := m.find(id)
	if id == "" && len(m.all) > 0 {
		b = &m.all[len(m.all)-1]
	}
	if b == nil {
		return bulletin.Bulletin{}, petition.Fail(petition.NotFound, "broadcast.none")
	}
	return m.read(b), nil
}

// BulletinsSince is petition.Bulletins.BulletinsSince.
func (m *Bulletins) BulletinsSince(_ context.Context, t time.Time) (out []bulletin.Bulletin, _ error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.all {
		if b := &m.all[len(m.all)-1-i]; !b.At.Before(t) && len(out) < 100 {
			out = append(out, m.read(b))
		}
	}
	return out, nil
}

// EndBulletin is petition.Bulletins.EndBulletin.
func (m *Bulletins) EndBulletin(_ context.Context, id, state, by string, at time.Time) (bulletin.Bulletin, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	b := m.find(id)
	if b == nil {
		return bulletin.Bulletin{}, petition.Fail(petition.NotFound, "broadcast.none")
	}
	if b.State == bulletin.Running {
		b.gone = b.Total - b.handed - len(m.left(b))
		b.State, b.EndedBy, b.Ended = state, by, at
	}
	return m.read(b), nil
}

// Lead is petition.Bulletins.Lead.
func (m *Bulletins) Lead(_ context.Context, id, owner string, now time.Time, lasts time.Duration) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	b := m.find(id)
	if b == nil || b.State != bulletin.Running || b.owner != owner && now.Before(b.until) {
		return false, nil
	}
	b.owner, b.until = owner, now.Add(lasts)
	return true, nil
}

// Next is petition.Bulletins.Next.
func (m *Bulletins) Next(_ context.Context, id string, limit int) ([]bulletin.Consent, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	b := m.find(id)
	if b == nil {
		return nil, nil
	}
	all := m.left(b)
	return all[:min(limit, len(all))], nil
}

// Handed is petition.Bulletins.Handed.
func (m *Bulletins) Handed(_ context.Context, id, owner, chat string, n int) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	b := m.find(id)
	if b == nil || b.owner != owner {
		return petition.Fail(petition.Conflict, "broadcast.lost")
	}
	b.upto = chat
	b.handed += n
	return nil
}

// Outcome is petition.Bulletins.Outcome.
func (m *Bulletins) Outcome(_ context.Context, id, chat string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if b := m.find(id); b != nil {
		return b.outcomes[chat], nil
	}
	return "", nil
}

// NoteOutcome is petition.Bulletins.NoteOutcome.
func (m *Bulletins) NoteOutcome(_ context.Context, id, chat, outcome string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch outcome {
	case bulletin.Sent, bulletin.Failed, bulletin.Left, bulletin.Withheld:
	default:
		return petition.Fail(petition.Invalid, "broadcast.outcome")
	}
	if b := m.find(id); b != nil && b.outcomes[chat] == "" {
		b.outcomes[chat] = outcome
	}
	return nil
}
