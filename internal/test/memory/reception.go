package memory

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"dengwen/petition"
	"dengwen/petition/reception"
)

// Receptions is a reception.Store in memory, beside the store that has its cases. It is safe for
// concurrent use.
type Receptions struct {
	*Memory
	mu   sync.Mutex
	days map[string]reception.Day
	all  map[string]reception.Appointment
}

var _ reception.Store = (*Receptions)(nil)

// NewReceptions is an empty store.
func NewReceptions(cases *Memory) *Receptions {
	return &Receptions{Memory: cases, days: map[string]reception.Day{}, all: map[string]reception.Appointment{}}
}

// find reads appointments that a condition selects, in the order they were made. The caller holds mu.
func (m *Receptions) find(is func(reception.Appointment) bool) (found []reception.Appointment) {
	for _, a := range m.all {
		if is(a) {
			found = append(found, copied(a))
		}
	}
	slices.SortFunc(found, func(x, y reception.Appointment) int {
		return cmp.Or(x.Made.Compare(y.Made), cmp.Compare(x.ID, y.ID))
	})
	return found
}

func (m *Receptions) day(id string) (reception.Day, error) {
	d, ok := m.days[id]
	if !ok {
		return d, petition.Fail(petition.NotFound, "reception.none")
	}
	d.Booked = len(m.find(func(a reception.Appointment) bool { return a.Day == id && a.Slot >= 0 }))
	return d, nil
}

// PutDay is reception.Store.PutDay.
func (m *Receptions) PutDay(_ context.Context, d reception.Day, tell time.Time) (reception.Day, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.days[d.ID].Version != d.Version {
		return d, petition.Fail(petition.Conflict, "reception.changed")
	}
	d.Version++
	m.days[d.ID] = d
	if !tell.IsZero() {
		for _, a := range m.find(func(a reception.Appointment) bool { return a.Day == d.ID && a.State == reception.Booked }) {
			a.Change(d, tell)
			m.all[a.ID] = a
		}
	}
	return m.day(d.ID)
}

// ReceptionDay is reception.Store.ReceptionDay.
func (m *Receptions) ReceptionDay(_ context.Context, id string) (reception.Day, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.day(id)
}

// ReceptionDays is reception.Store.ReceptionDays.
func (m *Receptions) ReceptionDays(_ context.Context, from, to string, limit int) (all []reception.Day, _ error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, d := range m.days {
		if d.Date >= from && d.Date <= to {
			d, _ = m.day(id) // it is there
			all = append(all, d)
		}
	}
	slices.SortFunc(all, func(x, y reception.Day) int {
		return cmp.Or(cmp.Compare(x.Date, y.Date), cmp.Compare(x.Time, y.Time), cmp.Compare(x.ID, y.ID))
	})
	return all[:min(len(all), limit)], nil
}

// Book is reception.Store.Book.
func (m *Receptions) Book(_ context.Context, a reception.Appointment, places []reception.Place, now time.Time) (reception.Appointment, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if known := m.find(func(o reception.Appointment) bool { return o.Key == a.Key }); len(known) > 0 {
		return known[0], nil
	}
	since := now.Add(-24 * time.Hour)
	count := func(is func(o reception.Appointment) bool) int { return len(m.find(is)) }
	byOwner := func(o reception.Appointment) bool { return a.Owner != "" && o.Owner == a.Owner }
	ofCase := func(o reception.Appointment) bool { return o.Number == a.Number }
	switch {
	case count(func(o reception.Appointment) bool { return ofCase(o) && o.State == reception.Booked }) > 0:
		return a, petition.Fail(petition.Conflict, "reception.has")
	case count(func(o reception.Appointment) bool { return byOwner(o) && o.State == reception.Booked }) >= reception.MaxHeld,
		count(func(o reception.Appointment) bool { return byOwner(o) && o.Made.After(since) }) >= reception.MaxMade,
		count(func(o reception.Appointment) bool { return ofCase(o) && o.Made.After(since) }) >= reception.MaxMade:
		return a, petition.Fail(petition.Limited, "reception.many")
	}
	if err := m.seat(&a, places, now); err != nil {
		return a, err
	}
	m.all[a.ID] = copied(a)
	return a, nil
}

func (m *Receptions) seat(a *reception.Appointment, places []reception.Place, now time.Time) error {
	for _, p := range places {
		d, err := m.day(p.Day)
		if err != nil {
			continue
		}
		taken := reception.TakenOf(m.find(func(o reception.Appointment) bool { return o.Day == p.Day && o.ID != a.ID }))
		if slot, seat, ok := d.Free(taken, p.Slot, now); ok {
			a.Put(d, slot, seat, now)
			return nil
		}
	}
	return petition.Fail(petition.Conflict, "reception.full")
}

