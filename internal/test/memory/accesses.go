package memory

import (
	"context"
	"fmt"
	"slices"

	"dengwen/petition"
)

func (m *Memory) note(x *petition.Access) {
	if x == nil {
		return
	}
	line := copied(*x)
	line.ID = fmt.Sprintf("%012d", len(m.log)+1)
	m.log = append(m.log, line)
}

// NoteAccess is petition.Store.NoteAccess.
func (m *Memory) NoteAccess(_ context.Context, x petition.Access) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.note(&x)
	return nil
}

// Accesses is petition.Store.Accesses.
func (m *Memory) Accesses(_ context.Context, q petition.AccessQuery) (out []petition.Access, after string, _ error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if q.After != "" && (len(q.After) != 12 || q.After > fmt.Sprintf("%012d", len(m.log))) {
		return nil, "", petition.Fail(petition.Invalid, "list.cursor")
	}
	for _, x := range slices.Backward(m.log) {
		switch {
		case q.After != "" && x.ID >= q.After, q.Staff != "" && x.Staff != q.Staff, q.Number != "" && !slices.Contains(x.Numbers, q.Number), x.ID == "":
			continue
		case len(out) == q.Limit:
			return out, out[len(out)-1].ID, nil
		}
		out = append(out, copied(x))
	}
	return out, "", nil
}

// Viewers is petition.Store.Viewers.
func (m *Memory) Viewers(_ context.Context, number string) ([]petition.Viewers, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	by := map[string]*petition.Viewers{}
	seen := map[string]bool{}
	for _, x := range m.log {
		if x.Who() == "" || !slices.Contains(x.Numbers, number) {
			continue
		}
		day := petition.Day(x.At)
		v := by[x.Unit]
		if v == nil {
			v = &petition.Viewers{Unit: x.Unit, First: day}
			by[x.Unit] = v
		}
		if who := x.Unit + "\x00" + x.Who(); !seen[who] {
			seen[who] = true
			v.Officers++
		}
		v.First, v.Last = min(v.First, day), max(v.Last, day)
	}
	var out []petition.Viewers
	for _, v := range by {
		out = append(out, *v)
	}
	return out, nil
}

// forgetAccesses drops what the log says of a case alone.
func (m *Memory) forgetAccesses(number string) {
	for i, x := range m.log {
		x.Numbers = slices.DeleteFunc(slices.Clone(x.Numbers), func(n string) bool { return n == number })
		if len(x.Numbers) == 0 && len(m.log[i].Numbers) > 0 {
			x = petition.Access{}
		}
		m.log[i] = x
	}
}