// MoveAppointment is reception.Store.MoveAppointment.
func (m *Receptions) MoveAppointment(_ context.Context, id string, places []reception.Place, now time.Time) (reception.Appointment, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	was, ok := m.all[id]
	a := copied(was)
	switch {
	case !ok:
		return a, petition.Fail(petition.NotFound, "reception.no_booking")
	case a.State != reception.Booked:
		return a, petition.Fail(petition.Conflict, "reception.over")
	}
	if err := m.seat(&a, places, now); err != nil {
		return a, err
	}
	if a.Day == was.Day && a.Slot == was.Slot {
		return was, nil
	}
	if a.Moves++; a.Moves > reception.MaxMoves {
		return a, petition.Fail(petition.Limited, "reception.moves")
	}
	m.all[id] = copied(a)
	return a, nil
}

// PutAppointment is reception.Store.PutAppointment.
func (m *Receptions) PutAppointment(_ context.Context, a reception.Appointment, from reception.State) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	was, ok := m.all[a.ID]
	switch {
	case !ok:
		return petition.Fail(petition.NotFound, "reception.no_booking")
	case was.State != from:
		return petition.Fail(petition.Conflict, "reception.over")
	}
	m.all[a.ID] = copied(a)
	return nil
}

// AddWalkIn is reception.Store.AddWalkIn.
func (m *Receptions) AddWalkIn(_ context.Context, a reception.Appointment) (reception.Appointment, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if known := m.find(func(o reception.Appointment) bool { return o.Key == a.Key }); len(known) > 0 {
		return known[0], nil
	}
	m.all[a.ID] = copied(a)
	return a, nil
}

func (m *Receptions) one(is func(reception.Appointment) bool) (reception.Appointment, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if found := m.find(is); len(found) > 0 {
		return found[0], nil
	}
	return reception.Appointment{}, petition.Fail(petition.NotFound, "reception.no_booking")
}

// Appointment is reception.Store.Appointment.
func (m *Receptions) Appointment(_ context.Context, id string) (reception.Appointment, error) {
	return m.one(func(a reception.Appointment) bool { return a.ID == id })
}

// AppointmentOf is reception.Store.AppointmentOf.
func (m *Receptions) AppointmentOf(_ context.Context, number string) (reception.Appointment, error) {
	return m.one(func(a reception.Appointment) bool { return a.Number == number && a.State == reception.Booked })
}

// AppointmentsBy is reception.Store.AppointmentsBy.
func (m *Receptions) AppointmentsBy(_ context.Context, owner string) ([]reception.Appointment, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.find(func(a reception.Appointment) bool {
		return owner != "" && a.Owner == owner && a.State == reception.Booked
	}), nil
}

// Sheet is reception.Store.Sheet.
func (m *Receptions) Sheet(_ context.Context, day string) ([]reception.Appointment, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := m.find(func(a reception.Appointment) bool { return a.Day == day && a.State != reception.Back })
	slices.SortStableFunc(all, func(x, y reception.Appointment) int {
		if (x.Slot < 0) != (y.Slot < 0) {
			return cmp.Compare(y.Slot, x.Slot)
		}
		return cmp.Or(cmp.Compare(x.Slot, y.Slot), cmp.Compare(x.Seat, y.Seat))
	})
	return all, nil
}

// ToTell is reception.Store.ToTell.
func (m *Receptions) ToTell(_ context.Context, now time.Time, limit int) ([]reception.Appointment, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := m.find(func(a reception.Appointment) bool { return !a.Tell.IsZero() && !a.Tell.After(now) })
	slices.SortStableFunc(all, func(x, y reception.Appointment) int { return x.Tell.Compare(y.Tell) })
	return all[:min(len(all), limit)], nil
}

// NoteTold is reception.Store.NoteTold.
func (m *Receptions) NoteTold(_ context.Context, a reception.Appointment, was time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if have, ok := m.all[a.ID]; ok && have.State == a.State && have.Tell.Equal(was) {
		m.all[a.ID] = copied(a)
	}
	return nil
}

// ForgetBefore is reception.Store.ForgetBefore.
func (m *Receptions) ForgetBefore(_ context.Context, date string, limit int) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	old := m.find(func(a reception.Appointment) bool { return a.Personal() && m.days[a.Day].Date < date })
	old = old[:min(len(old), limit)]
	for _, a := range old {
		a.Forget()
		m.all[a.ID] = a
	}
	return len(old), nil
}

// ForgetChat is reception.Store.ForgetChat.
func (m *Receptions) ForgetChat(_ context.Context, owner string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, a := range m.find(func(a reception.Appointment) bool { return owner != "" && a.Owner == owner }) {
		a.Forget()
		m.all[a.ID] = a
	}
	return nil
}
